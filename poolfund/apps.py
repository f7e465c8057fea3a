"""The house as a Django app: its checks and commands."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from poolfund.database.columns import hash_by_name
from poolfund.database.triggers import keep_indexes

keep_indexes()  # models are loaded when every app's configuration is
hash_by_name()


class PoolfundConfig(AppConfig):
    """Registers the checks."""

    name = "poolfund"
    verbose_name = _("Pooled fund")

    def ready(self) -> None:
        """Import what registers itself."""
        from poolfund import checks  # noqa: F401 -- registers
