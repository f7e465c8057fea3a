"""Contests of an assessment, and the tier that follows performance."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle
from charter.selectors import charter_in_force
from kernel.permissions import Refused
from organisations import capacity, rules
from organisations import capacity_events as events
from organisations.events import AssessmentRecorded
from organisations.models import CapacityAssessment, CapacityContest, Organisation, PerformanceRecord
from organisations.rules.tiers import index_of, tier_by_performance
from organisations.services.decisions import last_day_of_eligibility
from organisations.states import AssessmentWay, OrganisationState


def contest(organisation: Organisation, *, grounds: str, actor: User) -> CapacityContest:
    """Contest the assessment on which the decision rests; raises `Refused`."""
    assessment = organisation.assessments.order_by("-recorded_at").first()
    if assessment is None:
        raise Refused(_("There is no decision on an assessment yet."))
    made = CapacityContest(organisation=organisation, assessment=assessment, grounds=grounds, lodged_by=actor)
    try:
        with transaction.atomic():
            return lifecycle.create(made, events.AssessmentContested(assessment=assessment.pk), actor=actor)
    except IntegrityError as error:
        raise Refused(_("This assessment was contested already.")) from error


def dismiss_contest(contested: CapacityContest, *, reason: str, actor: User) -> CapacityContest:
    """The score stays, for a reason that the organisation reads."""
    changes = {"decided_by": actor, "answer": reason}
    return lifecycle.move(contested, events.ContestDismissed(), actor=actor, reason=_given(reason), changes=changes)


@transaction.atomic
def uphold_contest(
    contested: CapacityContest, *, sections: dict[str, int], reason: str, actor: User
) -> CapacityContest:
    """Correct the scores of ``sections`` (the others stay); the tier follows. Raises `Refused` when it gives none."""
    before = contested.assessment
    corrected = {**before.sections, **{key: score for key, score in sections.items() if key in before.sections}}
    rules_now = charter_in_force().rules
    score = capacity.total_score(corrected, {key: one.weight for key, one in rules_now.capacity.sections.items()})
    if rules_now.tier_for_score(score) is None:
        raise Refused(_("This score gives no tier: correct more, or dismiss the contest with your reasons."))
    correction = CapacityAssessment(
        organisation=contested.organisation, assessor=actor, sections=corrected, score=score, advice=before.advice,
        way=AssessmentWay.CONTEST, levels=before.levels, findings=before.findings, recognised=before.recognised,
    )  # fmt: skip
    lifecycle.create(correction, AssessmentRecorded(score=score, sections=corrected), actor=actor, reason=reason)
    moved = lifecycle.move(
        contested,
        events.ContestUpheld(score=score),
        actor=actor,
        reason=_given(reason),
        changes={"decided_by": actor, "answer": reason, "correction": correction},
    )
    _correct(contested.organisation, score, actor=actor)
    return moved


def _correct(organisation: Organisation, score: int, *, actor: User) -> None:
    charter = charter_in_force()
    current = Organisation.objects.get(pk=organisation.pk)
    tier = charter.rules.tier_for_score(score) or ""
    again = current.state == OrganisationState.INELIGIBLE or current.eligible_until is None
    until = last_day_of_eligibility(charter.rules) if again else current.eligible_until
    lifecycle.move(
        current,
        events.TierCorrected(tier=tier, score=score, charter_version=charter.number),
        actor=actor,
        changes={
            "capacity_score": score, "tier": tier, "tier_rules_version": charter.number, "eligible_until": until,
            "assessed_by": actor,
        },
    )  # fmt: skip


def take_performance(organisation: Organisation, *, grant_id: UUID, reference: str, score: int) -> PerformanceRecord:
    """Count a closed grant (by the system); once for each grant."""
    known = PerformanceRecord.objects.filter(grant_id=grant_id).first()
    if known is not None:
        return known
    record = PerformanceRecord(organisation=organisation, grant_id=grant_id, reference=reference, score=score)
    event = events.PerformanceTaken(grant=grant_id, reference=reference, score=score)
    return lifecycle.create(record, event, actor=None)


@transaction.atomic
def change_tier(organisation: Organisation, *, reason: str, actor: User) -> Organisation:
    """Move the organisation to the tier that its performance gives by the charter; raises `Refused`."""
    charter = charter_in_force()
    current = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    tier = tier_by_performance(current, charter.rules)
    if tier is None or tier == rules.ON_HOLD:
        raise Refused(_("The charter changes nothing by the performance now."))
    index, closed = index_of(current, charter.rules)
    event = events.TierChanged(
        tier=tier, before=current.tier, index=index or 0, closed_grants=closed, charter_version=charter.number
    )
    return lifecycle.move(
        current,
        event,
        actor=actor,
        reason=_given(reason),
        changes={"tier": tier, "tier_rules_version": charter.number, "decided_by": actor},
    )


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Write why: the organisation reads this."))
    return reason
