from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Record of decisions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit import outbox, tasks

        if settings.OUTBOX_WAKES_WORKERS:
            outbox.on_put(tasks.wake_workers)
