"""Capacity: own answers, the assessor's levels, others' assessments, the plan, contests, performance."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.roles import Role
from audit import fsck
from charter.defaults import default_rules
from kernel import identity
from kernel.permissions import Refused
from kernel.work import work_for
from notices.models import Notice
from organisations import capacity, rules, services
from organisations.models import (
    CapacityAnswer,
    CapacityContest,
    Improvement,
    ImprovementShowing,
    Organisation,
    OutsideAssessment,
    PerformanceRecord,
)
from organisations.selectors import capacity as selectors
from organisations.services import OwnAnswer
from organisations.states import CapacitySection
from tests.factories import accounts, charter, files
from tests.factories import organisations as made

RULES = default_rules()
ASKED = RULES.capacity
TABLES = (CapacityAnswer, OutsideAssessment, Improvement, ImprovementShowing, CapacityContest, PerformanceRecord)


class TestArithmetic:
    @given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 9)), min_size=1, max_size=9))
    def test_a_mean_lies_between_its_parts_and_moves_with_them(self, parts: list[tuple[int, int]]) -> None:
        found = capacity.mean(parts)
        assert min(value for value, _weight in parts) <= found <= max(value for value, _weight in parts)
        assert capacity.mean([(value, 7 * weight) for value, weight in parts]) == found

    def test_a_section_counts_levels_by_weight(self) -> None:
        weights = {"a": 1, "b": 3}
        assert capacity.section_score({"a": 3, "b": 3}, weights, top=3) == 100
        assert capacity.section_score({"a": 3, "b": 0}, weights, top=3) == 25
        assert capacity.section_score({"a": 0, "b": 2}, weights, top=3) == 50

    @pytest.mark.parametrize(
        ("score", "grants", "index"),
        [
            (80, [], 80), (None, [], None), (80, [50], 68), (80, [50, 50], 59), (80, [50, 40, 60], 50),
            (80, [40, 40, 40, 40], 40), (None, [90], 90),
        ],
    )  # fmt: skip
    def test_performance_takes_over_as_grants_close(self, score: Any, grants: list[int], index: Any) -> None:
        assert capacity.performance_index(score, grants, (100, 60, 30, 0)) == index

    def test_a_report_loses_points_for_days_and_returns_and_never_more_than_it_has(self) -> None:
        day = timezone.localdate()
        points = {"late_day": 2, "per_return": 10}
        assert capacity.report_points(due=day, sent=day - timedelta(days=9), returns=0, **points) == 100
        assert capacity.report_points(due=day, sent=day + timedelta(days=5), returns=1, **points) == 80
        assert capacity.report_points(due=day, sent=day + timedelta(days=99), returns=3, **points) == 0


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def adopted(standing: None) -> None:
    """A charter with the default questionnaire, for all tests of this module."""
    charter.ratified_charter(RULES)


def at(name: str, organisation: Organisation, *more: Any) -> str:
    return reverse(f"organisations:{name}", args=[organisation.pk, *more])


def officer() -> User:
    return made.colleague(Role.PROGRAMME_OFFICER)


def levels(level: int) -> dict[str, int]:
    return dict.fromkeys(ASKED.questions, level)


def reviewed(organisation: Organisation, level: int = 2, **fields: Any) -> Any:
    said = {"levels": levels(level), "findings": {}, "way": "desk", "visited_on": None, "advice": "توثيق المشتريات."}
    return services.review_capacity(organisation, **{**said, "actor": officer(), **fields})


def outside_given(organisation: Organisation, **fields: Any) -> OutsideAssessment:
    today = timezone.localdate()
    said = {
        "funder": "صندوق المثال", "assessed_on": today - timedelta(days=100), "valid_until": today + timedelta(days=500),
        "file": files.pdf(unlike=uuid.uuid4().int % 10**6), "actor": made.signatory_of(organisation),
    }  # fmt: skip
    return services.give_outside(organisation, **{**said, **fields})


def test_an_organisation_answers_by_section_and_only_what_changed_is_another_row() -> None:
    organisation = made.cleared_organisation()
    signatory = made.signatory_of(organisation)
    client, page = accounts.browser_of(signatory), at("capacity_section", organisation, "finance")
    assert [one.title for one in work_for(signatory) if "capacity" in one.url] == [organisation.name]
    keys = list(ASKED.asked_in("finance"))
    posted: dict[str, Any] = {f"{key}-level": "2" for key in keys} | {f"{key}-text": "" for key in keys}
    missing = client.post(page, {**posted, f"{keys[0]}-level": ""})
    assert missing.status_code == 200
    assert not CapacityAnswer.objects.exists()
    client.post(page, {**posted, f"{keys[0]}-file": files.pdf(unlike=7)})
    client.post(page, {**posted, f"{keys[1]}-level": "3"})
    assert CapacityAnswer.objects.filter(organisation=organisation).count() == len(keys) + 1
    latest = selectors.latest_answers(organisation)
    assert (latest[keys[0]].level, latest[keys[1]].level) == (2, 3)
    paper = latest[keys[0]]
    answer = client.get(at("capacity_document", organisation, paper.pk))
    assert answer.status_code == 200
    assert answer.getvalue().startswith(b"%PDF")
    assert answer["Cache-Control"] == "private, no-store"
    shown = client.get(at("capacity", organisation)).content.decode()
    assert f"{len(keys)} of {len(keys)} answered" in shown
    # The paper stays when words change; a stranger finds nothing; what the charter does not ask is refused.
    services.answer_section(organisation, "finance", {keys[0]: OwnAnswer(3, "نعم")}, actor=signatory)
    assert selectors.latest_answers(organisation)[keys[0]].sha256 == paper.sha256
    other = made.registered_organisation()
    stranger = accounts.browser_of(made.signatory_of(other))
    for name, more in (("capacity", ()), ("capacity_section", ("finance",)), ("capacity_document", (paper.pk,))):
        assert stranger.get(at(name, organisation, *more)).status_code == 404
    assert stranger.get(at("capacity_document", other, paper.pk)).status_code == 404
    for key, level in (("books_kept", 9), ("unheard", 1), ("people_decide", 1)):
        with pytest.raises(Refused):
            services.answer_section(organisation, "finance", {key: OwnAnswer(level)}, actor=signatory)
    with pytest.raises(Refused):
        services.answer_section(organisation, "finance", {"books_kept": OwnAnswer(0)}, actor=officer())
    assert client.get(at("capacity_section", organisation, "nothing")).status_code == 404


def test_the_assessor_gives_levels_and_the_charters_weights_the_score() -> None:
    organisation = made.cleared_organisation()
    services.answer_section(
        organisation, "finance", {"books_kept": OwnAnswer(3, "دفتر يومي")}, actor=made.signatory_of(organisation)
    )
    client, page = accounts.browser_of(officer()), at("assess", organisation)
    assert "دفتر يومي" in client.get(page).content.decode()
    posted: dict[str, Any] = {f"level-{key}": "3" for key in ASKED.questions} | {"way": "visit", "advice": "حسنٌ"}
    posted |= {f"level-{key}": "0" for key in ASKED.asked_in("finance")} | {"finding-finance": "لا دفتر"}
    assert "on which day you visited" in client.post(page, posted).content.decode()
    assert client.post(page, {**posted, "visited_on": timezone.localdate().isoformat()}).status_code == 302
    organisation.refresh_from_db()
    assert organisation.capacity_score == 80  # finance weighs 20 of 100
    assessment = organisation.assessments.get()
    assert (assessment.sections["finance"], assessment.findings) == (0, {"finance": "لا دفتر"})
    # The organisation reads it with the decision, then all of it.
    own = accounts.browser_of(made.signatory_of(organisation))
    assert "لا دفتر" not in own.get(at("capacity", organisation)).content.decode()
    services.decide_eligible(organisation, actor=made.colleague(Role.FUND_MANAGER), reason="حسب الجدول")
    assert "لا دفتر" in own.get(at("capacity", organisation)).content.decode()
    with pytest.raises(Refused):
        reviewed(made.cleared_organisation(), levels={"books_kept": 1})
    with pytest.raises(Refused):
        reviewed(made.cleared_organisation(), way="visit")


def test_another_funders_assessment_is_recognised_by_two_people_and_its_parts_are_not_asked_again() -> None:
    organisation = made.cleared_organisation()
    today = timezone.localdate()
    for bad in (
        {"assessed_on": today - timedelta(days=1000)}, {"assessed_on": today + timedelta(days=1)},
        {"valid_until": today - timedelta(days=1)}, {"actor": officer()},
    ):  # fmt: skip
        with pytest.raises(Refused):
            outside_given(organisation, **bad)
    outside = outside_given(organisation)
    first, second = officer(), made.colleague(Role.FUND_MANAGER)
    assert at("read_outside_assessment", organisation, outside.pk) in {one.url for one in work_for(first)}
    with translation.override("en"), pytest.raises(Refused, match="60%"):
        services.read_outside(outside, sections={"finance": 90}, actor=first)
    covered = dict.fromkeys(["governance", "programme", "finance", "procurement"], 75)
    page = at("read_outside_assessment", organisation, outside.pk)
    both = {f"section_{key}": "75" for key in covered} | {"reason": "لا"}
    assert accounts.browser_of(first).post(page, both).status_code == 200
    assert accounts.browser_of(first).post(page, {**both, "reason": ""}).status_code == 302
    with pytest.raises(Refused):
        services.recognise_outside(outside, sections=covered, actor=first)
    with pytest.raises(Refused):
        services.recognise_outside(outside, sections={**covered, "finance": 99}, actor=second)
    judge = at("judge_outside_assessment", organisation, outside.pk)
    assert accounts.browser_of(first).get(judge).status_code == 403
    assert accounts.browser_of(second).post(judge, {"decision": "yes"}).status_code == 302
    outside.refresh_from_db()
    assert outside.decided_by_id == second.pk
    form = accounts.browser_of(first).get(at("assess", organisation)).content.decode()
    assert "level-books_kept" not in form
    assert "not asked again" in form
    assessment = reviewed(organisation, 0, levels={"hired_openly": 0, **levels(0)})
    assert assessment.score == 45  # 60 of 100 at 75
    assert set(assessment.recognised) == set(covered)
    assert "books_kept" not in assessment.levels
    refused = services.refuse_outside(outside_given(organisation), reason="غير موقّع", actor=first)
    assert refused.state == "refused"
    assert Notice.objects.filter(kind="organisations.outside_refused").exists()
    with time_machine.travel(timezone.now() + timedelta(days=501)):
        assert selectors.covered_sections(organisation) == {}


def test_the_plan_is_seen_by_both_done_with_evidence_and_judged_as_read() -> None:
    organisation = made.eligible_organisation()
    signatory, assessor = made.signatory_of(organisation), officer()
    until = timezone.localdate() + timedelta(days=60)
    said = {"section": "finance", "what": "مطابقة شهرية", "due_on": until.isoformat()}
    assert accounts.browser_of(assessor).post(at("agree_improvement", organisation), said).status_code == 302
    point = Improvement.objects.get()
    assert at("show_improvement", organisation, point.pk) in {one.url for one in work_for(signatory)}
    own = accounts.browser_of(signatory)
    assert "مطابقة شهرية" in own.get(at("capacity", organisation)).content.decode()
    page = at("show_improvement", organisation, point.pk)
    assert own.post(page, {"text": "طابقنا", "file": files.pdf(unlike=3)}).status_code == 302
    point.refresh_from_db()
    first = point.showing_id
    assert first is not None
    assert at("judge_improvement", organisation, point.pk) in {one.url for one in work_for(assessor)}
    services.judge_improvement(point, confirmed=False, showing=first, reason="الورقة ناقصة", actor=assessor)
    services.show_improvement(point, text="أكملنا", actor=signatory)
    with pytest.raises(Refused):
        services.judge_improvement(point, confirmed=True, showing=first, reason="", actor=assessor)
    client, judge = accounts.browser_of(assessor), at("judge_improvement", organisation, point.pk)
    assert client.post(judge, {"decision": "yes", "read": "x"}).status_code == 200
    point.refresh_from_db()
    assert client.post(judge, {"decision": "yes", "read": str(point.showing_id)}).status_code == 302
    point.refresh_from_db()
    assert point.state == "confirmed"
    for other, person, day in (
        (organisation, assessor, timezone.localdate()), (organisation, signatory, until),
        (made.cleared_organisation(), assessor, until),
    ):  # fmt: skip
        with pytest.raises(Refused):
            services.agree_improvement(other, section="staff", what="x", due_on=day, actor=person)
    # The second wall: nobody but its people and the offices read any of it.
    services.contest(organisation, grounds="نرى غير ذلك", actor=signatory)
    outside_given(organisation)
    for person, sees in ((signatory, True), (made.signatory_of(made.registered_organisation()), False)):
        with identity.person(person.pk):
            assert all(
                model.objects.exists() == sees for model in TABLES if model not in {CapacityAnswer, PerformanceRecord}
            )


def test_a_contest_is_decided_by_another_person_and_the_tier_follows() -> None:
    organisation = made.eligible_organisation("H")
    signatory, decider = made.signatory_of(organisation), made.colleague(Role.FUND_MANAGER)
    page = at("contest_capacity", organisation)
    assert accounts.browser_of(made.preparer_of(organisation)).get(page).status_code == 403
    assert accounts.browser_of(signatory).post(page, {"grounds": "الدفاتر كاملة، والمرفق يثبت."}).status_code == 302
    contest = CapacityContest.objects.get()
    with pytest.raises(Refused):
        services.contest(organisation, grounds="مرة أخرى", actor=signatory)
    scores = dict.fromkeys(CapacitySection.values, 70)
    for nobody in (decider, officer(), signatory, accounts.officer(Role.FINANCE_OFFICER)):
        with pytest.raises(Refused):
            services.uphold_contest(contest, sections=scores, reason="نعم", actor=nobody)
    another = accounts.officer(Role.BOARD_MEMBER)
    assert at("decide_contest", organisation) in {one.url for one in work_for(another)}
    with translation.override("en"), pytest.raises(Refused, match="gives no tier"):
        services.uphold_contest(contest, sections=dict.fromkeys(scores, 0), reason="x", actor=another)
    said = {f"section_{key}": "70" for key in scores} | {"decision": "uphold", "reason": "الدفاتر كاملة"}
    assert accounts.browser_of(another).post(at("decide_contest", organisation), said).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.state, organisation.tier, organisation.capacity_score) == ("eligible", "M", 70)
    assert organisation.assessments.count() == 2
    assert "الدفاتر كاملة" in accounts.browser_of(signatory).get(at("capacity", organisation)).content.decode()
    with pytest.raises(Refused):
        services.contest(organisation, grounds="وأيضاً", actor=signatory)
    # Found ineligible by its score: an upheld contest makes it eligible. Dismissed: nothing changes. Late: refused.
    low = made.assessed_organisation(30)
    low = services.find_ineligible(low, actor=decider, reason="الدرجة")
    with time_machine.travel(timezone.now() + timedelta(days=40)), pytest.raises(Refused):
        services.contest(low, grounds="متأخر", actor=made.signatory_of(low))
    services.uphold_contest(
        services.contest(low, grounds="خطأ", actor=made.signatory_of(low)),
        sections={"finance": 100, "governance": 100}, reason="صحيح", actor=another,
    )  # fmt: skip
    low.refresh_from_db()
    assert (low.state, low.tier) == ("eligible", "H")
    assert low.eligible_until is not None
    other = made.eligible_organisation("H")
    contested = services.contest(other, grounds="لا", actor=made.signatory_of(other))
    assert services.dismiss_contest(contested, reason="لا دليل", actor=another).state == "dismissed"
    other.refresh_from_db()
    assert other.tier == "H"
    assert list(fsck.findings()) == []


def test_closed_grants_move_the_tier_as_the_charter_says_and_by_the_fund_manager_alone() -> None:
    organisation = made.eligible_organisation("M")
    manager = made.colleague(Role.FUND_MANAGER)
    with pytest.raises(Refused):
        services.change_tier(organisation, reason="نعم", actor=manager)
    for n, score in enumerate((95, 100), start=1):
        grant = uuid.uuid4()
        for _twice in range(2):
            services.take_performance(organisation, grant_id=grant, reference=f"GR-{n}", score=score)
    assert rules.index_of(organisation, RULES) == (90, 2)  # 30 % of 70 and 70 % of 98
    assert at("change_tier", organisation) in {one.url for one in work_for(manager)}
    assert accounts.browser_of(officer()).get(at("change_tier", organisation)).status_code == 403
    assert (
        accounts.browser_of(manager).post(at("change_tier", organisation), {"reason": "أداء ممتاز"}).status_code == 302
    )
    organisation.refresh_from_db()
    assert organisation.tier == "L"
    shown = accounts.browser_of(made.signatory_of(organisation)).get(at("capacity", organisation)).content.decode()
    assert "after 2 closed grants" in shown
    for n in range(3, 6):
        services.take_performance(organisation, grant_id=uuid.uuid4(), reference=f"GR-{n}", score=10)
    assert rules.tier_by_performance(organisation, RULES) == "M"
    weak = made.eligible_organisation("H")
    for n in range(6, 9):
        services.take_performance(weak, grant_id=uuid.uuid4(), reference=f"GR-{n}", score=10)
    assert rules.tier_by_performance(weak, RULES) == rules.ON_HOLD
    with pytest.raises(Refused):
        services.change_tier(weak, reason="نعم", actor=manager)
