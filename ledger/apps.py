from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("Ledger")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.selectors import has_role
        from kernel.navigation import NavItem, Place, register
        from ledger import checks, fsck, rules  # noqa: F401 -- they register themselves
        from ledger.access import READERS

        register(
            NavItem(_("Books"), "ledger:trial_balance", lambda user: has_role(user, *READERS), Place.WORK, order=70),
        )
