"""Names across scripts, without a database; and against the real pairs and negatives where they are at hand."""

import csv

import pytest

from organisations.screening.keys import spelling_of
from organisations.screening.lists import read_un
from organisations.screening.matching import THRESHOLD, Index
from tests.standards import STANDARDS, needs


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("عبد الله يحيى الحكيم", "ABDALLAH YAHYA AL-HAKIM"),
        ("صلاح الدين محمد", "Salaheddine Mohamed"),
        ("عبدالرحمن العمر", "Abd al-Rahman Al Omar"),
        ("قاسم گل", "Qassem Gul"),
        ("شادي خوري", "Chadi Khoury"),
    ],
)
def test_both_scripts_give_the_same_consonants(one: str, other: str) -> None:
    assert spelling_of(one).joined == spelling_of(other).joined


def test_a_name_in_neither_script_says_nothing() -> None:
    assert spelling_of("桂荣 兰").parts == ()
    assert Index([("a", "桂荣 兰")]).like("桂荣 兰") == []
    assert len(Index([("a", "桂荣 兰")])) == 0


def test_vowels_tell_names_of_one_script_apart() -> None:
    index = Index([("a", "Samira Najjar"), ("b", "Ferdinand Wolfram")])
    assert [(one.entry, one.score) for one in index.like("Samira Najjar")] == [("a", 1.0)]
    assert index.like("Esmer Anjur")[0].score < 0.9
    assert [one.entry for one in index.like("سميرة النجار")] == ["a"]


def test_the_order_of_the_words_does_not_matter() -> None:
    index = Index([("a", "Wolframstein Zbigniew Maria"), *((str(n), f"Other Person {n}") for n in range(50))])
    assert index.like("Zbigniew Maria Wolframstein")[0].entry == "a"


@needs("sanctions")
def test_real_pairs_are_found_across_scripts_and_negatives_are_left_alone() -> None:
    """`standards.md` §6 asks for 0.9 at no more than 1 %; asked here without the list's own spelling in the other script."""
    folder = STANDARDS / "sanctions"
    entries = read_un((folder / "lists" / "UN_consolidated.xml").read_bytes()).entries
    arabic = {name for one in entries for name in one.strong if any("\u0600" <= letter <= "\u06ff" for letter in name)}
    latin_only = Index((one.reference, name) for one in entries for name in one.strong if name not in arabic)
    everything = Index((one.reference, name) for one in entries for name in one.strong)
    with (folder / "un_arabic_latin_pairs.csv").open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    across = sum(
        any(like.entry == row["reference"].strip() for like in latin_only.like(row["name_original_script"]))
        for row in pairs
    )
    assert across / len(pairs) >= 0.9
    with (folder / "negatives_global.csv").open(encoding="utf-8", newline="") as file:
        alarms = sum(bool(everything.like(row["full_name"])) for row in csv.DictReader(file))
    assert alarms <= 10
    assert THRESHOLD > 0.5
