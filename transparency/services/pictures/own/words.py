"""Amounts and names as the charts of the fund's own money write them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.money import Money
from kernel.places import Governorate
from kernel.sectors import Sector
from transparency.charts import quick
from transparency.charts.quick import Bar
from transparency.figures import sums
from transparency.figures.told import ADDED, Choice, Group, Released, Within
from transparency.figures.withholding import WITHHELD
from transparency.selectors.own import OwnFacts
from transparency.services.pictures.words import Cells, Heading, Picture, cell
from transparency.wording import MILLION, isolate, number, percent

THOUSAND = 1000
SHOWN = 14
CENTS = "cents"
"""Kind of a column of amounts in minor units."""


@dataclass(slots=True)
class OwnFrame:
    """What a picture is drawn of and in which language."""

    within: Within
    facts: OwnFacts
    language: str
    rtl: bool
    grouped: dict[str, dict[str, Group]] = field(default_factory=dict)
    """Groups that the same scope was sorted into for another language."""

    @property
    def choice(self) -> Choice:
        """To what it is narrowed."""
        return self.within.choice

    @property
    def released(self) -> Released:
        """What the choice leaves."""
        return self.within.released

    def groups(self, chart: str, sort: Callable[[], dict[str, Group]]) -> dict[str, Group]:
        """The groups of a chart, sorted once for all languages; their keys are of no language."""
        if chart not in self.grouped:
            self.grouped[chart] = sort()
        return self.grouped[chart]


def spoken(minor: int, currency: str) -> str:
    """An amount in a sentence: millions with one decimal, smaller ones in whole units."""
    exact = Money(minor, currency).amount
    if abs(exact) >= MILLION:
        words = {"currency": currency, "amount": f"{exact / MILLION:,.1f}"}
        return isolate(_("%(currency)s %(amount)s million") % words)
    return isolate(_("%(currency)s %(amount)s") % {"currency": currency, "amount": f"{exact:,.0f}"})


@dataclass(frozen=True, slots=True)
class Scale:
    """In what a chart counts: millions, or thousands where nothing reaches a million."""

    currency: str
    divisor: int

    def text(self, minor: int) -> str:
        """The bare number of a chart."""
        value = Money(minor, self.currency).amount / self.divisor
        return f"{value:.1f}" if value and abs(value) < 100 else f"{value:,.0f}"

    @property
    def unit(self) -> str:
        """The words over the chart."""
        words = {"currency": self.currency}
        return (_("%(currency)s million") if self.divisor == MILLION else _("%(currency)s thousand")) % words


def scale_of(amounts: Sequence[int], currency: str) -> Scale:
    """The scale in which the largest of the amounts is easy to read."""
    most = max((abs(Money(minor, currency).amount) for minor in amounts), default=Decimal(0))
    return Scale(currency, MILLION if most >= MILLION else THOUSAND)


def withheld_name() -> str:
    """What stands for the sums of which this is not said."""
    return _("Withheld, told as a sum")


def added_name() -> str:
    """What stands for the one sum of what was added later to them."""
    return _("Added later to grants told in sums")


def place_name(code: str) -> str:
    """A governorate; empty: not said."""
    return str(Governorate(code).label) if code in Governorate.values else _("Place not said")


def sector_name(code: str) -> str:
    """A sector; empty: not said."""
    return str(Sector(code).label) if code in Sector.values else _("Sector not said")


def in_currency(label: str, frame: OwnFrame) -> Heading:
    """A column of amounts that says in which currency."""
    return Heading(f"{label} ({frame.facts.currency})", CENTS)


def headings(first: str, frame: OwnFrame) -> list[Heading]:
    """The columns of every table of grants."""
    return [
        Heading(first),
        Heading(_("Grants"), "number"),
        in_currency(_("Amount"), frame),
        in_currency(_("Of it told in sums"), frame),
        Heading(_("Share"), "percent"),
    ]


Lines = list[tuple[str, Group]]


def ranked(groups: Mapping[str, Group], order: Sequence[str] = ()) -> Lines:
    """Lines from the largest down, or in a given order; what is withheld stands last, and what was added to it."""
    last = [key for key in (WITHHELD, ADDED) if key in groups]
    keys = [key for key in order if key in groups and key not in last]
    rest = [key for key in groups if key not in keys and key not in last]
    keys += sorted(rest, key=lambda key: (-groups[key].amount, key)) + last
    return [(key, groups[key]) for key in keys]


def table(frame: OwnFrame, lines: Lines, name: Callable[[str], str]) -> list[Cells]:
    """The lines and their sum: that of all released money within the choice."""
    total = frame.released.amount
    rows: list[Cells] = [
        [
            _name(key, name),
            None if key == ADDED else group.grants,
            group.amount,
            group.pooled,
            cell(sums.share(group.amount, total)),
        ]
        for key, group in lines
    ]
    pooled = sum(pool.amount for pool in frame.released.pools)
    return [*rows, [_("Sum"), frame.released.grants, total, pooled, None]]


def bars(lines: Lines, scale: Scale, name: Callable[[str], str], *, rtl: bool) -> str:
    """The lines as bars; beyond `SHOWN` they stand in the table only."""
    marks = [
        Bar(_name(key, name), group.amount, group.amount - group.pooled, scale.text(group.amount))
        for key, group in lines[:SHOWN]
    ]
    return quick.rows(marks, rtl=rtl)


def _name(key: str, name: Callable[[str], str]) -> str:
    own = {WITHHELD: withheld_name, ADDED: added_name}
    return own[key]() if key in own else name(key)


def withheld_sentence(frame: OwnFrame) -> str:
    """How much of the whole is told in sums only; empty when nothing is."""
    pools = frame.released.pools
    return pooled_sentence(sum(pool.grants for pool in pools), sum(pool.amount for pool in pools), frame.facts.currency)


def pooled_sentence(grants: int, amount: int, currency: str) -> str:
    """So many grants are told in sums; empty when none is."""
    if not grants:
        return ""
    said = ngettext(
        "Told in sums, because names or amounts are withheld: %(n)s grant, %(amount)s.",
        "Told in sums, because names or amounts are withheld: %(n)s grants, %(amount)s.",
        grants,
    )
    return said % {"n": isolate(number(grants)), "amount": spoken(amount, currency)}


def most_sentence(frame: OwnFrame, lines: Lines, name: Callable[[str], str]) -> str:
    """Which line is the largest, and what is told in sums."""
    named = [(key, group) for key, group in lines if key not in (WITHHELD, ADDED, "")]
    said = ""
    if named:
        key, group = max(named, key=lambda line: line[1].amount)
        said = _("The most went to “%(name)s”: %(amount)s, %(share)s of %(total)s.") % {
            "name": isolate(name(key)),
            "amount": spoken(group.amount, frame.facts.currency),
            "share": percent(sums.share(group.amount, frame.released.amount)),
            "total": spoken(frame.released.amount, frame.facts.currency),
        }
    return f"{said} {withheld_sentence(frame)}".strip()


@dataclass(frozen=True, slots=True)
class Named:
    """The words of a table: its title, its first column, how a line is called, and the order of lines that have one."""

    title: str
    first: str
    line: Callable[[str], str]
    order: Sequence[str] = ()


def picture_of(
    frame: OwnFrame, groups: Mapping[str, Group], named: Named, *, sentence: str = "", note: str = ""
) -> Picture | None:
    """A table of grants with its bars; None where the choice leaves nothing."""
    if not frame.released.grants:
        return None
    lines = ranked(groups, named.order)
    scale = scale_of([group.amount for _key, group in lines], frame.facts.currency)
    said = sentence or most_sentence(frame, lines, named.line)
    return Picture(
        title=named.title,
        unit=light_unit(frame, scale),
        sentence=said,
        note=note,
        headings=headings(named.first, frame),
        rows=table(frame, lines, named.line),
        svg=bars(lines, scale, named.line, rtl=frame.rtl),
    )


def light_unit(frame: OwnFrame, scale: Scale) -> str:
    """The unit, and what the light part of a bar is where there is one."""
    if not frame.released.pools:
        return scale.unit
    return _("%(unit)s; light: told in sums") % {"unit": scale.unit}


def localised(name: Any) -> str:
    """A text of the fund in the language in force."""
    return str(name)
