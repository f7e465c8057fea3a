"""Charts of where the money went: years, places, sectors, kinds of partners."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.places import Governorate
from transparency.charts import draw, tiles
from transparency.charts.draw import Point, Series
from transparency.figures import sums
from transparency.figures.facts import Cell, years_of
from transparency.figures.withholding import WITHHELD
from transparency.models import PartnerKind
from transparency.services.pictures.words import (
    Cells,
    Frame,
    Heading,
    Picture,
    cell,
    kind_name,
    place_name,
    sector_name,
)
from transparency.wording import dollars, isolate, millions, number, percent, round_millions, years_text

HALF_A_DOLLAR = Decimal("0.5")


def grants_by_year(frame: Frame) -> Picture | None:
    """Approved budgets and the number of projects in each year."""
    projects = frame.facts.projects
    if not projects:
        return None
    years = years_of(projects)
    by_year = sums.amounts_by(projects, lambda project: project.year)
    counts = sums.counts_by(projects, lambda project: project.year)
    best = max(years, key=lambda year: by_year[year])
    whole = sums.whole_dollars([by_year[year] for year in years])
    rows: list[Cells] = [[str(year), counts[year], amount] for year, amount in zip(years, whole, strict=True)]
    points = [Point(str(year), float(by_year[year]), round_millions(by_year[year])) for year in years]
    return Picture(
        title=_("Grants by year"),
        unit=_("US$ million"),
        sentence=_(
            "In %(years)s projects were granted %(total)s (projects: %(count)s), the most in %(best)s: %(most)s."
        )
        % {
            "years": years_text(years),
            "total": dollars(frame.facts.granted),
            "count": isolate(number(len(projects))),
            "best": isolate(str(best)),
            "most": dollars(by_year[best]),
        },
        headings=[Heading(_("Year")), Heading(_("Projects"), "number"), Heading(_("Budget (US$)"), "money")],
        rows=[*rows, [_("Sum"), len(projects), sum(whole)]],
        svg=draw.columns(points, rtl=frame.rtl),
    )


def _shared_out(
    frame: Frame, cells: list[Cell], name: Callable[[str, Frame], str], rest: str
) -> tuple[list[tuple[str, Decimal]], list[Cells]]:
    """Sums of published cells from the largest down with what is left of all budgets, and their table."""
    amounts = sums.amounts_by(cells, lambda c: c.thing)
    projects: dict[str, int] = {}
    for c in cells:
        projects[c.thing] = projects.get(c.thing, 0) + c.projects
    ranked = sums.ranked({thing: amount for thing, amount in amounts.items() if thing != WITHHELD})
    if WITHHELD in amounts:
        ranked.append((WITHHELD, amounts[WITHHELD]))
    left = frame.facts.granted - sum(amounts.values(), Decimal(0))
    labelled = [(name(thing, frame), projects[thing], amount) for thing, amount in ranked]
    if abs(left) >= HALF_A_DOLLAR:
        labelled.append((rest, 0, left))
    whole = sums.whole_dollars([amount for _label, _count, amount in labelled])
    total = frame.facts.granted
    rows: list[Cells] = [
        [label, count or None, dollars_whole, cell(sums.share(amount, total))]
        for (label, count, amount), dollars_whole in zip(labelled, whole, strict=True)
    ]
    return ranked, [*rows, [_("Sum"), None, sum(whole), None]]


def _withheld_note(ranked: list[tuple[str, Decimal]], least_partners: int) -> str:
    withheld = dict(ranked).get(WITHHELD)
    if withheld is None:
        return ""
    said = ngettext(
        "%(amount)s is withheld here but stays in the sum: in a fund that hides its partners, sums of fewer than "
        "%(number)s partner in a year are not published.",
        "%(amount)s is withheld here but stays in the sum: in a fund that hides its partners, sums of fewer than "
        "%(number)s partners in a year are not published.",
        least_partners,
    )
    return said % {"amount": dollars(withheld), "number": isolate(number(least_partners))}


def governorates(frame: Frame) -> Picture | None:
    """Where the money was to be spent, by governorate; districts and communities are never shown."""
    if not frame.facts.projects or not frame.facts.places:
        return None
    rest = _("Difference between places and budgets")
    ranked, rows = _shared_out(frame, frame.facts.places, place_name, rest)
    known = {thing: amount for thing, amount in ranked if thing in Governorate.values}
    placed = sum((amount for thing, amount in ranked if thing not in ("", WITHHELD)), Decimal(0))
    drawn = {
        code: tiles.Tile(
            place_name(code, frame),
            millions(known[code]) if code in known else "–",
            float(known[code]) if code in known else None,
        )
        for code in Governorate.values
    }
    words = {
        "total": dollars(frame.facts.granted),
        "placed": percent(sums.share(placed, frame.facts.granted)),
        "rest": percent(sums.share(frame.facts.granted - placed, frame.facts.granted)),
    }
    sentence = _("%(placed)s of %(total)s is allocated to a place; %(rest)s is not, or is withheld.") % words
    if named := [(thing, amount) for thing, amount in ranked if thing in known]:
        most = {"place": isolate(place_name(named[0][0], frame)), "amount": dollars(named[0][1])}
        sentence = _("%(place)s received the most: %(amount)s.") % most + " " + sentence
    points = [Point(place_name(thing, frame), float(amount), millions(amount)) for thing, amount in ranked[:14]]
    return Picture(
        title=_("Where: governorates"),
        unit=_("US$ million"),
        sentence=sentence,
        note=_withheld_note(ranked, frame.least_partners),
        headings=_headings(_("Governorate")),
        rows=rows,
        svg=tiles.tiles(drawn) if known else draw.rows(points, rtl=frame.rtl),
    )


def _headings(first: str) -> list[Heading]:
    return [
        Heading(first),
        Heading(_("Projects"), "number"),
        Heading(_("Budget (US$)"), "money"),
        Heading(_("Share"), "percent"),
    ]


def sectors(frame: Frame) -> Picture | None:
    """What the money was for; a project of several sectors is shared out by its own percentages."""
    if not frame.facts.sectors:
        return None
    rest = _("No sector named")
    ranked, rows = _shared_out(frame, frame.facts.sectors, sector_name, rest)
    first, most = ranked[0]
    note = _("A project of several sectors is counted in each and its budget shared out by its own percentages.")
    withheld = _withheld_note(ranked, frame.least_partners)
    return Picture(
        title=_("What for: sectors"),
        unit=_("US$ million"),
        sentence=_("%(sector)s received the most: %(amount)s, %(share)s of all budgets.")
        % {
            "sector": isolate(sector_name(first, frame)),
            "amount": dollars(most),
            "share": percent(sums.share(most, frame.facts.granted)),
        },
        note=f"{note} {withheld}".strip(),
        headings=_headings(_("Sector")),
        rows=rows,
        svg=draw.rows([Point(sector_name(t, frame), float(a), millions(a)) for t, a in ranked], rtl=frame.rtl),
    )


def partner_kinds(frame: Frame) -> Picture | None:
    """Who received the money: kinds of partners, directly."""
    projects, total = frame.facts.projects, frame.facts.granted
    if not projects or not total:
        return None
    amounts = sums.amounts_by(projects, lambda project: project.kind)
    counts = sums.counts_by(projects, lambda project: project.kind)
    kinds: list[int | None] = [kind for kind in (*PartnerKind.values, None) if kind in amounts]
    kinds += [int(str(kind)) for kind in amounts if kind is not None and kind not in PartnerKind.values]
    whole = sums.whole_dollars([amounts[kind] for kind in kinds])
    rows: list[Cells] = [
        [kind_name(kind), counts[kind], amount, cell(sums.share(amounts[kind], total))]
        for kind, amount in zip(kinds, whole, strict=True)
    ]
    national = amounts.get(PartnerKind.NATIONAL.value, Decimal(0))
    points = [
        Point(
            kind_name(kind), float(amounts[kind]), f"{millions(amounts[kind])} · {sums.share(amounts[kind], total)} %"
        )
        for kind in kinds
    ]
    return Picture(
        title=_("Who: kinds of partners"),
        unit=_("US$ million"),
        sentence=_("National NGOs received %(amount)s directly, %(share)s of all budgets.")
        % {"amount": dollars(national), "share": percent(sums.share(national, total))},
        note=_("Only money granted directly is counted; what other partners passed on is not in the source."),
        headings=_headings(_("Kind of partner")),
        rows=[*rows, [_("Sum"), len(projects), sum(whole), None]],
        svg=draw.rows(points, rtl=frame.rtl),
    )


def national_share(frame: Frame) -> Picture | None:
    """The share that went directly to national NGOs, year by year."""
    projects = frame.facts.projects
    if not projects:
        return None
    shares = sums.kind_shares(projects, PartnerKind.NATIONAL.value)
    national = sums.amounts_by((p for p in projects if p.kind == PartnerKind.NATIONAL), lambda p: p.year)
    years = sorted(shares)
    whole = sums.whole_dollars([national.get(year, Decimal(0)) for year in years])
    rows: list[Cells] = [[str(year), amount, cell(shares[year])] for year, amount in zip(years, whole, strict=True)]
    points = [
        Point(
            str(year), None if (part := shares[year]) is None else float(part), "" if part is None else f"{part:.0f} %"
        )
        for year in years
    ]
    return Picture(
        title=_("Share that goes directly to national NGOs"),
        unit=_("percent of the year's budgets"),
        sentence=_(
            "Directly to national NGOs went %(first)s of the budgets of %(start)s and %(last)s of those of %(end)s."
        )
        % {
            "first": percent(shares[years[0]]),
            "start": isolate(str(years[0])),
            "last": percent(shares[years[-1]]),
            "end": isolate(str(years[-1])),
        },
        note=_("Sub-grants that pass through other partners are not counted here and are not in the source."),
        headings=[Heading(_("Year")), Heading(_("To national NGOs (US$)"), "money"), Heading(_("Share"), "percent")],
        rows=rows,
        summed=False,
        svg=draw.lines([Series("", points)], rtl=frame.rtl, unit=" %"),
    )


def overhead(frame: Frame) -> Picture | None:
    """The share of support costs, year by year, as far as the source says it."""
    years = sums.support_shares(frame.facts.projects)
    if not years:
        return None
    supports, wholes = (sums.whole_dollars([pair[index] for pair in years.values()]) for index in (0, 1))
    shares = [sums.share(support, whole) for support, whole in zip(supports, wholes, strict=True)]
    rows: list[Cells] = [
        [str(year), support, whole, cell(part)]
        for year, support, whole, part in zip(years, supports, wholes, shares, strict=True)
    ]
    points = [
        Point(str(year), None if part is None else float(part), "" if part is None else f"{part:.1f} %")
        for year, part in zip(years, shares, strict=True)
    ]
    return Picture(
        title=_("Overhead: the share of support costs"),
        unit=_("percent of the year's budgets"),
        sentence=_("Support costs were %(share)s of the budgets whose source tells them apart.")
        % {"share": percent(sums.share(sum(supports), sum(wholes)))},
        headings=[
            Heading(_("Year")), Heading(_("Support costs (US$)"), "money"), Heading(_("Budgets (US$)"), "money"),
            Heading(_("Share"), "percent"),
        ],
        rows=rows,
        summed=False,
        svg=draw.lines([Series("", points)], rtl=frame.rtl, unit=" %"),
    )  # fmt: skip
