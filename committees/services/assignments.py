"""Who scores what, the access that goes with it, and scorers added or taken back later."""

import secrets
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle
from charter.selectors import working_deadline
from committees import assigning, events
from committees.assigning import Plan, Scorer, Task
from committees.models import Assignment, Panel, Seat
from committees.rules import clocks, facts
from committees.selectors.proposals import NOTHING, Known, expertise, shortage_text
from committees.states import AssignmentState, ConflictKind
from grants.models import Application
from grants.services import access
from kernel.permissions import Refused


def access_until(panel: Panel, due: datetime) -> datetime:
    """When a scorer's access ends: after the meeting that follows the scoring, counted in the charter's days."""
    rules = facts.rules_of(panel.call).deadlines
    days = rules.scoring_alternate_days + rules.meeting_days + rules.meeting_reconvene_days + rules.minutes_days
    return working_deadline(due, days)


def take_back(assignment: Assignment, *, cause: str, actor: Any, reason: str = "") -> Assignment:
    """End an assignment and the access that came with it."""
    removed = lifecycle.move(assignment, events.AssignmentRemoved(cause=cause), actor=actor, reason=reason)
    access.remove_review_access(removed.seat.user, removed.application, actor=actor)
    return removed


@transaction.atomic
def assign(seat: Seat, application: Application, *, panel: Panel, due: datetime, actor: Any) -> Assignment:
    """Give one application to one member to score, with access until after the meeting."""
    assignment = Assignment(seat=seat, application=application, due_at=due, pseudonym=_pseudonym(application))
    event = events.ApplicationAssigned(application=application.pk, due=due.isoformat())
    made = lifecycle.create(assignment, event, actor=actor)
    access.give_review_access(seat.user, application, expires_at=access_until(panel, due), actor=actor)
    return made


_NUMBERS = 9
"""Pseudonyms are drawn among this many numbers, so that a small number tells nothing of the order."""


def _pseudonym(application: Application) -> str:
    """A number under which others see the scorer: drawn, so that it tells neither the seat nor the order."""
    used = set(Assignment.objects.filter(application=application).values_list("pseudonym", flat=True))
    free = [str(number) for number in range(1, max(len(used) + 1, _NUMBERS) + 1) if str(number) not in used]
    return secrets.choice(free)


def propose(panel: Panel, applications: list[Application] | None = None) -> Plan:
    """Who should score what, by the charter's rules; also says which rule leaves no assignment.

    Alternates help out where members alone do not suffice, each with the load that it has.
    """
    listed = applications if applications is not None else list(facts.applications_of(panel))
    people = facts.people_of(panel)
    rules = facts.rules_of(panel.call).scoring
    live = list(
        Assignment.objects.filter(application__call=panel.call_id)
        .exclude(state=AssignmentState.REMOVED)
        .values_list("application_id", "seat_id")
    )
    tasks = _tasks(panel, listed, people.voting, live)
    loads = Counter(seat for _application, seat in live)
    known = expertise(people.voting)
    found = assigning.plan(tasks, [_scorer(one, loads, known) for one in people.members], rules.assignment)
    if not found.shortages or not people.alternates:
        return found
    return assigning.plan(tasks, [_scorer(one, loads, known) for one in people.voting], rules.assignment)


def _scorer(seat: Seat, loads: Counter[Any], known: dict[Any, Known]) -> Scorer:
    said = known.get(seat.pk, NOTHING)
    sectors = frozenset(facts.sector_key(one) for one in said.sectors)
    return Scorer(str(seat.pk), seat.civil_society, loads[seat.pk], said.languages, sectors, seat.governorate)


def _tasks(panel: Panel, listed: list[Application], seats: tuple[Seat, ...], live: list[tuple[Any, Any]]) -> list[Task]:
    rules = facts.rules_of(panel.call).scoring
    declared = facts.declarations(panel, {one.user_id for one in seats})
    fine = {ConflictKind.NONE, ConflictKind.SOFT}
    fixed: defaultdict[Any, set[str]] = defaultdict(set)
    for application, seat in live:
        fixed[application].add(str(seat))
    replaced = facts.replaced_seats(listed)
    writers = dict(User.objects.filter(pk__in={one.created_by_id for one in listed}).values_list("pk", "language"))

    def task(one: Application) -> Task:
        needed = rules.scorers_needed(one.requested_minor)
        return Task(
            str(one.pk),
            scorers=needed,
            civil_society=assigning.civil_society_needed(needed, rules.civil_society_scorers_percent),
            barred=replaced.get(one.pk, frozenset())
            | {str(seat.pk) for seat in seats if declared.get((seat.user_id, one.pk)) not in fine},
            fixed=frozenset(fixed[one.pk]),
            language=assigning.language_of(f"{one.title} {one.summary}", writers[one.created_by_id]),
            sector=facts.sector_key(one.sector),
            governorates=frozenset(one.governorates),
        )

    return [task(one) for one in listed]


