"""What committees add to "my work"."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charter.selectors import end_of_day
from committees.models import Panel
from committees.rules import facts
from committees.selectors import (
    alerts,
    appeals,
    committees,
    concepts,
    conflicts,
    extensions,
    meetings,
    panels,
    scores,
    waiting,
)
from committees.states import AssignmentState, PanelState
from kernel.work import WorkItem, source

APPEAL, ADMIT, JUDGE = _("Decisions that you may appeal"), _("Appeals to admit or not"), _("Appeals to decide")
DECLARE, SCORE, VOTE = _("Declarations of conflicts"), _("Applications to score"), _("Votes that are open")
SIGN, RUN, UP = _("Minutes to sign"), _("Committees at work"), _("Waiting list: who moves up")
ALERT, LATE = _("Alerts to answer"), _("Alerts that are late")
CONCEPTS = _("Concept notes to judge")
CASES = _("Undeclared conflicts")
EXTEND = _("Extensions of grants to agree to")


@source
def for_members(user: Any) -> Iterator[WorkItem]:
    """Declarations to make, applications to score, votes to cast, minutes to sign."""
    if not committees.sees_any(user):
        return
    for panel in panels.open_declarations(user):
        url = reverse("committees:panel_declare", args=[panel.pk])
        yield WorkItem(str(panel.call.title), url, DECLARE, due=panel.declarations_due)
    for panel, number in concepts.waiting_for(user):
        url = reverse("committees:panel_detail", args=[panel.pk])
        yield WorkItem(str(panel.call.title), url, CONCEPTS, due=concepts.due(panel), detail=str(number))
    own = list(scores.my_assignments(user).filter(state=AssignmentState.ASSIGNED))
    by_call = dict(Panel.objects.filter(call__in={one.application.call_id for one in own}).values_list("call", "pk"))
    for one in own:
        url = reverse("committees:application_review", args=[by_call[one.application.call_id], one.application_id])
        title = one.application.title
        if one.blind:  # type: ignore[attr-defined]  # annotated
            yield WorkItem(title, url, SCORE, due=one.due_at)
        else:
            yield WorkItem(one.application.organisation.name, url, SCORE, due=one.due_at, detail=title)
    for item in meetings.votes_waiting(user):
        url = reverse("committees:item_vote", args=[item.pk])
        yield WorkItem(item.application.organisation.name, url, VOTE)
    for meeting in meetings.to_sign(user):
        url = reverse("committees:meeting_sign", args=[meeting.pk])
        yield WorkItem(str(meeting.panel.call.title), url, SIGN, due=meetings.minutes_due(meeting))


@source
def for_members_of_running_grants(user: Any) -> Iterator[WorkItem]:
    """Long extensions of grants: the committee agrees first."""
    if not committees.sees_any(user):
        return
    for revision in extensions.waiting_for(user):
        url = reverse("committees:extension_agree", args=[revision.pk])
        yield WorkItem(str(revision.grant.organisation), url, EXTEND, due=revision.step_due)


@source
def for_members_on_call(user: Any) -> Iterator[WorkItem]:
    """Alerts to declare on and to answer within hours."""
    if not committees.sees_any(user):
        return
    for alert, row in alerts.to_answer(user):
        due = min(row.due_at, alert.answer_due) if row.due_at > timezone.now() else alert.answer_due
        url = reverse("committees:alert_detail", args=[alert.pk])
        yield WorkItem(str(alert.get_kind_display()), url, ALERT, due=due, detail=alert.reference)


@source
def for_owners_of_late_alerts(user: Any) -> Iterator[WorkItem]:
    """Clocks of the rapid window that run late, for the secretariat."""
    if facts.is_secretariat(user):
        for alert, stage in alerts.late():
            url = reverse("committees:alert_detail", args=[alert.pk])
            detail = f"{alert.reference} · {alerts.STAGES[stage.name]}"
            yield WorkItem(str(alert.get_kind_display()), url, LATE, due=stage.due, detail=detail)


@source
def for_judges_of_cases(user: Any) -> Iterator[WorkItem]:
    """Reported conflicts to confirm or dismiss, confirmed ones to bring to an end."""
    if not committees.sees_any(user):
        return
    waiting_cases = [*conflicts.cases_to_judge(user), *conflicts.cases_to_close(user)]
    for case in waiting_cases:
        url = reverse("committees:case_detail", args=[case.pk])
        yield WorkItem(case.seat.user.full_name, url, CASES, detail=case.get_state_display())


@source
def for_appeals(user: Any) -> Iterator[WorkItem]:
    """Decisions that can be appealed, appeals to admit and to judge."""
    for one in appeals.to_lodge(user):
        url = reverse("committees:appeal_form", args=[one.application_id])
        due = end_of_day(one.appeal_until)
        yield WorkItem(one.application.title, url, APPEAL, due=due, detail=one.application.reference)
    for kind, waiting_for in ((ADMIT, appeals.to_admit(user)), (JUDGE, appeals.to_judge(user))):
        for appeal in waiting_for:
            url = reverse("committees:appeal_detail", args=[appeal.pk])
            yield WorkItem(appeal.reference, url, kind, due=appeal.due_at, detail=appeal.application.reference)


@source
def for_fund_managers(user: Any) -> Iterator[WorkItem]:
    """Proposals from waiting lists that wait for an answer."""
    for one in waiting.to_answer(user):
        url = reverse("committees:waiting_answer", args=[one.pk])
        organisation = one.application.organisation.name
        yield WorkItem(organisation, url, UP, due=one.answer_due, detail=one.application.reference)


@source
def for_the_secretariat(user: Any) -> Iterator[WorkItem]:
    """Closed calls without a committee, and panels whose next step is the secretariat's."""
    if not facts.is_secretariat(user):
        return
    for call in [*panels.calls_to_open(), *concepts.calls_to_open()]:
        yield WorkItem(
            str(call.title), reverse("committees:panel_open", args=[call.pk]), RUN, detail=_("needs a committee")
        )
    running = Panel.objects.exclude(state=PanelState.CLOSED).select_related("call").order_by("pk")
    by_state = {state: [one for one in running if one.state == state] for state in PanelState}
    for round_ in panels.rounds(by_state[PanelState.DECLARING]):
        yield _at_work(round_.panel, round_.turn, round_.due)
    for panel in by_state[PanelState.SCORING]:
        yield _at_work(panel, _("scoring runs"), panel.scoring_due)
    for panel in by_state[PanelState.DELIBERATING]:
        yield _at_work(panel, _("before the committee"), None)


def _at_work(panel: Panel, step: str | Promise, due: datetime | None) -> WorkItem:
    return WorkItem(str(panel.call.title), reverse("committees:panel_detail", args=[panel.pk]), RUN, due, step)
