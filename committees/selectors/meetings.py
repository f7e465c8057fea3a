"""Reading meetings as one person may see them: what he is recused from stands there without a name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from charter.selectors import working_deadline
from committees.models import AgendaItem, Attendance, Meeting, Seat, Vote
from committees.rules import facts
from committees.selectors.panels import visible_to as panels_visible_to
from committees.sitting import Sitting
from committees.states import ItemState, MeetingState, SeatOffice, VoteChoice
from grants.models import Application
from grants.states import GrantType
from kernel import identity


def visible_to(user: Any) -> QuerySet[Meeting]:
    """Meetings of the panels that a person sees."""
    return (
        Meeting.objects.filter(panel__in=panels_visible_to(user).values("pk"))
        .select_related("panel__call", "panel__committee__charter")
        .order_by("-held_at")
    )


def items_visible_to(user: Any) -> QuerySet[AgendaItem]:
    """Items that a person may open: the secretariat all, members those they declared on and are not recused from."""
    items = AgendaItem.objects.filter(meeting__in=visible_to(user).values("pk")).select_related(
        "application__organisation", "application__call", "meeting__panel__call", "meeting__panel__committee__charter"
    )
    if facts.oversees(user):
        return items
    seen = Application.objects.filter(facts.not_recused(user), facts.declared_on(user)).values("pk")
    return items.filter(application__in=seen)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A line of the agenda; ``item`` is None where the reader may not know what it is about."""

    order: int
    item: AgendaItem | None
    recused: bool


def agenda(user: Any, meeting: Meeting) -> list[AgendaLine]:
    """The agenda: items hidden from this person are mentioned without name, state or number; three queries."""
    seen = {one.pk: one for one in items_visible_to(user).filter(meeting=meeting)}
    out = set(facts.recused_from(user).values_list("application", flat=True))
    with identity.system("committees.agenda"):
        rows = list(meeting.items.order_by("order").values_list("pk", "order", "application_id"))
    return [AgendaLine(order, seen.get(pk), application in out) for pk, order, application in rows]


@dataclass(frozen=True, slots=True)
class Member:
    """A member in a meeting: present or not; ``alternate`` waits to take a seat."""

    seat: Seat
    present: bool
    alternate: bool


def members(meeting: Meeting) -> list[Member]:
    """Who may come and who is there."""
    people = facts.people_of(meeting.panel)
    here = facts.present_seats(meeting)
    return [
        Member(one, one.pk in here, one.alternate_of_id is not None)
        for one in (*people.members, *people.alternates, *people.observers)
    ]


def open_item(meeting: Meeting) -> AgendaItem | None:
    """The item that is discussed or voted on now."""
    return meeting.items.filter(state__in=[ItemState.DISCUSSED, ItemState.VOTING]).first()


def vote_of(user: Any, item: AgendaItem) -> Vote | None:
    """A person's own vote in the present round."""
    return item.votes.filter(seat__user=user, round=item.round).first()


def votes_in(item: AgendaItem) -> int:
    """How many have voted in the present round: a number, never for what."""
    return item.votes.filter(round=item.round).count()


def substitutions(sitting: Sitting, seats: dict[str, Seat]) -> list[tuple[Seat, Seat]]:
    """(member, alternate in the member's place) of a sitting."""
    return [
        (seats[member], seats[alternate])
        for member, alternate in sitting.substitutes.items()
        if member in seats and alternate in seats
    ]


def seats_by_key(meeting: Meeting) -> dict[str, Seat]:
    """All seats of the committee by the key that the arithmetic knows."""
    people = facts.people_of(meeting.panel)
    every = (*people.members, *people.alternates, *people.observers, *people.vacant)
    return {str(one.pk): one for one in every}


def who_is_out(item: AgendaItem) -> list[Seat]:
    """Members who are recused from an item, for those who may open it."""
    return [one.seat for one in item.application.recusals.select_related("seat__user").order_by("seat__number")]


def votes_waiting(user: Any) -> list[AgendaItem]:
    """Open votes in which a person sits and has not voted."""
    open_votes = items_visible_to(user).filter(state=ItemState.VOTING, meeting__state=MeetingState.OPEN)
    mine = {str(pk) for pk in Seat.objects.filter(facts.in_term(facts.today()), user=user).values_list("pk", flat=True)}
    return [one for one in open_votes if mine & set(one.voters) and vote_of(user, one) is None]


def log(meeting: Meeting, hidden: set[UUID]) -> list[Attendance]:
    """Comings and goings, without those of items hidden from the reader."""
    rows = Attendance.objects.filter(meeting=meeting).select_related("seat__user").order_by("recorded_at", "leaf_id")
    return [one for one in rows if one.item_id not in hidden]


def to_sign(user: Any) -> list[Meeting]:
    """Minutes that wait for a person's signature."""
    seats = Seat.objects.filter(facts.in_term(facts.today()), user=user)
    on_call = Q(panel__call__grant_type=GrantType.RAPID, panel__call__alert__on_call__seat__in=seats)
    waiting = Meeting.objects.filter(
        Q(panel__committee__seats__in=seats.exclude(office=SeatOffice.MEMBER)) | on_call, state=MeetingState.CLOSED
    )
    rows = waiting.exclude(signatures__seat__in=seats).select_related("panel__call", "panel__committee").distinct()
    signing = {SeatOffice.CHAIR, SeatOffice.RAPPORTEUR}
    return [one for one in rows if any(facts.office_in(seat, one.panel) in signing for seat in _own_seats(seats, one))]


def _own_seats(seats: QuerySet[Seat], meeting: Meeting) -> list[Seat]:
    return [one for one in seats if one.committee_id == meeting.panel.committee_id]


def minutes_due(meeting: Meeting) -> datetime:
    """By when the minutes of a closed meeting are signed: the charter's working days from its close."""
    return working_deadline(meeting.moved_at, facts.rules_of(meeting.panel.call).deadlines.minutes_days)


def tally_rows(item: AgendaItem) -> list[tuple[str, int, int]]:
    """(vote, number, of civil society) of a closed vote, for people who may open the item."""
    kept = item.tally or {}
    votes, ours = kept.get("votes", {}), kept.get("civil_society", {})
    return [(str(one.label), votes.get(one.value, 0), ours.get(one.value, 0)) for one in VoteChoice]
