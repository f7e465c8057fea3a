"""'My work': what waits for the person who is signed in, from every app."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kernel.work import WorkItem, work_for


def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for me: what is late first, then by kind, each by its day."""
    now = timezone.now()
    items = work_for(request.user)
    late = [item for item in items if item.due is not None and item.due < now]
    waiting = [item for item in items if item.due is None or item.due >= now]
    return render(request, "poolfund/work.html", {"late": late, "groups": _by_kind(waiting), "number": len(items)})


def _by_kind(items: list[WorkItem]) -> list[tuple[str, list[WorkItem]]]:
    """Items in groups of one kind; the group with the earliest day comes first, and in it the earliest item."""
    order: dict[str, int] = {}
    for item in items:
        order.setdefault(str(item.kind), len(order))
    ranked: list[Any] = sorted(items, key=lambda item: order[str(item.kind)])
    return [(kind, list(group)) for kind, group in groupby(ranked, key=lambda item: str(item.kind))]
