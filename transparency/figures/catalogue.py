"""The charts of the fund's own money: on which page each stands, of which facts it is drawn, to what it can be narrowed."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from transparency.figures.told import Choice


class Topic(StrEnum):
    """A page of the dashboard."""

    MONEY = "money"
    WHERE = "where"
    PARTNERS = "partners"
    SIZES = "sizes"
    DECIDING = "deciding"


class Source(StrEnum):
    """Facts that change together; a chart is drawn anew when its own have changed."""

    GRANTS = "grants"
    PAYMENTS = "payments"
    PEOPLE = "people"
    GIFTS = "gifts"
    COSTS = "costs"
    SEATS = "seats"
    APPEALS = "appeals"
    COMPLAINTS = "complaints"
    SPEED = "speed"


@dataclass(frozen=True, slots=True)
class OwnChart:
    """A chart: its page, its facts, and the parts of a `Choice` that it can be narrowed to."""

    key: str
    topic: Topic
    source: Source
    narrowed: frozenset[str] = frozenset()

    def takes(self, choice: Choice) -> bool:
        """Whether the chart is drawn for a choice of its own."""
        return self.reduced(choice) == choice

    def reduced(self, choice: Choice) -> Choice:
        """What of a choice the chart follows."""
        return replace(Choice(), **{name: getattr(choice, name) for name in self.narrowed})


ALL_PARTS: Final = frozenset({"year", "governorate", "sector"})

CHARTS: Final = (
    OwnChart("by_year", Topic.MONEY, Source.PAYMENTS, frozenset({"governorate", "sector"})),
    OwnChart("money_in", Topic.MONEY, Source.GIFTS),
    OwnChart("donors", Topic.MONEY, Source.GIFTS),
    OwnChart("costs", Topic.MONEY, Source.COSTS),
    OwnChart("overhead", Topic.MONEY, Source.GRANTS),
    OwnChart("governorates", Topic.WHERE, Source.GRANTS, frozenset({"year", "sector"})),
    OwnChart("sectors", Topic.WHERE, Source.GRANTS, frozenset({"year", "governorate"})),
    OwnChart("calls", Topic.WHERE, Source.GRANTS, ALL_PARTS),
    OwnChart("people", Topic.WHERE, Source.PEOPLE, frozenset({"year"})),
    OwnChart("localisation", Topic.PARTNERS, Source.GRANTS, ALL_PARTS),
    OwnChart("sub_grants", Topic.PARTNERS, Source.GRANTS, ALL_PARTS),
    OwnChart("kinds", Topic.PARTNERS, Source.GRANTS, ALL_PARTS),
    OwnChart("leadership", Topic.PARTNERS, Source.GRANTS, ALL_PARTS),
    OwnChart("new_partners", Topic.SIZES, Source.GRANTS, ALL_PARTS),
    OwnChart("organisation_sizes", Topic.SIZES, Source.GRANTS, ALL_PARTS),
    OwnChart("grant_sizes", Topic.SIZES, Source.GRANTS, ALL_PARTS),
    OwnChart("seats", Topic.DECIDING, Source.SEATS),
    OwnChart("speed", Topic.DECIDING, Source.SPEED),
    OwnChart("appeals", Topic.DECIDING, Source.APPEALS),
    OwnChart("complaints", Topic.DECIDING, Source.COMPLAINTS),
)


def charts_of(topic: str) -> list[OwnChart]:
    """The charts of a page."""
    return [chart for chart in CHARTS if chart.topic == topic]


def parts_of(topic: str) -> frozenset[str]:
    """To what a page can be narrowed."""
    return frozenset().union(*(chart.narrowed for chart in charts_of(topic)))
