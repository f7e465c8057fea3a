from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisbursementsConfig(AppConfig):
    name = "disbursements"
    verbose_name = _("Disbursements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from disbursements import reactions, rules  # noqa: F401 -- they register themselves
