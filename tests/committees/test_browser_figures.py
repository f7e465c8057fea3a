"""The pages of assignment and figures in Chromium, in Arabic and English, on a phone and on a desk."""

from typing import Any

import pytest

from audit import outbox
from committees.models import ComputedFacts
from committees.services import figures, proposals
from committees.states import FactsKind
from tests.accessibility import look
from tests.committees.test_pages import at
from tests.factories import committees as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def told(case: make.Case) -> None:
    """Figures of a call with enough scorecards, in the place of those of two applications."""
    found = {one.kind: one for one in ComputedFacts.objects.all()}
    calibration = found[FactsKind.CALIBRATION].facts
    calibration |= {"thin": "", "severity_deviation": "4.20", "chance_deviation": "5.10"}
    first, second = (str(one.pk) for one in case.applications)
    for number, one in enumerate(calibration["scorers"].values()):
        one |= {"points": f"{number - 2:+.2f}", "error": "1.40", "scorecards": 12, "told": number > 0, "moves": []}
    one["moves"] = [{"application": first, "before": "within_envelope", "after": "waitlist"}]
    calibration["adjusted"][second]["crosses"] = "waitlist"
    portfolio = found[FactsKind.PORTFOLIO].facts
    portfolio |= {
        "deviations": [
            {"application": first, "awarded": False, "rules": ["small_and_micro", "women_led"]},
            {"application": second, "awarded": True, "rules": ["fill"]},
        ],
        "nil": ["SY08"],
        "gap": "0.40",
    }
    for kind, facts in ((FactsKind.CALIBRATION, calibration), (FactsKind.PORTFOLIO, portfolio)):
        figures._keep(case.panel, kind, facts, "0" * 64)


def test_pages_of_assignment_and_figures(page: Any, live_server: Any) -> None:
    case = make.declared(2)
    officer = make.officer()
    proposals.record_expertise(case.seats[0], languages=["ar", "ku"], sectors=["wash", "health"], actor=officer)
    proposal = proposals.ask(case.panel, actor=officer)
    outbox.drain()
    change = at("panel_assign_change", case.panel.pk, case.applications[0].pk)
    expertise = at("seat_expertise", case.panel.committee_id, case.seats[0].pk)
    assert look(page, live_server, officer, [at("panel_assign", case.panel.pk), change, expertise]) == []
    proposals.adopt(proposal, actor=officer)
    case = make.deliberating(case.fresh())
    outbox.drain()
    told(case)
    names = ["panel_ranking", "panel_calibration", "panel_portfolio"]
    assert look(page, live_server, officer, [at(name, case.panel.pk) for name in names]) == []
