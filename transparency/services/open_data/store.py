"""Keeping the public files: a file is stored anew only when what it says has changed, one version a day at most."""

import gzip
import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
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


@transaction.atomic
def put(made: Made, *, kept: int) -> bool:
    """Store the file as today's version and the newest, and keep ``kept`` versions; whether anything changed."""
    said = made.make(NO_TIME)
    fingerprint = hashlib.sha256(said).hexdigest()
    versions = OpenDataFile.objects.filter(name=made.name)
    newest = versions.order_by("-day").values_list("data_sha256", flat=True).first()
    if newest == fingerprint:
        return False
    now = timezone.now()
    content = made.make(now)
    packed = gzip.compress(content, mtime=0)
    OpenDataFile.objects.update_or_create(
        name=made.name,
        day=timezone.localdate(now),
        defaults={
            "content_type": made.content_type, "compressed": packed, "size": len(content), "packed_size": len(packed),
            "sha256": hashlib.sha256(content).hexdigest(), "data_sha256": fingerprint, "made_at": now,
        },
    )  # fmt: skip
    versions.exclude(pk__in=list(versions.order_by("-day").values_list("pk", flat=True)[:kept])).delete()
    return True


def keep_only(names: Collection[str]) -> None:
    """Let go of files that are made no longer, with their versions."""
    OpenDataFile.objects.exclude(name__in=names).delete()


def forget() -> None:
    """Let go of every version of every file: one of them may say what is withheld now."""
    OpenDataFile.objects.all().delete()
