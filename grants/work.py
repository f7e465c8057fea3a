"""What waits for a person: drafts, returns and reasons for organisations; screening, calls and approvals for the fund."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from grants import stages
from grants.rules import applications as rules
from grants.rules import asking as asking_rules
from grants.rules import calls as call_rules
from grants.rules.erasures import may_look_for_files
from grants.selectors import applications, asking, calls, kept_files
from grants.states import ApplicationState, CallState
from kernel import work
from kernel.work import WorkItem


@work.source
def grants_work(user: Any) -> Iterable[WorkItem]:
    """Everything of calls and applications that waits for ``user``."""
    if not user.is_authenticated:
        return
    yield from _of_organisations(user)
    if may_hold(user, *rules.SCREENERS):
        yield from _screening(user)
    if may_hold(user, *call_rules.SECRETARIAT, Role.BOARD_MEMBER):
        yield from _calls(user)
    if may_hold(user, *call_rules.SECRETARIAT):
        yield from _questions(user)
    if may_look_for_files(user) and (number := kept_files.number_past()):
        yield WorkItem(
            _("Files past their time"), reverse("grants:file_past_list"), _("Files to erase"), detail=str(number)
        )


def _questions(user: Any) -> Iterator[WorkItem]:
    for one in asking.waiting(user):
        yield WorkItem(
            str(one.call.title),
            reverse("grants:question_answer", args=[one.pk]),
            _("Questions about calls"),
            asking_rules.answer_due(one),
            one.call.reference,
        )


def _of_organisations(user: Any) -> Iterator[WorkItem]:
    waiting = [ApplicationState.DRAFT, ApplicationState.SHORTLISTED, ApplicationState.RETURNED]
    for one in applications.own(user).filter(state__in=waiting).select_related("call"):
        returned = one.state == ApplicationState.RETURNED
        if returned or rules.is_editable(one):
            title = one.title or str(one.call.title)
            yield WorkItem(
                title,
                reverse("grants:application_detail", args=[one.pk]),
                _("Applications to complete") if returned else _("Applications being written"),
                one.step_due if returned else stages.closing_of(one),
                one.reference,
            )


def _screening(user: Any) -> Iterator[WorkItem]:
    for one in applications.to_screen():
        proposed = one.state == ApplicationState.INELIGIBILITY_PROPOSED
        if not (proposed and one.screened_by_id == user.pk):
            yield WorkItem(
                one.title,
                reverse("grants:application_screen", args=[one.pk]),
                _("A second officer is needed") if proposed else _("Applications to screen"),
                one.step_due,
                f"{one.reference} · {one.organisation.name}",
            )


def _calls(user: Any) -> Iterator[WorkItem]:
    board = bool(may_hold(user, Role.BOARD_MEMBER))
    secretariat = bool(may_hold(user, *call_rules.SECRETARIAT))
    kinds: dict[str, tuple[bool, str, Any, str]] = {
        CallState.DRAFT: (board, "call_approve", _("Calls that wait for the board"), "opens_at"),
        CallState.BOARD_APPROVED: (secretariat, "call_publish", _("Calls to publish"), "opens_at"),
        CallState.CLOSED: (secretariat, "call_manage", _("Calls to screen and hand over"), ""),
        CallState.DECIDED: (secretariat, "call_complete", _("Calls to complete"), ""),
    }
    for call in calls.that_wait():
        for_me, name, kind, due = kinds[call.state]
        if for_me:
            url = reverse(f"grants:{name}", args=[call.pk])
            yield WorkItem(str(call.title), url, kind, getattr(call, due) if due else None, call.reference)
