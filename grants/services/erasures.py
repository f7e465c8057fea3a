"""Erasing files that came with applications: name and bytes go, the hash and the fact stay.

The record never knew the name; receipts of the application verify as before, and who kept the file can still show that it
is the one whose hash was submitted.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import fsck, lifecycle, outbox
from audit.states import ErasureState
from grants import events
from grants.links import link
from grants.models import Answer, Attachment, FileErasure, Upload
from grants.selectors.content import pseudonym
from kernel import identity
from kernel.database import now_in_database
from kernel.files import private_storage
from kernel.permissions import Refused
from notices.services import notify
from organisations.selectors import users_of

DESTROY: Final = "grants.destroy_file"


@identity.system("grants.file_erasures")
@transaction.atomic
def propose(attachment: Attachment, *, ground: str, reason: str, actor: Any) -> FileErasure:
    """Propose to destroy a file; raises `Refused`."""
    # Two that propose at once come one after the other.
    locked = Attachment.objects.select_for_update(no_key=True).get(pk=attachment.pk)
    if locked.erased_at or locked.erasures.filter(state=ErasureState.PROPOSED).exists():
        raise Refused(_("This is erased already, or its erasure waits for a second person."))
    erasure = FileErasure(attachment=locked, ground=ground, proposed_by=actor)
    return lifecycle.create(erasure, events.FileErasureProposed(**_said(erasure)), actor=actor, reason=reason)


def _said(erasure: FileErasure) -> dict[str, Any]:
    file = erasure.attachment
    return {"application": file.application_id, "file": file.pk, "sha256": file.sha256, "ground": erasure.ground}


@identity.system("grants.file_erasures")
@transaction.atomic
def carry_out(erasure: FileErasure, *, actor: Any, reason: str = "") -> FileErasure:
    """Destroy name and bytes, and tell the organisation; raises `Refused` for the person who proposed it."""
    done = lifecycle.move(
        erasure, events.FileErased(**_said(erasure)), actor=actor, reason=reason, changes={"carried_out_by": actor}
    )
    file = done.attachment
    stored = str(file.file.name)
    Attachment.objects.filter(pk=file.pk).update(
        name=pseudonym(file.sha256), file="", erased_at=now_in_database(), erased_because=done.ground
    )
    for answer in Answer.objects.filter(application=file.application_id):
        said = _without_name(answer.value, file)
        if said != answer.value:
            Answer.objects.filter(pk=answer.pk).update(value=said)
    Upload.objects.filter(pk=file.pk).delete()  # how it arrived is remembered for some hours, by its name too
    outbox.put(DESTROY, {"path": stored}, dedupe_key=str(file.pk))
    notify(
        users_of(file.application.organisation),
        "grants.file_erased",
        params={"reference": file.application.reference, "ground": done.ground},
        url=link("application_detail", file.application_id),
        dedupe_key=str(done.pk),
    )
    return done


def _without_name(value: Any, file: Attachment) -> Any:
    if isinstance(value, list):
        return [_without_name(one, file) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("file") == str(file.pk):
        return {**value, "name": pseudonym(file.sha256)}
    return {key: _without_name(one, file) for key, one in value.items()}


def withdraw(erasure: FileErasure, *, actor: Any, reason: str) -> FileErasure:
    """Take a proposal back."""
    return lifecycle.move(erasure, events.FileErasureWithdrawn(), actor=actor, reason=reason)


@outbox.handler(DESTROY)
def destroy(payload: dict[str, Any]) -> None:
    """Destroy the bytes of an erased file; again does nothing."""
    private_storage().delete(payload["path"])


@fsck.check
def erased_files_were_erased_by_two() -> Iterator[str]:
    """A file whose bytes are gone is named by a carried-out erasure, and the other way round."""
    done = set(FileErasure.objects.filter(state=ErasureState.CARRIED_OUT).values_list("attachment_id", flat=True))
    gone = set(Attachment.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    for pk in sorted(done ^ gone):
        yield f"file {pk}: erased without an erasure by two people, or not erased by one"
