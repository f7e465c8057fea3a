"""Importing: everything or nothing, every bad row by name, nothing altered, twice is once."""

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from audit.models import RecordedEvent
from tests.factories import transparency as make
from transparency.models import (
    HistoryAllocation,
    HistoryContribution,
    HistoryImport,
    HistoryLocation,
    HistoryProject,
    HistoryResult,
)
from transparency.ocha.bundle import Bundle
from transparency.services import importing, runs
from transparency.services.doubts import doubts
from transparency.services.importing import Report

pytestmark = pytest.mark.django_db
TABLES: tuple[Any, ...] = (
    HistoryProject,
    HistoryLocation,
    HistoryAllocation,
    HistoryContribution,
    HistoryResult,
)


def take(bundle: Bundle, *, skip_bad_rows: bool = False) -> Report:
    run = runs.start_from_folder(skip_bad_rows=skip_bad_rows)
    return runs.finish(run, importing.import_bundle(run, bundle, actor=None, progress=make.silent))


def counts() -> list[int]:
    return [table.objects.count() for table in TABLES]


def said(report: Report) -> list[tuple[str, int, str, str]]:
    return [(p.file, p.line, p.column, p.code) for p in report.problems]


def test_a_whole_fund_is_read_exactly() -> None:
    report = take(make.whole_fund())

    assert report.done
    assert said(report) == []
    assert counts() == [1, 1, 1, 1, 1]
    project = HistoryProject.objects.get()
    assert (project.budget, project.title, project.allocation_title) == (
        Decimal("107000.5"),
        "Water & light",
        "First allocation\t",
    )
    assert (project.starts_on, project.submitted_on) == (date(2020, 3, 1), date(2020, 1, 2))
    assert (project.men, project.women, project.boys, project.girls) == (10, 20, 30, 40)
    assert project.raw == make.project()
    assert not project.partner_withheld


def test_a_place_counts_its_deepest_level_once_and_keeps_no_community() -> None:
    take(make.whole_fund())

    place = HistoryLocation.objects.get()
    assert (place.governorate, place.place, place.place_raw) == ("SY07", "Idleb", "Idleb ")
    assert (place.level, place.budget, place.men, place.girls) == (2, Decimal("107000.500"), 11, 41)
    assert place.clusters == [{"cluster": "7", "percent": "60.00"}, {"cluster": "11", "percent": "40.00"}]
    columns = {field.name for field in HistoryLocation._meta.concrete_fields} - {"raw", "key"}
    assert not [
        name
        for name in columns
        if "Hidden Valley" in str(getattr(place, name)) or "35.111" in str(getattr(place, name))
    ]


def test_twice_is_once() -> None:
    take(make.whole_fund())
    before = {table: list(table.objects.values()) for table in TABLES}

    report = take(make.whole_fund())

    assert report.counts() == {"rows": 5, "created": 0, "updated": 0, "unchanged": 5, "removed": 0, "bad": 0}
    assert {table: list(table.objects.values()) for table in TABLES} == before


def test_a_new_release_changes_rows_in_their_place() -> None:
    take(make.bundle(projects=[make.project("A"), make.project("B")]))
    ids = dict(HistoryProject.objects.values_list("code", "pk"))

    report = take(make.bundle(projects=[make.project("A", PartCode="redrawn", PrgBdg="5"), make.project("B")]))

    assert (report.files[0].created, report.files[0].updated, report.files[0].unchanged) == (0, 1, 1)
    changed = HistoryProject.objects.get(code="A")
    assert (changed.pk, changed.partner_code, changed.budget) == (ids["A"], "redrawn", Decimal(5))
    assert changed.raw["PrgBdg"] == "5"


def test_places_that_a_project_no_longer_names_are_removed_and_counted() -> None:
    hama = make.location(AdmLoc1="Hama", AdmLoc2="")
    take(make.bundle(projects=[make.project()], locations=[make.location(), hama, make.location("OTHER")]))

    report = take(make.bundle(locations=[make.location(AYr="2021")]))

    assert (report.files[0].updated, report.files[0].removed) == (1, 1)
    assert set(HistoryLocation.objects.values_list("project_code", "year")) == {("XXX-20/1", 2021), ("OTHER", 2020)}


FAULTS = [
    make.project("A", PrgBdg="1,200"),
    make.project("B"),
    make.project("C", AStrDt="30/9/2020", AEndDt="soon", BenAgg="1##2"),
    make.project("", AllYr=""),
    make.project("B", PrgBdg="7"),
    make.project("D", PFId="9" * 21),
]
NAMED = [
    ("projects.csv", 2, "PrgBdg", "amount"),
    ("projects.csv", 4, "AEndDt", "day"),
    ("projects.csv", 4, "AStrDt", "no_such_day"),
    ("projects.csv", 4, "BenAgg", "people"),
    ("projects.csv", 5, "AllYr", "empty"),
    ("projects.csv", 5, "PrjCode", "empty"),
    ("projects.csv", 6, "PrjCode", "repeated_row"),
    ("projects.csv", 7, "PFId", "code_too_long"),
]


def test_any_bad_row_stops_everything_and_all_are_named() -> None:
    report = take(make.bundle(projects=FAULTS, contributions=[make.contribution()]))

    assert not report.done
    assert said(report) == NAMED
    assert report.bad == 5
    assert counts() == [0, 0, 0, 0, 0]
    run = HistoryImport.objects.get()
    assert run.stage == "failed"
    assert run.problems.count() == len(NAMED)
    assert not RecordedEvent.objects.filter(type="transparency.history.imported").exists()


