"""Keeping the public files: a file is stored anew only when what it says has changed, one version a day at most."""

import gzip
import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from transparency.models import OpenDataFile

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
"""Under which everybody may use the files: whoever does names the fund."""
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""The moment of writing, where only the words of two versions are compared."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that can be written: ``make`` is given the moment that it says it was written at."""

    name: str
    content_type: str
    make: Callable[[datetime], bytes]


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it will be stored; ``fields`` are the columns of an `OpenDataFile`."""

    name: str
    day: date
    fields: dict[str, Any]


def pack(made: Made) -> Packed | None:
    """The file, made and compressed; None when the newest version says the same."""
    fingerprint = hashlib.sha256(made.make(NO_TIME)).hexdigest()
    versions = OpenDataFile.objects.filter(name=made.name).order_by("-day")
    if versions.values_list("data_sha256", flat=True).first() == fingerprint:
        return None
    now = timezone.now()
    content = made.make(now)
    packed = gzip.compress(content, mtime=0)
    fields = {
        "content_type": made.content_type, "compressed": packed, "size": len(content), "packed_size": len(packed),
        "sha256": hashlib.sha256(content).hexdigest(), "data_sha256": fingerprint, "made_at": now,
    }  # fmt: skip
    return Packed(made.name, timezone.localdate(now), fields)


def put(packed: Packed, *, kept: int) -> None:
    """Store the file as its day's version and the newest, and keep ``kept`` versions."""
    OpenDataFile.objects.update_or_create(name=packed.name, day=packed.day, defaults=packed.fields)
    versions = OpenDataFile.objects.filter(name=packed.name).order_by("-day")
    versions.exclude(pk__in=list(versions.values_list("pk", flat=True)[:kept])).delete()


def keep_only(names: Collection[str]) -> None:
    """Let go of files that are made no longer, with their versions."""
    OpenDataFile.objects.exclude(name__in=names).delete()


def forget() -> None:
    """Let go of every version of every file: one of them may say what is withheld now."""
    OpenDataFile.objects.all().delete()
