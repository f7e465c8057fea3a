"""A committee's whole way: formed, constituted, declarations, scores, meeting, votes, decisions, minutes."""

import pytest

from committees.services import meetings, minutes
from committees.states import PanelState
from grants.models import Application
from grants.states import ApplicationState, CallState
from tests.factories import committees as make

pytestmark = pytest.mark.django_db


def test_from_the_closed_call_to_signed_minutes() -> None:
    case = make.deliberating(number=3, alternates=1)
    meeting = make.open_meeting(case)
    first, second, third = case.applications
    make.decided(meeting, first, "approve")
    make.decided(meeting, second, "approve_with_conditions", conditions=("تقديم خطة مشتريات",))
    make.decided(meeting, third, "reject", deviation="خطر على العاملين لا حلّ له الآن.")
    closed = meetings.close_meeting(meeting, actor=case.chair)
    case.fresh()
    assert case.panel.state == PanelState.CLOSED
    assert case.call.state == CallState.DECIDED
    assert [one.state for one in case.applications] == [
        ApplicationState.APPROVED,
        ApplicationState.APPROVED_WITH_CONDITIONS,
        ApplicationState.REJECTED,
    ]
    feedback = Application.objects.get(pk=first.pk).feedback.get()
    assert feedback.panel_mean == "80.00"
    assert {one["mean"] for one in feedback.criteria} == {"4.00"}
    assert all(len(one["comments"]) == 3 for one in feedback.criteria)
    with closed.minutes.open("rb") as file:
        assert file.read().startswith(b"%PDF")
    for seat in case.seats[:2]:
        closed = minutes.sign(closed, seat, sha256=closed.minutes_sha256, actor=seat.user)
    assert closed.state == "signed"
