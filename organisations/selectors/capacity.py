"""Reading what is known of an organisation's capacity."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from accounts.roles import Role
from accounts.selectors import has_role
from organisations import rules
from organisations.models import (
    CapacityAnswer,
    CapacityContest,
    Improvement,
    ImprovementShowing,
    Organisation,
    OutsideAssessment,
    PerformanceRecord,
)
from organisations.rules.capacity import in_force
from organisations.states import ContestState, ImprovementState, OrganisationState, OutsideState


@dataclass(frozen=True, slots=True)
class Covered:
    """A section that a recognised assessment covers, with its score."""

    outside: OutsideAssessment
    score: int


def latest_answers(organisation: Organisation) -> dict[str, CapacityAnswer]:
    """The organisation's latest own answer to each question, by its key."""
    rows = organisation.capacity_answers.select_related("given_by").order_by("question", "-recorded_at")
    return {one.question: one for one in rows.distinct("question")}


def covered_sections(organisation: Organisation) -> dict[str, Covered]:
    """Sections that recognised assessments cover today, the newest for each."""
    found: dict[str, Covered] = {}
    for outside in organisation.outside_assessments.filter(in_force()).order_by("assessed_on", "moved_at"):
        found |= {key: Covered(outside, score) for key, score in outside.sections.items()}
    return found


def outside_of(organisation: Organisation) -> QuerySet[OutsideAssessment]:
    """Others' assessments that were given, the newest first."""
    return organisation.outside_assessments.select_related("given_by", "read_by", "decided_by").order_by("-assessed_on")


def improvements_of(organisation: Organisation) -> QuerySet[Improvement]:
    """The plan, by day."""
    return organisation.improvements.select_related("showing", "agreed_by").order_by("due_on", "pk")


def contest_of(organisation: Organisation) -> CapacityContest | None:
    """The latest contest."""
    contests = organisation.capacity_contests.select_related("assessment", "correction", "lodged_by", "organisation")
    return contests.order_by("-moved_at").first()


def performance_of(organisation: Organisation) -> QuerySet[PerformanceRecord]:
    """Closed grants that count, in order."""
    return organisation.performance.order_by("recorded_at")


def document(organisation: Organisation, pk: UUID) -> tuple[FieldFile, str] | None:
    """A paper of the assessment and its fingerprint, by the id of what it belongs to."""
    for model in (CapacityAnswer, OutsideAssessment, ImprovementShowing):
        rows: Any = model
        found = rows.objects.filter(organisation=organisation, pk=pk).exclude(file="").first()
        if found is not None:
            return found.file, found.sha256
    return None


# What waits for a person -----------------------------------------------------------------------------------------


def own_improvements(user: Any) -> QuerySet[Improvement]:
    """Points of the organisations of ``user`` that are to be done."""
    waiting = (ImprovementState.OPEN, ImprovementState.RETURNED)
    own = list(rules.memberships_of(user))
    rows = Improvement.objects.filter(organisation__in=own, state__in=waiting)
    return rows.select_related("organisation").order_by("due_on")


def own_unanswered(user: Any) -> list[Organisation]:
    """Organisations of ``user`` whose capacity is being assessed without a word of their own."""
    own = Organisation.objects.filter(pk__in=list(rules.memberships_of(user)), state=OrganisationState.DD_CLEARED)
    return list(own.filter(capacity_answers__isnull=True).order_by("name_ar"))


def to_judge(user: Any) -> list[Improvement | OutsideAssessment]:
    """Points that were done, and others' assessments that wait for ``user``."""
    if not has_role(user, Role.PROGRAMME_OFFICER, Role.FUND_MANAGER):
        return []
    read = OutsideAssessment.objects.filter(state=OutsideState.READ).exclude(read_by=user)
    waiting: list[Any] = list(read.select_related("organisation").order_by("moved_at"))
    if has_role(user, Role.PROGRAMME_OFFICER):
        given = OutsideAssessment.objects.filter(state=OutsideState.GIVEN).select_related("organisation")
        done = Improvement.objects.filter(state=ImprovementState.DONE).select_related("organisation")
        waiting += [*given.order_by("moved_at"), *done.order_by("moved_at")]
    return waiting


def contests_to_decide(user: Any) -> list[CapacityContest]:
    """Contests on which ``user`` may decide."""
    if not has_role(user, *rules.CONTEST_DECIDERS):
        return []
    open_ones = CapacityContest.objects.filter(state=ContestState.LODGED).select_related("organisation", "assessment")
    return [one for one in open_ones.order_by("moved_at") if rules.may_decide_contest(one, actor=user)]


def with_performance() -> QuerySet[Organisation]:
    """Eligible organisations with a closed grant."""
    rows = Organisation.objects.filter(state=OrganisationState.ELIGIBLE, performance__isnull=False).distinct()
    return rows.order_by("name_ar")
