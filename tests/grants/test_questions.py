"""The language of forms: expressions, patterns, what is asked and what is reckoned. Nothing here needs a database."""

import re
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.questions import patterns
from grants.questions.expressions import ExpressionError, Scope, parse
from grants.questions.forms import CALCULATED, GROUP, MOST_DEEP, NOTE, PAGE, REPEAT, Form, Item
from grants.questions.patterns import PatternError, compiled
from grants.questions.values import as_number, as_text, number_text

ANSWERS: dict[str, Any] = {
    "people": "120",
    "women": Decimal(70),
    "kind": "water health",
    "empty": "",
    "start": "2026-03-01",
    "end": "2026-09-01",
    "costs": ("10", "2.5", ""),
}


def value(source: str, this: Any = "") -> Any:
    return parse(source).value(Scope(ANSWERS.__getitem__, this, date(2026, 1, 2)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${people} > 100 and ${women} * 2 >= ${people}", True),
        ("selected(${kind}, 'water') and not(selected(${kind}, 'wat'))", True),
        ("count-selected(${kind})", Decimal(2)),
        ("sum(${costs})", Decimal("12.5")),
        ("count(${costs})", Decimal(2)),
        ("if(${women} div ${people} > 0.5, 'most', 'some')", "most"),
        ("1 + 2 * 3 - -4", Decimal(11)),
        ("7 mod 4", Decimal(3)),
        ("1 div 0", None),
        ("${empty} + 1", None),
        ("coalesce(${empty}, 0) + 1", Decimal(1)),
        ("${empty} = ''", True),
        ("${empty} = 0", False),
        ("${end} > ${start}", True),
        ("${end} - ${start}", Decimal(184)),
        ("today() < ${start}", True),
        ("string-length(.) <= 3", True),
        ("regex(., '^[A-Z]{2}\\d+$')", True),
        ("round(2.345, 2)", Decimal("2.35")),
        ("max(3, ${women}, ${costs})", Decimal(70)),
        ("concat('a', 1, true())", "a1true"),
        ("'x' != 'y' or 1 = 2", True),
        ("${costs} > 9", True),
        ("(((1)))", Decimal(1)),
        ("true() + 1", Decimal(2)),
        ("true() = 'x'", True),
        ("false() = ''", True),
        ("1 div 0 = 1", False),
        ("${costs} and 'x'", True),
        ("'' or 0", False),
        ("round(2.5, 11)", None),
        ("round('much')", None),
    ],
)
def test_an_expression_comes_to_its_value(source: str, expected: Any) -> None:
    assert value(source, "SY7" if "regex" in source else "abc") == expected


@pytest.mark.parametrize(
    ("source", "code", "what"),
    [
        ("", "empty", ""),
        ("pulldata('list', 'a')", "function", "pulldata()"),
        ("../x = 1", "path", ".."),
        ("/data/x", "path", "/"),
        ("jr:choice-name(1)", "path", ":"),
        ("people > 1", "path", "people"),
        ("${a b} = 1", "path", "${a b}"),
        ("1 +", "unfinished", ""),
        ("(1", "unfinished", ")"),
        ("1 2", "unfinished", "2"),
        ("'abc", "character", "'"),
        ("# 1", "character", "#"),
        ("selected(${a})", "arguments", "selected()"),
        ("regex(., ${a})", "literal_pattern", "regex()"),
        ("regex(., '(a)\\1')", "pattern", "\\1"),
        ("regex(., '(?=a)')", "pattern", "(?="),
        ("regex(., '(a{90}){90}')", "pattern", "{}"),
        ("(" * 90 + "1" + ")" * 90, "deep", ""),
        ("+".join("1" * 500), "deep", ""),
        ("1" * 3000, "too_long", "2000"),
        ("1" * 31, "too_long", "1" * 30),
        ("sum(1 2)", "unfinished", "2"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(source: str, code: str, what: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(source)
    assert (refused.value.code, refused.value.what) == (code, what)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*"()+-*<>=.,'1 ", "${a}", "and", "sum(", "if("]), max_size=25).map("".join)
)
def test_any_text_is_an_expression_or_refused(source: str) -> None:
    try:
        read = parse(source)
    except ExpressionError:
        return
    assert isinstance(as_text(read.value(Scope(lambda _name: ("1", "x"), "2"))), str)


