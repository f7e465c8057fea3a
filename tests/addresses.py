"""Addresses of what stands in the database: every URL with the ids of things that it can name, those above them included."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch

from tests.journey.test_strangers import ARGUMENT, MODELS

WORDS = {
    "act": ["lock", "reconcile"], "section": ["identity", "contact"],
    "key": ["basics", "budget", "need", "quorum", "committee", "governance", "registration", "finance"],
}  # fmt: skip
STATES, ROWS = 60, 4


def nouns(route: str) -> dict[str, tuple[str, str]]:
    """Each argument of a route -> its converter and the noun that stands before it."""
    found = {}
    for match in ARGUMENT.finditer(route):
        kind, name = match.groups()
        before = [part for part in route[: match.start()].split("/") if part and "<" not in part]
        found[name] = (kind, before[-1] if before else "")
    return found


def things(noun: str) -> list[Model]:
    """What the noun names: one thing of each state, or some."""
    if noun not in MODELS:
        return []
    rows: list[Model] = []
    states = set()
    for row in apps.get_model(MODELS[noun])._default_manager.order_by("-pk")[:STATES]:
        state = getattr(row, "state", None)
        if state not in states if state is not None else len(rows) < ROWS:
            states.add(state)
            rows.append(row)
    return rows


def addresses(name: str, route: str) -> Iterator[str]:
    """The URL for each thing that its last id names, or with every word that may stand in it."""
    arguments = nouns(route)
    ids = [argument for argument, (kind, _noun) in arguments.items() if kind == "uuid"]
    free = {
        argument: [3, 2, 1] if kind == "int" else WORDS.get(argument, ["x"])
        for argument, (kind, _noun) in arguments.items()
        if kind != "uuid"
    }
    for row in things(arguments[ids[-1]][1]) if ids else [None]:
        named = _above(row, {argument: arguments[argument][1] for argument in ids})
        for values in product(*free.values()):
            try:
                yield reverse(name, kwargs=named | dict(zip(free, values, strict=True)))
            except NoReverseMatch:
                continue


def _above(row: Model | None, ids: dict[str, str]) -> dict[str, Any]:
    """The id of the row, and of what it belongs to by the nouns before it."""
    named: dict[str, Any] = {}
    for argument, noun in reversed(ids.items()):
        if not named:
            named[argument] = row.pk if row is not None else None
            continue
        owner = _owner(row, noun)
        others = things(noun)
        named[argument] = owner or (others[0].pk if others else None)
    return named


def _owner(row: Any, noun: str) -> Any:
    label = MODELS.get(noun, "")
    for one in row._meta.concrete_fields:
        if isinstance(one, ForeignKey) and one.remote_field.model._meta.label == label:
            return getattr(row, one.attname)
    return None
