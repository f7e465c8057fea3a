"""Charts of the fund's own grants, drawn of released rows and pools only (`transparency.figures.told`)."""

from itertools import pairwise

from django.utils.translation import gettext as _

from kernel.places import Governorate
from organisations.states import OrganisationType
from transparency.charts import quick, tiles
from transparency.charts.quick import Bar
from transparency.figures import sums, told
from transparency.figures.told import Group, Pooled, Released, Told
from transparency.figures.withholding import WITHHELD
from transparency.services.pictures.own.words import (
    SHOWN,
    Named,
    OwnFrame,
    added_name,
    headings,
    in_currency,
    localised,
    most_sentence,
    picture_of,
    place_name,
    pooled_sentence,
    ranked,
    scale_of,
    sector_name,
    spoken,
    table,
    withheld_name,
    withheld_sentence,
)
from transparency.services.pictures.words import Cells, Heading, Picture, cell
from transparency.wording import isolate, number, percent

INTERNATIONAL = frozenset({OrganisationType.INGO.value})
"""Types of organisations that are not Syrian."""


def _sector(row: Told | Pooled) -> str:
    return row.sector


def by_year(frame: OwnFrame) -> Picture | None:
    """What was promised in signed grants, and of that paid and spent, by the year of signature."""
    years, currency = frame.within.years, frame.facts.currency
    if not years:
        return None
    lines = [(str(year), years[year]) for year in sorted(years) if year != told.OF_NO_YEAR]
    rows: list[Cells] = [[year, one.grants, one.amount, one.pooled, one.paid, one.spent] for year, one in lines]
    if later := years.get(told.OF_NO_YEAR):
        rows.append([added_name(), None, later.amount, later.pooled, None, None])
    grants, promised, pooled, paid, spent = (sum(int(row[column] or 0) for row in rows) for column in range(1, 6))
    whole = frame.choice.governorate == frame.choice.sector == ""
    if whole and (frame.facts.paid_in_sums or frame.facts.spent_in_sums):
        in_sums = (frame.facts.paid_in_sums, frame.facts.spent_in_sums)
        rows.append([_("Paid and spent of sums, all years"), None, None, None, *in_sums])
        paid, spent = paid + in_sums[0], spent + in_sums[1]
    scale = scale_of([one.amount for _year, one in lines], currency)
    marks = [Bar(year, one.amount, one.paid, scale.text(one.amount)) for year, one in lines]
    in_sums_said = pooled_sentence(sum(one.pooled_grants for _year, one in lines), pooled, currency)
    amounts = {"promised": spoken(promised, currency), "paid": spoken(paid, currency)}
    return Picture(
        title=_("Promised, paid and spent"),
        unit=_("%(unit)s by year of signature; light: promised, dark: of that paid") % {"unit": scale.unit},
        sentence=_("Promised in signed grants: %(promised)s; of that paid and received: %(paid)s; spent by accepted reports: %(spent)s.")
        % {**amounts, "spent": spoken(spent, currency)}
        + f" {in_sums_said}".rstrip(),
        note="" if whole else _("Payments to grants that are told in sums are told for the whole fund only."),
        headings=[
            Heading(_("Year of signature")), Heading(_("Grants"), "number"), in_currency(_("Promised"), frame),
            in_currency(_("Of it told in sums"), frame), in_currency(_("Paid"), frame), in_currency(_("Spent"), frame),
        ],
        rows=[*rows, [_("Sum"), grants, promised, pooled, paid, spent]],
        svg=quick.columns(marks, rtl=frame.rtl),
    )  # fmt: skip


def governorates(frame: OwnFrame) -> Picture | None:
    """Where the money goes, by governorate; nothing finer is ever shown."""
    if not frame.released.grants:
        return None
    lines = ranked(frame.groups("governorates", lambda: told.by_governorate(frame.released)))
    scale = scale_of([group.amount for _key, group in lines], frame.facts.currency)
    known = {key: group.amount for key, group in lines if key in Governorate.values}
    map_of = {
        code: tiles.Tile(
            place_name(code),
            scale.text(known[code]) if code in known else "–",
            float(known[code]) if code in known else None,
        )
        for code in Governorate.values
    }
    return Picture(
        title=_("Where: governorates"),
        unit=scale.unit,
        sentence=most_sentence(frame, lines, place_name),
        note=_("A grant in several governorates is shared out evenly and counted in each of them."),
        headings=headings(_("Governorate"), frame),
        rows=table(frame, lines, place_name),
        svg=tiles.tiles(map_of),
    )


def sectors(frame: OwnFrame) -> Picture | None:
    """What the money is for."""
    groups = frame.groups("sectors", lambda: told.by(frame.released, _sector, _sector))
    return picture_of(frame, groups, Named(_("What for: sectors"), _("Sector"), sector_name))


