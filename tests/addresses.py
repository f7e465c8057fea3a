"""Addresses of what stands in the database: every URL with the ids of things that it can name, those above them included."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch

from audit.models import Stateful
from committees.models import Committee, Panel, Seat
from grants.models import Call
from organisations.models import Organisation, Person
from tests.journey.test_strangers import ARGUMENT, MODELS

WORDS = {
    "act": ["lock", "reconcile"], "section": ["identity", "contact"],
    "key": ["basics", "budget", "need", "quorum", "committee", "governance", "registration", "finance"],
}  # fmt: skip
UPWARDS = {
    "organisation", "committee", "application", "call", "grant", "tranche", "payment", "meeting", "panel", "seat",
}  # fmt: skip
"""What leads from a thing to the organisation or the committee that it belongs to."""
STATES, ROWS, STEPS = 60, 4, 5
NAMED = MODELS | {
    "erased": "grants.FileErasure", "erase": "grants.Attachment", "waqfs": "funds.Waqf",
}  # fmt: skip
"""Nouns that only those read who walk everywhere, too."""


def nouns(route: str) -> dict[str, tuple[str, str]]:
    """Each argument of a route -> its converter and the noun that stands before it."""
    found = {}
    for match in ARGUMENT.finditer(route):
        kind, name = match.groups()
        before = [part for part in route[: match.start()].split("/") if part and "<" not in part]
        found[name] = (kind, before[-1] if before else "")
    return found


def things(noun: str) -> list[Model]:
    """What the noun names: one thing of each state, the one that came into it last, or some."""
    if noun not in NAMED:
        return []
    rows: list[Model] = []
    states = set()
    model = apps.get_model(NAMED[noun])
    order = "-moved_at" if issubclass(model, Stateful) else "-pk"
    for row in model._default_manager.order_by(order)[:STATES]:
        state = getattr(row, "state", None)
        if state not in states if state is not None else len(rows) < ROWS:
            states.add(state)
            rows.append(row)
    return rows


def addresses(name: str, route: str) -> Iterator[str]:
    """The URL for each thing that its last id names, or with every word that may stand in it."""
    return (address for address, _row in named_addresses(name, route))


def named_addresses(name: str, route: str) -> Iterator[tuple[str, Model | None]]:
    """The same, each with the thing."""
    arguments = nouns(route)
    ids = [argument for argument, (kind, _noun) in arguments.items() if kind == "uuid"]
    for row in things(arguments[ids[-1]][1]) if ids else [None]:
        yield from addresses_of(name, route, row)


def addresses_of(name: str, route: str, row: Model | None) -> Iterator[tuple[str, Model | None]]:
    """The URL of one thing, with every word that may stand in it."""
    arguments = nouns(route)
    ids = {argument: noun for argument, (kind, noun) in arguments.items() if kind == "uuid"}
    free = {
        argument: [3, 2, 1] if kind == "int" else WORDS.get(argument, ["x"])
        for argument, (kind, _noun) in arguments.items()
        if kind != "uuid"
    }
    named = _above(row, ids)
    for values in product(*free.values()):
        try:
            yield reverse(name, kwargs=named | dict(zip(free, values, strict=True))), row
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
    label = NAMED.get(noun, "")
    for one in row._meta.concrete_fields:
        if isinstance(one, ForeignKey) and one.remote_field.model._meta.label == label:
            return getattr(row, one.attname)
    return None


def people_of(row: Model | None) -> set[Any]:
    """Ids of the people of the organisation to which the thing belongs, and of who sits in the committee that works on it."""
    found: set[Any] = set()
    level = [row]
    for _step in range(STEPS):
        above: list[Model | None] = []
        for one in level:
            if isinstance(one, Organisation):
                found.update(Person.objects.filter(organisation=one).values_list("user_id", flat=True))
            elif isinstance(one, Committee):
                found.update(Seat.objects.filter(committee=one).values_list("user_id", flat=True))
            elif isinstance(one, Call):
                above += list(Panel.objects.filter(call=one))
            elif one is not None:
                steps = [field.name for field in one._meta.concrete_fields if isinstance(field, ForeignKey)]
                above += [getattr(one, name) for name in steps if name in UPWARDS]
        level = above
    return found
