"""Two writers and one page: what is taken, what stays, where both texts stand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.merging import Sent, merge, touched_after

NOW = {"a": "first", "b": "", "c": ["x"]}
TOUCHED = {"a": [2, "one"], "c": [1, "two"]}


@pytest.mark.parametrize(
    ("sent", "tab", "answers", "conflicts"),
    [
        ({"b": ("new", 0)}, "two", {"b": "new"}, []),
        ({"a": ("longer", 2)}, "two", {"a": "longer"}, []),
        ({"a": ("longer", 1)}, "one", {"a": "longer"}, []),
        ({"a": ("other", 1)}, "two", {}, ["a"]),
        ({"a": ("other", 1)}, "", {}, ["a"]),
        ({"a": ("first", 0)}, "two", {}, []),
        ({"a": ("other", 1), "b": ("mine", 1)}, "two", {"b": "mine"}, ["a"]),
        ({"c": (["x", "y"], 0)}, "one", {}, ["c"]),
        ({"new": ("", 0), "b": ([], 0)}, "two", {"new": ""}, []),
    ],
)
def test_only_what_nobody_else_wrote_is_taken(sent: Any, tab: str, answers: Any, conflicts: list[str]) -> None:
    merged = merge(NOW, TOUCHED, {name: Sent(*one) for name, one in sent.items()}, tab=tab)
    assert (merged.answers, merged.conflicts) == ({**NOW, **answers}, conflicts)


def test_of_a_whole_page_only_what_its_writer_changed_counts() -> None:
    base = {"a": "old", "b": "", "c": ["x"]}
    sent = {"a": Sent("old", 1), "b": Sent("mine", 1), "c": Sent(["x"], 1)}
    merged = merge(NOW, TOUCHED, sent, tab="two", base=base)
    assert merged.answers == {**NOW, "b": "mine"}
    assert merged.conflicts == []


texts = st.sampled_from(["", "x", "y", "z"])


@given(st.lists(st.tuples(st.sampled_from("12"), st.sampled_from("ab"), texts, st.booleans()), max_size=12))
def test_no_text_of_another_tab_is_overwritten_unseen(acts: list[tuple[str, str, str, bool]]) -> None:
    """Two tabs save at will, hearing of each other or not: a text goes away only when whoever replaces it knew it."""
    answers: dict[str, Any] = {}
    touched: dict[str, Any] = {}
    version, known = 0, {tab: dict.fromkeys("ab", 0) for tab in "12"}
    for tab, name, text, hears in acts:
        before, wrote = answers.get(name, ""), touched.get(name, [0, ""])
        merged = merge(answers, touched, {name: Sent(text, known[tab][name])}, tab=tab)
        if merged.changed:
            assert wrote[1] in {tab, ""} or wrote[0] <= known[tab][name]
            version += 1
            answers, touched = merged.answers, {**touched, name: [version, tab]}
            known[tab][name] = version
        elif merged.conflicts:
            assert answers.get(name, "") == before != text
        if hears:
            for other in touched_after(touched, min(known[tab].values()), tab=tab):
                known[tab][other] = version
