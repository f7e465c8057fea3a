"""Public files with their versions, without loading what is in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from transparency.dictionary import FILES, FileWords
from transparency.models import OpenDataFile


@dataclass(frozen=True, slots=True)
class Listed:
    """A file on the page of all files: what it is, its newest version, and the versions before."""

    words: FileWords
    newest: OpenDataFile
    before: list[OpenDataFile]


def _without_content() -> QuerySet[OpenDataFile]:
    return OpenDataFile.objects.defer("compressed")


def listed() -> list[Listed]:
    """Every file in the order of the dictionary; one query."""
    versions: dict[str, list[OpenDataFile]] = {}
    for one in _without_content().order_by("name", "-day"):
        versions.setdefault(one.name, []).append(one)
    return [
        Listed(words, versions[words.name][0], versions[words.name][1:]) for words in FILES if words.name in versions
    ]


def find(name: str, day: date | None = None) -> OpenDataFile | None:
    """The newest version, or that of a day; None where there is none."""
    rows = _without_content().filter(name=name)
    return (rows.filter(day=day) if day else rows.order_by("-day")).first()


def packed(file: OpenDataFile) -> bytes:
    """What the file holds, compressed."""
    return bytes(OpenDataFile.objects.values_list("compressed", flat=True).get(pk=file.pk))


def described() -> Iterable[FileWords]:
    """What each file holds, field by field."""
    return FILES
