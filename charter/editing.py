"""A draft as fields: which values of the charter a person edits by hand, and how they are read back."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from charter import wording
from kernel.numerals import western_digits


class Kind(StrEnum):
    """How a value is typed."""

    AMOUNT = "amount"
    NUMBER = "number"
    SHARE = "share"
    """An exact share such as 2/3."""
    LIST = "list"
    """Whole numbers parted by commas."""
    OPTIONAL = "optional"
    """A number that may be left out: then the charter binds nothing here."""
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Editable:
    """One value of a draft. ``path`` leads to it; ``name`` is the field's name in a form."""

    path: tuple[str, ...]
    kind: Kind
    value: Any
    label: str

    @property
    def name(self) -> str:
        """The dotted path."""
        return ".".join(self.path)


def editable(data: Mapping[str, Any], section: str) -> list[Editable]:
    """The values of one section that have a field: amounts, numbers, shares, lists of numbers, yes or no."""
    return [
        Editable(path, kind, value, wording.name_of(path, data))
        for path, value in _walk(data[section], (section,))
        if (kind := _kind(path, value)) is not None
    ]


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and not wording.is_words(value) and not wording.is_fraction(value):
        for name, part in value.items():
            yield from _walk(part, (*path, str(name)))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping) and not wording.is_words(value[0]):
        for index, part in enumerate(value):
            yield from _walk(part, (*path, str(index)))
    else:
        yield path, value


OPTIONAL = frozenset({"most_days", "start_calendar_days", "report_calendar_days"})
"""Numbers of a type of grant that may be left out."""


def _kind(path: tuple[str, ...], value: Any) -> Kind | None:
    if path[-1] in OPTIONAL:
        return Kind.OPTIONAL
    if isinstance(value, bool):
        return Kind.YES_NO
    if isinstance(value, int):
        return Kind.AMOUNT if path[-1].endswith("_minor") else Kind.NUMBER
    if wording.is_fraction(value):
        return Kind.SHARE
    if isinstance(value, list) and value and all(type(item) is int for item in value):
        return Kind.LIST
    return None


def read_share(text: str) -> dict[str, int] | None:
    """``2/3`` as numerator and denominator, None when it is not written so."""
    match = re.fullmatch(r"\s*(\d{1,4})\s*[/÷]\s*(\d{1,4})\s*", western_digits(text))
    return {"numerator": int(match[1]), "denominator": int(match[2])} if match and int(match[2]) else None


def read_list(text: str) -> list[int] | None:
    """``40, 30, 20, 10`` as numbers, None when something else stands between."""
    parts = [part for part in re.split(r"[\s,،·;؛%٪]+", western_digits(text)) if part]
    return [int(part) for part in parts] if parts and all(part.isdecimal() for part in parts) else None


def write(value: Any, kind: Kind) -> Any:
    """The value as it stands in its field at first."""
    if kind is Kind.SHARE:
        return f"{value['numerator']}/{value['denominator']}"
    if kind is Kind.LIST:
        return ", ".join(str(item) for item in value)
    return value


def changed(data: Mapping[str, Any], values: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """A copy of ``data`` in which ``values`` stand at their paths."""
    new: dict[str, Any] = copy.deepcopy(dict(data))
    for path, value in values.items():
        owner: Any = new
        for step in path[:-1]:
            owner = owner[int(step)] if isinstance(owner, list) else owner[step]
        owner[int(path[-1]) if isinstance(owner, list) else path[-1]] = value
    return new
