"""Meetings and votes: no vote without the three majorities and the quorum, each vote counted once or refused."""

from functools import partial
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from committees.models import AgendaItem, Attendance, Decision, Meeting, Panel, Seat, Vote
from committees.rules import facts
from committees.selectors import ranking
from committees.services import agenda, meetings, minutes, votes
from committees.states import ConflictKind, ItemState, PanelState, Presence, VoteChoice
from grants.models import Application
from grants.states import ApplicationState
from kernel.permissions import Refused
from tests.factories import accounts
from tests.factories import committees as make
from tests.threads import together

pytestmark = pytest.mark.django_db


def case_with_recusals(*out: int, alternates: int = 0) -> make.Case:
    """One application before the committee, from which the members numbered ``out`` are recused."""
    case = make.opened(1)
    for member in case.seats[2 : 2 + alternates]:
        make.alternate(member)
    case.fresh()
    for index, holder in enumerate([*case.seats, *case.alternates]):
        hard = index in out
        make.declare(holder, case.applications[0], *((ConflictKind.HARD, "family") if hard else ()))
    return make.deliberating(make.scoring(case))


def votes_of(item: AgendaItem) -> dict[str, int]:
    """The votes that were counted."""
    assert item.tally is not None
    counted: dict[str, int] = item.tally["votes"]
    return counted


@pytest.mark.database("deliberating")
def test_a_meeting_opens_with_quorum_and_majority_only() -> None:
    case = make.deliberating(number=1)
    meeting = make.called_meeting(case)
    make.join(meeting, *case.seats[:4])
    with pytest.raises(Refused, match=r"5"):
        meetings.open_meeting(meeting, actor=case.chair)
    make.join(meeting, case.seats[4])
    assert meetings.open_meeting(meeting, actor=case.chair).state == "open"


@pytest.mark.database("opened")
def test_only_who_leads_opens() -> None:
    case = case_with_recusals(alternates=1)
    meeting = make.called_meeting(case)
    make.join(meeting, *case.seats[1:], *case.alternates)
    for person in (case.chair, case.seats[3].user, make.officer()):
        with pytest.raises(Refused):
            meetings.open_meeting(meeting, actor=person)
    assert meetings.open_meeting(meeting, actor=case.rapporteur).state == "open"


@pytest.mark.database("opened")
def test_a_recusal_of_civil_society_stops_the_vote_and_an_alternate_restores_it() -> None:
    case = case_with_recusals(3, alternates=1)
    meeting = make.open_meeting(case, *case.alternates)
    item = make.discussed(meeting, case.applications[0])
    with pytest.raises(Refused, match=r"3.*6"):
        votes.open_voting(item, actor=make.presiding(item))
    make.join(meeting, case.alternates[0])
    opened = votes.open_voting(item, actor=make.presiding(item))
    assert opened.state == ItemState.VOTING
    assert str(case.alternates[0].pk) in opened.voters
    assert str(case.seats[3].pk) not in opened.voters


@pytest.mark.database("opened")
def test_without_an_alternate_the_item_can_only_be_adjourned() -> None:
    case = case_with_recusals(3)
    meeting = make.open_meeting(case)
    item = make.discussed(meeting, case.applications[0])
    with pytest.raises(Refused):
        votes.open_voting(item, actor=make.presiding(item))
    adjourned = agenda.adjourn(item, cause="لا أغلبية", actor=make.presiding(item))
    assert adjourned.state == ItemState.ADJOURNED
    closed = meetings.close_meeting(meeting, actor=case.chair)
    assert closed.minutes
    assert Panel.objects.get(pk=case.panel.pk).state == PanelState.DELIBERATING
    assert make.called_meeting(case.fresh()).items.count() == 1


@pytest.mark.database("opened")
def test_recused_members_leave_and_come_back_on_the_record() -> None:
    case = case_with_recusals(4, 5)
    meeting = make.open_meeting(case)
    item = make.decided(meeting, case.applications[0], "approve")
    rows = Attendance.objects.filter(item=item).order_by("recorded_at", "leaf_id")
    assert [(one.seat.number, one.presence) for one in rows] == [(5, "left"), (6, "left"), (5, "joined"), (6, "joined")]
    assert {case.seats[4].pk, case.seats[5].pk} <= facts.present_seats(meeting)


