from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    name = "funds"
    verbose_name = _("Funds")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from funds import rules  # noqa: F401 -- it registers itself
