"""What a page of the dashboard shows: three rows of queries, whatever it holds."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from transparency.models import DashboardChart, DashboardEdition
from transparency.wording import dollars, number

DASH = "–"


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell as it is shown: its text, its column's name, and whether it is a figure."""

    text: str
    label: str
    number: bool


@dataclass(slots=True)
class ShownChart:
    """A chart with its table ready for a template; ``total`` is the last row of a table that is summed up."""

    chart: DashboardChart
    head: list[TableCell]
    body: list[list[TableCell]]
    total: list[TableCell] | None

    @property
    def picture(self) -> SafeString:
        """The drawing: shapes and escaped text that the worker made, nothing of it typed by a reader."""
        return mark_safe(self.chart.svg)  # noqa: S308 -- tidied to shapes and escaped text by transparency.charts

    @property
    def csv_year(self) -> int | None:
        """The year of the chart's file; charts along the years have none."""
        return self.chart.year or None


@dataclass(slots=True)
class Dashboard:
    """The newest edition within a choice of fund and year."""

    edition: DashboardEdition
    fund: str
    year: int
    charts: list[ShownChart] = field(default_factory=list)

    @property
    def headlines(self) -> dict[str, str]:
        """What stands on top of the page, over all years of the fund chosen: sums and numbers in words."""
        said = self.edition.headlines.get(self.fund, {})
        return {
            "granted": dollars(Decimal(said.get("granted", 0))),
            "contributed": dollars(Decimal(said.get("contributed", 0))),
            "projects": number(int(said.get("projects", 0))),
            "donors": number(int(said.get("donors", 0))),
        }


def newest_edition() -> DashboardEdition | None:
    """The edition that the public sees, or None before anything was imported and drawn."""
    return DashboardEdition.objects.first()


def dashboard(edition: DashboardEdition, *, language: str, fund: str, year: int) -> Dashboard:
    """All charts for a fund (empty: all) and a year (0: all); charts along the years stay whole."""
    charts = edition.charts.filter(language=language, fund=fund)
    charts = charts.filter(Q(year=year) | Q(year=0, by_year=False)) if year else charts.filter(year=0)
    return Dashboard(edition, fund, year, [_shown(chart) for chart in charts])


def one_chart(edition: DashboardEdition, *, language: str, fund: str, year: int, chart: str) -> DashboardChart | None:
    """One stored chart, for its table as a file."""
    return edition.charts.filter(language=language, fund=fund, year=year, chart=chart).first()


def fund_label(name: str) -> str:
    """The name of a fund of OCHA in the page's language, or as its files write it."""
    return {
        "Syria": pgettext("pooled fund", "Syria"),
        "Syria Cross border": pgettext("pooled fund", "Syria Cross border"),
    }.get(name, name)


def _shown(chart: DashboardChart) -> ShownChart:
    rows = [_cells(chart, row) for row in chart.rows]
    head = [TableCell(column["label"], column["label"], column["kind"] != "text") for column in chart.columns]
    total = rows.pop() if chart.summed else None
    return ShownChart(chart, head, rows, total)


def _cells(chart: DashboardChart, row: list[str | int | None]) -> list[TableCell]:
    return [
        TableCell(_text(value, column["kind"]), column["label"], column["kind"] != "text")
        for column, value in zip(chart.columns, row, strict=True)
    ]


def _text(value: str | int | None, kind: str) -> str:
    if value is None:
        return DASH if kind != "text" else ""
    if kind in ("money", "number"):
        return f"{value:,}"
    if kind == "percent":
        return f"{value}\u00a0%"
    return f"{Decimal(value).normalize():f}" if kind == "decimal" else str(value)
