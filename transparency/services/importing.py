"""Importing history: all files in one transaction, everything or nothing.

A bad row (a value that cannot be read, a torn line) stops the import, and all bad rows are named; asked for explicitly
(``skip_bad_rows``) the good rows are imported and the bad ones stay on record with the import. Doubts never stop it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import lifecycle, outbox
from kernel.database import advisory_lock
from transparency.events import HistoryImported
from transparency.models import HistoryFile, HistoryImport, HistoryLocation, HistoryProblem
from transparency.ocha.bundle import Bundle
from transparency.ocha.layouts import BY_FILENAME
from transparency.ocha.reading import Problem, SourceFile, read, shown
from transparency.services.doubts import doubts
from transparency.services.resources import KEY, LINE, RESOURCES, as_dataset

Progress = Callable[[int, str], None]
PREVIEW_ROWS = 5
DRAW = "transparency.draw_dashboard"


@dataclass(slots=True)
class FileReport:
    """What became of one file."""

    source: SourceFile
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def bad(self) -> int:
        """Lines left out (a whole-file problem counts as one)."""
        return len({problem.line for problem in self.source.problems if problem.grave})

    @property
    def doubtful(self) -> int:
        """Doubts about lines that were taken."""
        return sum(not problem.grave for problem in self.source.problems)


@dataclass(slots=True)
class Report:
    """What an import did, or would have done when ``done`` is false."""

    files: list[FileReport] = field(default_factory=list)
    done: bool = False

    @property
    def problems(self) -> list[Problem]:
        """All problems, file by file and line by line."""
        return sorted(
            (problem for file in self.files for problem in file.source.problems),
            key=lambda problem: (not problem.grave, problem.file, problem.line, problem.column),
        )

    @property
    def bad(self) -> int:
        """Rows left out."""
        return sum(file.bad for file in self.files)

    @property
    def changed(self) -> int:
        """Rows created, updated or removed."""
        return sum(file.created + file.updated + file.removed for file in self.files)

    def counts(self) -> dict[str, int]:
        """Sums over all files."""
        names = ("rows", "created", "updated", "unchanged", "removed", "bad")
        return {name: sum(getattr(file, name) for file in self.files) for name in names}


class _Rehearsed(Exception):
    pass


def rehearse(bundle: Bundle, *, progress: Progress) -> Report:
    """Do the whole import and turn it back: the report is exactly what the import would say."""
    report = Report()
    try:
        with transaction.atomic():
            _take_files(bundle, report, progress=progress)
            raise _Rehearsed
    except _Rehearsed:
        return report


def import_bundle(run: HistoryImport, bundle: Bundle, *, actor: User | None, progress: Progress) -> Report:
    """Import the files for the saved ``run``, record the event and ask for new charts.

    Without ``run.skip_bad_rows`` any bad row turns everything back; the report then has ``done`` false.
    """
    report = Report()
    try:
        with transaction.atomic():
            _take_files(bundle, report, progress=progress)
            if report.bad and not run.skip_bad_rows:
                raise _Rehearsed
            record_report(run, report, not_read=bundle.not_read)
            fingerprints = {file.source.name: file.source.sha256 for file in report.files}
            event = HistoryImported(files=fingerprints, **report.counts())
            leaf = lifecycle.note(run, event, actor=actor)
            if report.changed:
                outbox.put(DRAW, {"run": str(run.pk)}, dedupe_key=f"{DRAW}:{leaf.pk}")
            report.done = True
    except _Rehearsed:
        record_report(run, report, not_read=bundle.not_read)
    return report


def _take_files(bundle: Bundle, report: Report, *, progress: Progress) -> None:
    advisory_lock("transparency.history")
    order = [layout for name, layout in BY_FILENAME.items() if name in bundle.files]
    sources = [read(bundle.files[layout.filename], layout) for layout in order]
    total = sum(len(source.rows) for source in sources) or 1
    done = 0
    lines: dict[str, dict[str, int]] = {}
    for source in sources:
        start = done

        def tell(read_rows: int, name: str = source.name, start: int = start) -> None:
            progress(95 * (start + read_rows) // total, name)

        report.files.append(_take_file(source, lines, tell))
        done += len(source.rows)
        tell(len(source.rows))
    funds = {row[source.layout.fund] for source in sources for _line, row in source.rows}
    by_name = {file.source.name: file.source for file in report.files}
    for doubt in doubts(funds, lines):
        by_name[doubt.file].problems.append(doubt)
    progress(100, "")


def _take_file(source: SourceFile, lines: dict[str, dict[str, int]], tell: Callable[[int], None]) -> FileReport:
    resource = RESOURCES[source.layout.kind]()
    resource.progress = tell
    dataset = as_dataset(source)
    result = resource.import_data(dataset, dry_run=False, use_transactions=False, raise_errors=False)
    for row in result.invalid_rows:
        line = dataset[row.number - 1][0]
        for column, errors in row.error.error_dict.items():
            for error in errors:
                source.complain(line, column, error.code, **(error.params or {}))
    for error in [*result.base_errors, *(error for _n, errors in result.row_errors() for error in errors)]:
        raise error.error
    lines[source.layout.kind] = dict(zip(dataset[KEY], dataset[LINE], strict=True)) if len(dataset) else {}
    totals = result.totals
    return FileReport(
        source=source,
        rows=len(source.rows),
        created=totals["new"],
        updated=totals["update"],
        unchanged=totals["skip"],
        removed=_remove_vanished(source, lines[source.layout.kind]),
    )


def _remove_vanished(source: SourceFile, keys: Iterable[str]) -> int:
    """Locations that a project of this file no longer names; the file lists each of its projects' places in full."""
    if source.layout.kind != "locations" or any(problem.grave for problem in source.problems):
        return 0
    projects = {(row["PFId"], row["PrjCode"]) for _line, row in source.rows}
    stored = HistoryLocation.objects.filter(fund__in={fund for fund, _code in projects})
    seen = set(keys)
    gone = [
        pk
        for pk, key, fund, code in stored.values_list("pk", "key", "fund", "project_code")
        if key not in seen and (fund, code) in projects
    ]
    return HistoryLocation.objects.filter(pk__in=gone).delete()[0]


def record_report(run: HistoryImport, report: Report, *, not_read: dict[str, str]) -> None:
    """Write down what was found in place of what an earlier rehearsal of the same run found."""
    run.problems.all().delete()
    HistoryProblem.objects.bulk_create(
        (
            HistoryProblem(
                run=run,
                file=p.file,
                line=p.line,
                column=shown(p.column),
                code=p.code,
                params=_storable(p.params),
                grave=p.grave,
            )
            for p in report.problems
        ),
        batch_size=2000,
    )
    for file in report.files:
        source = file.source
        HistoryFile.objects.update_or_create(
            run=run,
            name=source.name,
            defaults={
                "sha256": source.sha256,
                "size": source.size,
                "encoding": source.encoding,
                "first_rows": [row for _line, row in source.rows[:PREVIEW_ROWS]],
                "doubts": file.doubtful,
                **{name: getattr(file, name) for name in ("rows", "created", "updated", "unchanged", "removed", "bad")},
            },
        )
    run.not_read = not_read
    run.totals = {**report.counts(), "doubts": dict(Counter(p.code for p in report.problems if not p.grave))}
    run.save(update_fields=["not_read", "totals"])


def _storable(params: dict[str, Any]) -> dict[str, Any]:
    return {name: shown(value) if isinstance(value, str) else value for name, value in params.items()}
