"""pgtrigger's registry with its two indexes kept instead of built anew for each trigger.

The fund has more than six hundred triggers, and each is registered twice (by its decorator, by pgtrigger when the apps are
ready): of 2.5 seconds of processor time that every process of the fund took to start, 0.6 went into counting them again.
"""

from typing import Any

from pgtrigger import Trigger, registry


class IndexedRegistry(registry._Registry):  # noqa: SLF001 -- the library makes one and gives no other way to it
    """The same answers, refusals included."""

    def __init__(self) -> None:
        self._by_db_table: dict[tuple[str, str], Trigger] = {}
        self._functions: set[str] = set()
        super().__init__()

    @property
    def by_db_table(self) -> dict[tuple[str, str], Trigger]:
        """Table and name -> trigger."""
        return self._by_db_table

    @property
    def pg_function_names(self) -> set[str]:
        """The names of all functions."""
        return self._functions

    def __setitem__(self, key: str, value: tuple[Any, Any]) -> None:
        super().__setitem__(key, value)  # type: ignore[no-untyped-call]
        model, trigger = value
        self._by_db_table[model._meta.db_table, trigger.name] = trigger
        self._functions.add(trigger.get_pgid(model))

    def __delitem__(self, key: str) -> None:
        model, trigger = self[key]
        super().__delitem__(key)  # type: ignore[no-untyped-call]
        del self._by_db_table[model._meta.db_table, trigger.name]
        self._functions.remove(trigger.get_pgid(model))


def keep_indexes() -> None:
    """Before the first model registers a trigger."""
    if not isinstance(registry._registry, IndexedRegistry):  # noqa: SLF001
        kept: Any = IndexedRegistry()
        kept.update(registry._registry)  # noqa: SLF001
        registry._registry = kept  # noqa: SLF001
