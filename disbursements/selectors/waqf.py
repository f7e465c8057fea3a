"""The yearly statement of a waqf: capital that stays, yield that came, the lines that it was granted for, what remains.

Every figure is a sum of transfers over the border of the waqf's own accounts: those of its contributions, of the calls that
drew on its yield, and of what is owed to grants from it (domain specification §5.4).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from disbursements.selectors.crossings import Crossing, Line, crossings_of, fundings_of
from funds.models import Waqf
from funds.selectors.waqfs import money_of
from funds.states import RestrictionClass
from funds.telling import Known, known_to
from grants.models import GrantFunding, ReligiousBasis
from grants.states import BasisState, ReligiousClass
from kernel import identity
from kernel.money import Money, shares
from ledger.models import Transfer


class Part(StrEnum):
    """What is told apart of a waqf."""

    CAPITAL = "capital"
    YIELD = "yield"


OPENING, CLOSING = "opening", "closing"
YEAR, EVER = "year", "ever"
LINE_FIGURES: Final = (YEAR, EVER)
"""What a line of a grant had of the yield: in the year, and up to its end."""
LINES: Final = {Part.CAPITAL: (Line.RECEIVED, Line.RETURNED), Part.YIELD: tuple(Line)}
_CLASS: Final = {Part.CAPITAL: RestrictionClass.ENDOWMENT, Part.YIELD: RestrictionClass.WAQF_YIELD}


@dataclass(frozen=True)
class PartStatement:
    """One part in one currency: what there was, came, went and is left; what went is negative."""

    part: Part
    currency: str
    year: int
    crossings: list[Crossing] = field(repr=False)

    def behind(self, figure: str) -> list[Crossing]:
        """The transfers that add up to a figure, newest first: a line, what there was, or what is left."""
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        found = [one for one in self.crossings if one.on <= last]
        if figure == OPENING:
            return [one for one in found if one.on < first]
        return found if figure == CLOSING else [one for one in found if one.line == figure and one.on >= first]

    def figure(self, name: str) -> Money:
        """One figure of the statement."""
        return sum((one.money for one in self.behind(name)), Money(0, self.currency))

    @cached_property
    def rows(self) -> list[tuple[str, Money]]:
        """All figures in their order."""
        return [(str(name), self.figure(name)) for name in (OPENING, *LINES[self.part], CLOSING)]


@dataclass(frozen=True, slots=True)
class GrantedLine:
    """A justified line of a grant's budget, with its share of the yield: paid in the year and ever.

    A grant is paid as a whole: its lines share what came of the waqf in proportion to their cost, to the cent. ``number``
    counts the lines of a grant in the statement.
    """

    funding: UUID
    number: int
    grant: str
    line: str
    why: str
    paid: Money
    ever: Money


@dataclass(frozen=True, slots=True)
class WaqfStatement:
    """A waqf in one year."""

    waqf: Waqf
    year: int
    parts: list[PartStatement]
    granted: list[GrantedLine]

    def part(self, name: str, currency: str) -> PartStatement | None:
        """One part in one currency."""
        return next((one for one in self.parts if (one.part, one.currency) == (name, currency)), None)

    def line(self, grant: str, number: int) -> GrantedLine | None:
        """One line of a grant, under the code by which the statement tells it."""
        return next((one for one in self.granted if (one.grant, one.number) == (grant, number)), None)

    def behind_line(self, line: GrantedLine, name: str) -> list[tuple[Transfer, Money]]:
        """The payments to the line's grant in the year (`YEAR`) or ever (`EVER`), newest first, each with the line's share."""
        whole, figure = (line.paid, str(Line.PAID)) if name == YEAR else (line.ever, CLOSING)
        found = [
            one
            for part in self.parts
            if part.part is Part.YIELD
            for one in part.behind(figure)
            if one.line is Line.PAID and one.funding == line.funding
        ]
        parts = shares(whole.minor, [-one.money.minor for one in found]) if found else []
        return [(one.transfer, Money(minor, whole.currency)) for one, minor in zip(found, parts, strict=True)]


def years_of(waqf: Waqf) -> list[int]:
    """The years of which there are statements, this one first."""
    first = money_of(waqf).values_list("received_on", flat=True).first()
    this = timezone.localdate().year
    return list(range(this, (first.year if first else this) - 1, -1))


@identity.system("disbursements.waqf")
def statement(waqf: Waqf, year: int, *, as_told: bool = False) -> WaqfStatement:
    """The statement of a year, its grants maybe ``as_told`` to the donor; as many queries for one contribution as for many."""
    found = list(money_of(waqf))
    fundings = fundings_of(found)
    crossed: dict[tuple[Part, str], list[Crossing]] = {}
    for part, restriction in _CLASS.items():
        own = [one for one in found if one.restriction_class == restriction]
        owed = fundings if part is Part.YIELD else {}
        for currency in sorted({one.currency for one in own}):
            crossed[part, currency] = []
        for one in crossings_of(own, owed):
            crossed[part, one.money.currency].append(one)
    parts = [PartStatement(part, currency, year, rows) for (part, currency), rows in crossed.items()]
    references = {one.grant.reference for one in fundings.values()}
    known = known_to(waqf.donor, references) if as_told else {ref: Known(ref, withheld=False) for ref in references}
    return WaqfStatement(waqf, year, parts, _granted(fundings.values(), parts, known))


def _granted(
    fundings: Iterable[GrantFunding], parts: Iterable[PartStatement], known: Mapping[str, Known]
) -> list[GrantedLine]:
    year: dict[Any, int] = defaultdict(int)
    ever: dict[Any, int] = defaultdict(int)
    for part in (one for one in parts if one.part is Part.YIELD):
        for paid in part.behind(CLOSING):
            ever[paid.funding] -= paid.money.minor
        for paid in part.behind(Line.PAID):
            year[paid.funding] -= paid.money.minor
    reached = [one for one in fundings if ever[one.pk]]
    bases: dict[Any, list[ReligiousBasis]] = defaultdict(list)
    for basis in ReligiousBasis.objects.filter(
        application__in=[one.grant.application_id for one in reached],
        restriction=ReligiousClass.WAQF_YIELD, state=BasisState.APPROVED,
    ).select_related("line").order_by("line__category", "leaf_id"):  # fmt: skip
        bases[basis.application_id].append(basis)
    rows: list[GrantedLine] = []
    for one in reached:
        told = known[one.grant.reference]
        first = 1 + sum(row.grant == told.code for row in rows)
        rows += _lines(one, bases[one.grant.application_id], year[one.pk], ever[one.pk], told, first=first)
    return rows


def _lines(
    funding: GrantFunding, bases: list[ReligiousBasis], year: int, ever: int, known: Known, *, first: int
) -> list[GrantedLine]:
    """A line of a withheld partner is told by its category: the words are the partner's own and may say who it is."""
    grant = funding.grant
    weights = [basis.amount_minor for basis in bases]
    return [
        GrantedLine(
            funding.pk, number, known.code, str(basis.line.get_category_display()) if known.withheld else basis.line.description,
            basis.justification,
            Money(paid, grant.currency), Money(total, grant.currency),
        )
        for number, (basis, paid, total) in enumerate(
            zip(bases, shares(year, weights), shares(ever, weights), strict=True), start=first
        )
    ]  # fmt: skip
