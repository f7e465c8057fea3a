"""A call in which nothing is left ends by the clock, and its money goes back to where it came from, through the ledger."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from committees.models import Panel
from committees.services import meetings
from committees.states import PanelState
from grants.fsck import ended_calls_keep_no_money
from grants.models import Application, Call
from grants.services import applications as own
from grants.services import calls, screening
from grants.states import CallState
from kernel.permissions import Refused
from ledger import fsck
from ledger.selectors import balance
from tests.factories import committees as make
from tests.factories import grants
from tests.factories import rapid as window

pytestmark = pytest.mark.django_db


def free(call: Call) -> tuple[int, int]:
    """What is free of the call's envelopes, and of the contributions that they came from."""
    rows = list(call.envelopes.select_related("account", "contribution__account"))
    given = [one.contribution.account for one in rows]
    return (
        sum(balance(one.account).available_minor for one in rows),
        sum(balance(account).available_minor for account in given if account is not None),
    )


def ended(call: Call, money: int) -> None:
    """The call is over, all of its money is back, and the books are whole."""
    assert Call.objects.get(pk=call.pk).state == CallState.COMPLETED
    assert free(call) == (0, money)
    assert fsck.findings() == []
    assert list(ended_calls_keep_no_money()) == []


def test_a_call_without_any_application_gives_its_money_back_once() -> None:
    call = grants.open_call()
    draft = grants.draft_application(call)
    assert free(call) == (call.envelope_minor, 0)
    assert calls.end_empty() == 0, "it is open"
    grants.closed_call(call)
    assert calls.end_empty() == 1
    ended(call, call.envelope_minor)
    assert calls.end_empty() == 0
    assert Application.objects.get(pk=draft.pk).state == "draft"


def test_not_eligible_ends_it_when_nobody_can_appeal_any_more() -> None:
    call = grants.open_call()
    one = grants.submitted_application(call)
    grants.closed_call(call)
    one.refresh_from_db()
    nothing_holds = dict.fromkeys(grants.all_holds(one), False)
    one = screening.propose_ineligible(
        one, checklist=nothing_holds, actor=grants.programme_officer(), reason="لا يعمل في القطاع."
    )
    assert calls.end_empty() == 0
    screening.confirm_ineligible(one, actor=grants.second_officer())
    assert calls.end_empty() == 0, "an appeal may bring it back"
    assert free(call)[0] == call.envelope_minor
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=True):
        assert calls.end_empty() == 1
    ended(call, call.envelope_minor)


@pytest.mark.database("scoring")
def test_all_withdrawn_under_review_ends_the_panel_too() -> None:
    case = make.scoring(number=1)
    (one,) = case.applications
    assert calls.end_empty() == 0
    own.withdraw(one, actor=grants.signatory(one.organisation))
    assert calls.end_empty() == 1
    ended(case.call, case.call.envelope_minor)
    assert Panel.objects.get(pk=case.panel.pk).state == PanelState.CLOSED


@pytest.mark.database("deliberating")
def test_all_rejected_frees_the_money_when_the_last_appeal_is_over() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "reject", deviation="خطر على العاملين لا حلّ له الآن.")
    meetings.close_meeting(meeting, actor=case.chair)
    call = Call.objects.get(pk=case.call.pk)
    assert call.state == CallState.DECIDED
    with pytest.raises(Refused, match=r"التظلّم|appealed"):
        calls.complete(call, actor=make.officer())
    assert calls.end_empty() == 0
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=True):
        calls.complete(call, actor=make.officer())
    ended(call, call.envelope_minor)


@pytest.mark.database("scoring_two")
def test_the_last_one_withdrawn_before_a_meeting_lets_the_rest_stand() -> None:
    case = make.deliberating(number=2)
    meeting = make.open_meeting(case)
    first, second = case.applications
    make.decided(meeting, first, "reject", deviation="خطر على العاملين لا حلّ له الآن.")
    meetings.close_meeting(meeting, actor=case.chair)
    assert Panel.objects.get(pk=case.panel.pk).state == PanelState.DELIBERATING
    own.withdraw(second, actor=grants.signatory(second.organisation))
    assert Panel.objects.get(pk=case.panel.pk).state == PanelState.CLOSED
    assert Call.objects.get(pk=case.call.pk).state == CallState.DECIDED


def test_a_rapid_call_that_nobody_answered_stands_by_no_longer() -> None:
    alert = window.accepted()
    assert alert.call is not None
    grants.closed_call(alert.call)
    assert calls.end_empty() == 1
    ended(alert.call, alert.call.envelope_minor)
    alert.refresh_from_db()
    assert alert.state == "settled"
