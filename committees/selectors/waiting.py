"""Reading the waiting list of a call: ranks, amounts voted on, and who is proposed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from committees.models import AgendaItem, WaitingProposal
from committees.rules import facts
from committees.rules.waiting import manages
from committees.states import VoteChoice, WaitingState
from grants.conditions import Asked
from grants.models import Application, Call
from grants.states import ApplicationState


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the list with what the committee voted on (minor units) and the proposal made for it, if any."""

    application: Application
    rank: int
    amount_minor: int
    conditions: list[Asked]
    proposal: WaitingProposal | None


def places(call: Call) -> list[Place]:
    """The living list of a call in the order of its ranks; two queries."""
    voted = AgendaItem.objects.filter(application=OuterRef("pk"), outcome=VoteChoice.WAITLIST).order_by("-moved_at")
    rows = (
        Application.objects.filter(call=call, state=ApplicationState.WAITLISTED, waiting_until__gte=facts.today())
        .select_related("organisation", "call")
        .annotate(
            voted_minor=Subquery(voted.values("proposed_minor")[:1]),
            voted_conditions=Subquery(voted.values("conditions")[:1]),
        )
        .order_by("waiting_rank", "reference")
    )
    known = {
        one.application_id: one for one in WaitingProposal.objects.filter(application__call=call).order_by("moved_at")
    }
    return [
        Place(
            one,
            one.waiting_rank or 0,
            one.voted_minor or one.requested_minor,
            list(one.voted_conditions or []),
            known.get(one.pk),
        )
        for one in rows
    ]


def next_places(call: Call) -> list[Place]:
    """Places that were not proposed yet."""
    return [one for one in places(call) if one.proposal is None]


def open_proposals(call: Call) -> QuerySet[WaitingProposal]:
    """Proposals that wait for an answer, by rank."""
    return (
        WaitingProposal.objects.filter(application__call=call, state=WaitingState.PROPOSED)
        .select_related("application__organisation")
        .order_by("rank", "pk")
    )


def to_answer(user: Any) -> QuerySet[WaitingProposal]:
    """Proposals that wait for this person's answer."""
    if not manages(user):
        return WaitingProposal.objects.none()
    rows = WaitingProposal.objects.filter(state=WaitingState.PROPOSED)
    return rows.select_related("application__organisation", "application__call").order_by("answer_due", "pk")


def visible_to(user: Any) -> QuerySet[WaitingProposal]:
    """Proposals that a person sees: whoever oversees committees, without what he is recused from."""
    rows = WaitingProposal.objects.select_related("application__organisation", "application__call")
    if not facts.oversees(user):
        return rows.none()
    return rows.exclude(application__in=facts.recused_from(user))
