"""The public files of two real funds, against an independent sum over their text."""

import csv
import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from charter.defaults import default_rules
from tests.factories import transparency as make
from tests.transparency.test_iati import check
from transparency.figures import sums
from transparency.figures.facts import Facts, Scope
from transparency.figures.withholding import WITHHELD
from transparency.models import (
    HistoryAllocation,
    HistoryContribution,
    HistoryLocation,
    HistoryProject,
    HistoryResult,
    PartnerKind,
)
from transparency.ocha.bundle import from_folder
from transparency.release.history import tell_again
from transparency.release.told import Told
from transparency.selectors.facts import load_facts
from transparency.services import importing, runs
from transparency.services.importing import Report
from transparency.services.open_data import history

FILES: Path = settings.BASE_DIR.parent / "shared" / "data" / "cbpf"
Row = dict[str, str]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(
        not FILES.is_dir() and not os.environ.get("REQUIRE_ALL"),
        reason="the public files of real funds do not lie beside this checkout (../shared/data/cbpf)",
    ),
]


def text(name: str) -> list[Row]:
    with (FILES / f"{name}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def per_fund_and_year(rows: list[Row], fund: str, year: str, amount: str) -> dict[tuple[str, int], tuple[int, Decimal]]:
    added: dict[tuple[str, int], tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for row in rows:
        count, total = added[row[fund], int(row[year])]
        added[row[fund], int(row[year])] = (count + 1, total + Decimal(row[amount]))
    return dict(added)


def take() -> Report:
    run = runs.start_from_folder(skip_bad_rows=False)
    bundle = from_folder(FILES)
    return runs.finish(run, importing.import_bundle(run, bundle, actor=None, progress=make.silent))


def test_the_real_history_of_two_funds() -> None:
    report = take()

    assert report.done
    assert report.counts() == {"rows": 18213, "created": 18213, "updated": 0, "unchanged": 0, "removed": 0, "bad": 0}
    assert {file.source.name: file.rows for file in report.files} == {
        "projects.csv": 2123,
        "locations.csv": 15145,
        "allocations.csv": 71,
        "contributions.csv": 357,
        "results.csv": 517,
    }
    assert HistoryProject.objects.aggregate(Sum("budget"))["budget__sum"] == Decimal("1638432524.74")
    check_sums()
    check_kept_text()
    check_figures(load_facts(default_rules().publication))
    check_file()
    again = take()
    assert again.counts() == {"rows": 18213, "created": 0, "updated": 0, "unchanged": 18213, "removed": 0, "bad": 0}


def check_file() -> None:
    """The same history as IATI: every project and every cent, by the standard's schema and rules, and no finer place."""
    (file,) = history.files(Told())
    made = file.make(timezone.now())
    assert check(made) == []
    activities = ET.fromstring(made).findall("iati-activity")
    values = [
        Decimal(moved.findtext("value") or "")
        for one in activities
        for moved in one.iterfind("transaction")
        if moved.find("transaction-type").get("code") == "2"
    ]
    assert sum(values) == Decimal("1638432524.74")
    (inside, across) = tell_again(history.projects(), least_partners=3)
    assert (len(inside.open), sum(one.projects for one in across.sums)) == (744, 1379)
    assert len(activities) == 2 + 744 + len(across.sums)
    assert all(one.partners >= 3 for one in across.sums)
    text = made.decode()
    assert "<point" not in text
    hidden = HistoryProject.objects.filter(partner_withheld=True).values_list("code", flat=True)
    assert not [code for code in hidden if f'"{code}"' in text]


def check_sums() -> None:
    for model, name, fund, year, column, attribute in (
        (HistoryProject, "projects", "PFId", "AllYr", "PrgBdg", "budget"),
        (HistoryContribution, "contributions", "PooledFundId", "FiscalYear", "ContributionAmt", "amount"),
        (HistoryAllocation, "allocations", "PooledFundId", "AllocationYear", "TotalApprovedBudget", "budget_approved"),
        (HistoryResult, "results", "PooledfundId", "AllocationYear", "ActualTotal", "actual_total"),
    ):
        rows = model.objects.values_list("fund", "year").annotate(n=Count("id"), total=Sum(attribute))
        stored = {(f, y): (n, Decimal(total)) for f, y, n, total in rows}
        assert stored == per_fund_and_year(text(name), fund, year, column), name
    deepest: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for row in text("locations"):
        budgets = [row[f"AdmLocClustBdg{level}"] for level in range(6, 0, -1) if row[f"AdmLocClustBdg{level}"]]
        deepest[row["PFId"], int(row["AYr"])] += sum(map(Decimal, budgets[0].split("|||")), Decimal(0))
    places = HistoryLocation.objects.values_list("fund", "year").annotate(total=Sum("budget"))
    assert {(f, y): total for f, y, total in places} == deepest


def check_kept_text() -> None:
    spellings = set(HistoryLocation.objects.values_list("place_raw", flat=True))
    assert len(spellings) == 26
    assert set(HistoryLocation.objects.values_list("governorate", flat=True)) == {f"SY{n:02}" for n in range(1, 15)}
    raw = {(row["PFId"], row["PrjCode"]): row for row in text("projects")}
    for fund, code, kept in HistoryProject.objects.values_list("fund", "code", "raw"):
        assert kept == raw[fund, code]
    titles = set(HistoryAllocation.objects.values_list("fund", "year", "title"))
    joined = HistoryProject.objects.filter(year__gte=2018).values_list("fund", "year", "allocation_title")
    assert len(joined) == 1671
    assert all(project in titles for project in joined)
    hidden = HistoryProject.objects.filter(partner_withheld=True).values_list("fund", flat=True)
    assert (len(hidden), set(hidden)) == (1379, {"70"})


def check_figures(facts: Facts) -> None:
    """Figures that others have computed from the same files (the fund's specification)."""
    national = PartnerKind.NATIONAL.value
    inside, across = facts.within(Scope("62")), facts.within(Scope("70"))
    assert sums.kind_shares(inside.projects, national)[2024] == Decimal("24.6")
    assert sums.kind_shares(inside.projects, national)[2025] == Decimal("25.3")
    assert sums.kind_shares(across.projects, national)[2025] == Decimal("74.8")
    # They counted full days of 24 hours, here days of the calendar count.
    medians = [sums.decision_days(s.projects, source)[2025][0] for s in (inside, across) for source in (2, 1)]
    assert all(0 <= ours - theirs <= 1 for ours, theirs in zip(medians, (81, 43, 67, 27), strict=True)), medians
    recent = [project for project in facts.projects if project.year >= 2023]
    assert sums.size_bands(recent)[0][0] == 0
    assert max(project.days_long or 0 for project in recent) <= 31 * 25
    for cells in (facts.places, facts.sectors):
        assert abs(sum(cell.amount for cell in cells) - facts.granted) < facts.granted / 1000
        assert any(cell.thing == WITHHELD for cell in cells)
        assert all(cell.fund == "70" for cell in cells if cell.thing == WITHHELD)
