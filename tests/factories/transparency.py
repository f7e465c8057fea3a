"""Rows of OCHA's files with everything filled in, and files made of them. All names are invented."""

import csv
import io
from pathlib import Path
from typing import Any

from accounts.models import User
from grants.models import Grant
from tests.factories import shelf
from tests.factories.awards import active_grant, signatory
from tests.factories.organisations import eligible_organisation
from transparency.models import NameConsent, Withholding
from transparency.ocha.bundle import Bundle
from transparency.ocha.layouts import LAYOUTS
from transparency.selectors.withholdings import shown_sha256
from transparency.services import importing, runs, withholding
from transparency.states import Ground

Row = dict[str, str]
BIRDS = (11_031_17, 14_052_29, 19_073_31, 23_094_43, 27_015_59, 31_036_61, 32_007_77)
"""What grants to organisations are worth whose names stand nowhere else: `Bird3q`, `عصفور3ق`; rising."""


def project(code: str = "XXX-20/1", **changes: Any) -> Row:
    return {
        **dict.fromkeys(LAYOUTS["projects"].header, ""),
        "PFId": "99",
        "PrjCode": code,
        "AllNm": "First allocation\t",
        "AllYr": "2020",
        "AllSrc": "2",
        "OrgNm": "Lantern Society",
        "OrgTypeId": "1",
        "PrjTitle": "  Water &amp; light\u200b",
        "AStrDt": "3/1/2020 12:00:00 AM",
        "AEndDt": "2/28/2021 12:00:00 AM",
        "PrjDur": "12 Months",
        "PrgBdg": "107000.5",
        "BgdDC": "100000",
        "BdgSC": "0",
        "PrjSubDt": "1/2/2020 9:01:33 PM",
        "ApprDt": "2/1/2020 9:24:01 PM",
        "BenAgg": "10##20##30##40",
        "PartCode": f"P{code}",
        **changes,
    }


def location(code: str = "XXX-20/1", **changes: Any) -> Row:
    return {
        **dict.fromkeys(LAYOUTS["locations"].header, ""),
        "PFId": "99",
        "PrjCode": code,
        "AYr": "2020",
        "ClstAgg": "7|||11",
        "ClstPrct": "60.00|||40.00",
        "AdmLoc1": "Idleb ",
        "AdmLoc2": "Hidden Valley",
        "AdmLocBenClustAgg1": "10##20##30##40|||1##1##1##1",
        "AdmLocBenClustAgg2": "10##20##30##40|||1##1##1##1",
        "AdmLocCord2": "35.111,36.222",
        "AdmLocClustBdg1": "64200.300|||42800.200",
        "AdmLocClustBdg2": "64200.300|||42800.200",
        **changes,
    }


def contribution(**changes: Any) -> Row:
    return {
        "PooledFundName": "Testland",
        "PooledFundId": "99",
        "FiscalYear": "2020",
        "DonorName": "Government of Denmark",
        "DonorCode": "5",
        "GMSDonorId": "8",
        "GMSDonorName": "Denmark",
        "ContributionAmt": "250000.25",
        "ContributionPercent": "1.00000",
        **changes,
    }


def allocation(**changes: Any) -> Row:
    return {
        **dict.fromkeys(LAYOUTS["allocations"].header, ""),
        "AllocationTitle": "First allocation\t",
        "PooledFundId": "99",
        "PooledFundName": "Testland",
        "AllocationTypeId": "1",
        "AllocationYear": "2020",
        "TotalUSDPlanned": "2E+07",
        "PlannedStartDate": "4/15/2020 12:00:00 AM",
        "Documents": "Plan.pdf##594935##Allocation Type##https://example.org/a.pdf##|||",
        "HRPPlans": "Plan##2020",
        **changes,
    }


def result(code: str = "XXX-20/1", **changes: Any) -> Row:
    people = {f"{stage}{who}": "5" for stage in ("Planned", "Actual") for who in ("Men", "Women", "Boys", "Girls")}
    return {
        "PooledfundId": "99",
        "PooledFundName": "Testland",
        "AllocationSourceId": "2",
        "AllocationYear": "2020",
        "ChfProjectCode": code,
        **people,
        "PlannedTotal": "20",
        "ActualTotal": "20",
        **changes,
    }


def as_csv(rows: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def bundle(**kinds: list[Row]) -> Bundle:
    return Bundle(files={f"{kind}.csv": as_csv(rows) for kind, rows in kinds.items()})


def whole_fund() -> Bundle:
    return bundle(
        projects=[project()],
        locations=[location()],
        contributions=[contribution()],
        allocations=[allocation()],
        results=[result()],
    )


def folder(path: Path, made: Bundle) -> Path:
    for name, content in made.files.items():
        (path / name).write_bytes(content)
    return path


def silent(percent: int, name: str) -> None:
    """Progress that no test looks at."""


def take(bundle: Bundle) -> None:
    """Import the files as a folder of the server."""
    importing.import_bundle(runs.start_from_folder(skip_bad_rows=False), bundle, actor=None, progress=silent)


def agrees(grant: Grant) -> NameConsent:
    """The signatory agrees that the public reads the organisation's name."""
    return withholding.consent_to_be_named(grant, shown=shown_sha256(grant), actor=signatory(grant))


def withhold(grant: Grant, *parts: str, actor: User | None = None) -> Withholding:
    """The public reads no more of these parts; the partner's signatory asked for it, if nobody else is named."""
    asked = {"ground": Ground.PARTNER, "reason": "Armed men asked for us.", "actor": actor or signatory(grant)}
    return withholding.withhold(grant, parts=parts, **asked)


@shelf.keepable
def named_grant(**wishes: Any) -> Grant:
    """A grant in force whose organisation agrees to be named."""
    grant = active_grant(**wishes)
    agrees(grant)
    return grant


def birds(many: int = 4) -> list[Grant]:
    """Grants of ``BIRDS``, the first of them; four may stand ready."""
    made = list(Grant.objects.order_by("amount_minor")) if shelf.take("four_birds") else []
    return made + [bird(number) for number in range(len(made), many)]


def bird(number: int) -> Grant:
    """A named grant of an organisation whose names stand nowhere else."""
    names = {"name_ar": f"عصفور{number}ق", "name_latin": f"Bird{number}q", "about": f"nest{number}q"}
    return named_grant(amount_minor=BIRDS[number], organisation=eligible_organisation("M", **names))
