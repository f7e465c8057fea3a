"""What a page of the fund's own dashboard shows: two queries, whatever it holds."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kernel.money import Money
from kernel.places import Governorate
from kernel.sectors import Sector
from transparency.charts.tables import Column, inside
from transparency.figures.catalogue import Topic, charts_of
from transparency.figures.told import Choice
from transparency.models import DashboardEdition, FundChart, FundEdition
from transparency.selectors.dashboard import DASH

CENTS = "cents"
WORDS = ("text", "words")
"""Kinds of columns that hold no figures."""


@dataclass(slots=True)
class OwnShown:
    """A chart with its table ready for a template."""

    chart: FundChart
    currency: str

    @property
    def table(self) -> SafeString:
        """Head, body and sum of the table: tags and escaped text."""
        kinds = [column["kind"] for column in self.chart.columns]
        rows = [[cell_text(*cell, self.currency) for cell in zip(row, kinds, strict=True)] for row in self.chart.rows]
        columns = [Column(column["label"], column["kind"] not in WORDS) for column in self.chart.columns]
        total = rows.pop() if self.chart.summed and rows else None
        return mark_safe(inside(columns, rows, total))  # noqa: S308 -- transparency.charts escapes every text

    @property
    def picture(self) -> SafeString:
        """The drawing: shapes and escaped text that the worker made, nothing of it typed by a reader."""
        return mark_safe(self.chart.svg)  # noqa: S308 -- written as shapes and escaped text by transparency.charts

    @property
    def scope(self) -> str:
        """To what the chart is narrowed, in words."""
        return scope_in_words(Choice(self.chart.year, self.chart.governorate, self.chart.sector))

    @property
    def link(self) -> str:
        """The page of the chart, narrowed as it is."""
        return self._address("transparency:dashboard", self.chart.topic)

    @property
    def csv(self) -> str:
        """Its table as text."""
        return self._address("transparency:dashboard_table", self.chart.topic, self.chart.chart, "csv")

    @property
    def xlsx(self) -> str:
        """Its table as a spreadsheet."""
        return self._address("transparency:dashboard_table", self.chart.topic, self.chart.chart, "xlsx")

    def _address(self, name: str, *named: str) -> str:
        asked = {"year": self.chart.year, "of": self.chart.governorate or self.chart.sector}
        query = urlencode({key: value for key, value in asked.items() if value})
        address = reverse(name, args=named)
        return f"{address}?{query}" if query else address


@dataclass(slots=True)
class OwnDashboard:
    """One page: its charts within a choice."""

    edition: FundEdition
    topic: str
    choice: Choice
    charts: list[OwnShown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Headlines:
    """The figures on top: three of money in, three of money out, never added together."""

    pledged: Money
    signed: Money
    received: Money
    promised: Money
    paid: Money
    spent: Money
    withheld: Money
    grants: int
    withheld_grants: int
    not_told: int


def edition() -> FundEdition | None:
    """What is drawn now, None before the first drawing."""
    return FundEdition.objects.defer("marks").exclude(tag="").first()


def tag() -> str:
    """What changes whenever a page does; one query."""
    return FundEdition.objects.values_list("tag", flat=True).first() or ""


def headlines(drawn: FundEdition) -> Headlines:
    """The figures on top of the pages."""
    said = drawn.headlines
    names = ("pledged", "signed", "received", "promised", "paid", "spent", "withheld")
    return Headlines(
        **{name: Money(said[name], drawn.currency) for name in names},
        grants=said["grants"],
        withheld_grants=said["withheld_grants"],
        not_told=said["not_told"],
    )


def sentences(*, language: str) -> dict[str, list[FundChart]]:
    """Titles and sentences of all charts, by page; of everything, not narrowed."""
    rows = FundChart.objects.filter(language=language, year=0, governorate="", sector="")
    pages: dict[str, list[FundChart]] = {topic: [] for topic in Topic}
    for chart in rows.only("chart", "topic", "title", "sentence"):
        pages[chart.topic].append(chart)
    return pages


def page(drawn: FundEdition, *, topic: str, language: str, choice: Choice) -> OwnDashboard:
    """The charts of a page, each within what of the choice it follows."""
    wanted = Q()
    for chart in charts_of(topic):
        wanted |= _key(chart.key, chart.reduced(choice))
    charts = FundChart.objects.filter(wanted, topic=topic, language=language)
    return OwnDashboard(drawn, topic, choice, [OwnShown(chart, drawn.currency) for chart in charts])


def one_chart(*, topic: str, chart: str, language: str, choice: Choice) -> FundChart | None:
    """One chart, for its table as a file."""
    return FundChart.objects.filter(_key(chart, choice), topic=topic, language=language).first()


def before() -> DashboardEdition | None:
    """The charts of other funds before this one, if any were drawn."""
    return DashboardEdition.objects.only("id").first()


def plain_rows(chart: FundChart, currency: str) -> list[list[str | int | None]]:
    """The rows as a file holds them: amounts as decimal numbers, everything else as it is."""
    kinds = [column["kind"] for column in chart.columns]
    return [
        [
            str(Money(value, currency).amount) if kind == CENTS and value is not None else value
            for value, kind in zip(row, kinds, strict=True)
        ]
        for row in chart.rows
    ]


def scope_in_words(choice: Choice) -> str:
    """To what figures are narrowed, for people; empty when to nothing."""
    words = [str(choice.year) if choice.year else ""]
    words.append(str(Governorate(choice.governorate).label) if choice.governorate else "")
    words.append(str(Sector(choice.sector).label) if choice.sector else "")
    return " · ".join(word for word in words if word) or _("The whole fund")


def _key(chart: str, choice: Choice) -> Q:
    return Q(chart=chart, year=choice.year, governorate=choice.governorate, sector=choice.sector)


def cell_text(value: str | int | None, kind: str, currency: str) -> str:
    """A cell of a chart's table for people; ``kind`` is that of its column."""
    if value is None:
        return "" if kind in WORDS else DASH
    if kind == CENTS:
        return f"{Money(int(value), currency).amount:,}"
    if kind == "number":
        return f"{value:,}"
    return f"{value}\u00a0%" if kind == "percent" else str(value)
