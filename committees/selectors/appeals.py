"""Reading appeals: who may see which, who took part in a file, what is published."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.roles import Role
from accounts.selectors import has_role
from committees.models import Appeal, AppealPanelist, AppealVote, Decision
from committees.rules import facts
from committees.rules.appeals import may_admit, may_lodge
from committees.states import AppealGround, AppealState
from grants.appealing import hears_appeals
from grants.models import Application, Feedback
from grants.selectors.attachments import readers
from grants.states import APPEALABLE
from kernel import identity
from organisations.models import Person
from organisations.rules import people_today
from organisations.rules.people import memberships_of
from organisations.states import PersonRole

OVERSEERS = (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)


def appealable(user: Any) -> QuerySet[Feedback]:
    """Decisions on applications of this person's organisations that may still be appealed."""
    mine = Person.objects.filter(people_today(), user=user).values("organisation")
    return Feedback.objects.filter(
        application__organisation__in=mine,
        application__state__in=APPEALABLE,
        application__appeal__isnull=True,
        appeal_until__gte=facts.today(),
    ).select_related("application__organisation", "application__call")


@hears_appeals
def form_to_lodge(application: Application, user: Any) -> str:
    """The path of the form, for who may lodge an appeal against the decision today."""
    if not may_lodge(Appeal(application=application), actor=user):
        return ""
    return reverse("committees:appeal_form", args=[application.pk])


def visible_to(user: Any) -> QuerySet[Appeal]:
    """An organisation's own, a panelist's own, all for who oversees (never what they are recused from)."""
    appeals = Appeal.objects.select_related("application__organisation", "application__call").order_by("-lodged_at")
    if not user.is_authenticated:
        return appeals.none()
    if has_role(user, *OVERSEERS):
        return appeals.exclude(application__in=facts.recused_from(user))

    mine = Person.objects.filter(people_today(), user=user).values("organisation")
    return appeals.filter(Q(application__organisation__in=mine) | Q(panel__user=user)).distinct()


def is_panelist(user: Any, appeal: Appeal) -> bool:
    """Whether this person judges the appeal."""
    return appeal.panel.filter(user=user).exists()


def vote_of(user: Any, appeal: Appeal) -> AppealVote | None:
    """A panelist's own vote."""
    return AppealVote.objects.filter(panelist__appeal=appeal, panelist__user=user).first()


@identity.system("committees.appeal_numbers")
def votes_of(appeal: Appeal) -> Counter[str]:
    """How the panel voted, as numbers."""
    return Counter(AppealVote.objects.filter(panelist__appeal=appeal).values_list("choice", flat=True))


@identity.system("committees.appeal_numbers")
def panel_size(appeal: Appeal) -> int:
    """How many judge the appeal; who they are is for those who oversee appeals."""
    return appeal.panel.count()


@identity.system("committees.appeal_numbers")
def renewed_decision(appeal: Appeal) -> Decision | None:
    """The decision that an evaluation after the appeal came to."""
    if not appeal.re_evaluate or appeal.decided_at is None:
        return None
    rows = Decision.objects.filter(application=appeal.application_id, recorded_at__gt=appeal.decided_at)
    return rows.order_by("-recorded_at").first()


def to_judge(user: Any) -> QuerySet[Appeal]:
    """Appeals that wait for this person's vote, or for the reasons after all votes."""
    if not user.is_authenticated:
        return Appeal.objects.none()
    judged = list(AppealPanelist.objects.filter(user=user).values_list("appeal", flat=True))
    return visible_to(user).filter(state=AppealState.UNDER_REVIEW, pk__in=judged) if judged else Appeal.objects.none()


@readers
def judged_applications(user: Any) -> QuerySet[Any, Any]:
    """Ids of the applications that this person judges now: who reads the answers reads the files too."""
    rows = AppealPanelist.objects.filter(user=user, appeal__state=AppealState.UNDER_REVIEW)
    return rows.values("appeal__application")


# For the public -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicAppeal:
    """What everybody may know of an appeal: never who appealed."""

    reference: str
    call: str
    grounds: list[str]
    outcome: str
    lodged_at: datetime
    decided_at: datetime | None
    in_time: bool | None


@identity.system("committees.published_appeals")
def published() -> list[PublicAppeal]:
    """All appeals, the latest first, without names."""
    rows = Appeal.objects.select_related("application__call").order_by("-lodged_at")
    return [
        PublicAppeal(
            one.reference,
            one.application.call.reference,
            [str(AppealGround(ground).label) for ground in one.grounds],
            str(AppealState(one.outcome or one.state).label),
            one.lodged_at,
            one.decided_at,
            None if one.decided_at is None or one.due_at is None else one.decided_at <= one.due_at,
        )
        for one in rows
    ]


@identity.system("committees.published_appeals")
def numbers() -> list[tuple[str, int]]:
    """How many appeals came to what."""
    counted = Counter(one or state for one, state in Appeal.objects.values_list("outcome", "state"))
    return [(str(AppealState(key).label), number) for key, number in sorted(counted.items())]


# What waits for whom ------------------------------------------------------------------------------------------------


def to_lodge(user: Any) -> list[Feedback]:
    """Decisions that this person, as a signatory, may appeal now."""
    signed = [key for key, role in memberships_of(user).items() if role == PersonRole.SIGNATORY]
    return list(appealable(user).filter(application__organisation__in=signed)) if signed else []


def to_admit(user: Any) -> list[Appeal]:
    """Appeals that wait to be admitted by somebody like this person."""
    if not has_role(user, Role.FUND_MANAGER, Role.BOARD_MEMBER):
        return []
    return [one for one in visible_to(user).filter(state=AppealState.LODGED) if may_admit(one, actor=user)]
