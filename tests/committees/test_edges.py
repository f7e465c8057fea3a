"""What is asked for twice, too early or of nobody: nothing happens, or it is refused in words."""

import pytest
from django.utils.translation import override

from accounts.roles import Role
from audit import outbox
from committees.models import Appeal, AppealPanelist, Assignment, ComputedFacts, ConflictCase, Panel, Reopening, Seat
from committees.rules import facts
from committees.selectors import scores as score_selectors
from committees.services import (
    appeals,
    cases,
    conflicts,
    figures,
    meetings,
    panels,
    proposals,
    reopening,
    scores,
    votes,
    waiting,
)
from committees.services import committees as services
from committees.services.committees import close_everything
from committees.states import (
    AppealState,
    AssignmentState,
    CaseState,
    ItemState,
    PanelState,
    Presence,
    ProposalState,
    RecusalSource,
    SeatState,
)
from grants.models import Application, Grant
from grants.selectors import applications
from grants.services import screening
from grants.states import GrantState
from kernel.permissions import Refused
from organisations.services.people import add_person
from organisations.states import PersonRole
from tests.factories import accounts, awards, grants
from tests.factories import committees as make

pytestmark = pytest.mark.django_db


@pytest.mark.database("opened")
def test_a_second_proposal_discards_the_first_and_its_computing_changes_nothing() -> None:
    case = make.opened(1)
    first = proposals.ask(case.panel, actor=make.officer())
    second = proposals.ask(case.panel, actor=make.officer())
    first.refresh_from_db()
    assert (first.state, second.state) == (ProposalState.DISCARDED, ProposalState.ASKED)
    proposals.compute({"proposal": str(first.pk)})
    first.refresh_from_db()
    assert (first.state, first.sha256) == (ProposalState.DISCARDED, "")


@pytest.mark.database("scoring")
def test_a_panel_that_scores_is_not_closed_and_nobody_is_recused_twice() -> None:
    case = make.scoring(number=1)
    assert panels.close_if_decided(case.panel).state == PanelState.SCORING
    said = {"ground": "family", "source": RecusalSource.CASE, "actor": None}
    assert conflicts.recuse(case.seats[0], case.applications[0], **said) is not None
    assert conflicts.recuse(case.seats[0], case.applications[0], **said) is None


@pytest.mark.database("scoring")
def test_who_no_longer_sits_has_nothing_to_score_and_reads_nothing() -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    assert one.application in applications.visible_to(one.seat.user)
    close_everything(one.seat, cause="term ended")
    left = Assignment.objects.get(pk=one.pk)
    assert left.state == AssignmentState.REMOVED
    assert one.application not in applications.visible_to(type(one.seat.user).objects.get(pk=one.seat.user_id))


@pytest.mark.database("deliberating")
def test_what_a_meeting_does_not_reach_is_adjourned() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    came = {"presence": Presence.JOINED, "actor": case.seats[0].user}
    assert meetings.attend(meeting, case.seats[0], **came) is None
    assert meetings.close_meeting(meeting, actor=case.chair).state == "closed"
    assert make.item_of(meeting, case.applications[0]).state == ItemState.ADJOURNED
    assert Application.objects.get(pk=case.applications[0].pk).state == "deliberation"


@pytest.mark.database("deliberating")
def test_a_decision_is_taken_back_once() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.decided(meeting, case.applications[0], "approve")
    taken = reopening.supersede(item.decision, cause="وُجد تضارب")
    assert make.item_of(meeting, case.applications[0]).state == ItemState.DECIDED
    assert taken.decision == item.decision
    assert case.fresh().panel.state == PanelState.DELIBERATING
    with pytest.raises(Refused):
        reopening.supersede(item.decision, cause="مرة أخرى")
    assert Reopening.objects.count() == 1
    assert score_selectors.result_of(case.applications[0]) is not None


def test_a_call_that_nobody_applied_to_has_no_waiting_list() -> None:
    assert waiting.propose_next(grants.draft_call(planned=False).pk) == []


def test_an_appeal_is_refused_with_its_reason_only() -> None:
    with pytest.raises(Refused):
        appeals.refuse(Appeal(), reason=" ", actor=make.officer())
    with pytest.raises(Refused):
        appeals.decide(Appeal(), reasons=" ", re_evaluate=True, actor=make.officer())


