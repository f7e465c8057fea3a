"""Which files of applications are to be erased, and which are: without a word of what they were called or said."""

from typing import Any

from django.db.models import Case, QuerySet, When

from audit.states import ErasureState
from grants.models import Application, Attachment, FileErasure
from kernel import identity

_ABOUT = ("attachment__application", "attachment__question", "proposed_by", "carried_out_by")


def all_file_erasures() -> QuerySet[FileErasure]:
    """Every erasure of a file, those that wait for a second person first."""
    waiting = Case(When(state=ErasureState.PROPOSED, then=0), default=1)
    return FileErasure.objects.select_related(*_ABOUT).order_by(waiting, "-moved_at", "pk")


@identity.system("grants.file_erasures")
def listed() -> list[FileErasure]:
    """All of them, for offices that read no application."""
    return list(all_file_erasures())


@identity.system("grants.file_erasures")
def waiting(pk: Any) -> FileErasure | None:
    """An erasure that waits for a second person."""
    return all_file_erasures().filter(state=ErasureState.PROPOSED, pk=pk).first()


@identity.system("grants.file_erasures")
def files_of(reference: str) -> list[Attachment]:
    """The files of the application with this number that can be erased, in the order of its questions."""
    rows = Attachment.objects.filter(application__reference=reference, erased_at__isnull=True)
    rows = rows.exclude(erasures__state=ErasureState.PROPOSED).select_related("application", "question__section")
    return list(rows.order_by("question__section__order", "question__order", "attached_at"))


@identity.system("grants.file_erasures")
def erasable(pk: Any) -> Attachment | None:
    """A file that was not erased yet."""
    rows = Attachment.objects.select_related("application", "question")
    return rows.filter(pk=pk, erased_at__isnull=True).first()


def of_application(application: Application) -> list[FileErasure]:
    """What was proposed and done about the files of an application, for its timeline."""
    return list(FileErasure.objects.filter(attachment__application=application).order_by("moved_at"))


def erased_in(application: Application) -> dict[str, Attachment]:
    """The files of an application that were erased, by their id as text."""
    return {str(one.pk): one for one in application.attachments.filter(erased_at__isnull=False)}
