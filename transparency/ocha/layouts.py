"""Which files and columns the pooled-fund extracts have, and how each column is read.

`history.csv` (derived from other files) and `contributions_paid_pledged.csv` (older, the same money as
`contributions.csv`) are known and not read, since they would count money twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from transparency.ocha import values as v
from transparency.ocha.locations import derive_location

Row = dict[str, str]
GENERIC_PARTNERS = {"national ngo", "international ngo", "un agency", "others", "other", "ngo", "ingo", "un"}


def _nothing(_row: Row) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: the attributes it fills, each with its reader."""

    name: str
    attributes: tuple[tuple[str, v.Parser], ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file.

    ``key`` are the columns that tell one row from another (exact text); ``repeats`` says whether rows with an equal key
    are separate facts. ``derive`` reads what several columns say together. ``extra`` are columns kept as text only.
    """

    kind: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    fund: str
    repeats: bool = False
    extra: tuple[str, ...] = ()
    derive: Callable[[Row], dict[str, Any]] = field(default=_nothing)

    @property
    def filename(self) -> str:
        """The name by which the file is found in a folder or an upload."""
        return f"{self.kind}.csv"

    @property
    def header(self) -> tuple[str, ...]:
        """Every column that the file must have."""
        return tuple(column.name for column in self.columns) + self.extra


def one(name: str, attribute: str, parser: v.Parser, *, required: bool = False) -> Column:
    """A column that fills one attribute."""
    return Column(name, ((attribute, parser),), required)


def _derive_project(row: Row) -> dict[str, Any]:
    return {"partner_withheld": v.words(row["OrgNm"]).casefold() in GENERIC_PARTNERS}


PROJECTS = Layout(
    kind="projects",
    fund="PFId",
    key=("PFId", "PrjCode"),
    extra=("OPSCodeAgg", "EmgAgg"),
    derive=_derive_project,
    columns=(
        one("PFId", "fund", v.identifier, required=True),
        one("PrjCode", "code", v.exact, required=True),
        one("AllNm", "allocation_title", v.exact),
        one("AllYr", "year", v.year, required=True),
        one("AllSrc", "source", v.small),
        one("OrgNm", "partner_name", v.words),
        one("OrgTypeId", "partner_kind", v.small),
        one("PrjTitle", "title", v.words),
        one("AStrDt", "starts_on", v.day),
        one("AEndDt", "ends_on", v.day),
        one("PrjDur", "duration_text", v.words),
        one("PrgBdg", "budget", v.amount, required=True),
        one("BgdDC", "direct_cost", v.amount),
        one("BdgSC", "support_cost", v.amount),
        one("PrjSubDt", "submitted_on", v.day),
        one("ApprDt", "approved_on", v.day),
        Column("BenAgg", tuple((who, v.people_part(i)) for i, who in enumerate(("men", "women", "boys", "girls")))),
        one("PrjGM", "gender_marker", v.words),
        one("PrjStsNm", "status_name", v.words),
        one("PrjStsId", "status_number", v.whole),
        one("PrjStsCode", "status_code", v.words),
        one("PartCode", "partner_code", v.exact),
    ),
)

LOCATIONS = Layout(
    kind="locations",
    fund="PFId",
    key=("PFId", "PrjCode", *(f"AdmLoc{level}" for level in range(1, 7))),
    repeats=True,
    extra=(
        *(f"AdmLoc{level}" for level in range(1, 7)),
        *(f"AdmLocBenClustAgg{level}" for level in range(1, 7)),
        *(f"AdmLocCord{level}" for level in range(1, 7)),
        *(f"AdmLocClustBdg{level}" for level in range(1, 7)),
        "ClstAgg",
        "ClstPrct",
        "AdmLocTypeIdAgg",
    ),
    derive=derive_location,
    columns=(
        one("PFId", "fund", v.identifier, required=True),
        one("PrjCode", "project_code", v.exact, required=True),
        one("AYr", "year", v.year, required=True),
    ),
)

ALLOCATIONS = Layout(
    kind="allocations",
    fund="PooledFundId",
    key=("PooledFundId", "AllocationTypeId"),
    columns=(
        one("PooledFundId", "fund", v.identifier, required=True),
        one("AllocationTypeId", "type_id", v.exact, required=True),
        one("PooledFundName", "fund_name", v.words),
        one("AllocationTitle", "title", v.exact, required=True),
        one("AllocationSummary", "summary", v.words),
        one("AllocationSource", "source_name", v.words),
        one("AllocationSourceId", "source", v.small),
        one("FundTypeId", "fund_type", v.small),
        one("AllocationYear", "year", v.year, required=True),
        one("TotalUSDPlanned", "planned", v.amount),
        one("PlannedStartDate", "planned_start", v.day),
        one("PlannedEndDate", "planned_end", v.day),
        one("AllocationHCLastProjectApprovalDate", "last_approval", v.day),
        one("TotalProjectsunderApproval", "projects_under_approval", v.whole),
        one("TotalUnderApprovalBudget", "budget_under_approval", v.amount),
        one("TotalProjectsApproved", "projects_approved", v.whole),
        one("TotalApprovedBudget", "budget_approved", v.amount),
        one("HRPPlans", "plans", v.plans),
        one("Documents", "documents", v.documents),
    ),
)

CONTRIBUTIONS = Layout(
    kind="contributions",
    fund="PooledFundId",
    key=("PooledFundId", "FiscalYear", "DonorCode", "GMSDonorId"),
    repeats=True,
    columns=(
        one("PooledFundId", "fund", v.identifier, required=True),
        one("PooledFundName", "fund_name", v.words),
        one("FiscalYear", "year", v.year, required=True),
        one("DonorName", "donor_name", v.words),
        one("DonorCode", "donor_code", v.exact),
        one("GMSDonorId", "donor_number", v.exact),
        one("GMSDonorName", "donor_short_name", v.words),
        one("ContributionAmt", "amount", v.amount, required=True),
        one("ContributionPercent", "percent_of_fund", v.amount),
    ),
)

RESULTS = Layout(
    kind="results",
    fund="PooledfundId",
    key=("PooledfundId", "ChfProjectCode"),
    columns=(
        one("PooledfundId", "fund", v.identifier, required=True),
        one("PooledFundName", "fund_name", v.words),
        one("AllocationSourceId", "source", v.small),
        one("AllocationYear", "year", v.year, required=True),
        one("ChfProjectCode", "project_code", v.exact, required=True),
        *(
            one(f"{stage}{who}", f"{stage.lower()}_{who.lower()}", v.whole)
            for stage in ("Planned", "Actual")
            for who in ("Men", "Women", "Boys", "Girls", "Total")
        ),
    ),
)

LAYOUTS = {layout.kind: layout for layout in (PROJECTS, LOCATIONS, ALLOCATIONS, CONTRIBUTIONS, RESULTS)}
BY_FILENAME = {layout.filename: layout for layout in LAYOUTS.values()}
KNOWN_BUT_NOT_READ = {
    "history.csv": "derived",
    "contributions_paid_pledged.csv": "counts_twice",
    "contributions2.csv": "counts_twice",
}
