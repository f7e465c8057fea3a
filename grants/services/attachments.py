"""Files of applications: taken in pieces over a bad line, looked at when they are whole, let go when nobody names them."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from grants import events
from grants.attachments import kinds_of
from grants.models import Application, Attachment, Section, Upload, UploadPiece
from grants.rules import applications as rules
from grants.selectors import attachments as selectors
from grants.selectors import calls, parts
from grants.services.in_time import require_in_time
from grants.states import ApplicationState
from kernel.database import now_in_database
from kernel.permissions import Refused, require
from kernel.uploads import check_promise, check_upload
from organisations.models import Organisation

MEGABYTE: Final = 1_000_000
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class OffsetError(ValueError):
    """Bytes for another place than the next one; ``arrived`` is how many are here."""

    def __init__(self, arrived: int) -> None:
        super().__init__(f"{arrived} bytes are here")
        self.arrived = arrived


class NoSuchQuestionError(LookupError):
    """The page asks for no file there."""


# On the way -------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(
    application: Application, section: Section, field: str, *, name: str, size: int, actor: Any, sha256: str = ""
) -> Upload:
    """A file of ``size`` bytes is about to come for ``field``; the quotas count it from now on.

    The same file that is here already or in part, known by ``sha256``, goes on where it stopped. Raises `Refused`,
    `NoSuchQuestionError`, and ValidationError for a file that would not be taken.
    """
    _require_open(application, actor)
    question = selectors.question_for(section, field)
    if question is None:
        raise NoSuchQuestionError(field)
    sha256 = sha256.lower() if _SHA256.fullmatch(sha256.lower()) else ""
    cleaned, _kind = check_promise(name, size, kinds=kinds_of(question))
    # One at a time: two that begin at once must not both find room.
    Organisation.objects.select_for_update(no_key=True).get(pk=application.organisation_id)
    if sha256 and (again := _here_already(application, field, sha256, size)):
        return again
    _require_room(application, size)
    hours = calls.rules_of(application.call).applications.unfinished_file_hours
    return Upload.objects.create(
        application=application,
        question=question,
        field=field,
        name=cleaned,
        size=size,
        sha256=sha256,
        started_by=actor,
        expires_at=now_in_database() + timedelta(hours=hours),
    )


def _here_already(application: Application, field: str, sha256: str, size: int) -> Upload | None:
    """The same file, half here, or all of it, where the tab died before its page was saved."""
    rows = Upload.objects.filter(application=application, field=field, sha256=sha256, size=size)
    kept = Q(finished=False) | Q(pk__in=Attachment.objects.filter(application=application).values("pk"))
    return rows.filter(kept, expires_at__gt=now_in_database()).order_by("started_at").last()


def _require_open(application: Application, actor: Any) -> None:
    require(rules.may_edit(application, actor=actor))
    require_in_time(application)


def _require_room(application: Application, size: int) -> None:
    limits = calls.rules_of(application.call).applications
    mine = {"application": application}
    all_ours = {"application__organisation": application.organisation_id}
    for where, most in ((mine, limits.files_megabytes), (all_ours, limits.organisation_files_megabytes)):
        if selectors.used_bytes(where) + size > most * MEGABYTE:
            raise Refused(
                _("All files together may have %(most)s MB. Remove a file that is not needed, or send a smaller one.")
                % {"most": most}
            )


@transaction.atomic
def append(upload: Upload, data: bytes, *, offset: int, actor: Any) -> Upload:
    """Put ``data`` behind the bytes that are here. Raises `OffsetError` where ``offset`` is not their end, `Refused`."""
    locked = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    _require_open(upload.application, actor)
    if offset != locked.arrived or locked.finished or offset + len(data) > locked.size:
        raise OffsetError(locked.arrived)
    if data:
        UploadPiece.objects.create(upload=locked, start=offset, data=data)
        locked.arrived += len(data)
        locked.save(update_fields=["arrived"])
    return locked


def finish(upload: Upload, *, actor: Any) -> None:
    """Look at a file that is whole, clean it and keep it; once, however often it is asked.

    Raises ValidationError for a file that is not taken, which is then forgotten, and `Refused`.
    """
    try:
        _finish(upload, actor=actor)
    except ValidationError:
        Upload.objects.filter(pk=upload.pk, finished=False).delete()
        raise


@transaction.atomic
def _finish(upload: Upload, *, actor: Any) -> None:
    locked = Upload.objects.select_for_update(no_key=True).filter(pk=upload.pk).first()
    if locked is None or locked.finished or locked.arrived < locked.size:
        return
    _require_open(upload.application, actor)
    data = b"".join(bytes(piece) for piece in locked.pieces.order_by("start").values_list("data", flat=True))
    if locked.sha256 and hashlib.sha256(data).hexdigest() != locked.sha256:
        raise ValidationError(_("The file changed on its way. Choose it again."), code="changed")
    _keep(upload.application, locked, SimpleUploadedFile(locked.name, data))
    locked.pieces.all().delete()
    locked.finished = True
    locked.save(update_fields=["finished"])


def _keep(application: Application, upload: Upload, file: "UploadedFile[Any]") -> None:
    checked = check_upload(file, kinds=kinds_of(upload.question))
    attachment = Attachment.objects.create(
        id=upload.pk,
        application=application,
        question=upload.question,
        field=upload.field,
        name=checked.name,
        kind=checked.kind.content_type,
        size=file.size or 0,
        sha256=checked.sha256,
        file=file,
        attached_by=upload.started_by,
    )
    event = events.FileAttached(file=attachment.pk, question=upload.question.key, sha256=checked.sha256)
    lifecycle.note(application, event, actor=upload.started_by)


def give_up(upload: Upload, *, actor: Any) -> None:
    """Forget a file that is on its way; what is stored already stays. Raises `Refused`."""
    require(rules.may_edit(upload.application, actor=actor))
    Upload.objects.filter(pk=upload.pk, finished=False).delete()


# With the page ----------------------------------------------------------------------------------------------------


def attach(
    application: Application, section: Section, files: "Mapping[str, UploadedFile[Any]]", *, actor: Any
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Take files that came with the page: ids by field, and what is wrong with the others. Raises `Refused`."""
    taken: dict[str, str] = {}
    wrong: dict[str, list[str]] = {}
    for field, file in files.items():
        try:
            upload = begin(application, section, field, name=file.name or "", size=file.size or 0, actor=actor)
            finish(append(upload, file.read(), offset=0, actor=actor), actor=actor)
        except NoSuchQuestionError:
            continue
        except ValidationError as error:
            wrong[field] = [str(message) for message in error.messages]
        else:
            taken[field] = str(upload.pk)
    return taken, wrong


