"""From the proposal to the scoring, with its reasons; and what happens when scorers stay silent."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from audit import outbox
from committees.models import Assignment, AssignmentProposal, Panel, Seat
from committees.selectors import proposals as selectors
from committees.services import proposals, silence
from committees.states import ConflictKind, PanelState, ProposalState
from kernel.permissions import Refused
from notices.models import Notice
from tests.committees.test_pages import at, browser
from tests.factories import accounts, charter
from tests.factories import committees as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are read in English."""
    with override("en"):
        yield


def computed(case: make.Case) -> AssignmentProposal:
    """A proposal, computed as a worker does it."""
    asked = proposals.ask(case.panel, actor=make.officer())
    outbox.drain()
    return AssignmentProposal.objects.get(pk=asked.pk)


def other_than(proposal: AssignmentProposal, case: make.Case, *, civil_society: bool) -> tuple[Seat, Seat]:
    """(a proposed scorer, one who is not) of the first application, both of civil society or both not."""
    chosen = set(selectors.effective(proposal)[case.applications[0].pk])
    able = [one for one in case.seats if one.civil_society is civil_society]
    return next(one for one in able if one.pk in chosen), next(one for one in able if one.pk not in chosen)


@pytest.mark.database("opened")
def test_a_proposal_is_computed_changed_and_confirmed_on_pages() -> None:
    case = make.declared(1)
    make_seat = case.seats[0]
    officer = browser(make.officer())
    known = {"languages": ["ar", "ku"], "sectors": [case.applications[0].sector]}
    officer.post(at("seat_expertise", case.panel.committee_id, make_seat.pk), known)
    assert officer.get(at("panel_assign", case.panel.pk)).status_code == 200
    officer.post(at("panel_ask_assignment", case.panel.pk))
    assert selectors.latest(case.panel).state == ProposalState.ASKED  # type: ignore[union-attr]
    outbox.drain()
    proposal = selectors.latest(case.panel)
    assert proposal is not None
    assert proposal.state == ProposalState.PROPOSED
    # Whoever reads Arabic and knows the sector is among the scorers, and the page says so.
    assert make_seat.pk in selectors.effective(proposal)[case.applications[0].pk]
    (row,) = selectors.rows(proposal)
    said = next(one.reasons for one in row.scorers if one.seat == make_seat)
    assert [fits for _text, fits in said][:2] == [True, True]
    before, after = other_than(proposal, case, civil_society=True)
    data = {"before": before.pk, "after": after.pk, "reason": "سافر العضو."}
    changed = officer.post(at("panel_assign_change", case.panel.pk, case.applications[0].pk), data)
    assert changed.status_code == 302
    assert "سافر العضو." in officer.get(at("panel_assign", case.panel.pk)).content.decode()
    officer.post(at("panel_assign", case.panel.pk))
    assert Panel.objects.get(pk=case.panel.pk).state == PanelState.SCORING
    scorers = set(Assignment.objects.values_list("seat", flat=True))
    assert after.pk in scorers
    assert before.pk not in scorers
    assert selectors.latest(case.panel).state == ProposalState.ADOPTED  # type: ignore[union-attr]


@pytest.mark.database("opened")
def test_only_the_secretariat_reads_and_changes_proposals() -> None:
    case = make.declared(1)
    proposal = computed(case)
    before, after = other_than(proposal, case, civil_society=True)
    data = {"before": before.pk, "after": after.pk, "reason": "x"}
    for person in (case.chair, accounts.user("غريب")):
        client = browser(person)
        for answer in (
            client.get(at("panel_assign", case.panel.pk)),
            client.post(at("panel_assign", case.panel.pk)),
            client.post(at("panel_ask_assignment", case.panel.pk)),
            client.post(at("panel_assign_change", case.panel.pk, case.applications[0].pk), data),
        ):
            assert answer.status_code == 403
    assert not proposal.changes.exists()


@pytest.mark.database("opened")
def test_a_member_records_only_what_he_knows_himself() -> None:
    case = make.opened(1)
    mine, other = case.seats[0], case.seats[1]
    client = browser(mine.user)
    page = at("seat_expertise", case.panel.committee_id, mine.pk)
    assert client.post(page, {"languages": ["ar"]}).status_code == 302
    assert client.post(page, {"languages": ["xx"]}).status_code == 200
    assert (
        client.post(at("seat_expertise", case.panel.committee_id, other.pk), {"languages": ["ar"]}).status_code == 403
    )
    assert set(selectors.expertise(case.seats)) == {mine.pk}


@pytest.mark.database("opened")
def test_a_change_keeps_civil_society_s_share_and_conflicts() -> None:
    case = make.opened(1)
    out = case.seats[2:4]
    for holder in case.seats:
        kind = ConflictKind.HARD if holder in out else ConflictKind.NONE
        make.declare(holder, case.applications[0], kind, "family" if holder in out else "")
    proposal = computed(case.fresh())
    chosen = set(selectors.effective(proposal)[case.applications[0].pk])
    expert = next(one for one in case.seats if one.pk in chosen and not one.civil_society)
    free = next(one for one in case.seats if one.pk not in chosen and not one.civil_society)

    def change(before: Seat, after: Seat, reason: str = "سبب") -> None:
        proposals.change(
            proposal, case.applications[0], before=before, after=after, reason=reason, actor=make.officer()
        )

    with pytest.raises(Refused, match="civil society"):
        change(case.seats[0], free)
    with pytest.raises(Refused, match="recused"):
        change(expert, out[0])
    with pytest.raises(Refused, match="reason"):
        change(expert, free, "  ")
    with pytest.raises(Refused, match="proposed"):
        change(free, expert)
    change(expert, free)
    assert free.pk in selectors.effective(proposal)[case.applications[0].pk]


