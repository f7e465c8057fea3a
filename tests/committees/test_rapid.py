"""The rapid window: rota, alerts, the panel on call and its answer, and the call that follows within 72 hours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit import walls
from committees import work
from committees.models import Alert, AlertDeclaration, AlertVote, Assignment, Committee, OnCall, Panel, Rota
from committees.rules import facts, held
from committees.rules.rapid import reads_words
from committees.selectors.alerts import stages_of
from committees.services import alerts, appeal_money, meetings, minutes, on_call, panels, silence, votes
from committees.states import Constituency, ReleaseCause, YesNo
from grants.models import Application, Call
from grants.services import calls
from grants.states import ApplicationState, CallState
from kernel import identity
from kernel.database import played_time
from kernel.permissions import Refused
from notices.models import Notice
from organisations.services.people import add_person
from organisations.states import PersonRole
from tests.factories import accounts, awards, charter, grants
from tests.factories import committees as make
from tests.factories import rapid as window
from tests.factories.organisations import eligible_organisation, past_person, preparer_of, registered_organisation
from tests.threads import together

pytestmark = pytest.mark.django_db


@contextmanager
def later(hours: float) -> Iterator[None]:
    """Everything inside happens that many hours from now."""
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=True), played_time():
        yield


# The rota -------------------------------------------------------------------------------------------------------------


def test_a_rota_keeps_the_charters_number_and_majority() -> None:
    committee = make.constituted_committee()
    people = facts.membership(committee).members
    ours = [one for one in people if one.civil_society]
    others = [one for one in people if not one.civil_society]
    span = {"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(days=10)}
    for members in (ours[:2], [ours[0], *others[:2]], [ours[0], ours[0], ours[1]]):
        with pytest.raises(Refused):
            on_call.publish_rota(committee, members=members, stand_ins=[], actor=make.officer(), **span)
    with pytest.raises(Refused):
        on_call.publish_rota(committee, members=ours[:3], stand_ins=[], actor=ours[0].user, **span)
    made = on_call.publish_rota(committee, members=ours[:3], stand_ins=ours[3:], actor=make.officer(), **span)
    with pytest.raises(Refused):
        on_call.publish_rota(committee, members=ours[:3], stand_ins=[], actor=make.officer(), **span)
    on_call.withdraw_rota(made, actor=make.officer(), reason="تبديل")
    on_call.publish_rota(committee, members=ours[1:4], stand_ins=[], actor=make.officer(), **span)
    with pytest.raises(DatabaseError), transaction.atomic():
        Rota.objects.filter(state="withdrawn").update(state="published")


# Alerts ---------------------------------------------------------------------------------------------------------------


def test_only_a_signatory_of_an_eligible_organisation_raises_one_alert_at_a_time() -> None:
    charter.ratified_charter()
    body = eligible_organisation()
    with pytest.raises(Refused, match=r"on call|الجاهزية"):
        alerts.raise_alert(body, window.words(), actor=window.signatory(body))
    window.rota()
    stranger = registered_organisation()
    for who, organisation in (
        (preparer_of(body), body),
        (make.officer(), body),
        (window.signatory(stranger), stranger),
    ):
        with pytest.raises(Refused):
            alerts.raise_alert(organisation, window.words(), actor=who)
    alert = window.raised(body)
    assert alert.answer_due == alert.raised_at + timedelta(hours=24)
    assert len(window.panel_of(alert)) == 3
    with pytest.raises(Refused):
        window.raised(body)
    alerts.withdraw(alert, actor=window.signatory(body), reason="وصلت المساعدة")
    assert window.raised(body).state == "raised"


def test_names_and_places_alone_until_a_member_has_declared() -> None:
    alert = window.raised()
    first, second, _third = window.panel_of(alert)
    assert not reads_words(first.user, alert)
    with pytest.raises(Refused):
        alerts.vote(alert, first, YesNo.YES, actor=first.user)
    alerts.declare(alert, first, kind="none", actor=first.user)
    assert reads_words(first.user, alert)
    assert not reads_words(second.user, alert)
    alerts.declare(alert, second, kind="hard", ground="family", actor=second.user)
    assert not reads_words(second.user, alert)
    now_on_call = window.panel_of(alert)
    assert second not in now_on_call
    assert len(now_on_call) == 3
    assert sum(one.civil_society for one in now_on_call) >= 2
    with pytest.raises(Refused):
        alerts.vote(alert, second, YesNo.NO, sentence="لا", actor=second.user)


def test_who_belongs_to_the_organisation_is_never_called() -> None:
    window.rota()
    body = eligible_organisation(governorates=["SY07"])
    member = facts.membership(Committee.objects.get()).members[0]
    add_person(body, member.user, PersonRole.PREPARER)
    alert = window.raised(body)
    assert member not in window.panel_of(alert)
    assert len(window.panel_of(alert)) == 3


def test_when_the_records_link_everybody_nobody_is_called_and_the_secretariat_is_told() -> None:
    window.rota()
    body = eligible_organisation(governorates=["SY07"])
    for seat in facts.membership(Committee.objects.get()).members:
        add_person(body, seat.user, PersonRole.PREPARER)
    alert = window.raised(body)
    assert window.panel_of(alert) == []
    assert Notice.objects.filter(user=make.officer(), kind="committees.nobody_left_on_call").count() == 1
    assert alert.state == "raised", "it waits for people, it is not lost"


def test_a_yes_of_all_opens_the_call_at_once_and_a_no_gives_its_reasons() -> None:
    standing = window.standing_by()
    with pytest.raises(Refused, match=r"alert|تنبيه"):
        calls.publish(standing, actor=grants.programme_officer(), reason="عاجل")
    no = window.answer(window.raised(), YesNo.NO, YesNo.NO, YesNo.YES)
    assert (no.state, no.call) == ("declined", None)
    assert no.tally == {"approve": 1, "reject": 2}
    yes = window.answer(window.raised())
    call = Call.objects.get(pk=standing.pk)
    assert (yes.state, yes.call) == ("accepted", call)
    assert call.state == CallState.OPEN
    assert call.closes_at - call.opens_at == timedelta(hours=24)
    with pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(opens_at=timezone.now() - timedelta(days=1))


def test_without_a_call_that_stands_by_a_yes_waits_and_opens_the_next() -> None:
    alert = window.answer(window.raised())
    assert alert.state == "raised"
    window.standing_by()
    alerts.follow_up()
    alert.refresh_from_db()
    assert alert.state == "accepted"


def test_silence_is_reminded_then_another_is_called_and_lateness_told() -> None:
    alert = window.raised()
    silent = window.panel_of(alert)[0]
    for seat in window.panel_of(alert)[1:]:
        alerts.declare(alert, seat, kind="none", actor=seat.user)
        alerts.vote(alert, seat, YesNo.YES, actor=seat.user)
    with later(5):
        assert alerts.follow_up() == 0
        assert Notice.objects.filter(user=silent.user, kind="committees.alert_reminder").count() == 1
    with later(9):
        assert alerts.follow_up() == 1
        assert alerts.follow_up() == 0
    people = window.panel_of(alert)
    assert silent not in people
    assert len(people) == 3
    alert.refresh_from_db()
    assert alert.state == "raised"
    with later(25):
        alerts.follow_up()
    assert Notice.objects.filter(kind="committees.alert_late").exists()


def test_work_shows_the_hours_and_nobody_left_is_told_while_the_quorum_stays() -> None:
    alert = window.raised()
    first = window.panel_of(alert)[0]
    (item,) = work.for_members_on_call(first.user)
    assert item.due == alert.on_call.get(seat=first).due_at
    assert list(work.for_owners_of_late_alerts(make.officer())) == []
    with later(25):
        (late,) = work.for_owners_of_late_alerts(make.officer())
        assert late.due == alert.answer_due
        assert list(work.for_owners_of_late_alerts(first.user)) == []
    while window.panel_of(alert):
        on_call.release(alert.on_call.filter(state="called").first(), cause=ReleaseCause.SILENT)
    others = [
        one for one in facts.membership(alert.rota.committee).members if one.constituency == Constituency.COMMUNITY
    ]
    assert alert.on_call.count() == len(facts.membership(alert.rota.committee).members) - len(others)
    assert Notice.objects.filter(kind="committees.nobody_left_on_call").exists()
    sitting = alerts.sitting_of(alert)
    assert (len(sitting.voters), sitting.may_decide) == (0, False)
    assert alerts.conclude(alert).state == "raised"


# The call that follows ------------------------------------------------------------------------------------------------


def test_only_members_on_call_touch_the_proposals_and_every_clock_is_in_hours() -> None:
    case = window.taken_over()
    panel, rules = case.panel, facts.rules_of(case.call).deadlines
    assert case.call.state == CallState.IN_REVIEW
    assert panel.declarations_due - timezone.now() < timedelta(hours=rules.rapid_declaration_hours)
    outsider = next(one for one in facts.membership(panel.committee).members if one not in case.seats)
    with pytest.raises(Refused):
        make.declare(outsider, case.applications[0])
    for seat in case.seats:
        for application in case.applications:
            make.declare(seat, application)
    panels.start_scoring(panel, actor=make.officer())
    assert Assignment.objects.filter(application__call=case.call).count() == 6
    panel.refresh_from_db()
    assert panel.scoring_due is not None
    assert panel.scoring_due - timezone.now() <= timedelta(hours=rules.rapid_scoring_hours)


def test_a_recusal_calls_somebody_of_the_same_constituency_beside_and_the_vote_stands_on_three() -> None:
    case = window.taken_over(number=1)
    (application,) = case.applications
    first = next(one for one in case.seats if one.civil_society)
    make.declare(first, application, "hard", "family")
    case = window.case(case.call)
    (beside,) = case.alternates
    assert beside.constituency == first.constituency
    assert first in case.seats
    make.declare(beside, application, "hard", "family")
    case = window.case(case.call)
    (third,) = {*case.alternates} - {beside}
    assert third.constituency == first.constituency, "who stood beside is recused too: the next is called"
    for seat in (*case.seats, *case.alternates):
        if seat not in {first, beside}:
            make.declare(seat, application)
    case = decided(case, application, recused=(first, beside))
    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED
    appeal_money.keep(case.call, leaf=case.panel.leaf)
    assert held.held_minor(case.call) == 0, "a rapid call keeps no share for appeals: its money goes out within days"


def test_who_leads_a_grantee_of_the_last_cohort_makes_place_before_the_proposals_are_read() -> None:
    grant = awards.awarded_grant()
    window.standing_by(sectors=[grant.application.sector])
    alert = window.accepted()
    first = next(one for one in window.panel_of(alert) if one.civil_society)
    past_person(grant.organisation, first.user, PersonRole.SIGNATORY, starts_on=facts.today())
    case = window.taken_over(alert, number=1)
    assert first not in case.seats
    assert len(case.seats) == 3
    assert OnCall.objects.get(alert=alert, seat=first).cause == ReleaseCause.LAST_COHORT
    with later(80):
        alerts.follow_up()
        alerts.follow_up()
    assert Notice.objects.filter(user=make.officer(), kind="committees.alert_late").count() == 1, "a missed selection"


def test_who_stands_in_already_is_not_called_twice_and_nobody_left_is_told() -> None:
    case = window.taken_over(number=2)
    first = next(one for one in case.seats if one.civil_society)
    application, other = case.applications
    make.declare(first, application, "hard", "family")
    (beside,) = window.case(case.call).alternates
    called = OnCall.objects.count()
    make.declare(first, other, "hard", "family")
    assert OnCall.objects.count() == called, "who stands beside already takes the second proposal too"
    make.declare(beside, application, "hard", "family")
    (third,) = {*window.case(case.call).alternates} - {beside}
    called += 1
    make.declare(third, application, "hard", "family")
    assert OnCall.objects.count() == called, "nobody of this constituency is left"
    assert Notice.objects.filter(user=make.officer(), kind="committees.nobody_left_on_call").count() == 1
    outside = make.members(case.panel.committee)[-1]
    assert on_call.row_of(case.panel, outside) is None
    on_call.stand_in_for_recused(case.panel, outside, application)
    assert OnCall.objects.count() == called
    row = on_call.row_of(case.panel, first)
    assert row is not None
    assert on_call.release(row, cause=ReleaseCause.SILENT) is None, "the place is taken already"
    assert beside in make.members(case.panel.committee)


def decided(case: make.Case, application: Application, *, recused: tuple[Any, ...] = ()) -> make.Case:
    """Scores, the meeting, the vote, the decision, the minutes signed; as many as sit."""
    panels.start_scoring(case.panel, actor=make.officer())
    for one in make.assignments(case):
        make.score(one)
    panels.close_scoring(Panel.objects.get(pk=case.panel.pk), actor=make.officer())
    meeting = make.called_meeting(case)
    make.join(meeting, *case.seats, *case.alternates)
    item = make.item_of(meeting, application)
    leader = facts.presiding_seat(meeting)
    assert leader is not None
    meeting = meetings.open_meeting(meeting, actor=leader.user)
    item = make.voting(meeting, application)
    assert len(item.voters) == 3
    voters = [one for one in (*case.seats, *case.alternates) if str(one.pk) in item.voters]
    assert not set(voters) & set(recused)
    make.vote(item, dict.fromkeys(voters, "approve"))
    closed = votes.close_voting(item, actor=make.presiding(item)).item
    votes.record_decision(closed, make.reasons(), actor=make.presiding(closed))
    for other in meeting.items.exclude(pk=item.pk):
        votes.record_decision(other, make.reasons(), actor=make.presiding(other))
    ended = meetings.close_meeting(meeting, actor=leader.user)
    for seat in case.seats[:2]:
        minutes.sign(ended, seat, sha256=ended.minutes_sha256, actor=seat.user)
    ended.refresh_from_db()
    assert ended.state == "signed"
    return window.case(case.call)


def test_from_the_alert_to_the_award_within_72_hours() -> None:
    window.standing_by()
    body = eligible_organisation(governorates=["SY07"])
    alert = window.raised(body)
    start = alert.raised_at
    with later(6):
        alert = window.answer(alert)
        assert alert.call is not None
        sent = grants.submitted_application(alert.call, body)
    with later(31):
        window.close_and_screen(Call.objects.get(pk=alert.call.pk))
        case = window.case(alert.call)
        for seat in case.seats:
            make.declare(seat, case.applications[0])
    with later(48):
        decided(case, case.applications[0])
    sent.refresh_from_db()
    alert.refresh_from_db()
    assert (sent.state, alert.state) == (ApplicationState.APPROVED, "settled")
    assert sent.grants.get().amount_minor == sent.requested_minor
    assert alert.settled_at is not None
    assert alert.settled_at - start <= timedelta(hours=72)
    rows = {one.name.value: one for one in stages_of(alert)}
    assert [one.missed for one in rows.values()] == [False] * 5
    assert rows["total"].hours.startswith("48")


def test_a_silent_scorer_of_a_rapid_call_makes_place_within_hours() -> None:
    case = window.taken_over(number=1)
    for seat in case.seats:
        make.declare(seat, case.applications[0])
    panels.start_scoring(case.panel, actor=make.officer())
    first, *others = make.assignments(case)
    for one in others:
        make.score(one)
    with later(11):
        silence.follow_up()
        case = window.case(case.call)
        assert first.seat not in case.seats
        new = next(one for one in case.seats if one not in {other.seat for other in others})
        make.declare(new, case.applications[0])
        silence.follow_up()
        assert Assignment.objects.get(seat=new, state="assigned").application == case.applications[0]


def test_who_declares_on_no_proposal_makes_place_too() -> None:
    case = window.taken_over(number=1)
    silent, *others = case.seats
    for seat in others:
        make.declare(seat, case.applications[0])
    with later(30):
        assert alerts.follow_up() == 1
        assert silent not in window.case(case.call).seats


def test_a_call_without_proposals_stops_the_clock() -> None:
    alert = window.accepted()
    assert alert.call is not None
    grants.closed_call(alert.call)
    alert.refresh_from_db()
    assert alert.state == "settled"


# The second wall and the records ----------------------------------------------------------------------------------------


def test_answers_are_read_by_fellows_and_overseers_alone() -> None:
    assert list(walls.missing()) == []
    alert = window.answer(window.raised())
    seat = OnCall.objects.filter(alert=alert).select_related("seat").first()
    assert seat is not None
    for reader, number in ((accounts.user(), 0), (alert.raised_by, 0), (seat.seat.user, 3), (make.officer(), 3)):
        with identity.person(reader.pk):
            assert (AlertVote.objects.count(), AlertDeclaration.objects.count()) == (number, number)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE committees_alertvote SET choice = 'reject'")


# Races ------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_alerts_race_for_the_last_call_and_votes_after_the_answer_are_refused() -> None:
    window.standing_by()
    pair = [window.raised(), window.raised()]
    last = []
    for alert in pair:
        *first, third = window.panel_of(alert)
        for seat in (*first, third):
            alerts.declare(alert, seat, kind="none", actor=seat.user)
        for seat in first:
            alerts.vote(alert, seat, YesNo.YES, actor=seat.user)
        last.append(third)
    acts = [
        (lambda one=alert, seat=seat: alerts.vote(one, seat, YesNo.YES, actor=seat.user))
        for alert, seat in zip(pair, last, strict=True)
        for _twice in range(2)
    ]
    together(acts)
    assert sorted(Alert.objects.values_list("state", flat=True)) == ["accepted", "raised"]
    assert AlertVote.objects.count() == 6
    late = Alert.objects.get(state="accepted")
    spare = next(one for one in facts.membership(late.rota.committee).members if one not in window.panel_of(late))
    with pytest.raises(Refused):
        alerts.vote(late, spare, YesNo.NO, sentence="متأخر", actor=spare.user)
    assert Rota.objects.count() == 1
    assert Constituency.CIVIL_SOCIETY in {one.constituency for one in window.panel_of(late)}


@pytest.mark.django_db(transaction=True)
def test_two_proposals_race_for_the_last_money_and_one_wins() -> None:
    from grants.models import Grant
    from grants.services import review
    from ledger import fsck
    from ledger.selectors import balance

    window.standing_by(envelope_minor=30 * grants.THOUSAND)
    case = window.taken_over(number=2)
    for seat in case.seats:
        for one in case.applications:
            make.declare(seat, one)
    panels.start_scoring(case.panel, actor=make.officer())
    for task in make.assignments(case):
        make.score(task)
    panels.close_scoring(case.panel, actor=make.officer())
    pair = list(Application.objects.filter(call=case.call).order_by("pk"))
    acts = [
        lambda one=one: review.record_decision(
            one,
            outcome=ApplicationState.APPROVED,
            amount_minor=one.requested_minor,
            conditions=[],
            rank=None,
            feedback=grants.feedback_draft(one),
        )
        for one in pair
    ]
    assert [isinstance(one, Refused) for one in together(acts, Refused)].count(True) == 1
    grant = Grant.objects.get(call=case.call)
    loser = next(one for one in pair if one.pk != grant.application_id)
    assert Application.objects.get(pk=loser.pk).state == ApplicationState.DELIBERATION
    envelope = case.call.envelopes.get()
    assert balance(envelope.account).available_minor == 30 * grants.THOUSAND - grant.amount_minor > 0
    assert fsck.findings() == []