# What nobody names any more ---------------------------------------------------------------------------------------


def let_go(application: Application, before: Iterable[Any], after: Iterable[Any], *, actor: Any) -> None:
    """Remove the files that the answers named before and do not name now; what was once sent or submitted is kept."""
    if application.submitted_at is not None:
        return
    gone = {one for one in before if isinstance(one, str)} - {one for one in after if isinstance(one, str)}
    files = selectors.named(application, gone)
    kept = selectors.in_note(application, files)
    for key, attachment in files.items():
        if key not in kept:
            _remove(attachment, actor=actor)


def _remove(attachment: Attachment, *, actor: Any) -> None:
    """Inside a transaction: the row goes with it, the bytes when it is committed."""
    event = events.FileRemoved(file=attachment.pk, question=attachment.question.key, sha256=attachment.sha256)
    lifecycle.note(attachment.application, event, actor=actor)
    stored = attachment.file
    attachment.delete()
    transaction.on_commit(lambda: stored.delete(save=False))


def clear(now: datetime | None = None) -> int:
    """Forget what did not arrive in time, and finished files of drafts that no answer came to name; returns how many."""
    rows = Upload.objects.filter(expires_at__lte=now or now_in_database()).select_related("application")
    count = 0
    for upload in rows.order_by("pk")[:500]:
        with transaction.atomic():
            if upload.finished:
                _remove_stray(upload)
            Upload.objects.filter(pk=upload.pk).delete()
        count += 1
    return count


def _remove_stray(upload: Upload) -> None:
    application = Application.objects.select_for_update(no_key=True).get(pk=upload.application_id)
    attachment = Attachment.objects.filter(pk=upload.pk).first()
    if attachment is None or application.state not in {ApplicationState.DRAFT, ApplicationState.SHORTLISTED}:
        return
    saves, key = parts.saves_of(application).values(), str(upload.pk)
    answered = any(key in save.answers.values() for save in saves if "lines" not in save.answers)
    if not answered and not selectors.in_note(application, [key]):
        _remove(attachment, actor=None)
