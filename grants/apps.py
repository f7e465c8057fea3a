from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = _("Grants")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from grants import notice_texts  # noqa: F401 -- registers itself
        from grants.rules import applications, calls  # noqa: F401 -- register themselves
        from grants.services import documents  # noqa: F401 -- registers itself
