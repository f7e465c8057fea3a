"""A conflict kept silent: two people judge it, what rested on it falls, and everything stays on record."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from committees.models import ConflictCase, Decision, Panel, Reopening, Scorecard, Seat, Vote
from committees.rules import facts
from committees.selectors import conflicts, scores
from committees.services import cases, meetings
from committees.services import committees as services
from committees.states import CaseState, PanelState, SeatState
from grants.models import Application, Call, Grant
from grants.selectors import applications as grants_applications
from grants.selectors.grants import grant_of
from grants.states import ApplicationState, CallState, GrantState
from kernel.permissions import Refused
from notices.models import Notice
from tests.factories import committees as make
from tests.factories import grants
from tests.factories.accounts import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.database("deliberating")]
FOUND = "سجلّ مجلس الإدارة لعام ٢٠٢٥ يذكر العضو"


def manager() -> User:
    return grants.holder(Role.FUND_MANAGER)


def board() -> User:
    return grants.holder(Role.BOARD_MEMBER)


def reported(case: make.Case, seat: Seat) -> ConflictCase:
    return cases.report(
        seat, case.applications[0], ground="financial", found=FOUND, owner=manager(), actor=make.officer()
    )


def decided() -> tuple[make.Case, Seat]:
    """A decided call of one application, and a member who scored it and voted."""
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "approve")
    meetings.close_meeting(meeting, actor=case.chair)
    scored = Scorecard.objects.select_related("assignment__seat").exclude(assignment__seat=case.seats[0]).first()
    assert scored is not None
    return case.fresh(), Seat.objects.get(pk=scored.assignment.seat_id)


def test_what_rested_on_the_conflict_falls_and_is_kept() -> None:
    case, seat = decided()
    call = Call.objects.get(pk=case.panel.call_id)
    assert (case.panel.state, call.state) == (PanelState.CLOSED, CallState.DECIDED)
    application = case.applications[0]
    mean = scores.result_of(application)
    confirmed = cases.confirm(reported(case, seat), actor=board())
    assert confirmed.effects == {"scorecards": 1, "votes": 1, "consequence": "reopened"}
    application = Application.objects.get(pk=application.pk)
    assert application.state == ApplicationState.DELIBERATION
    assert (Panel.objects.get().state, Call.objects.get().state) == (PanelState.DELIBERATING, CallState.IN_REVIEW)
    assert Grant.objects.get().state == GrantState.SET_ASIDE
    assert Reopening.objects.get().decision == Decision.objects.get()
    after = scores.result_of(application)
    assert mean is not None
    assert after is not None
    assert len(after.alarm.outliers) <= len(mean.alarm.outliers)
    assert Scorecard.objects.filter(assignment__seat=seat).count() == 1
    assert Vote.objects.filter(seat=seat).count() == 1
    assert len(conflicts.void_cards(make.officer(), application)) == 1
    assert Seat.objects.get(pk=seat.pk).state == SeatState.SUSPENDED
    assert application not in grants_applications.visible_to(User.objects.get(pk=seat.user_id))
    assert not facts.approved_minor(call)
    told = list(Notice.objects.filter(user=seat.user_id, kind="committees.member_suspended"))
    assert len(told) == 1
    assert application.reference not in str(told[0].params)


def test_the_committee_decides_again_with_who_is_left() -> None:
    case, seat = decided()
    cases.confirm(reported(case, seat), actor=board())
    services.vacate_seat(Seat.objects.get(pk=seat.pk), actor=make.officer(), reason="انتهت العضوية")
    kept = {"office": seat.office, "governorate": "SY08"}
    new = make.seat(seat.committee, seat.constituency, **kept)
    case = case.fresh()
    make.declare(new, case.applications[0])
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "approve")
    again = Application.objects.get(pk=case.applications[0].pk)
    assert again.state == ApplicationState.APPROVED
    assert grant_of(again) is not None
    assert again.feedback.count() == 2
    assert Decision.objects.filter(application=again, reopening__isnull=True).count() == 1


def test_a_score_alone_is_void_before_any_decision() -> None:
    case = make.deliberating(number=1)
    card = Scorecard.objects.select_related("assignment__seat").first()
    assert card is not None
    confirmed = cases.confirm(reported(case, card.assignment.seat), actor=board())
    assert confirmed.effects == {"scorecards": 1, "votes": 0, "consequence": "none"}
    assert Application.objects.get().state == ApplicationState.DELIBERATION


def test_two_people_and_never_the_member() -> None:
    case = make.deliberating(number=1)
    seat = case.seats[2]
    with pytest.raises(Refused):
        cases.report(seat, case.applications[0], ground="same_town", found=FOUND, owner=manager(), actor=make.officer())
    with pytest.raises(Refused):
        cases.report(seat, case.applications[0], ground="family", found=FOUND, owner=manager(), actor=seat.user)
    with pytest.raises(Refused):
        cases.report(seat, case.applications[0], ground="family", found=FOUND, owner=board(), actor=make.officer())
    one = cases.report(
        seat, case.applications[0], ground="family", found=FOUND, owner=manager(), actor=manager_who_reports()
    )
    for judge in (one.reported_by, make.officer(), seat.user):
        with pytest.raises(Refused):
            cases.confirm(one, actor=judge)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConflictCase.objects.filter(pk=one.pk).update(confirmed_by=one.reported_by_id)
    dismissed = cases.dismiss(one, outcome="اسمان متشابهان لشخصين", actor=board())
    assert dismissed.state == CaseState.DISMISSED
    assert Seat.objects.get(pk=seat.pk).state == SeatState.FILLED
    assert not conflicts.cases_visible_to(User.objects.get(pk=seat.user_id)).exists()


def manager_who_reports() -> User:
    """A second fund manager."""
    from tests.factories import accounts

    return accounts.officer(Role.FUND_MANAGER)


def test_a_suspended_member_returns_only_after_the_case() -> None:
    case = make.deliberating(number=1)
    seat = case.seats[2]
    one = cases.confirm(reported(case, seat), actor=board())
    suspended = Seat.objects.get(pk=seat.pk)
    with pytest.raises(Refused):
        services.reinstate(suspended, actor=manager(), reason="سمعناه")
    cases.close(one, outcome="نُبّه العضو كتابةً", actor=one.owner)
    with pytest.raises(Refused):
        services.reinstate(suspended, actor=make.officer(), reason="سمعناه")
    assert services.reinstate(suspended, actor=manager(), reason="سمعناه").state == SeatState.FILLED
    assert facts.is_recused(seat.user, case.applications[0])


def test_a_suspended_member_with_an_open_session_is_out_at_the_next_request() -> None:
    case = make.deliberating(number=1)
    seat = case.seats[2]
    client = Client()
    sign_in(client, seat.user)
    addresses = [
        reverse("committees:panel_detail", args=[case.panel.pk]),
        reverse("committees:panel_ranking", args=[case.panel.pk]),
    ]
    assert {client.get(one).status_code for one in addresses} == {200}
    cases.confirm(reported(case, seat), actor=board())
    assert {client.get(one).status_code for one in addresses} == {404}


def test_the_pages_from_report_to_end() -> None:
    case, seat = decided()
    officer, judge, owner = Client(), Client(), Client()
    sign_in(officer, make.officer(), second_factor=True)
    sign_in(judge, board(), second_factor=True)
    sign_in(owner, manager(), second_factor=True)
    typed = {"seat": seat.pk, "application": case.applications[0].pk, "ground": "family", "found": FOUND}
    address = reverse("committees:case_report", args=[case.panel.pk])
    assert officer.post(address, typed).status_code == 200, "somebody must answer for the case"
    assert officer.post(address, {**typed, "owner": manager().pk}).status_code == 302
    one = ConflictCase.objects.get()
    assert FOUND in officer.get(reverse("committees:case_detail", args=[one.pk])).content.decode()
    confirm = reverse("committees:case_confirm", args=[one.pk])
    assert officer.post(confirm).status_code == 403
    assert judge.get(confirm).status_code == 200
    assert judge.post(confirm).status_code == 302
    assert owner.post(reverse("committees:case_close", args=[one.pk]), {"outcome": "نُبّه كتابةً"}).status_code == 302
    one.refresh_from_db()
    assert one.state == CaseState.CLOSED
    assert one.effects == {"scorecards": 1, "votes": 1, "consequence": "reopened"}
    assert Scorecard.objects.filter(assignment__seat=seat, assignment__state="completed").count() == 0
    member = Client()
    sign_in(member, seat.user)
    assert member.get(reverse("committees:case_detail", args=[one.pk])).status_code == 404
    plain = Client()
    sign_in(plain, board())
    assert plain.post(confirm).status_code == 403, "a second factor is asked for"
