from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import erasure_rules, letters, log_rules, naming, reactions, rules, signals  # noqa: F401 -- register
        from accounts.roles import Role
        from accounts.selectors import has_role, is_officer
        from kernel.navigation import NavItem, Place, register, signed_in

        register(
            NavItem(_("My work"), "work", signed_in, Place.WORK, order=0),
            NavItem(_("People and offices"), "accounts:office_list", is_officer, Place.WORK, order=90),
            NavItem(
                _("Accounts"),
                "accounts:person_list",
                lambda user: has_role(user, Role.ADMINISTRATOR),
                Place.WORK,
                order=92,
            ),
        )
