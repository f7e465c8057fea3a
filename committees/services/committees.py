"""Forming committees and filling their seats."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files import File
from django.db import transaction
from django.urls import reverse

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle
from charter.models import Network
from charter.selectors import charter_in_force
from committees import events
from committees.inclusion import inclusion
from committees.models import Assignment, Committee, Seat
from committees.rules import facts
from committees.services.assignments import take_back
from committees.services.conflicts import refresh_conflicts
from committees.states import AssignmentState, PanelState, SeatOffice, SeatState
from grants.services import access
from notices.services import notify


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
    evidence: "File[Any] | None" = None
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
    _end_terms(locked, actor=actor)
    kind = facts.rules_of_version(locked.charter).committee.constituencies[nomination.constituency]
    seat = Seat(
        committee=locked,
        number=_number(locked, alternate=nomination.alternate_of is not None),
        civil_society=kind.civil_society,
        voting=kind.voting,
        **{name: getattr(nomination, name) for name in nomination.__slots__ if name != "evidence"},
    )
    if nomination.evidence is not None:
        seat.evidence = nomination.evidence
        seat.evidence_sha256 = _sha256(nomination.evidence)
    event = events.SeatFilled(
        constituency=seat.constituency,
        member=seat.user.pk,
        civil_society=seat.civil_society,
        voting=seat.voting,
        evidence=seat.evidence_sha256,
    )
    filled = lifecycle.create(seat, event, actor=actor)
    for panel in locked.panels.exclude(state=PanelState.CLOSED):
        refresh_conflicts(panel)
    return filled


def _end_terms(committee: Committee, *, actor: Any) -> None:
    """Seats whose term is over are vacant on record before another is filled: their numbers and holders are free again."""
    for seat in committee.seats.filter(state=SeatState.FILLED, ends_on__lt=facts.today()):
        lifecycle.move(seat, events.SeatVacated(constituency=seat.constituency), actor=actor, reason="term ended")


def _sha256(file: "File[Any]") -> str:
    file.seek(0)
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    return digest


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
    close_everything(left, cause="seat vacated")
    return left


def close_everything(seat: Seat, *, cause: str) -> None:
    """End what a member who no longer sits had to score, and every access that came with the seat."""
    for assignment in Assignment.objects.filter(seat=seat, state=AssignmentState.ASSIGNED):
        take_back(assignment, cause=cause, actor=None)
    for panel in seat.committee.panels.exclude(state=PanelState.CLOSED):
        for application in facts.applications_of(panel):
            access.remove_review_access(seat.user, application, actor=None)


@transaction.atomic
def constitute(committee: Committee, *, actor: Any) -> Committee:
    """Declare the committee complete; raises `Refused` while a rule of its composition is not met.

    Targets of inclusion that it misses are told to the board; they block nothing.
    """
    people = facts.membership(committee)
    ours = sum(one.civil_society for one in people.members)
    event = events.CommitteeConstituted(seats=len(people.members), civil_society=ours)
    constituted = lifecycle.move(committee, event, actor=actor)
    tell_the_board(constituted)
    return constituted


def tell_the_board(committee: Committee) -> None:
    """Note which targets of inclusion a committee misses, and tell the board's members."""
    targets = facts.rules_of_version(committee.charter).committee.inclusion
    missed = [one for one in inclusion(facts.membership(committee).members, targets) if not one.reached]
    if not missed:
        return
    leaf = lifecycle.note(committee, events.InclusionMissed(missed=[one.name.value for one in missed]), actor=None)
    notify(
        users_with_role(Role.BOARD_MEMBER),
        "committees.inclusion_missed",
        params={
            "committee": committee.name.data,
            "missed": [[one.name.value, one.count, one.needed] for one in missed],
        },
        url=reverse("committees:committee_detail", args=[committee.pk]),
        dedupe_key=str(leaf.pk),
    )


def reinstate(seat: Seat, *, actor: Any, reason: str) -> Seat:
    """Let a suspended member sit again. Raises `Refused` with what stands in the way."""
    event = events.SeatReinstated(constituency=seat.constituency)
    return lifecycle.move(seat, event, actor=actor, reason=reason)


def dissolve(committee: Committee, *, actor: Any, reason: str) -> Committee:
    """End a committee that works on no call."""
    return lifecycle.move(committee, events.CommitteeDissolved(), actor=actor, reason=reason)
