"""Compares what can be read and searched with what the leaves commit to: events, and the rows of the domain.

A row's field is compared with the field of the same name in its recorded events: a row that never changes with the event of
its making; of a life cycle, the fields that its guard holds fast (`guards.fixed`), and those that only moves change.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import models

from audit import log, words
from audit.fsck import check_of_the_log, models_of
from audit.models import Leaf, Opening, Recorded, RecordedEvent, Stateful

_BATCH = 2000


class Fingerprint(str):
    """What a record says of a text by its digest alone (`audit.words`)."""

    __slots__ = ()


@check_of_the_log
def openings_open_their_leaves() -> Iterator[str]:
    """Every leaf commits to its record, unless the record was erased."""
    for opening in Opening.objects.select_related("leaf").order_by("leaf_id").iterator(_BATCH):
        expected = log.commitment(bytes(opening.nonce), bytes(opening.record))
        if f'"commit":"{expected}"'.encode() not in bytes(opening.leaf.body):
            yield f"{log.place(opening.leaf)}: its record is not the one it commits to"


@check_of_the_log
def events_say_what_their_leaves_say() -> Iterator[str]:
    """The searchable side of an event names the kind, object, actor, time and states that its leaf commits to."""
    events = RecordedEvent.objects.select_related("leaf", "leaf__opening", "actor").order_by("leaf_id")
    for event in events.iterator(_BATCH):
        body = json.loads(bytes(event.leaf.body))
        said = {
            "kind": event.type,
            "object": f"{event.subject_type}/{event.subject_id}",
            "actor_ref": str(event.actor.actor_ref) if event.actor is not None else log.SYSTEM,
        }
        wrong = [name for name, value in said.items() if body.get(name) != value]
        if datetime.fromisoformat(body["at"]) != event.at:
            wrong.append("at")
        opening = getattr(event.leaf, "opening", None)
        if opening is not None:
            record = log.opened(opening)
            wrong += [
                name for name, value in (("from", event.from_state), ("to", event.to_state)) if record[name] != value
            ]
        if wrong:
            yield f"{log.place(event.leaf)}: the event beside the leaf says something else ({', '.join(wrong)})"


@check_of_the_log
def rows_say_what_their_leaves_say() -> Iterator[str]:
    """Every row of a recorded model shows the values that its events committed to."""
    for model in [*models_of(Recorded), *models_of(Stateful)]:
        firsts, lasts = _compared(model)
        if firsts or lasts:
            yield from _compare(model, firsts, lasts)


def _compared(model: type[models.Model]) -> tuple[set[str], set[str]]:
    """Fields that keep what the first event said, and fields that follow the last one."""
    if issubclass(model, Recorded):
        return {field.name for field in model._meta.concrete_fields}, set()
    return set(getattr(model, "never_changing", ())), set(getattr(model, "changing_by_moves", ()))


def _compare(model: type[models.Model], firsts: set[str], lasts: set[str]) -> Iterator[str]:
    label = model._meta.label_lower
    fields: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields}
    said: dict[uuid.UUID, dict[str, tuple[Any, str]]] = {}
    unknown: set[uuid.UUID] = set()
    events = (
        RecordedEvent.objects.filter(subject_type=label).select_related("leaf", "leaf__opening").order_by("leaf_id")
    )
    for event in events.iterator(_BATCH):
        opening = getattr(event.leaf, "opening", None)
        row = said.setdefault(event.subject_id, {})
        if opening is None:
            # An erased record may have been the one that set a field first, or last: what others say of it binds no more.
            unknown.add(event.subject_id)
            for name in lasts & row.keys():
                del row[name]
            continue
        record = log.opened(opening)
        told = {name: Fingerprint(digest) for name, digest in record.get("words", {}).items()}
        for name, value in {**record["event"], **told}.items():
            if name in lasts or (name in firsts and name not in row and event.subject_id not in unknown):
                row[name] = (value, log.place(event.leaf))
    for instance in model._default_manager.filter(pk__in=list(said)).iterator(_BATCH):
        for name, (value, where) in said[instance.pk].items():
            if differs(fields[name], instance, value):
                yield f"{where}: {label} {instance.pk} shows another “{name}” than it commits to"


def differs(field: Any, instance: models.Model, said: Any) -> bool:
    """Whether a row's field has another value than the one recorded under its name; what cannot be compared does not."""
    shown = getattr(instance, field.attname)
    if isinstance(said, Fingerprint):
        return said != words.fingerprint(shown)
    if field.is_relation and not _is_id(said):
        return False
    if isinstance(shown, uuid.UUID | date):
        shown = shown.isoformat() if isinstance(shown, date) else str(shown)
    if isinstance(shown, list):
        shown = [str(one) if isinstance(one, uuid.UUID) else one for one in shown]
    if not isinstance(shown, str | int | bool | list | dict) or not isinstance(said, type(shown)):
        return False
    # A row may keep what was said with more around it.
    return shown != said and not (isinstance(shown, dict) and said in shown.values())


def _is_id(value: Any) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


@check_of_the_log
def erased_records_have_their_erasure() -> Iterator[str]:
    """A leaf without its record is named by the leaf of an erasure that two people made."""
    erased: set[str] = set()
    acts = Leaf.objects.filter(kind="audit.erasure.carried_out", opening__isnull=False).select_related("opening")
    for leaf in acts.iterator(_BATCH):
        erased.update(log.opened(leaf.opening)["event"]["leaves"])
    bare = Leaf.objects.filter(opening__isnull=True, event__isnull=False).order_by("id")
    for leaf in bare.iterator(_BATCH):
        if bytes(leaf.leaf_hash).hex() not in erased:
            yield f"{log.place(leaf)}: its record is gone, and no erasure names it"
