"""The tier after the decision: contests of an assessment, and the index of performance."""

from typing import Any, Final, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from charter.schema import CharterRules, TierCode
from charter.selectors import charter_in_force, working_deadline
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import capacity
from organisations import capacity_events as events
from organisations.models import CapacityAssessment, CapacityContest, Organisation, PerformanceRecord
from organisations.rules.people import is_outsider, is_person_of, person_role
from organisations.rules.screening import is_clear
from organisations.states import AssessmentWay, ContestState, OrganisationState, PersonRole

CONTEST_DECIDERS: Final = (Role.FUND_MANAGER, Role.BOARD_MEMBER)
ON_HOLD: Final = "on_hold"
_DECIDED: Final = (OrganisationState.ELIGIBLE, OrganisationState.INELIGIBLE)


def tells_score(organisation: Organisation, user: Any) -> bool:
    """Whether ``user`` reads the score: people of the organisation only with the decision that follows from it."""
    decided = {OrganisationState.ELIGIBLE, OrganisationState.INELIGIBLE, OrganisationState.SUSPENDED}
    return organisation.state in decided or not person_role(user, organisation)


def contest_until(organisation: Organisation) -> Any:
    """Until when the decision that stands may be contested."""
    return working_deadline(organisation.moved_at, charter_in_force().rules.deadlines.tier_contest_days)


def _contestable(assessment: CapacityAssessment | None, organisation: Organisation) -> PermissionResult:
    if organisation.state not in _DECIDED or assessment is None:
        return Denied(_("There is no decision on an assessment yet."))
    if assessment.way == AssessmentWay.CONTEST or CapacityContest.objects.filter(assessment=assessment).exists():
        return Denied(_("This assessment was contested already."))
    if timezone.now() > contest_until(organisation):
        return Denied(_("The time to contest the decision has run out."))
    return Allowed()


@rule_for(events.AssessmentContested)
def may_contest(contest: CapacityContest, *, actor: Any, event: Any = None) -> PermissionResult:
    """Signatories, in the charter's days after the decision, once for an assessment."""
    signs = is_person_of(actor, contest.organisation, PersonRole.SIGNATORY)
    if not signs:
        return signs
    latest = contest.organisation.assessments.order_by("-recorded_at").first()
    if event is not None and (latest is None or latest.pk != event.assessment):
        return Denied(_("There is a newer assessment: read it first."))
    return _contestable(latest, contest.organisation)


@rule_for(events.ContestUpheld, events.ContestDismissed)
def may_decide_contest(contest: CapacityContest, *, actor: Any, event: Any = None) -> PermissionResult:
    """A fund manager or board member from outside, who neither assessed nor decided."""
    office = may_hold(actor, *CONTEST_DECIDERS)
    if not office:
        return office
    if actor.pk in {contest.assessment.assessor_id, contest.organisation.decided_by_id}:
        return Denied(_("Who assessed or decided does not decide on the contest: another person does."))
    return is_outsider(actor, contest.organisation)


@rule_for(events.TierCorrected)
def may_correct_tier(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """Who upheld the organisation's contest; the tier is the one of the charter's table for the corrected score."""
    contest = (
        CapacityContest.objects.filter(organisation=organisation, state=ContestState.UPHELD, correction__isnull=False)
        .select_related("assessment", "organisation", "correction")
        .order_by("-moved_at")
        .first()
    )
    if contest is None or contest.decided_by_id != actor.pk or contest.correction is None:
        return Denied(_("The tier is corrected by who upheld a contest."))
    charter = charter_in_force()
    tier = charter.rules.tier_for_score(contest.correction.score)
    if event is not None and (event.tier, event.score, event.charter_version) != (
        tier, contest.correction.score, charter.number,
    ):  # fmt: skip
        return Denied(_("The charter in force gives another tier."))
    return is_clear(organisation)


# Performance ------------------------------------------------------------------------------------------------------


@rule_for(events.PerformanceTaken)
def may_take_performance(record: PerformanceRecord, *, actor: Any, event: Any = None) -> PermissionResult:
    """Only the system, when a grant closes."""
    return system_only(record, actor=actor, event=event)


def index_of(organisation: Organisation, rules: CharterRules) -> tuple[int | None, int]:
    """The index of performance, and after how many closed grants."""
    scores = list(organisation.performance.order_by("recorded_at").values_list("score", flat=True))
    weights = rules.organisations.capacity_weight_by_closed_grants
    return capacity.performance_index(organisation.capacity_score, scores, weights), len(scores)


def tier_by_performance(organisation: Organisation, rules: CharterRules) -> str | None:
    """The tier to which the charter now moves an eligible organisation, `ON_HOLD`, or None: it stays."""
    index, closed = index_of(organisation, rules)
    if organisation.state != OrganisationState.ELIGIBLE or not closed or index is None:
        return None
    tier = rules.tiers[cast(TierCode, organisation.tier)]
    if tier.demotion is not None and index < tier.demotion.index_below:
        return tier.demotion.to
    up = tier.promotion
    if up is not None and closed >= up.closed_grants and (up.index_from is None or index >= up.index_from):
        return up.to
    return None


@rule_for(events.TierChanged)
def may_change_tier(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager, to the tier that the charter gives and to no other."""
    office = may_hold(actor, Role.FUND_MANAGER)
    if not office:
        return office
    charter = charter_in_force()
    tier = tier_by_performance(organisation, charter.rules)
    if tier is None or tier == ON_HOLD:
        return Denied(_("The charter changes nothing by the performance now."))
    if event is not None and (event.tier, event.charter_version) != (tier, charter.number):
        return Denied(_("The charter in force gives another tier."))
    return all_of(is_outsider(actor, organisation), is_clear(organisation))
