"""History of the demonstration: two funds that never existed, as files in the form that OCHA publishes.

Small on purpose: every fund and year asks for its own charts in three languages.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from transparency.ocha.bundle import Bundle
from transparency.ocha.layouts import LAYOUTS
from transparency.services import importing, runs

FUNDS = {"901": "صندوق سابق متخيَّل (تجريبي)"}
YEARS = (2022, 2023, 2024)
PLACES = ("Aleppo", "Idleb", "Al-Hasakeh", "Deir-ez-Zor", "Dar'a", "Homs", "Ar-Raqqa", "Lattakia")
SECTORS = ("3", "10", "11", "7", "2")
DONORS = ("وزارة متخيَّلة", "مؤسسة متخيَّلة", "حكومة متخيَّلة")
PROJECTS_A_YEAR = 6


@dataclass(frozen=True, slots=True)
class Past:
    """A project that never was: its place in the row decides everything else, so that each play is the same."""

    fund: str
    year: int
    number: int

    @property
    def code(self) -> str:
        """Plainly a demonstration's."""
        return f"DEMO-{self.year}-{self.fund}-{self.number:02}"

    @property
    def budget(self) -> int:
        """US dollars, from some ten thousand to a million; later years give more to small grants."""
        return 45_000 + (self.number * 7919 + self.year * 131) % 11 * 76_000 + self.number * 9_500

    @property
    def kind(self) -> int:
        """1 national, 2 international, 3 United Nations: the national ones become more."""
        return 1 if self.number < 2 + (self.year - YEARS[0]) else 2 + self.number % 2

    @property
    def people(self) -> tuple[int, int, int, int]:
        """Men, women, boys, girls."""
        reached = self.budget // 60
        return reached * 22 // 100, reached * 27 // 100, reached * 25 // 100, reached * 26 // 100

    @property
    def approved(self) -> date:
        """Half a year into its year, or a little later."""
        return date(self.year, 6, 1) + timedelta(days=self.number * 9)


def files() -> dict[str, bytes]:
    """The five files by name."""
    past = [Past(fund, year, number) for fund in FUNDS for year in YEARS for number in range(PROJECTS_A_YEAR)]
    rows = {
        "projects": [_project(one) for one in past],
        "locations": [_location(one) for one in past],
        "results": [_result(one) for one in past],
        "allocations": list(_allocations(past)),
        "contributions": list(_contributions(past)),
    }
    return {LAYOUTS[kind].filename: _written(kind, lines) for kind, lines in rows.items()}


def _written(kind: str, rows: Iterable[dict[str, object]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, LAYOUTS[kind].header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _project(one: Past) -> dict[str, object]:
    ends = one.approved + timedelta(days=(180, 270, 365, 540)[one.number % 4])
    return {
        "PFId": one.fund,
        "PrjCode": one.code,
        "AllNm": _allocation(one.year),
        "AllYr": one.year,
        "AllSrc": 1 + one.number % 2,
        "OrgNm": f"شريك متخيَّل {one.number + 1}",
        "OrgTypeId": one.kind,
        "PrjTitle": f"مشروع متخيَّل {one.number + 1}",
        "AStrDt": one.approved.isoformat(),
        "AEndDt": ends.isoformat(),
        "PrgBdg": one.budget,
        "BgdDC": one.budget - one.budget * 7 // 107,
        "BdgSC": one.budget * 7 // 107,
        "PrjSubDt": (one.approved - timedelta(days=40 + one.number * 6)).isoformat(),
        "ApprDt": one.approved.isoformat(),
        "BenAgg": "##".join(map(str, one.people)),
        "PrjStsNm": "Project Closure",
        "PartCode": f"DEMO-{one.number + 1}",
    }


def _location(one: Past) -> dict[str, object]:
    return {
        "PFId": one.fund,
        "PrjCode": one.code,
        "AYr": one.year,
        "ClstAgg": SECTORS[one.number % len(SECTORS)],
        "ClstPrct": "100.00",
        "AdmLoc1": PLACES[(one.number + one.year) % len(PLACES)],
        "AdmLocBenClustAgg1": "##".join(map(str, one.people)),
        "AdmLocClustBdg1": one.budget,
    }


def _result(one: Past) -> dict[str, object]:
    groups = dict(zip(("Men", "Women", "Boys", "Girls"), one.people, strict=True))
    actual = {group: count * (88 + one.number * 4) // 100 for group, count in groups.items()}
    return {
        "PooledfundId": one.fund,
        "PooledFundName": FUNDS[one.fund],
        "AllocationSourceId": 1 + one.number % 2,
        "AllocationYear": one.year,
        "ChfProjectCode": one.code,
        **{f"Planned{group}": count for group, count in groups.items()},
        **{f"Actual{group}": count for group, count in actual.items()},
        "PlannedTotal": sum(groups.values()),
        "ActualTotal": sum(actual.values()),
    }


def _allocation(year: int) -> str:
    return f"تخصيص متخيَّل {year}"


def _allocations(past: list[Past]) -> Iterator[dict[str, object]]:
    for fund, name in FUNDS.items():
        for year in YEARS:
            budgets = [one.budget for one in past if (one.fund, one.year) == (fund, year)]
            yield {
                "PooledFundId": fund,
                "PooledFundName": name,
                "AllocationTypeId": f"{fund}{year}",
                "AllocationTitle": _allocation(year),
                "AllocationSource": "Standard",
                "AllocationSourceId": 2,
                "FundTypeId": 1,
                "AllocationYear": year,
                "TotalUSDPlanned": sum(budgets),
                "PlannedStartDate": date(year, 3, 1).isoformat(),
                "PlannedEndDate": date(year, 7, 31).isoformat(),
                "TotalProjectsApproved": len(budgets),
                "TotalApprovedBudget": sum(budgets),
            }


def _contributions(past: list[Past]) -> Iterator[dict[str, object]]:
    for fund, name in FUNDS.items():
        for year in YEARS:
            granted = sum(one.budget for one in past if (one.fund, one.year) == (fund, year))
            for number, donor in enumerate(DONORS):
                yield {
                    "PooledFundId": fund,
                    "PooledFundName": name,
                    "FiscalYear": year,
                    "DonorName": donor,
                    "DonorCode": 9000 + number,
                    "GMSDonorId": 9000 + number,
                    "GMSDonorName": donor,
                    "ContributionAmt": granted * (55, 35, 20)[number] // 100,
                }


def bring() -> None:
    """Import the files the way the command does; the charts are drawn with the other letters and papers."""
    bundle = Bundle(files=files())
    run = runs.start_from_folder(skip_bad_rows=False)
    runs.finish(run, importing.import_bundle(run, bundle, actor=None, progress=_quietly))


def _quietly(_percent: int, _name: str) -> None:
    """Nobody looks at the progress of so little."""
