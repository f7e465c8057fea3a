"""Computed figures as people may see them: agreement, severities, adjusted means, the selection under the charter's shares.

Nothing is computed here. Figures of a call speak of all its applications: only who may see every one of them sees any.
Severities are told by name to the secretariat alone; members know each other as numbers.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from committees.models import AgendaItem, ComputedFacts, Panel, Seat
from committees.rules import facts
from committees.selectors import ranking
from committees.states import FactsKind
from grants.models import Application
from kernel.places import Governorate

RULES: dict[str, str | Promise] = {
    "fill": _("fills money of the envelope that the plain order leaves unused"),
    "small_and_micro": _("share of small and micro organisations"),
    "women_led": _("share of organisations led by women"),
    "first_time_partner": _("share of new partners"),
    "one_organisation": _("most that one organisation may have"),
    "governorate": _("an award in each governorate that the call named"),
}
THIN: dict[str, str | Promise] = {
    "too_few": _("There are too few scorecards to tell severity from quality; plain means stand alone."),
    "not_linked": _(
        "The scorers fall into groups that have no application in common; their severities cannot be compared, and plain "
        "means stand alone."
    ),
}


def latest(panel: Panel, kind: str) -> ComputedFacts | None:
    """The figures in force: the last that were computed."""
    return ComputedFacts.objects.filter(panel=panel, kind=kind).order_by("-recorded_at").first()


def visible_to(user: Any, panel: Panel, kind: str) -> ComputedFacts | None:
    """The figures in force, for a person from whom nothing of the panel is hidden."""
    return latest(panel, kind) if ranking.sees_everything(user, panel) else None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An application's adjusted mean with its interval, as texts; ``crosses`` says where it would stand by it."""

    mean: str
    low: str
    high: str
    crosses: str


def adjusted(found: ComputedFacts | None) -> dict[UUID, Adjusted]:
    """Adjusted means by application."""
    rows = found.facts["adjusted"] if found is not None else {}
    return {UUID(key): Adjusted(**values) for key, values in rows.items()}


@dataclass(frozen=True, slots=True)
class ScorerLine:
    """A scorer's severity with its error, and what would change without this scorer."""

    seat: Seat
    points: str
    error: str
    scorecards: int
    told: bool
    moves: tuple["Move", ...]


@dataclass(frozen=True, slots=True)
class Move:
    """An application that would be placed elsewhere."""

    application: Application
    before: str
    after: str


PLACES: dict[str, str | Promise] = {
    "within_envelope": _("within the envelope"),
    "waitlist": _("waiting list"),
    "not_fundable": _("not fundable"),
}


def place_in_words(key: str) -> str:
    """Where a ranking puts an application."""
    return str(PLACES.get(key, key))


def scorers(panel: Panel, found: ComputedFacts) -> list[ScorerLine]:
    """Severities and sensitivity by scorer, the most severe first; three queries."""
    seats = Seat.objects.filter(committee=panel.committee_id).select_related("user").in_bulk()
    listed = Application.objects.filter(call=panel.call_id).select_related("organisation").in_bulk()
    lines = [
        ScorerLine(
            seats[UUID(key)],
            one["points"],
            one["error"],
            one["scorecards"],
            one["told"],
            tuple(
                Move(listed[UUID(move["application"])], place_in_words(move["before"]), place_in_words(move["after"]))
                for move in one["moves"]
                if UUID(move["application"]) in listed
            ),
        )
        for key, one in found.facts["scorers"].items()
        if UUID(key) in seats
    ]
    return sorted(lines, key=lambda line: (not line.told, Decimal(line.points), line.seat.number))


@dataclass(frozen=True, slots=True)
class Deviation:
    """An application that the selection treats otherwise than the rank, with the rules behind it in words."""

    application: Application
    awarded: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The selection beside the plain order: awards, money, merit, each rule, and every deviation."""

    awards: int
    plain: int
    lines: tuple["RuleLine", ...]
    deviations: tuple[Deviation, ...]
    nil: tuple[str, ...]
    money_minor: int
    plain_money_minor: int
    merit_minor: int
    plain_merit_minor: int
    gap: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A share of the charter: percent in the selection and in the plain order, against its target."""

    name: str
    selected: int
    plain: int
    target: int
    kept: bool
    exhausted: bool


def comparison(panel: Panel, found: ComputedFacts) -> Comparison:
    """The stored selection in words; one query."""
    said = found.facts
    listed = Application.objects.filter(call=panel.call_id).select_related("organisation").in_bulk()
    return Comparison(
        len(said["awards"]),
        len(said["plain"]),
        tuple(
            RuleLine(str(RULES[key]), one["selected"], one["plain"], one["target"], one["kept"], one["exhausted"])
            for key, one in said["shares"].items()
        ),
        tuple(
            Deviation(
                listed[UUID(one["application"])], one["awarded"], tuple(str(RULES[rule]) for rule in one["rules"])
            )
            for one in said["deviations"]
            if UUID(one["application"]) in listed
        ),
        tuple(str(Governorate(place).label) for place in said["nil"]),
        said["money_minor"],
        said["plain_money_minor"],
        said["merit_minor"],
        said["plain_merit_minor"],
        said["gap"],
    )


def proposed_for(item: AgendaItem) -> dict[str, Any]:
    """Whether the selection in force funds an item's application, and by which rules it departs from the rank."""
    found = latest(item.meeting.panel, FactsKind.PORTFOLIO)
    if found is None:
        return {"proposed": None, "proposal_rules": []}
    key = str(item.application_id)
    rules: list[str] = next((one["rules"] for one in found.facts["deviations"] if one["application"] == key), [])
    return {"proposed": key in found.facts["awards"], "proposal_rules": rules}


def rules_in_words(item: AgendaItem) -> str:
    """The rules by which the selection departs from the rank for an item, to begin the minuted reason with."""
    return "؛ ".join(str(RULES[rule]) for rule in proposed_for(item)["proposal_rules"])


def may_see_severities(user: Any) -> bool:
    """Whether a person may read severities by name."""
    return facts.oversees(user)