_numbers = st.integers(-(10**6), 10**6)


@given(_numbers, _numbers, st.sampled_from(["+", "-", "*", "<", "<=", ">", ">=", "=", "!="]))
def test_arithmetic_is_pythons(left: int, right: int, sign: str) -> None:
    found = parse(f"${{a}} {sign} ${{b}}").value(Scope({"a": str(left), "b": Decimal(right)}.__getitem__))
    expected = eval(f"left {sign.replace('=', '==') if sign == '=' else sign} right")
    assert found == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_number_survives_its_text(number: Decimal) -> None:
    assert as_number(number_text(number)) == number


_pieces = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", ".", r"\d", r"\w", "(a|b)", "(?:ab)", "a?", "b*", "(ab)+", "a{2}", "b{1,3}", "a{2,}"]
)


@settings(max_examples=200)
@given(st.lists(_pieces, min_size=1, max_size=6).map("".join), st.text("ab1 ", max_size=8))
def test_a_pattern_matches_as_pythons_do(pattern: str, text: str) -> None:
    assert compiled(pattern).matches(text) == bool(re.fullmatch(pattern, text, re.ASCII))


def test_patterns_read_digits_of_any_script() -> None:
    assert compiled(r"09\d{8}").matches("٠٩٣٣١٢٣٤٥٦")
    assert compiled("[٠-٩]+").matches("42")
    assert not compiled("^[ء-ي ]+$").matches("x")


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"a\tb", "a\tb", True),
        (r"[\d\t]+", "4\t2", True),
        (r"[!-\]]+", "[A]", True),
        (r"[\--/]", ".", True),
        (r"[\--/]", "-", True),
        ("[^a-c]", "b", False),
        ("a*?b+?", "aab", True),
    ],
)
def test_what_is_escaped_or_ranged_means_what_it_does_elsewhere(pattern: str, text: str, matches: bool) -> None:
    assert compiled(pattern).matches(text) == matches == bool(re.fullmatch(pattern, text))


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("(a", "("),
        ("(" * 500, "("),
        ("[[:alpha:]]", "[:"),
        ("[z-a]", "z-a"),
        (r"[\q]", "\\q"),
        (r"\q", "\\q"),
        ("a{x}", "{x"),
        ("a{3,1}", "{3,1}"),
        ("a**", "*"),
        ("*a", "*"),
    ],
)
def test_a_pattern_that_is_not_understood_names_its_part(pattern: str, what: str) -> None:
    with pytest.raises(PatternError) as refused:
        compiled(pattern)
    assert refused.value.what == what


def test_a_pattern_that_may_remember_nothing_still_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_MOST_REMEMBERED", 0)
    pattern = patterns.Pattern("(ab|c)+d?")
    assert [pattern.matches(text) for text in ("abcab", "cd", "abca", "")] == [True, True, False, False]


def test_no_pattern_takes_long() -> None:
    begun = time.perf_counter()
    for pattern, text in [("(a|aa)+b", "a" * 999), ("(.?){150}x", "y" * 999), ("((a*)*)*b", "a" * 999)]:
        assert not compiled(pattern).matches(text)
    assert time.perf_counter() - begun < 1
    assert not compiled("a*").matches("a" * (patterns.MOST_TEXT + 1))


@given(st.text(r"ab\()[]{}*+?|^$-,12d.", max_size=25))
def test_any_text_is_a_pattern_or_refused(source: str) -> None:
    try:
        found = compiled(source).matches("ab12")
    except PatternError:
        return
    assert isinstance(found, bool)


# Forms ------------------------------------------------------------------------------------------------------------


def question(key: str, kind: str = "whole_number", **said: Any) -> Item:
    return Item(key, kind, **said)


HOUSEHOLDS = Form(
    (
        Item("who", PAGE, (question("works"), question("why", relevant="${works} = 'no'"))),
        Item(
            "where",
            PAGE,
            (
                Item("say", NOTE),
                Item(
                    "home",
                    REPEAT,
                    (
                        question("adults"),
                        question("children", relevant="${adults} > 0", constraint=". <= 20"),
                        question("together", CALCULATED, calculation="${adults} + coalesce(${children}, 0)"),
                    ),
                ),
                question("all", CALCULATED, calculation="sum(${together})"),
                Item("crowd", GROUP, (question("plan", "long_text"),), relevant="${all} >= 10 and count(${home}) > 1"),
            ),
            relevant="${works} = 'yes'",
        ),
    )
)


