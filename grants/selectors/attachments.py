"""Files of applications: which are here, who may have them, what of the quotas is used."""

import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet, Sum

from grants.form_tree import Branch, branches
from grants.models import Application, Attachment, ConceptNote, Question, Section, Upload
from grants.questions.forms import REPEAT
from grants.selectors import applications
from grants.states import FILES, ApplicationState

Readers = Callable[[Any], QuerySet[Any, Any]]
_readers: list[Readers] = []


def readers(fn: Readers) -> Readers:
    """Register ``fn(user)`` of a higher layer: ids of applications whose files that person reads there."""
    if fn not in _readers:
        _readers.append(fn)
    return fn


def visible_to(user: Any) -> QuerySet[Attachment]:
    """Files of applications that ``user`` reads: own, submitted ones for officers, those given to read, those judged."""
    if not user.is_authenticated:
        return Attachment.objects.none()
    seen = Q(application__in=applications.visible_to(user).values("pk")) | Q(
        application__in=applications.granted_ids(user)
    )
    for fn in _readers:
        seen |= Q(application__in=fn(user))
    return Attachment.objects.filter(seen)


def uploads_of(user: Any) -> QuerySet[Upload]:
    """Files on their way to applications of the organisations that ``user`` works for."""
    return Upload.objects.filter(application__in=applications.own_ids(user))


def named(application: Application, said: Iterable[Any]) -> dict[str, Attachment]:
    """Of what stands in answers, the files of this application, by their id as text."""
    ids = {found for one in said if (found := _id(one)) is not None}
    rows = Attachment.objects.filter(application=application, pk__in=ids) if ids else ()
    return {str(row.pk): row for row in rows}


def names_of(application: Application, said: Iterable[Any]) -> dict[str, str]:
    """Of what stands in answers, the names of the files that it stands for, by their id as text."""
    return {key: file.name for key, file in named(application, said).items()}


def in_note(application: Application, files: Collection[str]) -> set[str]:
    """Which of the files, by id as text, belong to the concept note as it was sent: they stay with it."""
    if not files or application.state != ApplicationState.SHORTLISTED:
        return set()
    content = ConceptNote.objects.filter(application=application).values_list("content", flat=True).first() or ""
    return {one for one in files if one in content}


def _id(said: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(said) if isinstance(said, str) and len(said) == 36 else None
    except ValueError:
        return None


def facts(attachment: Attachment) -> dict[str, Any]:
    """A file as an answer says it: what was submitted has its hash, and with it exactly these bytes."""
    return {
        "file": str(attachment.pk),
        "name": attachment.name,
        "kind": attachment.kind,
        "bytes": attachment.size,
        "sha256": attachment.sha256,
    }


def question_for(section: Section, field: str) -> Question | None:
    """The question of the page that the field ``field`` answers with a file."""
    return next((one for one, pattern in _places(branches(section)) if re.fullmatch(pattern, field, re.ASCII)), None)


def _places(found: Iterable[Branch], repeat: str = "") -> Iterable[tuple[Question, str]]:
    for branch in found:
        one = branch.question
        if one.kind in FILES:
            key = re.escape(one.key)
            yield one, rf"{re.escape(repeat)}-\d{{1,2}}-{key}" if repeat else key
        yield from _places(branch.below, one.key if one.kind == REPEAT else repeat)


def used_bytes(where: Mapping[str, Any]) -> int:
    """Bytes of the files, and of what was promised and is on its way, where a filter on applications holds."""
    here = Attachment.objects.filter(**where).aggregate(sum=Sum("size"))["sum"]
    coming = Upload.objects.filter(**where, finished=False).aggregate(sum=Sum("size"))["sum"]
    return int(here or 0) + int(coming or 0)