def people(frame: OwnFrame) -> Picture | None:
    """How many people grants are to reach and have reached, by sector: sums of what the list of grants tells of each."""
    groups = frame.groups("people", lambda: told.by(frame.released, _sector, _sector))
    lines = [
        (
            key,
            sum(one.people_planned for one in group.told),
            sum(one.people_reached for one in group.told),
            len(group.told),
        )
        for key, group in ranked(groups)
    ]
    planned, reached = sum(aim for _key, aim, _got, _grants in lines), sum(got for _key, _aim, got, _grants in lines)
    if not planned + reached:
        return None
    rows: list[Cells] = [
        [_("Withheld, told as a sum"), groups[key].grants, None, None]
        if key == WITHHELD
        else [sector_name(key), grants, aim, got]
        for key, aim, got, grants in lines
        if groups[key].grants
    ]
    marks = [Bar(sector_name(key), max(aim, got), got, number(aim)) for key, aim, got, _grants in lines if aim or got]
    said = _(
        "Grants told one by one are to reach %(planned)s people; by their accepted reports they have reached %(reached)s."
    )
    return Picture(
        title=_("People to be reached, and reached"),
        unit=_("people by sector; dark: reached so far"),
        sentence=said % {"planned": isolate(number(planned)), "reached": isolate(number(reached))},
        note=_("Numbers are rounded to tens, small ones are not told. Somebody who is reached by two grants is counted twice."),
        headings=[
            Heading(_("Sector")), Heading(_("Grants"), "number"), Heading(_("To be reached"), "number"),
            Heading(_("Reached"), "number"),
        ],
        rows=[*rows, [_("Sum"), sum(int(row[1] or 0) for row in rows), planned, reached]],
        svg=quick.rows(marks[:SHOWN], rtl=frame.rtl),
    )  # fmt: skip


def calls(frame: OwnFrame) -> Picture | None:
    """From which calls; the call of a grant is told with its amount and its place only."""
    groups = frame.groups("calls", lambda: told.by(frame.released, lambda one: one.call))
    names = frame.facts.calls
    words = Named(
        _("From which call"), _("Call"), lambda key: localised(names[key]) if key in names else _("Call not said")
    )
    return picture_of(frame, groups, words)


def kinds(frame: OwnFrame) -> Picture | None:
    """Who receives it: types of organisations."""
    groups = frame.groups("kinds", lambda: told.by(frame.released, lambda one: one.kind))
    return picture_of(frame, groups, Named(_("Who: types of organisations"), _("Type"), _kind))


def _kind(key: str) -> str:
    return str(OrganisationType(key).label) if key in OrganisationType.values else _("Type not said")


def sizes(frame: OwnFrame) -> Picture | None:
    """How large the organisations are, by the charter's bands of what they spend in a year."""
    names = frame.facts.sizes
    groups = frame.groups("sizes", lambda: told.by(frame.released, lambda one: one.size))
    words = Named(
        _("Who: size of organisations"),
        _("Size"),
        lambda key: names[key].in_language(frame.language) if key in names else _("Size not said"),
        list(names),
    )
    return picture_of(frame, groups, words)


def grant_sizes(frame: OwnFrame) -> Picture | None:
    """How large the grants are, in the charter's bands."""
    edges = frame.facts.edges

    def band(one: Told) -> str:
        return str(sum(one.amount >= edge for edge in edges))

    labels = _bands(frame)
    order = [str(index) for index in range(len(labels))]
    # A part in one governorate has not the size of its grant: bands are those of whole grants.
    sizes_of = frame.facts.bands(band)
    words = Named(_("Size of grants"), _("Amount of the whole grant"), lambda key: labels[int(key)], order)
    return picture_of(
        frame, frame.groups("grant_sizes", lambda: told.by(frame.released, lambda one: sizes_of[one.code])), words
    )


def _bands(frame: OwnFrame) -> list[str]:
    words = [spoken(edge, frame.facts.currency) for edge in frame.facts.edges]
    between = [_("%(low)s to under %(high)s") % {"low": low, "high": high} for low, high in pairwise(words)]
    return [_("under %(high)s") % {"high": words[0]}, *between, _("%(low)s and more") % {"low": words[-1]}]


def leadership(frame: OwnFrame) -> Picture | None:
    """Who leads the organisations; one may be led by several of these, so the lines are not added up."""
    names = {
        "women_led": _("Led by women"),
        "youth_led": _("Led by young people"),
        "displaced_led": _("Led by displaced people or returnees"),
        "none": _("None of these"),
    }
    groups = frame.groups("leadership", lambda: _led_by(frame))
    women = groups["women_led"].amount
    said = _("Organisations led by women received %(amount)s, %(share)s of what is told one by one.") % {
        "amount": spoken(women, frame.facts.currency),
        "share": _openly(frame, women),
    }
    picture = picture_of(
        frame,
        groups,
        Named(_("Who leads them"), _("Leadership"), names.__getitem__, list(names)),
        sentence=f"{said} {withheld_sentence(frame)}".strip(),
        note=_("An organisation may stand in several lines. Of a withheld name nothing of this is told."),
    )
    if picture is not None:
        picture.rows[-1][0] = _("All grants")
    return picture