@pytest.mark.database("scoring")
def test_where_nobody_is_missing_nobody_is_asked_and_nothing_is_computed_before_the_close() -> None:
    case = make.scoring(number=1)
    before = Assignment.objects.count()
    assert panels.fill_gaps(case.panel, actor=make.officer()) == 0
    figures.compute({"panel": str(case.panel.pk)})
    assert Assignment.objects.count() == before
    assert not ComputedFacts.objects.exists()


@pytest.mark.database("deliberating")
def test_a_change_of_a_score_begins_with_what_was_written() -> None:
    case = make.deliberating(number=1)
    one = Assignment.objects.filter(state=AssignmentState.COMPLETED).first()
    initial = scores.initial_of(one)
    said = make.judgement(case.applications[0], 4)
    assert initial == {f"points_{key}": points for key, (points, _) in said.items()} | {
        f"why_{key}": words for key, (_, words) in said.items()
    }


@pytest.mark.database("deliberating")
def test_an_adjusted_mean_places_an_application_as_if_it_counted() -> None:
    case = make.deliberating(number=1)
    key = str(case.applications[0].pk)
    call = figures._Call.of(Panel.objects.select_related("call", "committee").get(pk=case.panel.pk))
    assert [figures._places_by_means(call, {key: mean}) for mean in (80.0, 10.0)] == [
        {key: "within_envelope"},
        {key: "not_fundable"},
    ]


@pytest.mark.database("deliberating")
def test_without_a_scorecard_that_counts_no_vote_is_opened_and_no_figure_computed() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.discussed(meeting, case.applications[0])
    before = ComputedFacts.objects.count()
    for one in Assignment.objects.filter(state=AssignmentState.COMPLETED).select_related("seat__user"):
        conflicts.recuse(one.seat, case.applications[0], ground="family", source=RecusalSource.CASE, actor=None)
    with override("en"), pytest.raises(Refused, match="No valid scorecard"):
        votes.open_voting(item, actor=make.presiding(item))
    figures.compute({"panel": str(case.panel.pk)})
    assert ComputedFacts.objects.count() == before


@pytest.mark.database("deliberating")
def test_who_comes_while_an_item_is_open_that_shuts_him_out_stays_outside_until_it_is_over() -> None:
    case = make.deliberating(number=1)
    late = case.seats[6]
    meeting = make.open_meeting(case, late)
    item = make.discussed(meeting, case.applications[0])
    conflicts.recuse(late, case.applications[0], ground="family", source=RecusalSource.CASE, actor=None)
    make.join(meeting, late)
    assert late.pk not in facts.present_seats(meeting)
    opened = votes.open_voting(item, actor=make.presiding(item))
    assert str(late.pk) not in opened.voters
    sitting = {str(one.pk): one for one in case.seats}
    make.vote(opened, {sitting[key]: "reject" for key in opened.voters})
    votes.close_voting(opened, actor=make.presiding(opened))
    assert late.pk in facts.present_seats(meeting)


@pytest.mark.database("opened")
def test_what_the_records_show_recuses_or_asks_once() -> None:
    case = make.opened(1)
    application, linked, namesake = case.applications[0], case.seats[4], case.seats[5]
    add_person(application.organisation, linked.user, PersonRole.PREPARER)
    add_person(application.organisation, accounts.user(namesake.user.full_name), PersonRole.PREPARER)
    conflicts.refresh_conflicts(case.panel)
    assert conflicts.refresh_conflicts(case.panel) == []
    assert [one.seat for one in application.recusals.all()] == [linked]
    assert [one.seat for one in application.findings.all()] == [namesake]


@pytest.mark.database("deliberating")
def test_who_declares_when_the_meeting_is_called_reads_for_it_from_then_on() -> None:
    case = make.deliberating(number=1)
    make.called_meeting(case)
    old = case.seats[6]
    services.vacate_seat(old, actor=make.officer(), reason="انتقل إلى بلد آخر")
    new = make.seat(old.committee, old.constituency)
    assert case.applications[0] not in applications.visible_to(new.user)
    make.declare(new, case.applications[0])
    assert case.applications[0] in applications.visible_to(type(new.user).objects.get(pk=new.user_id))


def reported(seat: Seat, application: Application) -> ConflictCase:
    found = {"ground": "financial", "found": "سجلّ مجلس الإدارة يذكر العضو"}
    return cases.report(seat, application, **found, owner=grants.holder(Role.FUND_MANAGER), actor=make.officer())