def test_a_form_says_what_is_asked_and_reckons() -> None:
    homes = [{"adults": "2", "children": "3"}, {"adults": "0", "children": "9"}, {"adults": "5"}]
    judged = HOUSEHOLDS.judge({"works": "yes"}, {"home": homes})
    assert HOUSEHOLDS.problems() == []
    assert [judged.reckoned["together", n] for n in range(3)] == ["5", "0", "5"]
    assert judged.reckoned["all", None] == "10"
    assert not judged.is_asked("children", 1)
    assert judged.is_asked("plan")
    assert not judged.is_asked("why")
    assert not judged.keeps("children", "21", 0)
    assert judged.keeps("children", "", 0)
    assert not HOUSEHOLDS.judge({"works": "no"}, {"home": homes}).is_asked("adults", 0)
    assert not HOUSEHOLDS.judge({"works": "no"}, {}).page_is_asked(HOUSEHOLDS.pages[1])


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ((question("a"), question("a")), "twice"),
        ((question("a", relevant="${b} = 1"),), "unknown"),
        ((question("a", relevant="${b} = 1"), question("b", relevant="${a} = 1")), "circle"),
        ((question("a", CALCULATED, calculation="${a} + 1"),), "circle"),
        ((question("a", CALCULATED),), "no_calculation"),
        ((question("a", NOTE, constraint=". = 1"),), "constraint_without_answer"),
        ((Item("r", REPEAT, (Item("s", REPEAT, (question("a"),)),)),), "inside_repeat"),
        ((Item("g", GROUP, (question("a"),)), question("b", relevant="${g} = 1")), "group_as_answer"),
        ((question("a", constraint="once(.)"),), "function"),
    ],
)
def test_a_form_that_cannot_be_asked_says_why(items: tuple[Item, ...], code: str) -> None:
    assert code in [problem.code for problem in Form((Item("page", PAGE, items),)).problems()]


def test_a_name_that_nothing_bears_reads_as_empty() -> None:
    """A form that is not whole yet can be looked at: its problem is named elsewhere."""
    form = Form((Item("page", PAGE, (question("a", relevant="${b} = ''"),)),))
    assert form.judge({}, {}).is_asked("a")


def test_groups_have_a_depth() -> None:
    item = question("a")
    for number in range(MOST_DEEP + 2):
        item = Item(f"g{number}", GROUP, (item,))
    assert "deep" in [problem.code for problem in Form((Item("page", PAGE, (item,)),)).problems()]


def test_a_thousand_steps_are_reckoned_one_after_another() -> None:
    steps = [question("q0"), *(question(f"q{n}", CALCULATED, calculation=f"${{q{n - 1}}} + 1") for n in range(1, 1000))]
    form = Form((Item("page", PAGE, tuple(reversed(steps))),))
    begun = time.perf_counter()
    assert form.problems() == []
    assert form.judge({"q0": "1"}, {}).reckoned["q999", None] == "1000"
    assert time.perf_counter() - begun < 2


@given(
    st.dictionaries(st.sampled_from(["works", "plan", "why"]), st.text(max_size=5)),
    st.lists(st.dictionaries(st.sampled_from(["adults", "children"]), st.text("0123456789x", max_size=3)), max_size=4),
)
def test_what_is_not_asked_counts_for_nothing(answers: dict[str, str], homes: list[dict[str, str]]) -> None:
    """Changing what is not asked changes nothing of what is."""
    first = HOUSEHOLDS.judge(answers, {"home": homes})
    cleaned = {key: said for key, said in answers.items() if first.is_asked(key)}
    rows = [{key: said for key, said in row.items() if first.is_asked(key, n)} for n, row in enumerate(homes)]
    again = HOUSEHOLDS.judge(cleaned, {"home": rows})
    assert (again.unasked, again.reckoned) == (first.unasked, first.reckoned)
    assert all(isinstance(as_text(found), str) for found in again.reckoned.values())
