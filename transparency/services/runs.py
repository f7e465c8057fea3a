"""The course of one import: started, rehearsed, confirmed, done; its progress is seen while its transaction is open."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import BinaryIO
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
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

log = logging.getLogger(__name__)
CHECK = "transparency.check_import"
RUN = "transparency.run_import"
MOST_BEGINNINGS = 3
"""How many processes may be killed over one step before it is given up."""
SIGN_OF_LIFE = """
    UPDATE transparency_historyimport SET alive_at = clock_timestamp(), begun = begun + %s
    WHERE finished_at IS NULL AND failed_at IS NULL
        AND id = (SELECT id FROM transparency_historyimport WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)
"""
"""Over a connection of its own; it never waits for the import's transaction, which writes on the run when it ends."""


def start_from_folder(*, skip_bad_rows: bool) -> HistoryImport:
    """A run for the command line; whoever may open a shell on the server has confirmed it by starting it."""
    now = timezone.now()
    return HistoryImport.objects.create(
        origin=HistoryImport.Origin.FOLDER, skip_bad_rows=skip_bad_rows, checked_at=now, confirmed_at=now
    )


def finish(run: HistoryImport, report: Report) -> Report:
    """Note that the run ended, and how."""
    ended = "finished_at" if report.done else "failed_at"
    HistoryImport.objects.filter(pk=run.pk).update(progress=100, alive_at=None, **{ended: timezone.now()})
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


@transaction.atomic
def repeat(run: HistoryImport, *, actor: User) -> HistoryImport:
    """Begin a broken step anew: the rehearsal, or the import that was confirmed. Raises `kernel.permissions.Refused`."""
    run = HistoryImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
    require(rules.may_repeat_import(run, actor=actor))
    run.failed_at, run.alive_at, run.breakdown, run.progress = None, None, "", 0
    run.save(update_fields=["failed_at", "alive_at", "breakdown", "progress"])
    kind = RUN if run.confirmed_at else CHECK
    outbox.put(kind, {"run": str(run.pk)}, dedupe_key=f"{kind}:{run.pk}:{uuid4()}")
    return run


def check(run: HistoryImport) -> None:
    """Rehearse an upload and write down the report; a second call does nothing."""
    with _taken(run, "checking") as free:
        if free:
            report = importing.rehearse(_bundle(run), progress=_teller(run))
            importing.record_report(run, report, not_read=run.not_read)
            HistoryImport.objects.filter(pk=run.pk).update(
                checked_at=timezone.now(), progress=100, alive_at=None, begun=0
            )


def execute(run: HistoryImport) -> None:
    """Do a confirmed import; a second call does nothing."""
    with _taken(run, "running") as free:
        if free:
            finish(run, importing.import_bundle(run, _bundle(run), actor=run.confirmed_by, progress=_teller(run)))


@contextmanager
def _taken(run: HistoryImport, stage: str) -> Iterator[bool]:
    """Inside, this process alone works on ``run``: all or nothing, with signs of life; False when there is nothing to do.

    What breaks is turned back and written on the run, where the person who waits reads it: nobody reads a worker's log.
    """
    if run.stage != stage:
        yield False
        return
    if run.begun >= MOST_BEGINNINGS:
        # Each worker that took it was killed over it; the next one would be too.
        note_breakdown(run, HistoryImport.Breakdown.DIED)
        yield False
        return
    try:
        with alive(run), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock_name(run)])
            # Somebody slow, who was taken for dead, may have finished it meanwhile.
            run.refresh_from_db(fields=["checked_at", "confirmed_at", "finished_at", "failed_at"])
            yield not (run.failed_at or run.finished_at or (stage == "checking" and run.checked_at))
    except Exception:
        log.exception("an import broke down", extra={"history_import": str(run.pk)})
        note_breakdown(run, HistoryImport.Breakdown.ERROR)


def lock_name(run: HistoryImport) -> str:
    """Name of the advisory lock under which one process works on the run."""
    return f"history import {run.pk}"


def note_breakdown(run: HistoryImport, why: HistoryImport.Breakdown) -> None:
    """Write on the run that it broke, not by its files' fault."""
    HistoryImport.objects.filter(pk=run.pk).update(failed_at=timezone.now(), breakdown=why, alive_at=None, begun=0)


@contextmanager
def alive(run: HistoryImport) -> Iterator[None]:
    """Inside, a thread of its own keeps the run's ``alive_at`` fresh: while this process lives, however busy it is."""
    ended = Event()
    thread = Thread(target=_beat, args=(run.pk, ended), name="signs of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(pk: UUID, ended: Event) -> None:
    every = HistoryImport.SILENCE.total_seconds() / 6
    begun = 1
    with closing(connection.copy()) as own:
        while True:
            try:
                with own.cursor() as cursor:
                    cursor.execute(SIGN_OF_LIFE, [begun, pk])
            except DatabaseError:
                log.warning("a sign of life could not be given", exc_info=True)
            begun = 0
            if ended.wait(every):
                return


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
