"""Figures on scores: computed by the worker, kept with hashes, shown to whom nothing is hidden; and what they demand."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils.translation import override

from audit import lifecycle, outbox
from committees import events
from committees.models import AgendaItem, Assignment, ComputedFacts, Decision, Panel
from committees.scoring import within_variance
from committees.selectors import figures as selectors
from committees.selectors import scores as score_selectors
from committees.services import agenda, panels, scores, votes
from committees.states import ConflictKind, FactsKind
from kernel.permissions import Refused
from tests.committees.test_pages import at, browser
from tests.factories import committees as make

pytestmark = [pytest.mark.django_db, pytest.mark.database("scoring_two")]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are read in English."""
    with override("en"):
        yield


def scored(points: dict[int, list[int]]) -> make.Case:
    """A call whose applications got these points, scorer by scorer, the window closed and the figures computed."""
    case = make.scoring(number=len(points))
    for number, listed in points.items():
        for one, given in zip(make.assignments(case, case.applications[number]), listed, strict=True):
            make.score(one, given)
    panels.close_scoring(case.panel, actor=make.officer())
    outbox.drain()
    return case.fresh()


def test_the_worker_keeps_figures_with_their_hashes_and_nothing_twice() -> None:
    case = scored({0: [4, 4, 3], 1: [3, 3, 4]})
    kept = {one.kind: one for one in ComputedFacts.objects.all()}
    assert set(kept) == {FactsKind.CALIBRATION, FactsKind.PORTFOLIO}
    calibration = kept[FactsKind.CALIBRATION].facts
    assert calibration["thin"] == "too_few"
    assert set(calibration["adjusted"]) == {str(one.pk) for one in case.applications}
    assert {one["told"] for one in calibration["scorers"].values()} == {False}
    assert all(len(one.sha256) == 64 for one in kept.values())
    outbox.put("committees.compute_figures", {"panel": str(case.panel.pk)}, dedupe_key="again")
    outbox.drain()
    assert ComputedFacts.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        ComputedFacts.objects.update(sha256="0" * 64)


def test_pages_show_figures_but_severities_only_to_the_secretariat() -> None:
    case = scored({0: [4, 4, 4], 1: [3, 3, 4]})
    scorer = Assignment.objects.filter(application=case.applications[0]).select_related("seat__user")[0].seat.user
    officer, member = browser(make.officer()), browser(case.seats[6].user)
    for page in ("panel_ranking", "panel_calibration", "panel_portfolio"):
        assert officer.get(at(page, case.panel.pk)).status_code == 200
        assert member.get(at(page, case.panel.pk)).status_code == 200
    assert scorer.full_name in officer.get(at("panel_calibration", case.panel.pk)).content.decode()
    assert scorer.full_name not in member.get(at("panel_calibration", case.panel.pk)).content.decode()


def test_who_is_recused_from_one_application_sees_no_figure_of_the_call() -> None:
    case = scored({0: [4, 4, 4], 1: [3, 3, 4]})
    out = case.seats[6]
    make.declare(out, case.applications[0], ConflictKind.HARD, "family")
    outbox.drain()
    client = browser(out.user)
    for page in ("panel_calibration", "panel_portfolio"):
        assert client.get(at(page, case.panel.pk)).status_code == 404
    answer = client.get(at("panel_ranking", case.panel.pk))
    assert answer.context["adjusted"] == {}
    assert selectors.visible_to(out.user, case.panel, FactsKind.PORTFOLIO) is None


def test_a_changed_scorecard_brings_new_figures() -> None:
    case = scored({0: [4, 4, 4], 1: [3, 3, 4]})
    meeting = make.open_meeting(case)
    make.discussed(meeting, case.applications[0])
    one = Assignment.objects.filter(application=case.applications[0]).select_related("seat__user")[0]
    scores.submit(one, make.judgement(case.applications[0], 2), actor=one.seat.user, reason="أقنعني النقاش.")
    outbox.drain()
    assert ComputedFacts.objects.filter(kind=FactsKind.CALIBRATION).count() == 2
    found = selectors.latest(case.panel, FactsKind.CALIBRATION)
    assert found is not None
    assert found.facts["alpha"] != ComputedFacts.objects.earliest("recorded_at").facts["alpha"]


def test_who_lie_far_apart_are_discussed_before_the_vote() -> None:
    case = scored({0: [5, 5, 2], 1: [4, 4, 4]})
    meeting = make.open_meeting(case)
    item = make.item_of(meeting, case.applications[0])
    chair = make.presiding(item)
    item = agenda.discuss(item, actor=chair)
    assert item.must_discuss
    with pytest.raises(Refused, match="far apart"):
        votes.open_voting(item, actor=chair)
    # PostgreSQL asks as well.
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(state="voting", leaf=F("leaf"))
    amount = case.applications[0].requested_minor
    item = agenda.minute(item, proposed_minor=amount, conditions=[], discussion="ناقشنا الفرق.", actor=chair)
    assert votes.open_voting(item, actor=chair).state == "voting"
    calm = make.item_of(meeting, case.applications[1])
    assert not calm.must_discuss


@pytest.mark.database("fund")
def test_what_is_far_is_far_for_the_call() -> None:
    case = scored({0: [4, 4, 4], 1: [4, 4, 4], 2: [3, 3, 3], 3: [5, 4, 4]})
    panel = Panel.objects.get(pk=case.panel.pk)
    results = score_selectors.results(panel.call, case.applications)
    assert within_variance(one.totals for one in results.values()) == score_selectors.usual_variance(panel.call)
    # Twenty points apart are no alarm by themselves, but nobody else in this call lies apart at all.
    assert results[case.applications[3].pk].alarm.raised
    assert not results[case.applications[0].pk].alarm.raised


def test_a_departure_from_the_rank_needs_its_reason_in_the_database_too() -> None:
    case = scored({0: [4, 4, 4], 1: [3, 3, 4]})
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "reject", deviation="المنظمة سحبت شريكها.")
    made = Decision.objects.get()
    assert made.placement == "within_envelope"
    assert made.proposed is (
        str(made.application_id) in selectors.latest(case.panel, FactsKind.PORTFOLIO).facts["awards"]
    )  # type: ignore[union-attr]
    item = make.voting(meeting, case.applications[1])
    make.vote(item, {one: "reject" for one in case.seats if str(one.pk) in item.voters})
    closed = votes.close_voting(item, actor=make.presiding(item)).item
    silent = Decision(
        item=closed,
        application=closed.application,
        outcome="reject",
        panel_mean=made.panel_mean,
        rank=2,
        tally=closed.tally,
        checks=closed.checks,
        strengths="مشاركة.",
        weaknesses="خطة قصيرة.",
        advice="قيسوا النتيجة.",
        placement="within_envelope",
    )
    event = events.DecisionMade(
        application=closed.application_id, outcome="reject", amount_minor=0, currency="USD", tally={}, checks={}
    )
    with pytest.raises(IntegrityError, match="departure_from_rank_has_a_reason"), transaction.atomic():
        lifecycle.create(silent, event, actor=make.presiding(closed))