@pytest.mark.database("opened")
def test_when_the_chair_is_recused_the_rapporteur_leads() -> None:
    case = case_with_recusals(0, alternates=1)
    meeting = make.open_meeting(case)
    item = make.item_of(meeting, case.applications[0])
    with pytest.raises(Refused):
        agenda.discuss(item, actor=case.chair)
    assert make.presiding(item) == case.rapporteur
    assert make.decided(meeting, case.applications[0], "approve").outcome == "approve"


@pytest.mark.database("opened")
def test_members_who_sit_vote_for_themselves_and_nobody_else_does() -> None:
    case = case_with_recusals(5, alternates=1)
    observer, absent, member = make.seat(case.panel.committee, "observer"), case.seats[6], case.seats[1]
    meeting = make.open_meeting(case, absent)
    make.join(meeting, observer)
    item = make.voting(meeting, case.applications[0])
    for holder, actor in (
        (absent, absent.user),
        (case.seats[5], case.seats[5].user),  # recused
        (observer, observer.user),
        (member, accounts.officer(Role.BOARD_MEMBER)),
        (member, accounts.user()),
    ):
        with pytest.raises(Refused):
            votes.cast_vote(item, holder, "approve", actor=actor)
    assert votes.cast_vote(item, member, "approve", actor=member.user).choice == "approve"


@pytest.mark.database("deliberating")
def test_a_member_who_took_an_office_neither_scores_nor_votes() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    holder = case.seats[2]
    accounts.appointment(holder.user, Role.FINANCE_OFFICER)
    with pytest.raises(Refused):
        votes.cast_vote(item, Seat.objects.get(pk=holder.pk), "approve", actor=User.objects.get(pk=holder.user_id))


@pytest.mark.database("deliberating")
def test_one_vote_a_round_and_none_after_the_close() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    make.vote(item, dict.fromkeys(case.seats[:6], "approve"))
    with pytest.raises(Refused):
        make.vote(item, {case.seats[0]: "reject"})
    closed = votes.close_voting(item, actor=case.chair)
    assert (closed.item.outcome, closed.again) == ("approve", False)
    with pytest.raises(Refused):
        make.vote(item, {case.seats[6]: "reject"})
    assert sum(votes_of(closed.item).values()) == Vote.objects.filter(item=item).count() == 6


@pytest.mark.database("deliberating")
def test_who_left_does_not_vote_and_the_close_needs_the_quorum_still() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    make.vote(item, dict.fromkeys(case.seats[:2], "approve"))
    make.leave(meeting, *case.seats[2:])
    with pytest.raises(Refused):
        make.vote(item, {case.seats[2]: "approve"})
    with pytest.raises(Refused):
        votes.close_voting(item, actor=case.chair)
    make.join(meeting, *case.seats[2:5])
    make.vote(item, dict.fromkeys(case.seats[2:5], "approve"))
    make.leave(meeting, *case.seats[2:5])
    assert votes.close_voting(item, actor=case.chair).item.outcome == "approve"


@pytest.mark.database("deliberating")
def test_a_vote_of_a_member_recused_meanwhile_does_not_count() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    expert = case.seats[5]
    make.vote(item, {expert: "reject"})
    make.declare(expert, case.applications[0], ConflictKind.HARD, "financial")
    make.vote(item, dict.fromkeys(case.seats[:5], "approve"))
    closed = votes.close_voting(item, actor=case.chair).item
    assert votes_of(closed)["reject"] == 0
    assert votes_of(closed)["approve"] == 5


@pytest.mark.database("deliberating")
def test_what_does_not_carry_goes_back_once_and_is_then_not_approved() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    split = dict(zip(case.seats, ["approve"] * 3 + ["reject"] * 3 + ["abstain"], strict=True))
    make.vote(item, split)
    again = votes.close_voting(item, actor=case.chair)
    assert (again.again, again.item.round, again.item.state) == (True, 2, ItemState.VOTING)
    make.vote(again.item, split)
    closed = votes.close_voting(again.item, actor=case.chair).item
    assert (closed.state, closed.outcome) == (ItemState.DECIDED, VoteChoice.REJECT)