def test_bad_rows_may_be_left_out_but_stay_on_record() -> None:
    report = take(make.bundle(projects=FAULTS), skip_bad_rows=True)

    assert report.done
    assert list(HistoryProject.objects.values_list("code", flat=True)) == ["B"]
    assert HistoryProject.objects.get().budget == Decimal("107000.5")
    run = HistoryImport.objects.get()
    assert run.stage == "finished"
    assert sorted(run.problems.filter(grave=True).values_list("file", "line", "column", "code")) == sorted(NAMED)


def test_faults_of_places() -> None:
    rows = [
        make.location(ClstPrct="100.00"),
        make.location(AdmLocClustBdg2="1|||x"),
        make.location(AdmLocClustBdg2="1"),
        make.location(AdmLocBenClustAgg2="1##2"),
        make.location(ClstPrct="a|||b"),
        make.location(AdmLoc6="x" * 2100),
    ]

    report = take(make.bundle(locations=rows))

    assert [(p.line, p.column, p.code) for p in report.problems if p.grave] == [
        (2, "ClstPrct", "uneven_lists"),
        (3, "AdmLocClustBdg2", "amount"),
        (4, "AdmLocClustBdg2", "uneven_lists"),
        (5, "AdmLocBenClustAgg2", "people"),
        (6, "ClstPrct", "amount"),
        (7, "AdmLoc6", "key_too_long"),
    ]


def test_doubts_are_told_and_change_nothing() -> None:
    projects = [
        make.project("A", AEndDt="1/1/2020", ApprDt="1/1/2020"),
        make.project("B", PrgBdg="-5", OrgTypeId="9"),
        make.project("C", BgdDC="200000"),
        make.project("D"),
    ]
    places = [
        make.location("A"),
        make.location("A"),
        make.location("B", ClstPrct="60|||60"),
        make.location("C", AdmLoc1="", AdmLoc2="", AdmLocClustBdg2="", AdmLocBenClustAgg2=""),
        make.location("Z"),
    ]
    results = [make.result("A", PlannedTotal="21"), make.result("Z")]

    report = take(make.bundle(projects=projects, locations=places, results=results))

    assert report.done
    assert not any(p.grave for p in report.problems)
    assert sorted((p.file[:4], p.line, p.code) for p in report.problems) == [
        ("loca", 2, "places_differ_from_budget"),
        ("loca", 3, "repeated_row"),
        ("loca", 4, "percents_differ"),
        ("loca", 4, "places_differ_from_budget"),
        ("loca", 6, "no_such_project"),
        ("proj", 2, "approved_before_submission"),
        ("proj", 2, "ends_before_start"),
        ("proj", 3, "negative_amount"),
        ("proj", 3, "parts_exceed_budget"),
        ("proj", 3, "unknown_partner_kind"),
        ("proj", 4, "parts_exceed_budget"),
        ("proj", 5, "no_places"),
        ("resu", 2, "total_differs"),
        ("resu", 3, "no_such_project"),
    ]
    assert HistoryLocation.objects.count() == 5
    funds = set(HistoryLocation.objects.values_list("fund", flat=True))
    nothing_new: dict[str, dict[str, int]] = {"projects": {}, "locations": {}, "results": {}}
    assert list(doubts(funds, nothing_new)) == [], "rows that stand in no file of today raise no doubt"


def test_donors_of_a_year_may_stand_in_several_rows() -> None:
    gifts = [make.contribution(), make.contribution(ContributionAmt="1")]

    report = take(make.bundle(contributions=gifts))

    assert said(report) == [("contributions.csv", 3, "GMSDonorId", "repeated_row")]
    assert HistoryContribution.objects.aggregate(Sum("amount")) == {"amount__sum": Decimal("250001.25")}


def test_an_import_is_an_event_of_the_log_with_the_files_fingerprints() -> None:
    take(make.whole_fund())

    run = HistoryImport.objects.get()
    event = RecordedEvent.objects.get(type="transparency.history.imported")
    assert (event.subject_id, event.actor) == (run.pk, None)
    assert {file.name: len(file.sha256) for file in run.files.all()} == dict.fromkeys(make.whole_fund().files, 64)


def test_a_rehearsal_changes_nothing() -> None:
    report = importing.rehearse(make.whole_fund(), progress=make.silent)

    assert report.counts()["created"] == 5
    assert counts() == [0, 0, 0, 0, 0]
    assert not HistoryImport.objects.exists()


def command(*arguments: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_history", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    make.folder(tmp_path, make.whole_fund())
    (tmp_path / "history.csv").write_text("derived")

    first, _err = command(tmp_path)
    second, _err = command(tmp_path, "--all-doubts")

    assert "history.csv: not read" in first
    assert "projects.csv: 1 rows: 1 new, 0 changed, unchanged 0, 0 removed, 0 bad, 0 doubts" in first
    assert "projects.csv: 1 rows: 0 new, 0 changed, unchanged 1" in second


def test_the_command_ends_with_an_error_and_names_bad_rows(tmp_path: Path) -> None:
    make.folder(tmp_path, make.bundle(projects=FAULTS))
    err = StringIO()

    with pytest.raises(CommandError, match="nothing was imported: 5 bad rows"):
        call_command("import_history", tmp_path, stdout=StringIO(), stderr=err)
    assert "BAD ROW projects.csv, line 2, PrgBdg: “1,200” is not an amount" in err.getvalue()
    with pytest.raises(CommandError, match="5 bad rows would stop"):
        command(tmp_path, "--dry-run")
    out, _err = command(tmp_path, "--skip-bad-rows")
    assert "5 BAD ROWS LEFT OUT" in out
    with pytest.raises(CommandError, match="is not a folder"):
        command(tmp_path / "nowhere")


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    make.folder(tmp_path, make.whole_fund())

    out, _err = command(tmp_path, "--dry-run")

    assert "dry run: nothing was changed" in out
    assert counts() == [0, 0, 0, 0, 0]
    assert not HistoryImport.objects.exists()