@pytest.mark.database("deliberating")
def test_a_case_waits_for_the_reasons_of_a_decision_and_suspends_nobody_who_left() -> None:
    case = make.deliberating(number=1)
    application, seat = case.applications[0], case.seats[6]
    one = reported(seat, application)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, application)
    sitting = {str(member.pk): member for member in case.seats}
    make.vote(item, {sitting[key]: "approve" for key in item.voters})
    closed = votes.close_voting(item, actor=make.presiding(item)).item
    judge = grants.holder(Role.BOARD_MEMBER)
    with override("en"), pytest.raises(Refused, match="reasons of the decision"):
        cases.confirm(one, actor=judge)
    votes.record_decision(closed, make.reasons(), actor=make.presiding(closed))
    services.vacate_seat(seat, actor=make.officer(), reason="استقال العضو")
    confirmed = cases.confirm(ConflictCase.objects.get(pk=one.pk), actor=judge)
    assert (confirmed.state, confirmed.effects["consequence"]) == (CaseState.CONFIRMED, "reopened")
    assert Seat.objects.get(pk=seat.pk).state == SeatState.VACATED


@pytest.mark.database("deliberating")
def test_a_case_holds_the_money_of_a_grant_that_both_sides_have_signed() -> None:
    case = make.deliberating(number=1)
    seat = case.seats[6]
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "approve")
    meetings.close_meeting(meeting, actor=case.chair)
    grant = awards.in_force(Grant.objects.get())
    one = reported(Seat.objects.get(pk=seat.pk), Application.objects.get(pk=case.applications[0].pk))
    assert cases.confirm(one, actor=grants.holder(Role.BOARD_MEMBER)).effects["consequence"] == "grant_held"
    grant.refresh_from_db()
    assert grant.state == GrantState.SUSPENDED
    assert Application.objects.get(pk=case.applications[0].pk).state == "approved"


def upheld(application: Application) -> Appeal:
    """The appeal against a screening, judged by three who took no part."""
    appeal = appeals.lodge(
        application, grounds=["procedure"], statement="الشرط مستوفى كما في الملحق.", files=[],
        actor=grants.signatory(application.organisation),
    )  # fmt: skip
    appeal = appeals.admit(appeal, actor=accounts.officer(Role.BOARD_MEMBER))
    judges = list(AppealPanelist.objects.filter(appeal=appeal).select_related("user"))
    for one in judges:
        appeals.vote(appeal, "upheld", actor=one.user)
    return appeals.decide(appeal, reasons="الشرط مستوفى.", re_evaluate=True, actor=judges[0].user)


def test_who_was_screened_out_wrongly_comes_back_before_and_after_a_committee_took_over() -> None:
    call = grants.open_call()
    first, second, third = (grants.submitted_application(call) for _ in range(3))
    grants.closed_call(call)
    for one in (first, second, third):
        one.refresh_from_db()
    screening.find_eligible(first, checklist=grants.all_holds(first), actor=grants.programme_officer())
    for one in (second, third):
        broken = grants.all_holds(one) | {next(iter(grants.all_holds(one))): False}
        screening.confirm_ineligible(
            screening.propose_ineligible(one, checklist=broken, actor=grants.programme_officer(), reason="ناقص"),
            actor=grants.second_officer(),
        )
        one.refresh_from_db()
    for _ in range(3):
        accounts.officer(Role.APPEALS_PANELIST)
    assert upheld(second).state == AppealState.UPHELD
    assert Application.objects.get(pk=second.pk).state == "eligible"
    call.refresh_from_db()
    panel = panels.open_panel(call, make.constituted_committee(), actor=make.officer())
    case = make.Case(panel, [], []).fresh()
    for seat in case.seats:
        for one in Application.objects.filter(pk__in=[first.pk, second.pk]):
            make.declare(seat, one)
    proposal = proposals.ask(panel, actor=make.officer())
    outbox.drain()
    upheld(third)
    assert Application.objects.get(pk=third.pk).state == "eligible"
    assert Panel.objects.get(pk=panel.pk).state == PanelState.DECLARING
    proposal.refresh_from_db()
    with override("en"), pytest.raises(Refused, match="added since"):
        proposals.adopt(proposal, actor=make.officer())
