from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CharterConfig(AppConfig):
    name = "charter"
    verbose_name = _("Charter")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from charter import rules  # noqa: F401 -- registers itself
