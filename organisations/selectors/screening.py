"""Reading lists of sanctions, comparisons and likenesses."""

from typing import Any

from django.db.models import QuerySet

from accounts.selectors import has_role
from organisations import rules
from organisations.models import HitJudgement, Organisation, OrganisationScreening, SanctionsList, ScreeningHit
from organisations.states import HitState, ListState


def lists_visible_to(user: Any) -> QuerySet[SanctionsList]:
    """Versions of lists, the newest first; for officers and auditors."""
    found = SanctionsList.objects.select_related("taken_by")
    return found.order_by("-moved_at", "pk") if has_role(user, *rules.SCREENING_READERS) else found.none()


def in_force() -> QuerySet[SanctionsList]:
    """The version of each list with which names are compared."""
    return SanctionsList.objects.filter(state=ListState.IN_FORCE).order_by("source")


def hits_visible_to(user: Any) -> QuerySet[ScreeningHit]:
    """Likenesses, for officers and auditors who never belonged to the organisation."""
    if not has_role(user, *rules.SCREENING_READERS):
        return ScreeningHit.objects.none()
    own = Organisation.objects.filter(people__user=user)
    found = ScreeningHit.objects.exclude(organisation__in=own)
    return found.select_related("organisation", "entry__version", "data_key")


def hits_to_judge(user: Any) -> QuerySet[ScreeningHit]:
    """Likenesses that wait for ``user``: open ones, ones another person judged, and disputes for the fund manager."""
    if not has_role(user, *rules.JUDGES):
        return ScreeningHit.objects.none()
    waiting = [HitState.OPEN, HitState.LOOKED_AT]
    if has_role(user, rules.JUDGES[-1]):
        waiting.append(HitState.DISPUTED)
    return hits_visible_to(user).filter(state__in=waiting).exclude(judgements__judge=user).order_by("moved_at", "pk")


def screenings_of(user: Any, organisation: Organisation) -> QuerySet[OrganisationScreening]:
    """When the organisation's names were compared, the latest first."""
    if not has_role(user, *rules.SCREENING_READERS):
        return OrganisationScreening.objects.none()
    return OrganisationScreening.objects.filter(organisation=organisation).order_by("-recorded_at", "pk")


def judgements_shown(hit: ScreeningHit, *, judging: bool) -> QuerySet[HitJudgement]:
    """What people judged; the second of two reads the first one's judgement only after the own one."""
    found = hit.judgements.select_related("judge").order_by("recorded_at")
    return found.none() if judging and hit.state == HitState.LOOKED_AT else found
