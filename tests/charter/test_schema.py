"""`charter.schema` and `charter.defaults`: a charter that contradicts itself is refused, and told where."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from charter.defaults import default_rules
from charter.schema import CharterRules, Fraction, QuorumRules, RatificationRules, Words, differences, flatten, problems

RULES = default_rules()
Data = dict[str, Any]


def test_the_default_charter_survives_json() -> None:
    dumped = RULES.model_dump(mode="json")
    assert CharterRules.model_validate(json.loads(json.dumps(dumped))) == RULES
    assert CharterRules.model_validate_json(RULES.model_dump_json()) == RULES


def test_the_numbers_of_the_default_charter() -> None:
    assert RULES.tiers["M"].splits["24"] == (35, 30, 35)
    assert RULES.tiers["H"].retention_percent == 10
    assert RULES.tiers["E"].yearly_ceiling_minor == 1_500_000
    assert RULES.deadlines.screening_days == 3
    assert RULES.payments.third_approval_above_minor == 5_000_000
    assert RULES.refunds.waived_below_minor == 5_000
    assert RULES.scoring.scorers_needed(15_000_000) == 3
    assert RULES.scoring.scorers_needed(15_000_001) == 5


def test_every_criterion_speaks_arabic_and_english() -> None:
    assert [criterion.weight for criterion in RULES.scoring.criteria] == [20, 20, 20, 15, 10, 10, 5]
    for criterion in RULES.scoring.criteria:
        assert list(criterion.anchors) == ["0", "1", "2", "3", "4", "5"]
        for words in (criterion.name, criterion.question, *criterion.anchors.values()):
            assert re.search("[\u0600-\u06ff]", words.ar)
            assert not re.search("[\u0600-\u06ff]", words.en)
    assert RULES.scoring.criterion("need").name.en == "Need and relevance"
    with pytest.raises(KeyError):
        RULES.scoring.criterion("beauty")


def test_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RULES.scoring.fundable_from = 1  # type: ignore[misc]  # that is what is tested


def set_at(path: str, value: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        *parents, last = path.split(".")
        target: Any = data
        for part in parents:
            target = target[int(part)] if isinstance(target, list) else target[part]
        if isinstance(target, list):
            target[int(last)] = value
        else:
            target[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("tiers.M.splits.24", [35, 30, 34], "sum to 100 %, not 99 %"),
        ("tiers.L.splits.12", [81, 19], "the first is at most 80 %"),
        ("tiers.H.splits.12", [50, 41, 9], "holds the retention of 10 %"),
        ("tiers.E.splits.36", [40, 30, 30], "longer than the tier's 24 months"),
        ("tiers.M.splits", {"24": [50, 50]}, "up to 12 months are missing"),
        ("tiers.M.yearly_ceiling_minor", 10**10, "ceiling of a year"),
        ("tiers.M.score_from", 61, "gap or overlap at 60"),
        ("tiers.M.score_to", None, "both ends or none"),
        ("tiers.M.score_to", 10, "begins at or below its end"),
        ("tiers.L.score_to", 99, "end at 100"),
        ("organisations.ineligible_below_score", 30, "gap or overlap at 30"),
        ("scoring.criteria.0.weight", 21, "sum to 100, not 101"),
        ("scoring.criteria.0.key", "budget", "same key"),
        ("scoring.criteria.1.key", "taking_part", "participation criterion"),
        ("scoring.most_points", 6, "needs one anchor for each"),
        ("scoring.most_points", 0, "least number of points"),
        ("scoring.waitlist_from", 61, "waiting list begins"),
        ("scoring.criterion_floor_tenths", 51, "lies on the scale"),
        ("scoring.scorers_for_large", 2, "at least as many scorers"),
        ("scoring.tie_breaks", ["lot", "participation"], "end with the lot"),
        ("committee.seats_allowed", [7, 8], "odd"),
        ("committee.seats_allowed", [13], "cannot fill exactly 13 seats"),
        ("committee.seats_allowed", [5], "cannot fill exactly 5 seats"),
        ("committee.constituencies.civil_society.seats_from", 8, "least number of seats is above"),
        ("committee.constituencies.civil_society.civil_society", False, "one constituency at least"),
        ("committee.constituencies.civil_society.voting", False, "a civil-society seat votes"),
        ("committee.quorum.share", {"numerator": 1, "denominator": 2}, "more than half"),
        ("committee.quorum.minimum", 2, "greater than or equal to 3"),
        ("committee.civil_society_above_percent", 49, "greater than or equal to 50"),
        ("committee.decision.votes_cast_above_percent", 100, "less than 100"),
        ("ratification.share", {"numerator": 4, "denominator": 3}, "at most all"),
        ("organisations.size_bands.3.below_minor", 5, "only it, has no upper end"),
        ("organisations.size_bands.1.below_minor", 5, "from small to large"),
        ("grant_types.project.months_from", 19, "shortest duration"),
        ("budget.staff_most_percent_institutional", 50, "institutional"),
        ("changes.notify_up_to_percent", 21, "needs approval"),
        ("reports.overdue_calendar_days.tier_review", 10, "follow each other"),
        ("reserves.reserve_from_percent", 16, "least reserve"),
        ("payments.next_tranche_spent_percent", 101, "less than or equal to 100"),
        ("payments.next_tranche_spent_percent", 70.5, "valid integer"),
        ("payments.next_tranche_spent_percent", True, "valid integer"),
        ("payments.next_tranche_spent_percent", "70", "valid integer"),
        ("deadlines.screening_days", -1, "greater than or equal to 0"),
        ("deadlines.tea_days", 1, "Extra inputs"),
        ("currency", "usd", "pattern"),
        ("scoring.criteria.0.name.ar", "", "at least 1 character"),
    ],
)
def test_contradictions_are_refused(path: str, value: Any, sentence: str) -> None:
    data = RULES.model_dump(mode="json")
    set_at(path, value)(data)
    with pytest.raises(ValidationError) as caught:
        CharterRules.model_validate(data)
    found = problems(caught.value)
    assert any(sentence in message for _place, message in found), found
    assert all(not message.startswith("Value error") for _place, message in found)


def test_a_charter_of_before_is_read_and_binds_no_days_that_it_did_not_name() -> None:
    data = RULES.model_dump(mode="json")
    for kind in data["grant_types"].values():
        del kind["start_calendar_days"], kind["report_calendar_days"]
    rapid = CharterRules.model_validate(data).grant_types["rapid"]
    assert (rapid.most_days, rapid.start_calendar_days, rapid.report_calendar_days) == (45, None, None)


@pytest.mark.parametrize("path", ["tiers.M", "budget.categories.G", "grant_types.rapid"])
def test_parts_that_must_be_there(path: str) -> None:
    data = RULES.model_dump(mode="json")
    *parents, last = path.split(".")
    target = data
    for part in parents:
        target = target[part]
    del target[last]
    with pytest.raises(ValidationError):
        CharterRules.model_validate(data)


def test_a_civil_society_majority_must_be_possible() -> None:
    data = RULES.model_dump(mode="json")
    data["committee"]["constituencies"]["expert"] |= {"seats_from": 3, "seats_to": 3}
    data["committee"]["constituencies"]["civil_society"] |= {"seats_from": 3}
    with pytest.raises(ValidationError, match="civil society cannot reach its majority beside 4 other seats"):
        CharterRules.model_validate(data)


def test_problems_say_where() -> None:
    data = RULES.model_dump(mode="json")
    data["tiers"]["M"]["splits"]["24"] = [1, 1]
    with pytest.raises(ValidationError) as caught:
        CharterRules.model_validate(data)
    assert problems(caught.value) == [("tiers.M", "the tranches for up to 24 months sum to 100 %, not 2 %")]


@pytest.mark.parametrize(
    ("score", "tier"), [(0, None), (39, None), (40, "H"), (59, "H"), (60, "M"), (79, "M"), (80, "L"), (100, "L")]
)
def test_tier_for_score(score: int, tier: str | None) -> None:
    assert RULES.tier_for_score(score) == tier


@pytest.mark.parametrize(
    ("tier", "months", "split"),
    [
        ("E", 1, (70, 30)),
        ("E", 12, (70, 30)),
        ("E", 13, (40, 30, 20, 10)),
        ("M", 25, (25, 20, 20, 20, 15)),
        ("L", 36, (35, 35, 30)),
    ],
)
def test_split_for(tier: Any, months: int, split: tuple[int, ...]) -> None:
    assert RULES.tiers[tier].split_for(months) == split


def test_split_for_a_duration_that_the_tier_lacks() -> None:
    with pytest.raises(ValueError, match="no tranches for 25 months"):
        RULES.tiers["H"].split_for(25)


@pytest.mark.parametrize(
    ("spent", "band"),
    [(0, "micro"), (1_999_999, "micro"), (2_000_000, "small"), (15_000_000, "medium"), (100_000_000, "large")],
)
def test_size_band(spent: int, band: str) -> None:
    assert RULES.organisations.size_band(spent).key == band


@pytest.mark.parametrize(("networks", "needed"), [(0, 3), (3, 3), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6)])
def test_ratification_needs_two_thirds_and_three(networks: int, needed: int) -> None:
    rules = RatificationRules(share=Fraction(numerator=2, denominator=3), minimum=3)
    assert rules.needed(networks) == needed


@pytest.mark.parametrize(("eligible", "needed"), [(1, 3), (3, 3), (4, 3), (5, 4), (6, 4), (7, 5), (8, 6), (9, 6)])
def test_quorum_needs_two_thirds_and_three(eligible: int, needed: int) -> None:
    assert QuorumRules(share=Fraction(numerator=2, denominator=3), minimum=3).needed(eligible) == needed


def test_words_fall_back_to_arabic() -> None:
    words = Words(ar="حاجة", en="Need")
    assert (words.in_language("en"), words.in_language("ku"), words.in_language("fr")) == ("Need", "حاجة", "حاجة")
    assert words.in_language("model_dump") == "حاجة"


def test_differences() -> None:
    data = copy.deepcopy(RULES.model_dump(mode="json"))
    data["scoring"]["fundable_from"] = 65
    data["tiers"]["M"]["splits"]["12"] = [50, 30, 20]
    assert differences(RULES, CharterRules.model_validate(data)) == [
        ("scoring.fundable_from", 60, 65),
        ("tiers.M.splits.12.0", 60, 50),
        ("tiers.M.splits.12.1", 40, 30),
        ("tiers.M.splits.12.2", None, 20),
    ]
    assert differences(RULES, RULES) == []
    assert flatten(RULES)["currency"] == "USD"
