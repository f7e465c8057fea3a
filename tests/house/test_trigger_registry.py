"""The kept indexes of pgtrigger's registry say what the library would count anew, and refuse what it refuses."""

import pgtrigger
import pytest
from pgtrigger import registry

from funds.models import Donor, Pledge
from poolfund.database.triggers import IndexedRegistry, keep_indexes

FUNCTION = "RETURN NEW;"


@pytest.fixture
def added() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="for_a_test", when=pgtrigger.Before, operation=pgtrigger.Insert, func=FUNCTION
    )  # fmt: skip


def agrees(kept: IndexedRegistry) -> bool:
    """Whether both indexes are those of the library."""
    counted = registry._Registry()
    counted.data = kept.data
    return kept.by_db_table == counted.by_db_table and kept.pg_function_names == counted.pg_function_names


def test_the_indexes_are_those_of_the_library(added: pgtrigger.Trigger) -> None:
    kept = registry._registry
    assert isinstance(kept, IndexedRegistry)
    assert len(kept) > 500
    assert agrees(kept)
    with added.register(Donor):
        assert kept.by_db_table[Donor._meta.db_table, "for_a_test"] is added
        assert agrees(kept)
        added.register(Donor)  # again, as pgtrigger does for every model
        assert agrees(kept)
    assert (Donor._meta.db_table, "for_a_test") not in kept.by_db_table
    assert agrees(kept)


def test_a_name_is_refused_that_is_taken(added: pgtrigger.Trigger) -> None:
    another = pgtrigger.Trigger(
        name=added.name, when=pgtrigger.After, operation=pgtrigger.Insert, func=FUNCTION
    )  # fmt: skip
    with added.register(Donor):
        with pytest.raises(KeyError, match="already used"):
            another.register(Donor)
        with another.register(Pledge):
            assert agrees(registry._registry)
    assert agrees(registry._registry)


def test_it_is_put_in_place_once() -> None:
    before = registry._registry
    keep_indexes()
    assert registry._registry is before
