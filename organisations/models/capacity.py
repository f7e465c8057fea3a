"""Capacity beside the assessor's score: own answers, others' assessments, the improvement plan, contests, performance."""
# public: the labels of an organisation's own forms

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from kernel.files import UploadTo, private_storage
from organisations import capacity_events as events
from organisations.models.profile import CapacityAssessment, Organisation
from organisations.states import CapacitySection, ContestState, ImprovementState, OutsideState

CAPACITY_TEXT_LENGTH = 1500
_I = ImprovementState
_O = OutsideState


def _person(**more: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **more)


@walls.walled
@guards.append_only(recorded=True)
class CapacityAnswer(Recorded):
    """The organisation's own answer to one question of the charter; the latest counts.

    ``level`` counts from 0, as the charter names the levels; ``file`` is the paper that shows it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="capacity_answers")
    section = models.CharField(max_length=20, choices=CapacitySection.choices)
    question = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    text = models.TextField(_("in your words"), blank=True)
    file = models.FileField(storage=private_storage, upload_to=UploadTo("capacity"), blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    given_by = _person()

    class Meta:
        indexes = [models.Index(fields=["organisation", "question", "-recorded_at"], name="capacity_answers_latest")]

    def __str__(self) -> str:
        return f"{self.question}: {self.level}"


@walls.walled
@guards.fixed(
    "organisation", "funder", "assessed_on", "valid_until", "file", "sha256", "given_by",
    by_moves=("sections", "read_by", "decided_by"),
)  # fmt: skip
@guards.guarded
class OutsideAssessment(Stateful):
    """Another funder's assessment, recognised by two people for the sections that it covers (``sections``: scores of 100)."""

    state = FSMField(default=_O.GIVEN, choices=_O.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="outside_assessments")
    funder = models.CharField(_("who assessed"), max_length=120)
    assessed_on = models.DateField(_("assessed on"))
    valid_until = models.DateField(_("valid until"))
    file = models.FileField(storage=private_storage, upload_to=UploadTo("capacity"))
    sha256 = models.CharField(max_length=64, editable=False)
    sections = models.JSONField(default=dict)
    given_by = _person()
    read_by = _person(null=True)
    decided_by = _person(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recognised_by_two_people",
                condition=~Q(state=_O.RECOGNISED)
                | (Q(read_by__isnull=False, decided_by__isnull=False) & ~Q(read_by=F("decided_by"))),
            ),
            models.CheckConstraint(name="assessed_before_its_end", condition=Q(valid_until__gt=F("assessed_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.funder} {self.assessed_on}"

    @transition(field=state, source=_O.GIVEN, target=_O.READ, custom={"event": events.OutsideAssessmentRead})
    def read(self) -> None:
        """Edge: one officer says which sections it covers, with which score."""

    @transition(field=state, source=_O.READ, target=_O.RECOGNISED, custom={"event": events.OutsideAssessmentRecognised})
    def recognise(self) -> None:
        """Edge: another officer agrees."""

    @transition(
        field=state,
        source=[_O.GIVEN, _O.READ],
        target=_O.REFUSED,
        custom={"event": events.OutsideAssessmentRefused},
    )
    def refuse(self) -> None:
        """Edge: it does not serve, with a reason."""


@walls.walled
@guards.fixed("organisation", "assessment", "section", "what", "due_on", "agreed_by", by_moves=("showing",))
@guards.guarded
class Improvement(Stateful):
    """A point of the improvement plan: what, until when, and what shows that it was done."""

    state = FSMField(default=_I.OPEN, choices=_I.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="improvements")
    assessment = models.ForeignKey(CapacityAssessment, on_delete=models.PROTECT, related_name="improvements")
    section = models.CharField(_("section"), max_length=20, choices=CapacitySection.choices)
    what = models.CharField(_("what to improve"), max_length=500)
    due_on = models.DateField(_("until"))
    agreed_by = _person()
    showing = models.ForeignKey("ImprovementShowing", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.what

    @transition(field=state, source=[_I.OPEN, _I.RETURNED], target=_I.DONE, custom={"event": events.ImprovementDone})
    def do(self) -> None:
        """Edge: the organisation did it, and shows it."""

    @transition(field=state, source=_I.DONE, target=_I.RETURNED, custom={"event": events.ImprovementReturned})
    def return_(self) -> None:
        """Edge: something is missing yet."""

    @transition(field=state, source=_I.DONE, target=_I.CONFIRMED, custom={"event": events.ImprovementConfirmed})
    def confirm(self) -> None:
        """Edge: the fund agrees that it is done."""


@walls.walled
@guards.append_only(recorded=True)
class ImprovementShowing(Recorded):
    """What the organisation says and adds to show that a point is done."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="improvement_showings")
    point = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="showings")
    text = models.TextField(_("what was done"))
    file = models.FileField(storage=private_storage, upload_to=UploadTo("capacity"), blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    given_by = _person()

    def __str__(self) -> str:
        return str(self.pk)


@walls.walled
@guards.fixed("organisation", "assessment", "grounds", "lodged_by", by_moves=("decided_by", "correction", "answer"))
@guards.guarded
class CapacityContest(Stateful):
    """An organisation contests its assessment; another person than the assessor and the decider answers with reasons."""

    state = FSMField(default=ContestState.LODGED, choices=ContestState.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="capacity_contests")
    assessment = models.OneToOneField(CapacityAssessment, on_delete=models.PROTECT, related_name="contest")
    grounds = models.TextField(_("what is wrong, and what shows it"))
    lodged_by = _person()
    decided_by = _person(null=True)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    correction = models.OneToOneField(CapacityAssessment, on_delete=models.PROTECT, null=True, related_name="corrects")

    def __str__(self) -> str:
        return str(self.pk)

    @transition(
        field=state, source=ContestState.LODGED, target=ContestState.UPHELD, custom={"event": events.ContestUpheld}
    )
    def uphold(self) -> None:
        """Edge: the score is corrected."""

    @transition(
        field=state,
        source=ContestState.LODGED,
        target=ContestState.DISMISSED,
        custom={"event": events.ContestDismissed},
    )
    def dismiss(self) -> None:
        """Edge: the score stays."""


@walls.walled
@guards.append_only(recorded=True)
class PerformanceRecord(Recorded):
    """How an organisation did in one closed grant: a score of 100 from the facts of its reports."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="performance")
    grant_id = models.UUIDField(unique=True)
    reference = models.CharField(max_length=30)
    score = models.PositiveSmallIntegerField(_("score"))

    class Meta:
        constraints = [models.CheckConstraint(name="performance_of_100", condition=Q(score__range=(0, 100)))]

    def __str__(self) -> str:
        return f"{self.reference}: {self.score}"
