"""When the tree is not the one that was published: what the signer found, and the way on."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, log_events
from audit.models.shapes import Stateful
from audit.models.tree import LogEpoch
from audit.states import AlarmKind, LogRestartState


@guards.append_only()
class LogAlarm(models.Model):
    """The signer's reason for not signing: what was seen outside (``seen_…``) and what the database holds.

    ``agreed_size`` is the largest published size that this database can still show; ``seen_note`` the signed text of the
    last known checkpoint where somebody kept it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    epoch = models.ForeignKey(LogEpoch, on_delete=models.PROTECT, related_name="alarms")
    kind = models.CharField(max_length=20, choices=AlarmKind.choices)
    source = models.CharField(max_length=200)
    seen_origin = models.CharField(max_length=200)
    seen_size = models.BigIntegerField()
    seen_root = models.BinaryField(null=True, max_length=32)
    seen_note = models.TextField(blank=True)
    own_size = models.BigIntegerField()
    agreed_size = models.BigIntegerField()
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="alarm_once", fields=["epoch", "kind", "source", "seen_size", "agreed_size"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source}"

    @property
    def seen_by(self) -> str:
        """Who saw more, in words: the signer's memory, this database, or a witness by its name."""
        known = {"memory": _("the signer's memory"), "database": _("this database itself")}
        return str(known.get(self.source, self.source))


@guards.fixed("alarm", "lost", "proposed_by", by_moves=("confirmed_by",))
@guards.guarded
class LogRestart(Stateful):
    """A new epoch after a rollback, proposed by one person and confirmed by another.

    ``lost`` are hashes (hexadecimal) of leaves that people hold receipts of and the database no longer has.
    """

    state = FSMField(_("state"), default=LogRestartState.PROPOSED, choices=LogRestartState.choices, editable=False)
    alarm = models.ForeignKey(LogAlarm, on_delete=models.PROTECT, related_name="restarts")
    lost = models.JSONField(default=list)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_log_restart", fields=["state"], condition=Q(state=LogRestartState.PROPOSED)
            ),
            models.CheckConstraint(
                name="log_restart_by_two",
                condition=(
                    Q(state=LogRestartState.CONFIRMED)
                    & Q(confirmed_by__isnull=False)
                    & ~Q(confirmed_by=F("proposed_by"))
                )
                | (~Q(state=LogRestartState.CONFIRMED) & Q(confirmed_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.alarm_id)

    @transition(
        field=state,
        source=LogRestartState.PROPOSED,
        target=LogRestartState.CONFIRMED,
        custom={"event": log_events.LogRestartConfirmed},
    )
    def confirm(self) -> None:
        """Edge: a second person acknowledges the rollback; the new epoch begins."""

    @transition(
        field=state,
        source=LogRestartState.PROPOSED,
        target=LogRestartState.WITHDRAWN,
        custom={"event": log_events.LogRestartWithdrawn},
    )
    def withdraw(self) -> None:
        """Edge: the proposal was wrong, for example because a newer backup was found."""
