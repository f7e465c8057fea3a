"""A committee takes over a call: declarations, start and close of the scoring, and the end of the work."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit import lifecycle
from committees import events
from committees.models import Assignment, Committee, Panel, Seat
from committees.rules import clocks, facts
from committees.scoring import within_variance
from committees.selectors import scores
from committees.services import on_call
from committees.services.assignments import assign_all, assign_missing
from committees.services.conflicts import refresh_conflicts
from committees.states import AssignmentState, PanelState
from grants.models import Application, Call
from grants.services import review
from grants.states import ApplicationState, CallState
from notices.services import notify


@transaction.atomic
def open_panel(call: Call, committee: Committee, *, actor: Any) -> Panel:
    """Hand a closed and screened call to a committee and ask its members for declarations, names only."""
    call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    due = clocks.declarations_due(call, timezone.now())
    panel = Panel(call=call, committee=committee, declarations_due=due, opened_by=actor)
    on_call.release_last_cohort(panel)
    made = lifecycle.create(panel, events.PanelOpened(due=due.isoformat()), actor=actor)
    if call.state == CallState.CLOSED:
        review.start_review(call, actor=actor)
    refresh_conflicts(made)
    url = reverse("committees:panel_declare", args=[made.pk])
    _tell(made, "committees.declarations_asked", url=url, due=due)
    return made


def _tell(panel: Panel, kind: str, *, url: str, due: datetime, users: list[Any] | None = None) -> None:
    people = users if users is not None else [one.user for one in facts.people_of(panel).voting]
    title = panel.call.title.data
    params = {"call": title if isinstance(title, dict) else {"ar": str(title)}, "due": due.isoformat()}
    notify(people, kind, params=params, url=url, dedupe_key=f"{panel.pk}:{due.isoformat()}")


@transaction.atomic
def start_scoring(panel: Panel, *, actor: Any, pairs: list[tuple[Application, Seat]] | None = None) -> Panel:
    """Assign every application and open the scoring; raises `Refused` with the rule that stands in the way.

    ``pairs`` are the assignments of a confirmed proposal; without them the best ones are found here.
    """
    locked = Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    if locked.call.state == CallState.CLOSED:  # the concept notes brought the panel before the call closed
        review.start_review(locked.call, actor=actor)
    refresh_conflicts(locked)
    due = clocks.scoring_due(locked.call, timezone.now())
    applications = list(facts.applications_of(locked).filter(state=ApplicationState.ELIGIBLE))
    if pairs is None:
        number = assign_missing(locked, applications, due=due, actor=actor)
    else:
        number = assign_all(pairs, panel=locked, due=due, actor=actor)
    event = events.PanelScoringStarted(due=due.isoformat(), assignments=number)
    started = lifecycle.move(locked, event, actor=actor, changes={"scoring_due": due})
    for application in applications:
        needed = facts.rules_of(started.call).scoring.scorers_needed(application.requested_minor)
        review.start_scoring(application, scorers=needed)
    _tell(started, "committees.scoring_open", url=reverse("committees:my_scores"), due=due, users=_scorers(started))
    return started


def _scorers(panel: Panel) -> list[Any]:
    rows = Assignment.objects.filter(application__call=panel.call_id, state=AssignmentState.ASSIGNED)
    return list({one.seat.user_id: one.seat.user for one in rows.select_related("seat__user")}.values())


@transaction.atomic
def fill_gaps(panel: Panel, *, actor: Any) -> int:
    """Find scorers for applications that lost theirs (recusals, vacated seats); they get the charter's extra days."""
    locked = Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    due = max(locked.scoring_due or timezone.now(), clocks.further_scoring_due(locked.call, timezone.now()))
    states = [ApplicationState.SCORING, ApplicationState.DELIBERATION]
    applications = list(facts.applications_of(locked).filter(state__in=states))
    number = assign_missing(locked, applications, due=due, actor=actor)
    if number:
        _tell(locked, "committees.scoring_open", url=reverse("committees:my_scores"), due=due, users=_scorers(locked))
    return number


@transaction.atomic
def close_scoring(panel: Panel, *, actor: Any) -> Panel:
    """Close the scoring: scores become visible at once, and applications go before the committee with their mean."""
    locked = Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    applications = list(facts.applications_of(locked).filter(state=ApplicationState.SCORING))
    number = Assignment.objects.filter(application__call=locked.call_id, state=AssignmentState.COMPLETED).count()
    usual = within_variance(one.totals for one in scores.results(locked.call, applications).values())
    changes = {"within_variance": "" if usual is None else str(usual)}
    closed = lifecycle.move(locked, events.PanelScoringClosed(scorecards=number), actor=actor, changes=changes)
    late = Assignment.objects.filter(application__call=locked.call_id, state=AssignmentState.ASSIGNED)
    for assignment in late.select_related("seat__user", "application"):
        lifecycle.move(assignment, events.AssignmentRemoved(cause="scoring closed"), actor=None)
    found = scores.results(closed.call, applications)
    for application in applications:
        review.start_deliberation(application, panel_mean=scores.shown(found[application.pk].mean))
    return closed


@transaction.atomic
def close_empty(call: Call) -> None:
    """The call ended because nothing is left in it: so does the work on it."""
    for panel in Panel.objects.select_for_update(no_key=True).filter(call=call).exclude(state=PanelState.CLOSED):
        lifecycle.move(panel, events.PanelClosed(), actor=None)


@transaction.atomic
def close_if_decided(panel: Panel) -> Panel:
    """Close the panel, and with it the review of the call, when nothing is left before the committee."""
    if panel.state != PanelState.DELIBERATING:
        return panel
    if facts.applications_of(panel).filter(state__in=facts.BEFORE_COMMITTEE).exists():
        return panel
    closed = lifecycle.move(panel, events.PanelClosed(), actor=None)
    review.mark_decided(closed.call)
    return closed
