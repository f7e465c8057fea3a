"""Scorers who are silent: reminded before the deadline; after it their applications go to alternates, by the charter's clocks."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.selectors import users_with_role
from committees.models import Assignment, Panel
from committees.rules import clocks, facts
from committees.services import on_call
from committees.services.assignments import replace_scorer
from committees.states import AssignmentState, PanelState
from kernel.permissions import Refused
from notices.services import notify


def follow_up() -> int:
    """Remind and replace in every panel that scores now; returns how many applications changed hands."""
    running = Panel.objects.filter(state=PanelState.SCORING).select_related("call", "committee")
    return sum(_follow_up(panel) for panel in running)


def _follow_up(panel: Panel) -> int:
    now, rules = timezone.now(), facts.rules_of(panel.call).scoring.assignment
    silent = Assignment.objects.filter(application__call=panel.call_id, state=AssignmentState.ASSIGNED)
    if (until := clocks.reminded_before(panel.call, now)) is not None:
        soon = silent.filter(due_at__gte=now, due_at__lte=until)
        _remind(panel, soon.select_related("seat__user"))
    late = list(silent.filter(due_at__lt=now).select_related("seat__user", "seat__committee", "application__call"))
    return sum(_replace(panel, one, by_itself=rules.alternates_after_deadline) for one in late)


def _params(panel: Panel) -> dict[str, Any]:
    title = panel.call.title.data
    return {"call": title if isinstance(title, dict) else {"ar": str(title)}}


def _remind(panel: Panel, soon: Any) -> None:
    """One reminder for each scorer and deadline, however many applications wait."""
    by_scorer: defaultdict[tuple[Any, Any], list[Assignment]] = defaultdict(list)
    for one in soon:
        by_scorer[one.seat.user_id, one.due_at].append(one)
    for (user, due), waiting in by_scorer.items():
        params = {**_params(panel), "due": due.isoformat(), "number": len(waiting)}
        key = f"{panel.pk}:{user}:{due.isoformat()}"
        url = reverse("committees:my_scores")
        notify([waiting[0].seat.user], "committees.scoring_reminder", params=params, url=url, dedupe_key=key)


def _replace(panel: Panel, assignment: Assignment, *, by_itself: bool) -> int:
    """Give a silent scorer's application to another; where that is impossible, the secretariat is told once."""
    if by_itself:
        try:
            with transaction.atomic():
                given = replace_scorer(
                    assignment, actor=None, reason=str(_("The deadline passed without a scorecard."))
                )
        except Refused:
            pass
        else:
            params = {**_params(panel), "due": given.due_at.isoformat()}
            url = reverse("committees:my_scores")
            notify([given.seat.user], "committees.scoring_open", params=params, url=url, dedupe_key=str(given.pk))
            return 1
    if not on_call.replace_in(panel, assignment.seat):
        _tell_secretariat(panel, assignment)
    return 0


def _tell_secretariat(panel: Panel, assignment: Assignment) -> None:
    people = [*users_with_role(Role.PROGRAMME_OFFICER), *users_with_role(Role.FUND_MANAGER)]
    params = {**_params(panel), "reference": assignment.application.reference}
    url = reverse("committees:panel_scorers", args=[panel.pk, assignment.application_id])
    key = f"{assignment.pk}:{assignment.due_at.isoformat()}"
    notify(people, "committees.scorer_silent", params=params, url=url, dedupe_key=key)
