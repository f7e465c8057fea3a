from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# django-pgtrigger lets any session switch triggers off through a setting; this fund's guards have no such switch.
_NO_SWITCH = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE AS 'SELECT FALSE'
"""


def take_the_switch_away(*, using: str, **_kwargs: Any) -> None:
    """Replace the function by which django-pgtrigger would ignore a trigger; runs after every migration."""
    with connections[using].cursor() as cursor:
        cursor.execute(_NO_SWITCH)


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Record of decisions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit import fsck_projection, fsck_tree, log_rules, outbox, tasks, vault  # noqa: F401 -- checks and rules register
        from audit.witnesses import hooks  # noqa: F401 -- registers itself with the signer
        from kernel.navigation import NavItem, Place, register

        post_migrate.connect(take_the_switch_away, sender=self, dispatch_uid="audit.take_the_switch_away")
        if settings.OUTBOX_WAKES_WORKERS:
            outbox.on_put(tasks.wake_workers)
        register(
            NavItem(_("The log of decisions"), "audit:about", place=Place.FOOTER, order=20),
            NavItem(_("Verify a receipt"), "audit:verify", place=Place.FOOTER, order=21),
        )
