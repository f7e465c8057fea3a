"""What comes to light: links that the records show, conflicts that were kept silent, decisions that they overturn."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from committees import events
from committees.models.meetings import Decision
from committees.models.seats import Seat
from committees.states import HARD_GROUNDS, SOFT_GROUNDS, CaseState, ConflictGround
from grants.models import Application

User = settings.AUTH_USER_MODEL


@walls.walled
@guards.append_only(recorded=True)
class ConflictFinding(Recorded):
    """A possible link that the fund's records show: the member is asked and answers with a declaration."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="findings")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="findings")
    ground = models.CharField(_("ground"), max_length=20, choices=ConflictGround.choices)
    evidence: Any = models.JSONField(default=list)
    """Ties between organisations that the records show (`committees.rules.ties`)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="asked_once", fields=["seat", "application", "ground"]),
            models.CheckConstraint(name="only_links_are_asked", condition=Q(ground__in=sorted(SOFT_GROUNDS))),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.ground}"


@walls.walled
@guards.fixed(
    "seat", "application", "ground", "found", "reported_by",
    by_moves=("owner", "confirmed_by", "effects", "outcome"),
)  # fmt: skip
@guards.guarded
class ConflictCase(Stateful):
    """A conflict of interest that a member did not declare: reported by one person, confirmed by another.

    ``found`` is what came to light, ``effects`` the numbers of what it overturned, ``outcome`` how the case ended; ``owner``
    answers for it until then.
    """

    state = FSMField(default=CaseState.REPORTED, choices=CaseState.choices, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="cases")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflict_cases")
    ground = models.CharField(_("ground"), max_length=20, choices=ConflictGround.choices)
    found = models.TextField(_("what came to light"))
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who answers for it"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    effects = models.JSONField(default=dict, editable=False)
    outcome = models.TextField(_("outcome"), blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_case",
                fields=["seat", "application"],
                condition=Q(state__in=[CaseState.REPORTED, CaseState.CONFIRMED]),
            ),
            models.CheckConstraint(name="a_case_is_about_a_conflict", condition=Q(ground__in=sorted(HARD_GROUNDS))),
            models.CheckConstraint(
                name="case_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("reported_by")),
            ),
            models.CheckConstraint(
                name="judged_case_has_a_judge", condition=Q(state=CaseState.REPORTED) | Q(confirmed_by__isnull=False)
            ),
            models.CheckConstraint(
                name="ended_case_has_an_outcome",
                condition=~Q(state__in=[CaseState.DISMISSED, CaseState.CLOSED]) | ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.ground}"

    @transition(
        field=state, source=CaseState.REPORTED, target=CaseState.CONFIRMED, custom={"event": events.ConflictConfirmed}
    )
    def confirm(self) -> None:
        """Edge: a second person agrees; what rested on the conflict falls."""

    @transition(
        field=state, source=CaseState.REPORTED, target=CaseState.DISMISSED, custom={"event": events.ConflictDismissed}
    )
    def dismiss(self) -> None:
        """Edge: a second person finds no conflict."""

    @transition(
        field=state, source=CaseState.CONFIRMED, target=CaseState.CLOSED, custom={"event": events.ConflictCaseClosed}
    )
    def close(self) -> None:
        """Edge: the owner writes down how it ended."""


@guards.append_only(recorded=True)
class Reopening(Recorded):
    """A decision that no longer stands: it is kept, the committee decides the application again."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="reopening")
    cause = models.CharField(_("why"), max_length=300)

    class Meta:
        constraints = [models.CheckConstraint(name="reopening_has_a_cause", condition=~Q(cause=""))]

    def __str__(self) -> str:
        return f"{self.decision_id}"
