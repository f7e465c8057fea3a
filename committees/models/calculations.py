"""What is computed for a panel and what people make of it: who scores what, and figures on the scores."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from committees import calculation_events as events
from committees.models.panels import Panel
from committees.models.seats import Seat
from committees.states import FactsKind, ProposalState
from grants.models import Application
from kernel.sectors import Sector

User = settings.AUTH_USER_MODEL


@walls.walled
@guards.append_only(recorded=True)
class Expertise(Recorded):
    """Languages that a member reads and sectors that the member knows; the last record counts."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="expertise")
    languages = ArrayField(models.CharField(max_length=2, choices=settings.LANGUAGES), verbose_name=_("languages"))
    sectors = ArrayField(models.CharField(max_length=30, choices=Sector.choices), verbose_name=_("sectors"))

    class Meta:
        indexes = [models.Index(fields=["seat", "-recorded_at"], name="expertise_of_seat")]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.languages} {self.sectors}"


@walls.walled
@guards.fixed("panel", "asked_by", by_moves=("plan", "sha256"))
@guards.guarded
class AssignmentProposal(Stateful):
    """Who should score what, computed by a worker; the secretariat confirms it, changes it with reasons, or discards it.

    ``plan`` holds scorers by application with what was matched, loads, and what stands in the way; ``sha256`` is its hash.
    """

    state = FSMField(default=ProposalState.ASKED, choices=ProposalState.choices, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="proposals")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    plan = models.JSONField(default=dict, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_proposal_at_a_time",
                fields=["panel"],
                condition=Q(state__in=[ProposalState.ASKED, ProposalState.PROPOSED]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.panel_id} · {self.state}"

    @transition(
        field=state,
        source=ProposalState.ASKED,
        target=ProposalState.PROPOSED,
        custom={"event": events.AssignmentProposed},
    )
    def propose(self) -> None:
        """Edge: the worker found the best assignment."""

    @transition(
        field=state,
        source=ProposalState.ASKED,
        target=ProposalState.IMPOSSIBLE,
        custom={"event": events.AssignmentImpossible},
    )
    def fail(self) -> None:
        """Edge: a rule leaves no assignment; the plan says which."""

    @transition(
        field=state,
        source=ProposalState.PROPOSED,
        target=ProposalState.ADOPTED,
        custom={"event": events.ProposalAdopted},
    )
    def adopt(self) -> None:
        """Edge: confirmed; the assignments are made in the same transaction."""

    @transition(
        field=state,
        source=[ProposalState.ASKED, ProposalState.PROPOSED],
        target=ProposalState.DISCARDED,
        custom={"event": events.ProposalDiscarded},
    )
    def discard(self) -> None:
        """Edge: another proposal is asked for, or the records changed."""


@walls.walled
@guards.append_only(recorded=True)
class ProposalChange(Recorded):
    """One scorer put in the place of another before the proposal is confirmed, with the reason."""

    proposal = models.ForeignKey(AssignmentProposal, on_delete=models.PROTECT, related_name="changes")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", verbose_name=_("instead of"))
    after = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", verbose_name=_("scores now"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        ordering = ["recorded_at"]
        constraints = [
            models.CheckConstraint(name="change_of_scorer_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="change_of_scorer_changes", condition=~Q(before=F("after"))),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.before_id} → {self.after_id}"


@walls.walled
@guards.append_only(recorded=True)
class ComputedFacts(Recorded):
    """Figures that a worker computed from the scores of a call; pages only show them.

    ``inputs_sha256`` is the hash of the scores and records that went in, ``sha256`` the hash of the figures.
    """

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=12, choices=FactsKind.choices)
    facts = models.JSONField()
    inputs_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="computed_once", fields=["panel", "kind", "inputs_sha256"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.panel_id}"
