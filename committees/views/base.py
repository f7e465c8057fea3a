"""What the pages of committees share: fetching for the one who asks, and acts that may be refused.

An act rests on more than the one who acts may read (a recused chair closes a meeting, and its minutes are whole): the fund
itself reads for it (`kernel.identity`), and the door asks who may act.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from committees.models import Panel, Seat
from committees.rules import facts
from committees.rules.committees import secretariat
from kernel import identity
from kernel.permissions import Refused, require

M = TypeVar("M", bound=Model)
R = TypeVar("R")


def fetch(rows: QuerySet[M], pk: UUID) -> M:
    """The row of those that the person may see; absent and forbidden look alike."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def as_key(text: str) -> UUID:
    """The key that a form sent; 404 for what is no key."""
    try:
        return UUID(text)
    except ValueError as broken:
        raise Http404 from broken


def only_secretariat(request: HttpRequest) -> None:
    """403 with the reason to everybody else."""
    require(secretariat(request.user))


def own_seat(user: Any, panel: Panel) -> Seat:
    """The seat with which the person who asks works on a call; 404 without one."""
    seat = facts.seat_in(user, panel)
    if seat is None:
        raise Http404
    return seat


def attempt(form: BaseForm, act: Callable[[], R]) -> R | None:
    """Do what a valid form asks; a refusal stands in the form, and nothing typed is lost."""
    if not form.is_valid():
        return None
    try:
        with identity.system("committees.act"):
            return act()
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return None


def press(request: HttpRequest, act: Callable[[], object], *, back: str, done: Any = "") -> HttpResponse:
    """Do what a button asks and go back; a refusal is said on that page."""
    try:
        with identity.system("committees.act"):
            act()
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        if done:
            messages.success(request, done)
    return redirect(back)
