"""The course of one import: started, rehearsed, confirmed, done; its progress is seen while its transaction is open."""

from collections.abc import Callable, Iterable
from contextlib import closing
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from audit import lifecycle, outbox
from kernel.permissions import require
from transparency import rules
from transparency.events import HistoryImportConfirmed
from transparency.models import HistoryFile, HistoryImport
from transparency.ocha.bundle import Bundle, from_uploads
from transparency.services import importing
from transparency.services.importing import Report

CHECK = "transparency.check_import"
RUN = "transparency.run_import"


def start_from_folder(*, skip_bad_rows: bool) -> HistoryImport:
    """A run for the command line; whoever may open a shell on the server has confirmed it by starting it."""
    now = timezone.now()
    return HistoryImport.objects.create(
        origin=HistoryImport.Origin.FOLDER, skip_bad_rows=skip_bad_rows, checked_at=now, confirmed_at=now
    )


def finish(run: HistoryImport, report: Report) -> Report:
    """Note that the run ended, and how."""
    ended = "finished_at" if report.done else "failed_at"
    HistoryImport.objects.filter(pk=run.pk).update(progress=100, **{ended: timezone.now()})
    return report


@transaction.atomic
def start_from_uploads(uploads: Iterable[tuple[str, BinaryIO]], *, actor: User, skip_bad_rows: bool) -> HistoryImport:
    """Keep the uploaded files and have them rehearsed by the worker.

    Raises `kernel.permissions.Refused` and `transparency.ocha.bundle.BundleRefused`.
    """
    require(rules.may_import_history(actor))
    bundle = from_uploads(uploads)
    run = HistoryImport.objects.create(
        origin=HistoryImport.Origin.UPLOAD, started_by=actor, skip_bad_rows=skip_bad_rows, not_read=bundle.not_read
    )
    for name, content in bundle.files.items():
        stored = HistoryFile(run=run, name=name, size=len(content))
        stored.content.save(name, ContentFile(content), save=False)
        stored.save()
    outbox.put(CHECK, {"run": str(run.pk)}, dedupe_key=f"{CHECK}:{run.pk}")
    return run


@transaction.atomic
def confirm(run: HistoryImport, *, actor: User) -> HistoryImport:
    """Let a rehearsed import run. Raises `kernel.permissions.Refused`."""
    run = HistoryImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
    require(rules.may_confirm_import(run, actor=actor))
    bad, rows = run.totals["bad"], run.totals["rows"]
    event = HistoryImportConfirmed(rows=rows, bad=bad, skip_bad_rows=run.skip_bad_rows)
    lifecycle.note(run, event, actor=actor)
    run.confirmed_at, run.confirmed_by, run.progress = timezone.now(), actor, 0
    run.save(update_fields=["confirmed_at", "confirmed_by", "progress"])
    outbox.put(RUN, {"run": str(run.pk)}, dedupe_key=f"{RUN}:{run.pk}")
    return run


def check(run: HistoryImport) -> None:
    """Rehearse an upload and write down the report; a second call does nothing."""
    if run.stage != "checking":
        return
    report = importing.rehearse(_bundle(run), progress=_teller(run))
    with transaction.atomic():
        importing.record_report(run, report, not_read=run.not_read)
        HistoryImport.objects.filter(pk=run.pk).update(checked_at=timezone.now(), progress=100)


def execute(run: HistoryImport) -> None:
    """Do a confirmed import; a second call does nothing."""
    if run.stage != "running":
        return
    with transaction.atomic():
        finish(run, importing.import_bundle(run, _bundle(run), actor=run.confirmed_by, progress=_teller(run)))


def _bundle(run: HistoryImport) -> Bundle:
    bundle = Bundle(not_read=run.not_read)
    for file in run.files.all():
        with file.content.open("rb") as stream:
            bundle.files[file.name] = stream.read()
    return bundle


def _teller(run: HistoryImport) -> Callable[[int, str], None]:
    """Progress over a second connection: the import's own transaction shows nothing before it ends."""
    told = -1

    def tell(percent: int, _name: str) -> None:
        nonlocal told
        if percent - told < 5:
            return
        told = percent
        with closing(connection.copy()) as other, other.cursor() as cursor:
            cursor.execute("UPDATE transparency_historyimport SET progress = %s WHERE id = %s", [percent, run.pk])

    return tell
