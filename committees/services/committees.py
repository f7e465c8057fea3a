"""Forming committees and filling their seats."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from audit import lifecycle
from charter.models import Network
from charter.selectors import charter_in_force
from committees import events
from committees.models import Assignment, Committee, Seat
from committees.rules import facts
from committees.services.assignments import take_back
from committees.services.conflicts import refresh_conflicts
from committees.states import AssignmentState, PanelState, SeatOffice, SeatState
from grants.services import access


@dataclass(frozen=True, slots=True)
class Nomination:
    """Who is to sit where, for whom, from when until when; the rest is said for the inclusion targets."""

    user: Any
    constituency: str
    nomination: str
    starts_on: date
    ends_on: date
    governorate: str
    network: Network | None = None
    alternate_of: Seat | None = None
    office: str = SeatOffice.MEMBER
    woman: bool = False
    under_30: bool = False
    displaced: bool = False
    disability: bool = False


def form_committee(name: Any, *, actor: Any) -> Committee:
    """A committee to be filled, under the charter in force; ``name`` in the fund's languages."""
    committee = Committee(name=name, charter=charter_in_force(), created_by=actor)
    return lifecycle.create(committee, events.CommitteeFormed(), actor=actor)


@transaction.atomic
def fill_seat(committee: Committee, nomination: Nomination, *, actor: Any) -> Seat:
    """Fill a seat; whether it is civil society and votes, the charter says. Raises `Refused` with the reason."""
    locked = Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    kind = facts.rules_of_version(locked.charter).committee.constituencies[nomination.constituency]
    seat = Seat(
        committee=locked,
        number=_number(locked, alternate=nomination.alternate_of is not None),
        civil_society=kind.civil_society,
        voting=kind.voting,
        **{name: getattr(nomination, name) for name in nomination.__slots__},
    )
    event = events.SeatFilled(
        constituency=seat.constituency,
        member=seat.user.pk,
        civil_society=seat.civil_society,
        voting=seat.voting,
    )
    filled = lifecycle.create(seat, event, actor=actor)
    for panel in locked.panels.exclude(state=PanelState.CLOSED):
        refresh_conflicts(panel)
    return filled


def _number(committee: Committee, *, alternate: bool) -> int:
    """The lowest free number; alternates are counted from behind the largest committee of the charter."""
    taken = set(Seat.objects.filter(committee=committee, state=SeatState.FILLED).values_list("number", flat=True))
    number = 1
    if alternate:
        rules = facts.rules_of_version(committee.charter).committee
        number += max(rules.seats_allowed) + sum(
            kind.seats_to for kind in rules.constituencies.values() if not kind.voting
        )
    while number in taken:
        number += 1
    return number


@transaction.atomic
def vacate_seat(seat: Seat, *, actor: Any, reason: str) -> Seat:
    """End a membership; what was assigned and every access goes with it."""
    event = events.SeatVacated(constituency=seat.constituency)
    left = lifecycle.move(seat, event, actor=actor, reason=reason)
    for assignment in Assignment.objects.filter(seat=left, state=AssignmentState.ASSIGNED):
        take_back(assignment, cause="seat vacated", actor=None)
    for panel in left.committee.panels.exclude(state=PanelState.CLOSED):
        for application in facts.applications_of(panel):
            access.remove_review_access(left.user, application, actor=None)
    return left


def constitute(committee: Committee, *, actor: Any) -> Committee:
    """Declare the committee complete; raises `Refused` while a rule of its composition is not met."""
    people = facts.membership(committee)
    ours = sum(one.civil_society for one in people.members)
    event = events.CommitteeConstituted(seats=len(people.members), civil_society=ours)
    return lifecycle.move(committee, event, actor=actor)


def dissolve(committee: Committee, *, actor: Any, reason: str) -> Committee:
    """End a committee that works on no call."""
    return lifecycle.move(committee, events.CommitteeDissolved(), actor=actor, reason=reason)
