from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitteesConfig(AppConfig):
    name = "committees"
    verbose_name = _("Committees")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register rules, reactions, work, wordings, navigation and checks."""
        for name in ("rules", "reactions", "work", "notice_texts", "menu", "fsck", "personal"):
            import_module(f"committees.{name}")
