"""``manage.py import_history DIR``: take public files of OCHA's pooled funds into the history tables."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from transparency.models import HistoryImport
from transparency.ocha.bundle import Bundle, BundleRefused, from_folder
from transparency.problems import located, sentence
from transparency.services import drawing, importing, runs
from transparency.services.importing import FileReport, Report


class Command(BaseCommand):
    """Import the known files of a folder, all or nothing, and name every row that cannot be read."""

    help = (
        "Import public files of OCHA pooled funds (projects, locations, allocations, contributions, results .csv) from a "
        "folder. Any bad row stops the import unless --skip-bad-rows is given. Running it twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder and what to do with bad rows."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="folder with the CSV files")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument(
            "--skip-bad-rows", action="store_true", help="import the good rows, record and leave out the bad"
        )
        parser.add_argument("--all-doubts", action="store_true", help="list every doubt, not only how many there are")
        parser.add_argument(
            "--draw", action="store_true", help="draw the public charts now instead of leaving it to the worker"
        )

    # Spoken as the code is written: a person at the machine reads one language, whatever the fund's first one is.
    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Import or rehearse; exit with an error when bad rows stopped it."""
        began = time.monotonic()
        try:
            bundle = from_folder(options["folder"])
        except BundleRefused as refused:
            raise CommandError(sentence(refused.code, refused.params)) from refused
        report = self._work(bundle, dry_run=options["dry_run"], skip_bad_rows=options["skip_bad_rows"])
        self._tell(bundle, report, all_doubts=options["all_doubts"])
        self._conclude(report, seconds=time.monotonic() - began, **options)
        if options["draw"] and report.done:
            count = drawing.draw_dashboard()
            self.stdout.write(f"drew {count} charts")

    def _work(self, bundle: Bundle, *, dry_run: bool, skip_bad_rows: bool) -> Report:
        if dry_run:
            return importing.rehearse(bundle, progress=self._progress)
        run = runs.start_from_folder(skip_bad_rows=skip_bad_rows)
        try:
            with runs.alive(run):
                report = importing.import_bundle(run, bundle, actor=None, progress=self._progress)
        except BaseException:
            runs.note_breakdown(run, HistoryImport.Breakdown.ERROR)
            raise
        return runs.finish(run, report)

    def _progress(self, percent: int, name: str) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{percent:3d} % {name:<20}", ending="")
            self.stdout.flush()

    def _tell(self, bundle: Bundle, report: Report, *, all_doubts: bool) -> None:
        if self.stdout.isatty():
            self.stdout.write("")
        for name, code in bundle.not_read.items():
            self.stdout.write(f"{name}: {sentence(code, {})}")
        for file in report.files:
            self.stdout.write(_line(file))
        for problem in report.problems:
            if problem.grave or all_doubts:
                where = located(problem.file, problem.line, problem.column)
                stream = self.stderr if problem.grave else self.stdout
                stream.write(
                    f"{'BAD ROW' if problem.grave else 'doubt'} {where}: {sentence(problem.code, problem.params)}"
                )

    def _conclude(self, report: Report, *, seconds: float, dry_run: bool, skip_bad_rows: bool, **_: Any) -> None:
        if dry_run:
            self.stdout.write(f"dry run: nothing was changed ({seconds:.1f} s)")
            if report.bad and not skip_bad_rows:
                raise CommandError(f"{report.bad} bad rows would stop this import")
        elif not report.done:
            raise CommandError(f"nothing was imported: {report.bad} bad rows (--skip-bad-rows imports the others)")
        else:
            left_out = f", {report.bad} BAD ROWS LEFT OUT (kept with the import's record)" if report.bad else ""
            self.stdout.write(f"imported in {seconds:.1f} s{left_out}")


def _line(file: FileReport) -> str:
    counts = (
        f"{file.created} new, {file.updated} changed, unchanged {file.unchanged}, {file.removed} removed, "
        f"{file.bad} bad, {file.doubtful} doubts"
    )
    return f"{file.source.name}: {file.rows} rows: {counts} (sha256 {file.source.sha256[:16]}…)"
