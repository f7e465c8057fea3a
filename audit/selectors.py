"""Reading the record."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit import events, log
from audit.models import Leaf, RecordedEvent
from kernel.money import Money, format_money
from kernel.pieces.words import day_in_words, moment_in_words

WHEN = re.compile(r"due|until|[a-z_]+_(at|on|until)")
"""Names of fields that hold a day or a moment."""
DAY_LENGTH = len("2026-11-22")
_HASH = re.compile("[0-9a-f]{64}")


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

    @property
    def proof_url(self) -> str:
        """The page of the leaf: open to all, with the receipt for whom the act concerns."""
        return reverse("audit:proof", args=[self.proof])


def timeline(*subjects: Any) -> list[TimelineEntry]:
    """What is recorded about the given objects, newest first; two queries at most."""
    rows = (
        RecordedEvent.objects.filter(subject_id__in=[subject.pk for subject in subjects])
        .select_related("leaf", "leaf__opening", "actor")
        .order_by("-leaf_id")
    )
    return [entry(row) for row in rows]


def without_names(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """The same for readers who need not know who acted: a name on a page that everybody reads can endanger its bearer."""
    return [replace(one, actor=_("Somebody entitled to it") if one.actor else None) for one in entries]


def leaf_of_hash(text: str) -> Leaf | None:
    """The leaf whose hash is written by the 64 hexadecimal digits ``text``."""
    if not _HASH.fullmatch(text):
        return None
    leaves = Leaf.objects.select_related("event", "event__actor", "opening", "epoch")
    return leaves.filter(leaf_hash=bytes.fromhex(text), event__isnull=False).first()


def person(pk: UUID) -> Any:
    """The account with this id, or None."""
    return get_user_model()._default_manager.filter(pk=pk).first()


def is_open(leaf: Leaf) -> bool:
    """Whether the record behind a leaf still exists."""
    return getattr(leaf, "opening", None) is not None


def records_about(subject: Any, type_: str, *, since: datetime) -> list[dict[str, Any]]:
    """What the records of one type say about ``subject`` since a moment, newest first; erased ones say nothing."""
    rows = RecordedEvent.objects.filter(subject_id=subject.pk, type=type_, at__gte=since, leaf__opening__isnull=False)
    return [log.opened(row.leaf.opening)["event"] for row in rows.select_related("leaf__opening").order_by("-leaf_id")]


def events_of_types(types: Iterable[str]) -> QuerySet[RecordedEvent]:
    """All recorded events of the given types, newest first."""
    rows = RecordedEvent.objects.filter(type__in=list(types)).order_by("-leaf_id")
    return rows.select_related("leaf", "leaf__opening", "actor")


LONGEST_WORD = 80
"""Of a longer word (a post-quantum key has 1,800 letters) a sentence shows the beginning; the record holds all of it."""


def entry(row: RecordedEvent) -> TimelineEntry:
    """One recorded event in words; kindly where its record was erased."""
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


def _when(cls: type[events.Event], name: str, value: str) -> datetime | None:
    """The day or moment that a field holds, by its type or its name; None where it holds none."""
    known = cls.model_fields.get(name)
    if (known is None or known.annotation is not date) and not WHEN.fullmatch(name):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _in_words(cls: type[events.Event], name: str, value: Any, fields: dict[str, Any]) -> Any:
    """A field as people read it: choices by their label, minor units as money, days with the month's name, and a text in
    several languages (a mapping with Arabic among its keys) in that of the page.
    """
    if name in cls.labels:
        choices: Any = cls.labels[name]
        return choices(value).label
    language = get_language() or settings.LANGUAGE_CODE
    if isinstance(value, dict) and "ar" in value:
        return value.get(language) or value["ar"]
    if name.endswith("_minor"):
        return format_money(Money(value, fields.get("currency", "USD")), language)
    if isinstance(value, str) and (when := _when(cls, name, value)) is not None:
        return (
            day_in_words(when, language=language)
            if len(value) == DAY_LENGTH
            else moment_in_words(when, language=language)
        )
    if isinstance(value, str) and len(value) > LONGEST_WORD and " " not in value:
        return f"{value[:LONGEST_WORD]}…"
    return value
