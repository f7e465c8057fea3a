"""The document of a stored charter is read once and shared: so nobody may change it, and copies are everybody's own."""

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter import stored
from charter.documents import document
from charter.models import CharterVersion
from tests.factories import charter as make

TEXT = json.dumps({"levels": [1, {"weights": [2, 3]}], "names": {"ar": "صندوق"}, "currency": "USD"})


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(currency="EUR"),
        lambda one: one.pop("currency"),
        lambda one: one.clear(),
        lambda one: one.setdefault("new", 1),
        lambda one: one.__setitem__("currency", "EUR"),
        lambda one: one.__delitem__("currency"),
        lambda one: one.__ior__({"currency": "EUR"}),
        lambda one: one["names"].update(ar=""),
        lambda one: one["levels"].append(4),
        lambda one: one["levels"].__iadd__([4]),
        lambda one: one["levels"].sort(),
        lambda one: one["levels"].__setitem__(0, 4),
        lambda one: one["levels"][1].popitem(),
        lambda one: one["levels"][1]["weights"].remove(3),
    ],
)
def test_nobody_changes_what_all_read(change: Callable[[Any], object]) -> None:
    one = document(TEXT)
    with pytest.raises(TypeError):
        change(one)
    assert document(TEXT) is one
    assert one == json.loads(TEXT)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_are_ordinary(copied: Callable[[Any], Any]) -> None:
    mine = copied(document(TEXT))
    mine["levels"][1]["weights"].append(4)
    mine["names"]["ar"] = "آخر"
    assert type(mine) is dict
    assert mine["levels"] == [1, {"weights": [2, 3, 4]}]
    assert document(TEXT) == json.loads(TEXT)


def test_other_json_is_itself() -> None:
    assert document("null") is None
    assert document("[1]") == [1]


@pytest.mark.django_db
def test_rows_of_one_text_share_document_and_rules() -> None:
    version = make.ratified_charter()
    one, other = (CharterVersion.objects.get(pk=version.pk) for _ in range(2))
    assert one.rules_data is other.rules_data
    assert one.rules is other.rules
    assert one.rules == stored.rules_of(json.loads(json.dumps(one.rules_data)))
    assert one.rules_data == version.rules_data


@pytest.mark.django_db
def test_a_row_that_says_something_else_is_read_as_it_stands() -> None:
    version = make.ratified_charter()
    before = CharterVersion.objects.get(pk=version.pk).rules_data
    with CaptureQueriesContext(connection) as asked:
        part = CharterVersion.objects.values_list("rules_data__currency", flat=True).get(pk=version.pk)
    assert len(asked) == 1
    assert part == before["currency"]
    changed = {**before, "currency": "EUR"}
    unsaved = CharterVersion(rules_data=changed)
    assert unsaved.rules.currency == "EUR"
    assert stored.rules_of(before).currency == before["currency"]