@pytest.mark.database("deliberating")
def test_civil_society_is_not_outvoted() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    make.vote(item, dict(zip(case.seats, ["approve", "reject", "reject", "reject"] + ["approve"] * 3, strict=True)))
    assert votes.close_voting(item, actor=case.chair).again


def test_amounts_stay_within_request_floor_and_envelope() -> None:
    case = make.deliberating(number=3, requested=50_000_00, ceiling_minor=60_000_00, envelope_minor=120_000_00)
    meeting = make.open_meeting(case)
    item = make.discussed(meeting, case.applications[0])
    requested = case.applications[0].requested_minor
    for wrong in (requested + 1, 100):
        with pytest.raises(Refused):
            agenda.minute(item, proposed_minor=wrong, conditions=[], discussion="", actor=case.chair)
    agenda.adjourn(item, cause="غداً", actor=case.chair)
    make.decided(meeting, case.applications[1], "approve", deviation="القرعة")
    make.decided(meeting, case.applications[2], "approve", deviation="القرعة")
    meetings.close_meeting(meeting, actor=case.chair)
    case.fresh()
    second = make.open_meeting(case)
    left = make.voting(second, case.applications[0])
    assert VoteChoice.APPROVE not in votes.choices_of(left)
    with pytest.raises(Refused):
        make.vote(left, {case.seats[0]: "approve"})


@pytest.mark.database("scoring")
def test_only_a_fundable_score_can_be_approved() -> None:
    case = make.deliberating(make.scoring(number=1), points=2)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    open_now = votes.choices_of(item)
    assert VoteChoice.APPROVE not in open_now
    assert VoteChoice.WAITLIST not in open_now
    assert {VoteChoice.REJECT, VoteChoice.DEFER, VoteChoice.ABSTAIN} <= set(open_now)


@pytest.mark.database("deliberating")
def test_approval_with_conditions_needs_conditions() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    with pytest.raises(Refused):
        make.vote(item, {case.seats[0]: "approve_with_conditions"})


@pytest.mark.database("deliberating")
def test_a_departure_from_the_rank_needs_its_reason() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    with pytest.raises(Refused):
        make.decided(meeting, case.applications[0], "reject")
    item = make.item_of(meeting, case.applications[0])
    with pytest.raises(Refused):
        meetings.close_meeting(meeting, actor=case.chair)
    votes.record_decision(item, make.reasons("خطر لم تذكره البطاقات."), actor=case.chair)
    assert Application.objects.get(pk=case.applications[0].pk).state == ApplicationState.REJECTED


@pytest.mark.database("deliberating")
def test_a_deferral_comes_back_once() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "defer", deviation="ننتظر وثيقة.")
    meetings.close_meeting(meeting, actor=case.chair)
    case.fresh()
    assert case.applications[0].state == ApplicationState.DEFERRED
    again = make.open_meeting(case)
    case.fresh()
    item = make.voting(again, case.applications[0])
    assert VoteChoice.DEFER not in votes.choices_of(item)


@pytest.mark.database("scoring_two")
def test_the_waiting_list_keeps_the_rank() -> None:
    case = make.deliberating(number=2)
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "waitlist", deviation="المغلّف محدود.")
    decision = Decision.objects.get()
    row = ranking.row_of(case.panel, case.applications[0])
    assert row is not None
    assert decision.rank == row.rank == Application.objects.get(pk=case.applications[0].pk).waiting_rank


@pytest.mark.database("scoring_two")
def test_one_item_at_a_time() -> None:
    case = make.deliberating(number=2)
    meeting = make.open_meeting(case)
    make.discussed(meeting, case.applications[0])
    with pytest.raises(Refused):
        agenda.discuss(make.item_of(meeting, case.applications[1]), actor=case.chair)


@pytest.mark.database("deliberating")
def test_minutes_are_signed_by_chair_and_rapporteur_each_once_and_exactly() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "approve")
    closed = meetings.close_meeting(meeting, actor=case.chair)
    chair, rapporteur, other = case.seats[:3]
    with pytest.raises(Refused):
        minutes.sign(closed, chair, sha256="0" * 64, actor=chair.user)
    with pytest.raises(Refused):
        minutes.sign(closed, rapporteur, sha256=closed.minutes_sha256, actor=chair.user)
    with pytest.raises(Refused):
        minutes.sign(closed, other, sha256=closed.minutes_sha256, actor=other.user)
    assert minutes.sign(closed, chair, sha256=closed.minutes_sha256, actor=chair.user).state == "closed"
    assert minutes.sign(closed, rapporteur, sha256=closed.minutes_sha256, actor=rapporteur.user).state == "signed"


