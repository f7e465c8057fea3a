"""The story of the demonstration, played once through the real services: what a visitor will find."""

import pytest
from django.test import Client

from audit import fsck
from committees.models import AssignmentProposal, ComputedFacts, Decision, Recusal
from committees.states import AlertState, FactsKind, PanelState, ProposalState
from disbursements.states import TrancheState
from grants.models import Call, Feedback, Grant
from grants.states import CallState, GrantState
from ledger.selectors import trial_balance
from organisations.models import Organisation
from poolfund import demo
from transparency.selectors.rapid import rapid_window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_the_played_fund_is_whole_and_shows_every_part(client: Client) -> None:
    steps: list[str] = []
    links = demo.play(steps.append)

    assert len(steps) >= 8
    assert {call.state for call in Call.objects.all()} >= {CallState.DECIDED, CallState.IN_REVIEW, CallState.OPEN}
    two_years = Grant.objects.get(months=24)
    assert two_years.state == GrantState.ACTIVE
    assert [one.state for one in two_years.tranches.order_by("number")][:3] == [
        TrancheState.RECEIVED,
        TrancheState.REQUESTED,
        TrancheState.PLANNED,
    ]
    assert Grant.objects.filter(state=GrantState.CLOSED).count() == 1
    rejections = Feedback.objects.filter(outcome="rejected")
    assert [bool(one.strengths and one.criteria) for one in rejections] == [True, True]
    assert set(Organisation.objects.values_list("tier", flat=True)) == {"E", "H", "M"}

    # A recusal left six of seven: the quorum fell from five to four.
    quorums = {check["needed"] for one in Decision.objects.all() for check in one.checks if check["name"] == "quorum"}
    assert quorums == {3, 4, 5}
    assert Recusal.objects.count() >= 2

    # The alert in the night was decided and paid within its hours.
    (flood,) = [one for one in rapid_window().alerts if one.alert.state == AlertState.SETTLED]
    assert [(line.stage.name.value, line.stage.ended is not None, line.stage.missed) for line in flood.stages] == [
        (name, True, False) for name in ("answer", "proposals", "selection", "total", "payment")
    ]

    # What is computed and waits for people: an assignment, and a selection that departs from the plain order.
    assert AssignmentProposal.objects.get().state == ProposalState.PROPOSED
    assert ComputedFacts.objects.filter(kind=FactsKind.PORTFOLIO, panel__state=PanelState.DELIBERATING).exists()

    (books,) = trial_balance()
    assert books.debits == books.credits
    assert list(fsck.findings()) == []

    for link in links:
        assert client.get(link.path, follow=True).status_code == 200, link.title
        client.logout()
