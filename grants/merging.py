"""Two people write on one page: their texts are brought together field by field. Plain Python.

Every field remembers the version in which it got its present text and the tab that wrote it. A writer sends the fields that
she changed, each with the version of it that she saw. What nobody else changed since is taken; what another tab changed to
something else is a conflict, which a person settles with both texts before her.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Touched = Mapping[str, Any]
"""Field -> [version, tab] of its present text."""

NEVER: Final = (0, "")


@dataclass(frozen=True, slots=True)
class Sent:
    """A field as it arrived, and the version of it that its writer saw."""

    value: Any
    seen: int


@dataclass(slots=True)
class Merged:
    """The page after merging: its answers, the fields that ``tab`` changed, and those in which both texts stand."""

    answers: dict[str, Any]
    changed: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def last_touch(touched: Touched, name: str) -> tuple[int, str]:
    """Version and tab that the present text of a field comes from."""
    version, tab = touched.get(name, NEVER)
    return int(version), str(tab)


def merge(
    current: Mapping[str, Any],
    touched: Touched,
    sent: Mapping[str, Sent],
    *,
    tab: str,
    base: Mapping[str, Any] | None = None,
) -> Merged:
    """Bring ``sent`` into ``current``.

    ``base`` is the page as its writer saw it, where all of it was sent and not only what she changed: a field that still reads
    as it did there was not changed by her.
    """
    merged = Merged(dict(current))
    for name, one in sent.items():
        if _same(current.get(name), one.value):
            merged.answers.setdefault(name, one.value)
        elif not _by_others(touched, name, one.seen, tab):
            merged.answers[name] = one.value
            merged.changed.append(name)
        elif base is None or not _same(base.get(name), one.value):
            merged.conflicts.append(name)
    return merged


def touched_after(touched: Touched, since: int, *, tab: str) -> list[str]:
    """The fields that another tab changed after the version ``since``."""
    return [name for name in touched if _by_others(touched, name, since, tab)]


def _same(one: Any, other: Any) -> bool:
    return one == other or (not one and not other)


def _by_others(touched: Touched, name: str, since: int, tab: str) -> bool:
    version, other = last_touch(touched, name)
    return version > since and (other != tab or not tab)
