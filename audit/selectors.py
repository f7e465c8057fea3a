"""Reading the record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit import events, log
from audit.models import RecordedEvent
from kernel.money import Money, format_money
from kernel.pieces.words import day_in_words


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One recorded event in words; ``proof`` is the hexadecimal hash of its leaf."""

    type: str
    sentence: str
    actor: Any
    at: datetime
    reason: str
    from_state: str
    to_state: str
    proof: str


def timeline(*subjects: Any) -> list[TimelineEntry]:
    """What is recorded about the given objects, newest first; two queries at most."""
    rows = (
        RecordedEvent.objects.filter(subject_id__in=[subject.pk for subject in subjects])
        .select_related("leaf", "leaf__opening", "actor")
        .order_by("-leaf_id")
    )
    return [_entry(row) for row in rows]


def _entry(row: RecordedEvent) -> TimelineEntry:
    opening = getattr(row.leaf, "opening", None)
    record = log.opened(opening) if opening is not None else None
    return TimelineEntry(
        type=row.type,
        sentence=_sentence(row.type, record),
        actor=row.actor,
        at=row.at,
        reason=record["reason"] if record else "",
        from_state=row.from_state,
        to_state=row.to_state,
        proof=bytes(row.leaf.leaf_hash).hex(),
    )


def _sentence(type_name: str, record: dict[str, Any] | None) -> str:
    if record is None:
        return _("(this record was erased; its proof remains)")
    cls = events.event_class(type_name)
    fields = record["event"]
    return str(cls.sentence) % {name: _in_words(cls, name, value, fields) for name, value in fields.items()}


def _in_words(cls: type[events.Event], name: str, value: Any, fields: dict[str, Any]) -> Any:
    """A field as people read it: choices by their label, minor units as money, days with the month's name."""
    if name in cls.labels:
        choices: Any = cls.labels[name]
        return choices(value).label
    language = get_language() or settings.LANGUAGE_CODE
    if name.endswith("_minor"):
        return format_money(Money(value, fields.get("currency", "USD")), language)
    known = cls.model_fields.get(name)
    if known is not None and known.annotation is date and value is not None:
        return day_in_words(date.fromisoformat(value), language=language)
    return value
