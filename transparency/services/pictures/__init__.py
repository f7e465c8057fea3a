"""One builder a chart: figures in, words, table and picture out, in the language in force."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from transparency.services.pictures import giving, granting, timing
from transparency.services.pictures.words import Frame, Picture


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the dashboard; ``by_year`` charts are drawn for every year as well as for all."""

    key: str
    build: Callable[[Frame], Picture | None]
    by_year: bool


CHARTS = (
    Chart("contributions_by_year", giving.contributions_by_year, by_year=False),
    Chart("grants_by_year", granting.grants_by_year, by_year=False),
    Chart("national_share", granting.national_share, by_year=False),
    Chart("overhead", granting.overhead, by_year=False),
    Chart("governorates", granting.governorates, by_year=True),
    Chart("sectors", granting.sectors, by_year=True),
    Chart("contributions_by_donor", giving.contributions_by_donor, by_year=True),
    Chart("partner_kinds", granting.partner_kinds, by_year=True),
    Chart("grant_sizes", timing.grant_sizes, by_year=True),
    Chart("durations", timing.durations, by_year=True),
    Chart("decision_days", timing.decision_days, by_year=False),
)


def pictures(frame: Frame) -> Iterator[tuple[int, Chart, Picture]]:
    """Every chart of a frame that has something to show, with its place on the page."""
    for position, chart in enumerate(CHARTS):
        if (chart.by_year or not frame.scope.year) and (picture := chart.build(frame)):
            yield position, chart, picture
