"""Typed events: what happened, named in the past tense, each registered once by the app it belongs to."""

import re
from collections.abc import Mapping
from typing import ClassVar, TypeAlias, TypeVar

from django.db.models import Choices
from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict

ChoicesType: TypeAlias = type[Choices]
_TYPE = re.compile(r"^[a-z_]+\.[a-z_]+\.[a-z_]+$")
_registry: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """Something that happened to one object of the fund.

    ``type`` is the stable name under which the log keeps it (``app.object.past_tense``); ``sentence`` tells it in words
    behind the actor's name and may name fields of the record as ``%(field)s``. Fields are simple values: text, whole
    numbers (money in minor units, names ending in ``_minor``), truth values, UUIDs, dates, and lists or dictionaries of
    them; never floats. A text of the charter is kept in all its languages, by language. ``labels`` names the choices by
    which a field is shown. ``needs_second_factor`` marks what changes money, membership or bank details or what the public
    reads: a person records it only where the page was confirmed (`audit.confirmation`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    type: ClassVar[str]
    sentence: ClassVar[str | Promise]
    labels: ClassVar[Mapping[str, ChoicesType]] = {}
    needs_second_factor: ClassVar[bool] = False


EventClass = TypeVar("EventClass", bound="type[Event]")
EventType: TypeAlias = type[Event]


def register(cls: EventClass) -> EventClass:
    """Enter an event class into the registry; its ``type`` must be well formed and new."""
    if not _TYPE.match(cls.type):
        raise ValueError(f"{cls.__name__}.type must read app.object.past_tense, not {cls.type!r}")
    if _registry.setdefault(cls.type, cls) is not cls:
        raise ValueError(f"two events are called {cls.type!r}")
    return cls


def registered() -> dict[str, EventType]:
    """All registered event classes by their type."""
    return dict(_registry)


def event_class(type_name: str) -> EventType:
    """The class behind a recorded type; `KeyError` when no app knows it any more."""
    return _registry[type_name]