@pytest.mark.database("opened")
def test_what_leaves_no_assignment_is_said_in_words() -> None:
    case = make.opened(1)
    for holder in case.seats:
        kind = ConflictKind.HARD if holder.civil_society else ConflictKind.NONE
        make.declare(holder, case.applications[0], kind, "family" if kind == ConflictKind.HARD else "")
    proposal = computed(case.fresh())
    assert proposal.state == ProposalState.IMPOSSIBLE
    with override("en"):
        assert any("civil society" in text for text in selectors.shortages(proposal))
    page = browser(make.officer()).get(at("panel_assign", case.panel.pk)).content.decode()
    assert case.applications[0].reference in page


@pytest.mark.database("opened")
def test_a_later_conflict_makes_a_proposal_stale() -> None:
    case = make.declared(1)
    proposal = computed(case)
    scorer = Seat.objects.get(pk=selectors.effective(proposal)[case.applications[0].pk][0])
    make.declare(scorer, case.applications[0], ConflictKind.HARD, "family")
    with pytest.raises(Refused):
        proposals.adopt(proposal, actor=make.officer())
    assert not Assignment.objects.exists()
    assert AssignmentProposal.objects.get(pk=proposal.pk).state == ProposalState.PROPOSED


def test_silent_scorers_are_reminded_once_and_replaced_after_the_deadline() -> None:
    case = make.scoring(make.declared(1, alternates=1))
    due = Panel.objects.get(pk=case.panel.pk).scoring_due
    assert due is not None
    listed = make.assignments(case)
    silent = next(one for one in listed if one.seat.civil_society)
    for one in listed:
        if one != silent:
            make.score(one)
    assert silence.follow_up() == 0
    assert not Notice.objects.filter(kind="committees.scoring_reminder").exists()
    with time_machine.travel(due - timedelta(hours=3), tick=False):
        silence.follow_up()
        silence.follow_up()
    assert [one.user for one in Notice.objects.filter(kind="committees.scoring_reminder")] == [silent.seat.user]
    with time_machine.travel(due + timedelta(minutes=1), tick=False):
        assert silence.follow_up() == 1
        assert silence.follow_up() == 0
        given = make.assignments(case)
        assert [one.seat for one in given] == [case.alternates[0]]
        assert given[0].due_at > timezone.now()
        assert Notice.objects.filter(user=case.alternates[0].user, kind="committees.scoring_open").exists()


@pytest.mark.database("opened")
def test_where_nobody_can_step_in_the_secretariat_is_told_once() -> None:
    case = make.opened(1)
    for holder in case.seats[:2] + case.seats[4:5]:
        make.declare(holder, case.applications[0])
    with time_machine.travel(case.panel.declarations_due + timedelta(minutes=1), tick=False):
        case = make.scoring(case)
    panel = Panel.objects.get(pk=case.panel.pk)
    assert panel.scoring_due is not None
    with time_machine.travel(panel.scoring_due + timedelta(minutes=1), tick=False):
        assert silence.follow_up() == 0
        told = Notice.objects.filter(kind="committees.scorer_silent").count()
        assert told >= 3
        silence.follow_up()
        assert Notice.objects.filter(kind="committees.scorer_silent").count() == told


def test_a_charter_of_one_application_each_that_neither_reminds_nor_replaces() -> None:
    rules = charter.rules_without_passport()
    each = rules.scoring.assignment.model_copy(
        update={"most_applications": 1, "reminder_days": 0, "alternates_after_deadline": False}
    )
    wanted = rules.committee.inclusion
    nothing = {name: () if name == "north_east_governorates" else 0 for name in type(wanted).model_fields}
    charter.ratified_charter(
        rules.model_copy(
            update={
                "scoring": rules.scoring.model_copy(update={"assignment": each}),
                "committee": rules.committee.model_copy(update={"inclusion": wanted.model_copy(update=nothing)}),
            }
        )
    )
    case = make.declared(2)
    assert not Notice.objects.filter(kind="committees.inclusion_missed").exists(), "no target is missed"
    proposal = computed(case)
    chosen = selectors.effective(proposal)
    first, second = (chosen[one.pk] for one in case.applications)
    seats = {one.pk: one for one in case.seats}
    before, after = next(
        (seats[one], seats[other])
        for one in first
        for other in second
        if seats[one].civil_society == seats[other].civil_society
    )
    with pytest.raises(Refused, match="more applications than the charter allows"):
        proposals.change(proposal, case.applications[0], before=before, after=after, reason="سبب", actor=make.officer())
    panel = proposals.adopt(proposal, actor=make.officer())
    listed = make.assignments(case)
    assert {one.seat_id for one in listed} == {*first, *second}
    with time_machine.travel(panel.scoring_due - timedelta(hours=3), tick=False):
        silence.follow_up()
    assert not Notice.objects.filter(kind="committees.scoring_reminder").exists()
    with time_machine.travel(panel.scoring_due + timedelta(minutes=1), tick=False):
        assert silence.follow_up() == 0
    assert make.assignments(case) == listed, "who is silent keeps the application"
    assert Notice.objects.filter(user=make.officer(), kind="committees.scorer_silent").count() == len(listed)


@pytest.mark.database("opened")
def test_a_browser_without_a_session_sees_nothing() -> None:
    case = make.declared(1)
    for name in ("panel_assign", "panel_calibration", "panel_portfolio"):
        assert Client().get(at(name, case.panel.pk)).status_code == 302
