"""What is asked for twice, too early or of nobody: nothing happens, or it is refused in words."""

import pytest

from committees.models import Appeal, Assignment, Reopening
from committees.selectors import scores as score_selectors
from committees.services import appeals, conflicts, meetings, panels, proposals, reopening, waiting
from committees.services.committees import close_everything
from committees.states import AssignmentState, ItemState, PanelState, Presence, ProposalState, RecusalSource
from grants.models import Application
from grants.selectors import applications
from kernel.permissions import Refused
from tests.factories import committees as make
from tests.factories import grants

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
