"""What a page of the form sends by itself every few seconds, and what it is told: JSON, changed fields only."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from grants.forms.applications import PREFIX, typed_lines
from grants.merging import Sent, touched_after
from grants.models import ReportSave, SectionSave
from grants.selectors.parts import BUDGET, writer_of

MOST_FIELDS: Final = 2_000
NAME_LENGTH: Final = 150
TAB_LENGTH: Final = 36


@dataclass(frozen=True, slots=True)
class Sending:
    """What arrived: the open page, the version up to which it knows of others' texts, and the fields that changed."""

    tab: str
    since: int
    fields: Mapping[str, Sent]

    def fields_of(self, key: str) -> Mapping[str, Sent]:
        """The fields by the names of the page ``key``; the lines of a budget arrive together and are one."""
        if key != BUDGET:
            return self.fields
        data = QueryDict(mutable=True)
        data.update({f"{PREFIX}-{name}": one.value for name, one in self.fields.items() if isinstance(one.value, str)})
        return {"lines": Sent(typed_lines(data), self.since)}


def read(body: bytes) -> Sending | None:
    """``{"tab": …, "since": 3, "fields": {"need": ["text", 2]}}``; None for anything else."""
    try:
        said = json.loads(body)
        fields = {_name(name): Sent(_value(value), _version(seen)) for name, (value, seen) in said["fields"].items()}
        sending = Sending(_name(said["tab"]), _version(said["since"]), fields)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return sending if len(fields) <= MOST_FIELDS else None


def _name(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= NAME_LENGTH:
        raise ValueError
    return value


def _version(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError
    return value


def _value(value: Any) -> str | list[str]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise ValueError


def answer(
    save: SectionSave | ReportSave,
    sending: Sending,
    conflicts: list[str],
    *,
    writer: Callable[[Any, str], str] = writer_of,
    files: Callable[[Iterable[Any]], Mapping[str, str]] = lambda _said: {},
) -> dict[str, Any]:
    """The version that stands, and the fields that others changed since the page last heard, with their text and name.

    ``files`` finds the names of files among the texts; they are ``shown`` instead of the ids that answers hold.
    """
    others: dict[str, dict[str, Any]] = {
        name: {"value": save.answers.get(name, ""), "by": writer(save, name)}
        for name in {*touched_after(save.touched, sending.since, tab=sending.tab[:TAB_LENGTH]), *conflicts}
    }
    names = files([one["value"] for one in others.values()])
    for one in others.values():
        if isinstance(one["value"], str) and one["value"] in names:
            one["shown"] = names[one["value"]]
    return {"version": save.version, "others": others, "conflicts": conflicts}
