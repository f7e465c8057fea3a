from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = _("Organisations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.selectors import has_role
        from kernel.navigation import NavItem, Place, register
        from organisations import naming, notice_texts, reactions, rules, work  # noqa: F401 -- they register themselves
        from organisations.services import carrying, screening  # noqa: F401 -- register what signer and worker do

        register(
            NavItem(
                _("My organisation"),
                "organisations:mine",
                lambda user: bool(rules.memberships_of(user)),
                Place.WORK,
                order=10,
            ),
            NavItem(
                _("Organisations"),
                "organisations:list",
                lambda user: has_role(user, *rules.READERS),
                Place.WORK,
                order=30,
            ),
            NavItem(
                _("Sanctions lists"),
                "organisations:screening",
                lambda user: has_role(user, *rules.SCREENING_READERS),
                Place.WORK,
                order=31,
            ),
            NavItem(
                _("Passports of other funds"),
                "organisations:trusted_funds",
                rules.may_see_trust,
                Place.WORK,
                order=32,
            ),
        )