def _led_by(frame: OwnFrame) -> dict[str, Group]:
    opened = frame.released.told
    flags = ("women_led", "youth_led", "displaced_led")
    groups = {flag: Group([one for one in opened if getattr(one, flag)]) for flag in flags}
    groups["none"] = Group([one for one in opened if not any(getattr(one, flag) for flag in flags)])
    return groups | told.by(Released((), frame.released.pools), _sector)


def _openly(frame: OwnFrame, minor: int) -> str:
    return percent(sums.share(minor, sum(one.amount for one in frame.released.told)))


def partners(frame: OwnFrame) -> Picture | None:
    """First grants, and further grants of an organisation that has one already."""
    groups = frame.groups("partners", lambda: told.by(frame.released, lambda one: "first" if one.first else "again"))
    names = {"first": _("First grant of an organisation"), "again": _("Further grants")}
    first = groups.get("first", Group())
    return picture_of(
        frame,
        groups,
        Named(_("New partners"), _("Grants"), names.__getitem__, list(names)),
        sentence=f"{_new(frame, first)} {withheld_sentence(frame)}".strip(),
        note=_("As far as names are told: an earlier grant whose name is withheld is not counted as one."),
    )


def _new(frame: OwnFrame, first: Group) -> str:
    return _(
        "Organisations that received their first grant: %(n)s; %(amount)s, %(share)s of what is told one by one."
    ) % {
        "n": isolate(number(len({one.partner for one in first.told}))),
        "amount": spoken(first.amount, frame.facts.currency),
        "share": _openly(frame, first.amount),
    }


def localisation(frame: OwnFrame) -> Picture | None:
    """What goes to Syrian organisations directly; sub-grants are another figure and never added to it."""
    groups = frame.groups(
        "localisation", lambda: told.by(frame.released, lambda one: "abroad" if one.kind in INTERNATIONAL else "syrian")
    )
    names = {"syrian": _("Syrian organisations, directly"), "abroad": _("International organisations")}
    direct = groups.get("syrian", Group())
    said = _("Syrian organisations received %(amount)s directly, %(share)s of what is told one by one.") % {
        "amount": spoken(direct.amount, frame.facts.currency),
        "share": _openly(frame, direct.amount),
    }
    return picture_of(
        frame,
        groups,
        Named(_("Direct to Syrian organisations"), _("Received by"), names.__getitem__, list(names)),
        sentence=f"{said} {withheld_sentence(frame)}".strip(),
        note=_(
            "Sub-grants are a figure of their own and not in this one: what a partner passes on stands here as its own."
        ),
    )


def overhead(frame: OwnFrame) -> Picture | None:
    """What of the money promised openly is for indirect costs, by year, where enough partners stand behind the share."""
    facts, currency = frame.facts, frame.facts.currency
    if not facts.released.told:
        return None
    years, rest = told.overhead_by_year(facts.released.told, least=facts.least_partners)
    lines = [(str(year), one.indirect, one.amount) for year, one in years.items()]
    if len(rest.partners) >= facts.least_partners:
        lines.append((_("Other years together"), rest.indirect, rest.amount))
    indirect, amount = sum(line[1] for line in lines), sum(line[2] for line in lines)
    shares = [sums.share(one, whole) for _label, one, whole in lines]
    rows: list[Cells] = [[*line, 0, cell(part)] for line, part in zip(lines, shares, strict=True)]
    silent, pooled = facts.released.amount - amount, sum(pool.amount for pool in facts.released.pools)
    if silent:
        rows.append([withheld_name(), None, silent, pooled, None])
    said = {
        "amount": spoken(amount, currency),
        "indirect": spoken(indirect, currency),
        "share": percent(sums.share(indirect, amount)),
    }
    return Picture(
        title=_("Overhead: what partners keep for indirect costs"),
        unit=_("share of the money promised, by year of signature"),
        sentence=_("Of %(amount)s promised one by one, %(indirect)s are for the partners' indirect costs: %(share)s.") % said if lines
        else _("Too few organisations are told one by one to say what is for their indirect costs."),
        note=_("Years with fewer than %(least)s organisations are told together or not at all: a single share would tell more than the list.")
        % {"least": facts.least_partners},
        headings=[
            Heading(_("Year of signature")), in_currency(_("Indirect costs"), frame), in_currency(_("Promised"), frame),
            in_currency(_("Of it told in sums"), frame), Heading(_("Share"), "percent"),
        ],
        rows=[*rows, [_("Sum"), indirect if lines else None, facts.released.amount, pooled, None]],
        svg=quick.rows(
            [Bar(label, 100, float(part or 0), percent(part)) for (label, *_rest), part in zip(lines, shares, strict=True)],
            rtl=frame.rtl,
        ) if lines else "",
    )  # fmt: skip
