"""Reading conditions of awards: of a grant, for those who answer and those who judge."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from charter.selectors import working_deadline
from grants.models import AwardCondition, ConditionEvidence, Grant
from grants.rules.conditions import ENDED
from grants.rules.grants import visible_grants
from grants.selectors.grants import rules_of
from grants.states import CLOSED_CONDITIONS, ConditionBlocks, ConditionState, GrantState

_WITH = ("grant__organisation", "grant__application", "owner", "closed_by")


def conditions_of(grant: Grant) -> QuerySet[AwardCondition]:
    """The conditions of the award, open ones first."""
    return grant.conditions.select_related("owner", "closed_by").order_by("closed_at", "due_on", "text")


def visible_to(user: Any) -> QuerySet[AwardCondition]:
    """Conditions of the grants that ``user`` sees."""
    if not user.is_authenticated:
        return AwardCondition.objects.none()
    return AwardCondition.objects.filter(grant__in=Grant.objects.filter(visible_grants(user))).select_related(*_WITH)


def evidence_of(condition: AwardCondition) -> QuerySet[ConditionEvidence]:
    """What the partner showed, in the order of the rounds."""
    return condition.evidence.select_related("given_by").order_by("round")


def to_answer(user: Any, organisations: list[Any]) -> QuerySet[AwardCondition]:
    """Conditions that wait for these organisations, the earliest day first."""
    waiting = [ConditionState.OPEN, ConditionState.RETURNED]
    found = visible_to(user).filter(grant__organisation__in=organisations, state__in=waiting)
    return found.exclude(grant__state__in=ENDED).order_by("due_on")


def to_judge(user: Any) -> QuerySet[AwardCondition]:
    """Answers that this officer follows, and those that nobody follows any more."""
    mine = Q(owner=user) | Q(owner__isnull=True) | Q(owner__is_active=False)
    found = visible_to(user).filter(mine, state=ConditionState.ANSWERED).exclude(grant__state__in=ENDED)
    return found.exclude(grant__organisation__people__user=user).order_by("moved_at")


def overdue(today: date) -> QuerySet[AwardCondition]:
    """Conditions past their day that still wait for the partner."""
    waiting = [ConditionState.OPEN, ConditionState.RETURNED]
    late = AwardCondition.objects.filter(state__in=waiting, due_on__lt=today).exclude(grant__state__in=ENDED)
    return late.select_related(*_WITH).order_by("due_on")


def judged_by(condition: AwardCondition) -> datetime:
    """Until when the fund says whether an answer is enough."""
    return working_deadline(condition.moved_at, rules_of(condition.grant).deadlines.conditions_days)


def unmet_in_time(today: date) -> QuerySet[Grant]:
    """Awards not yet in an agreement whose condition before the signature is past its day and waits for the partner."""
    late = AwardCondition.objects.filter(
        blocks=ConditionBlocks.SIGNATURE, state__in=[ConditionState.OPEN, ConditionState.RETURNED], due_on__lt=today
    )
    before = [GrantState.OFFER_SENT, GrantState.OFFER_ACCEPTED]
    return Grant.objects.filter(state__in=before, conditions__in=late).distinct().order_by("pk")


def holding_tranche(grant: Grant, number: int, *, last: int) -> list[AwardCondition]:
    """Open conditions for which tranche ``number`` of a grant with ``last`` tranches waits."""
    return [
        one
        for one in grant.conditions.all()
        if one.blocks == ConditionBlocks.TRANCHE
        and one.state not in CLOSED_CONDITIONS
        and number >= min(one.tranche or 1, last)
    ]
