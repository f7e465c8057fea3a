"""'My work': what waits for a person, collected from every app."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing that waits for a person.

    ``kind`` groups items on the page (for example "Reports to review"); ``due`` is an aware time or None.
    """

    title: str | Promise
    url: str
    kind: str | Promise
    due: datetime | None = None
    detail: str | Promise = ""


Source = Callable[[Any], Iterable[WorkItem]]
_sources: list[Source] = []


def source(fn: Source) -> Source:
    """Register ``fn(user)`` as a source of work items; each costs a constant number of queries."""
    _sources.append(fn)
    return fn


def work_for(user: Any) -> list[WorkItem]:
    """All that waits for ``user``: dated items first, the earliest on top."""
    items = [item for fn in _sources for item in fn(user)]
    return sorted(items, key=lambda item: (item.due is None, item.due.timestamp() if item.due else 0.0))