def test_the_lot_is_drawn_by_the_leaf_that_closed_the_scoring() -> None:
    case = make.deliberating(number=3)
    first = ranking.lots(case.panel, case.applications)
    assert sorted(first.values()) == [1, 2, 3]
    assert first == ranking.lots(Panel.objects.get(pk=case.panel.pk), list(reversed(case.applications)))


@pytest.mark.database("deliberating")
@pytest.mark.django_db(transaction=True)
def test_a_vote_against_the_close_is_counted_or_refused() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    make.vote(item, dict.fromkeys(case.seats[:4], "approve"))
    late = [one.pk for one in case.seats[4:]]
    chair = case.chair.pk

    def cast(pk: Any) -> None:
        holder = Seat.objects.select_related("user").get(pk=pk)
        votes.cast_vote(AgendaItem.objects.get(pk=item.pk), holder, "approve", actor=holder.user)

    def close() -> AgendaItem:
        leader = User.objects.get(pk=chair)
        return votes.close_voting(AgendaItem.objects.get(pk=item.pk), actor=leader).item

    *answers, closed = together([*(partial(cast, pk) for pk in late), close], Refused)
    refused = [one for one in answers if isinstance(one, Refused)]
    counted = Vote.objects.filter(item=item, round=1).count()
    assert counted + len(refused) == 7
    assert sum(votes_of(closed).values()) == counted
    assert Meeting.objects.get(pk=meeting.pk).state == "open"
    assert Presence.JOINED in Attendance.objects.filter(meeting=meeting).values_list("presence", flat=True)


@pytest.mark.database("deliberating")
@pytest.mark.django_db(transaction=True)
def test_twenty_threads_vote_twice_and_after_the_close_and_each_member_counts_once() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    keys = [one.pk for one in case.seats]
    recorded: list[tuple[Any, Any]] = []
    refused: list[Any] = []

    def twenty(act: Any) -> None:
        def run(number: int) -> None:
            holder = Seat.objects.select_related("user").get(pk=keys[number % len(keys)])
            try:
                recorded.append((holder.pk, act(AgendaItem.objects.get(pk=item.pk), holder, number).pk))
            except Refused:
                refused.append(number)

        together([partial(run, number) for number in range(20)])

    def send(mine: AgendaItem, holder: Seat, number: int) -> Vote:
        """Every member sends twice or three times."""
        return votes.cast_or_recall(mine, holder, "approve", round_=1, actor=holder.user)

    twenty(send)
    assert Vote.objects.filter(item=item).count() == len(keys)
    assert not refused
    assert len(recorded) == 20
    assert len(set(recorded)) == len(keys), "every sending of a member got the same recorded vote back"
    closed = votes.close_voting(AgendaItem.objects.get(pk=item.pk), actor=case.chair).item
    counted = votes_of(closed)
    recorded.clear()
    if closed.state == ItemState.DECIDED:
        twenty(lambda mine, holder, _number: votes.cast_vote(mine, holder, "approve", actor=holder.user))
        assert len(refused) == 20
        assert not recorded
    assert Vote.objects.filter(item=item, round=1).count() == len(keys)
    assert votes_of(AgendaItem.objects.get(pk=item.pk)) == counted


@pytest.mark.database("deliberating")
@pytest.mark.django_db
def test_a_form_of_the_first_round_is_no_vote_of_the_second() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    late, *others = case.seats
    make.vote(item, {one: "approve" if number % 2 else "reject" for number, one in enumerate(others)})
    again = votes.close_voting(item, actor=case.chair)
    assert again.again
    with pytest.raises(Refused, match="الجولة"):
        votes.cast_or_recall(again.item, late, "approve", round_=1, actor=late.user)
    assert votes.cast_or_recall(again.item, late, "approve", round_=2, actor=late.user).round == 2
    assert votes.cast_or_recall(again.item, others[0], "approve", round_=1, actor=others[0].user).choice == "reject"
