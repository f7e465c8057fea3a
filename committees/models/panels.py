"""A committee's work on one call: conflicts, assignments, scorecards."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from committees import events, follow_up_events
from committees.models.seats import Committee, Seat
from committees.states import (
    SOFT_GROUNDS,
    AssignmentState,
    ConflictGround,
    ConflictKind,
    PanelState,
    RecusalSource,
)
from grants.models import Application, Call, Criterion

User = settings.AUTH_USER_MODEL


@guards.fixed("call", "committee", "opened_by", by_moves=("within_variance",))
@guards.guarded
class Panel(Stateful):
    """A committee's work on one call: declarations, scoring, deliberation."""

    state = FSMField(default=PanelState.DECLARING, choices=PanelState.choices, editable=False)
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="panel")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="panels")
    declarations_due = models.DateTimeField(_("declarations due"))
    scoring_due = models.DateTimeField(_("scores due"), null=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    within_variance = models.CharField(_("variance of totals round their means"), max_length=200, blank=True)
    """An exact fraction, taken over the whole call when the scoring closes: what is far, is far for this call."""

    def __str__(self) -> str:
        return str(self.call)

    @property
    def rules_version(self) -> int | None:
        """Number of the charter version that binds the call."""
        return self.call.rules_version

    @transition(
        field=state,
        source=PanelState.DECLARING,
        target=PanelState.SCORING,
        custom={"event": events.PanelScoringStarted},
    )
    def start_scoring(self) -> None:
        """Edge: everybody declared; applications are assigned."""

    @transition(
        field=state,
        source=PanelState.SCORING,
        target=PanelState.DELIBERATING,
        custom={"event": events.PanelScoringClosed},
    )
    def close_scoring(self) -> None:
        """Edge: enough scorecards for every application; scores become visible."""

    @transition(
        field=state,
        source=[PanelState.CLOSED, PanelState.DELIBERATING],
        target=PanelState.SCORING,
        custom={"event": follow_up_events.PanelSentBack},
    )
    def send_back(self) -> None:
        """Edge: an appeal sends an application back."""

    @transition(
        field=state,
        source=[PanelState.DECLARING, PanelState.SCORING, PanelState.DELIBERATING],
        target=PanelState.CLOSED,
        custom={"event": events.PanelClosed},
    )
    def close(self) -> None:
        """Edge: every application is decided, or none is left."""

    @transition(
        field=state, source=PanelState.CLOSED, target=PanelState.DELIBERATING, custom={"event": events.PanelReopened}
    )
    def reopen(self) -> None:
        """Edge: a decision was taken back."""


@walls.walled
@guards.append_only(recorded=True)
class ConflictDeclaration(Recorded):
    """What a member declares about one application, knowing only names; a later declaration replaces an earlier one."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="declarations")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="declarations")
    kind = models.CharField(_("declaration"), max_length=4, choices=ConflictKind.choices)
    ground = models.CharField(_("ground"), max_length=20, choices=ConflictGround.choices, blank=True)
    explanation = models.CharField(_("in a few words"), max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["application", "seat"], name="declarations_of_app")]
        constraints = [
            models.CheckConstraint(name="conflict_has_a_ground", condition=Q(kind=ConflictKind.NONE) | ~Q(ground="")),
            models.CheckConstraint(
                name="hard_ground_is_no_mere_link",
                condition=~Q(kind=ConflictKind.SOFT) | Q(ground__in=sorted(SOFT_GROUNDS)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.kind}"


@walls.walled
@guards.append_only(recorded=True)
class Recusal(Recorded):
    """A member is out of an application for good: no reading, scoring, hearing, voting."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="recusals")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recusals")
    ground = models.CharField(_("ground"), max_length=20, choices=ConflictGround.choices)
    source = models.CharField(max_length=10, choices=RecusalSource.choices)
    evidence: Any = models.JSONField(default=list)
    """Ties between organisations that the records show (`committees.rules.ties`), when the system recused."""

    class Meta:
        constraints = [models.UniqueConstraint(name="recused_once", fields=["seat", "application"])]

    def __str__(self) -> str:
        return f"{self.seat} · {self.application_id}"


@walls.walled
@guards.fixed("seat", "application", "pseudonym")
@guards.guarded
class Assignment(Stateful):
    """A member's task to score one application; ``pseudonym`` is how other members see the scorer."""

    state = FSMField(default=AssignmentState.ASSIGNED, choices=AssignmentState.choices, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="assignments")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    due_at = models.DateTimeField(_("due"))
    pseudonym = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assigned_once",
                fields=["seat", "application"],
                condition=~Q(state=AssignmentState.REMOVED),
            )
        ]
        indexes = [models.Index(fields=["application", "state"], name="assignments_of_app")]

    def __str__(self) -> str:
        return f"{self.pseudonym} · {self.application_id}"

    @transition(
        field=state,
        source=AssignmentState.ASSIGNED,
        target=AssignmentState.COMPLETED,
        custom={"event": events.AssignmentCompleted},
    )
    def complete(self) -> None:
        """Edge: the scorecard is in."""

    @transition(
        field=state,
        source=[AssignmentState.ASSIGNED, AssignmentState.COMPLETED],
        target=AssignmentState.REMOVED,
        custom={"event": events.AssignmentRemoved},
    )
    def remove(self) -> None:
        """Edge: recusal or reassignment; every access goes with it."""


@walls.walled
@guards.append_only(recorded=True)
class Scorecard(Recorded):
    """One scorer's judgement. ``revision`` 1 is the single change allowed after discussion; both are kept."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="scorecards")
    revision = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_scorecard_per_revision", fields=["assignment", "revision"]),
            models.CheckConstraint(
                name="one_reasoned_revision",
                condition=Q(revision=0, reason="") | (Q(revision=1) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} r{self.revision}"


@walls.walled
@guards.append_only()
class Score(models.Model):
    """Points for one criterion with the sentence that explains them."""

    id = models.BigAutoField(primary_key=True)
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(_("points"))
    sentence = models.TextField(_("why"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_score_per_criterion", fields=["scorecard", "criterion"]),
            models.CheckConstraint(name="points_have_a_sentence", condition=~Q(sentence="")),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
