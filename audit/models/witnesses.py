"""People outside who saw a checkpoint, and what they signed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, log_events
from audit.models.shapes import Stateful
from audit.models.tree import LogCheckpoint
from audit.states import LogWitnessState, WitnessGroup


@guards.fixed("name", "group", "verifier_key")
@guards.guarded
class LogWitness(Stateful):
    """Somebody outside the fund who keeps the size and root of the log and signs what grew from them.

    ``url`` is the submission prefix of the witness protocol; without one the witness works with files by hand.
    ``last_size`` and ``last_root`` are the newest that it is known to have signed, or said that it has. One that does not
    answer is left alone until ``not_before``.
    """

    state = FSMField(_("state"), default=LogWitnessState.REGISTERED, choices=LogWitnessState.choices, editable=False)
    name = models.CharField(_("name"), max_length=120)
    group = models.CharField(_("group"), max_length=10, choices=WitnessGroup.choices)
    verifier_key = models.TextField(_("verifier key"))
    url = models.URLField(_("address"), blank=True)
    last_size = models.BigIntegerField(null=True, editable=False)
    last_root = models.BinaryField(null=True, max_length=32)
    last_seen = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    not_before = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="witness_key_once", fields=["verifier_key"], condition=Q(state=LogWitnessState.REGISTERED)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(
        field=state,
        source=LogWitnessState.REGISTERED,
        target=LogWitnessState.RETIRED,
        custom={"event": log_events.WitnessRetired},
    )
    def retire(self) -> None:
        """Edge: the fund no longer asks this witness."""


@guards.append_only()
class LogCosignature(models.Model):
    """One signature line of a witness under a checkpoint, as the witness sent it."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(LogCheckpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(LogWitness, on_delete=models.PROTECT, related_name="cosignatures")
    line = models.TextField()
    timestamp = models.BigIntegerField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_cosignature_each", fields=["checkpoint", "witness"]),
        ]

    def __str__(self) -> str:
        return f"{self.witness_id} {self.checkpoint_id}"