@transaction.atomic
def assign_missing(panel: Panel, applications: list[Application], *, due: datetime, actor: Any) -> int:
    """Assign what is missing on ``applications``; raises `Refused` and says which rule binds when it is impossible."""
    by_key = {str(one.pk): one for one in applications}
    found = propose(panel, applications)
    if found.shortages:
        raise Refused(" ".join(shortage_text(asdict(one), by_key) for one in found.shortages))
    seats = {str(one.pk): one for one in facts.people_of(panel).voting}
    pairs = [(by_key[key], seats[seat]) for key, chosen in found.scorers.items() for seat in chosen]
    return assign_all(pairs, panel=panel, due=due, actor=actor)


def assign_all(pairs: list[tuple[Application, Seat]], *, panel: Panel, due: datetime, actor: Any) -> int:
    """Give each application to its member; returns how many assignments that makes."""
    for application, seat in pairs:
        assign(seat, application, panel=panel, due=due, actor=actor)
    return len(pairs)


@transaction.atomic
def replace_scorer(assignment: Assignment, *, actor: Any, reason: str) -> Assignment:
    """Take an application from a scorer who has not scored it and give it to the next who may; returns the new assignment.

    ``actor`` None is the system after the deadline: then alternates of the scorer's constituency come first, and nobody
    gets back what was taken from him. Raises `Refused` when nobody else may score it; then nothing changes.
    """
    application = assignment.application
    panel = Panel.objects.get(call=application.call_id)
    due = max(assignment.due_at, clocks.further_scoring_due(panel.call, timezone.now()))
    able = _able_instead(assignment, panel, again=actor is not None)
    if not able:
        raise Refused(
            _("Nobody else may score this application: the others are recused, have not declared, or score it already.")
        )
    take_back(assignment, cause="reassigned" if actor else "silent", actor=actor, reason=reason)
    loads = {one.pk: one.assignments.filter(state=AssignmentState.ASSIGNED).count() for one in able}
    kind = assignment.seat.constituency

    def order(one: Seat) -> tuple[Any, ...]:
        alternate = one.alternate_of_id is not None
        first = alternate if actor else not (alternate and one.constituency == kind)
        return (first, loads[one.pk], one.number)

    return assign(min(able, key=order), application, panel=panel, due=due, actor=actor)


def _able_instead(assignment: Assignment, panel: Panel, *, again: bool) -> list[Seat]:
    """Who may score an application in the place of a scorer, so that civil society keeps its share."""
    application = assignment.application
    had = set() if again else set(Assignment.objects.filter(application=application).values_list("seat_id", flat=True))
    others = [
        one
        for one in facts.people_of(panel).voting
        if one.pk != assignment.seat_id and one.pk not in had and _may_take(one, application)
    ]
    ours_left = _live(application).exclude(pk=assignment.pk).filter(seat__civil_society=True).count()
    rules = facts.rules_of(panel.call).scoring
    need = assigning.civil_society_needed(
        rules.scorers_needed(application.requested_minor), rules.civil_society_scorers_percent
    )
    return [one for one in others if one.civil_society or ours_left >= need]


def _live(application: Application) -> Any:
    return Assignment.objects.filter(application=application).exclude(state=AssignmentState.REMOVED)


def _may_take(seat: Seat, application: Application) -> bool:
    """Whether a member may become a scorer: declared, not recused, not a scorer already."""
    return (
        facts.has_declared(seat.user, application)
        and not facts.is_recused(seat.user, application)
        and not _live(application).filter(seat=seat).exists()
    )


@transaction.atomic
def extend_scoring(panel: Panel, *, actor: Any, reason: str) -> Panel:
    """Give everybody who has not scored the charter's extra days; raises `Refused` when no scoring runs."""
    locked = Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    start = max(timezone.now(), locked.scoring_due or timezone.now())
    due = clocks.further_scoring_due(locked.call, start)
    lifecycle.note(locked, events.ScoringExtended(due=due.isoformat()), actor=actor, reason=reason)
    locked.scoring_due = due
    locked.save(update_fields=["scoring_due"])
    waiting = Assignment.objects.filter(application__call=locked.call_id, state=AssignmentState.ASSIGNED)
    for assignment in waiting.select_related("seat__user", "application"):
        assignment.due_at = due
        assignment.save(update_fields=["due_at"])
        access.give_review_access(
            assignment.seat.user, assignment.application, expires_at=access_until(locked, due), actor=actor
        )
    return locked
