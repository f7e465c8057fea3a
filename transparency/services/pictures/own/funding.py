"""Charts of what the fund received and what it costs, of who decides, and of how appeals ended."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountability.selectors import Clock, Step
from accountability.states import Category
from committees.states import AppealState, Constituency
from kernel.pieces.words import month_in_words
from ledger.wording import in_words
from transparency.charts import quick
from transparency.charts.quick import Bar
from transparency.figures import people, sums
from transparency.kept_words import STAGES
from transparency.services.pictures.own.words import SHOWN, OwnFrame, in_currency, localised, scale_of, spoken
from transparency.services.pictures.words import Cells, Heading, Picture, cell
from transparency.wording import isolate, number, percent

ANSWERED = (AppealState.UPHELD, AppealState.PARTLY_UPHELD, AppealState.DISMISSED, AppealState.INADMISSIBLE)


def money_in(frame: OwnFrame) -> Picture | None:
    """Pledged, signed and received by year: three figures, apart.

    A year that is still to come has no column and a dash: nothing can have arrived in it, which is not the same as nothing.
    """
    years, currency = frame.facts.money_in, frame.facts.currency
    if not years:
        return None
    come = {year: one for year, one in years.items() if one.received or year <= timezone.localdate().year}
    rows: list[Cells] = [
        [str(year), one.pledged, one.signed, one.received if year in come else None] for year, one in years.items()
    ]
    totals = [sum(int(row[column] or 0) for row in rows) for column in (1, 2, 3)]
    scale = scale_of([one.received for one in years.values()], currency)
    pledged, signed, received = (spoken(total, currency) for total in totals)
    others = frame.facts.other_currencies
    return Picture(
        title=_("Money in"),
        unit=_("%(unit)s received by year") % {"unit": scale.unit},
        sentence=_("Received: %(received)s. Agreements signed but not yet received: %(signed)s. Pledged and not yet signed: %(pledged)s.")
        % {"received": received, "signed": signed, "pledged": pledged},
        note=_("Contributions in other currencies are not counted here: %(codes)s.") % {"codes": ", ".join(others)} if others
        else _("The three are never added together: a pledge that is signed leaves its column, and so does one that arrives."),
        headings=[
            Heading(_("Year")), in_currency(_("Pledged, not signed"), frame), in_currency(_("Signed, not received"), frame),
            in_currency(_("Received"), frame),
        ],
        rows=[*rows, [_("Sum"), *totals]],
        svg=quick.columns(
            [Bar(str(year), one.received, one.received, scale.text(one.received)) for year, one in come.items()], rtl=frame.rtl
        ) if come else "",
    )  # fmt: skip


def donors(frame: OwnFrame) -> Picture | None:
    """How the money received is spread over donors: names only where the donor allows it."""
    givers, currency = frame.facts.givers, frame.facts.currency
    if not givers:
        return None
    total = sum(giver.amount for giver in givers)
    names = [_donor(giver.name, giver.donors) for giver in givers]
    rows: list[Cells] = [
        [name, giver.donors, giver.amount, cell(sums.share(giver.amount, total))]
        for name, giver in zip(names, givers, strict=True)
    ]
    largest = max((giver.amount for giver in givers if giver.donors == 1), default=0)
    scale = scale_of([giver.amount for giver in givers], currency)
    count = sum(giver.donors for giver in givers)
    said = ngettext("%(n)s donor gave %(total)s.", "%(n)s donors gave %(total)s.", count)
    sentence = said % {"n": isolate(number(count)), "total": spoken(total, currency)}
    if largest and count > 1:
        sentence += " " + _("The largest of those named here gave %(share)s of it.") % {
            "share": percent(sums.share(largest, total))
        }
    return Picture(
        title=_("How many donors carry the fund"),
        unit=scale.unit,
        sentence=sentence,
        headings=[
            Heading(_("Donor")), Heading(_("Donors"), "number"), in_currency(_("Received"), frame), Heading(_("Share"), "percent")
        ],
        rows=[*rows, [_("Sum"), count, total, None]],
        svg=quick.rows(
            [
                Bar(name, giver.amount, giver.amount, scale.text(giver.amount))
                for name, giver in list(zip(names, givers, strict=True))[:SHOWN]
            ],
            rtl=frame.rtl,
        ),
    )  # fmt: skip


def _donor(name: object, donors: int) -> str:
    if name:
        return localised(name)
    return ngettext("A donor that is not named", "Donors that are not named", donors)


def costs(frame: OwnFrame) -> Picture | None:
    """What the fund spends on itself, as far as its books know it, against what it received."""
    spent, currency = frame.facts.costs, frame.facts.currency
    received = sum(one.received for one in frame.facts.money_in.values())
    if not received:
        return None
    rows: list[Cells] = [[str(one.year), in_words(one.title, dict(one.facts)), one.amount] for one in spent]
    total = sum(one.amount for one in spent)
    years = sorted({year for year, one in frame.facts.money_in.items() if one.received} | {one.year for one in spent})
    of_year = {year: sum(one.amount for one in spent if one.year == year) for year in years}
    scale = scale_of(list(of_year.values()), currency)
    return Picture(
        title=_("The fund's own costs"),
        unit=scale.unit,
        sentence=_("The fund's own costs in the books: %(costs)s, %(share)s of what it received.")
        % {"costs": spoken(total, currency), "share": percent(sums.share(total, received))},
        note=_("Only what is paid out of donors' contributions stands in the books: commissions of payment providers so far."),
        headings=[Heading(_("Year")), Heading(_("For what"), "words"), in_currency(_("Amount"), frame)],
        rows=[*rows, [_("Sum"), "", total]],
        svg=quick.columns(
            [Bar(str(year), minor, minor, scale.text(minor)) for year, minor in of_year.items()], rtl=frame.rtl
        ),
    )  # fmt: skip


def seats(frame: OwnFrame) -> Picture | None:
    """Who sits in the committees, by constituency."""
    filled = frame.facts.seats
    if not filled:
        return None
    rows: list[Cells] = [
        [
            _("%(constituency)s, without a vote") % {"constituency": Constituency(key).label}
            if not voting and key != Constituency.OBSERVER
            else str(Constituency(key).label),
            count if civil_society else 0,
            count if voting else 0,
            count,
        ]
        for key, civil_society, voting, count in filled
    ]
    votes = sum(count for _key, _civil, voting, count in filled if voting)
    civil = sum(count for _key, civil_society, voting, count in filled if voting and civil_society)
    return Picture(
        title=_("Who decides: seats by constituency"),
        unit=_("seats in committees at work"),
        sentence=_("Civil society holds %(civil)s of %(votes)s votes.")
        % {"civil": isolate(number(civil)), "votes": isolate(number(votes))},
        headings=[
            Heading(_("Constituency")), Heading(_("Civil-society seats"), "number"), Heading(_("With a vote"), "number"),
            Heading(_("Seats"), "number"),
        ],
        rows=[*rows, [_("Sum"), *(sum(int(row[column] or 0) for row in rows) for column in (1, 2, 3))]],
        svg=quick.rows(
            [Bar(str(row[0]), float(row[3] or 0), float(row[3] or 0), number(int(row[3] or 0))) for row in rows], rtl=frame.rtl
        ),
    )  # fmt: skip


def speed(frame: OwnFrame) -> Picture | None:
    """How often each stage of ordinary calls ended in the promised working days; nothing before the first decision."""
    stages = frame.facts.speed
    if not any(stage.ended for stage in stages):
        return None
    names = {stage.name: str(STAGES[stage.name]) for stage in stages}
    shares = {stage.name: sums.share(stage.kept, stage.ended) for stage in stages}
    whole = stages[-1]
    rows: list[Cells] = [
        [names[one.name], one.promised, one.ended, one.kept, cell(shares[one.name]), one.middle, one.longest]
        for one in stages
    ]
    return Picture(
        title=_("How fast: every stage against its promise"),
        unit=_("share of applications and grants that kept the promised working days"),
        sentence=_("%(name)s: promised in %(days)s working days, kept in %(kept)s of %(ended)s cases.")
        % {
            "name": names[whole.name], "days": isolate(number(whole.promised)), "kept": isolate(number(whole.kept)),
            "ended": isolate(number(whole.ended)),
        },
        note=_("A length is told of several together only, because one alone would tell a day."),
        headings=[
            Heading(_("Stage")), Heading(_("Promised days"), "number"), Heading(_("Ended"), "number"),
            Heading(_("Kept"), "number"), Heading(_("Share"), "percent"), Heading(_("Middle"), "number"),
            Heading(_("Longest"), "number"),
        ],
        rows=rows,
        summed=False,
        svg=quick.rows(
            [
                Bar(names[one.name], 100, float(shares[one.name] or 0), percent(shares[one.name]) if one.ended else "–")
                for one in stages
            ],
            rtl=frame.rtl,
        ),
    )  # fmt: skip


def appeals(frame: OwnFrame) -> Picture | None:
    """How many appeals were lodged, and how they ended."""
    years = frame.facts.appeals
    rows: list[Cells] = [
        [str(year), *(ended.get(state, 0) for state in ANSWERED), ended.get("", 0), sum(ended.values())]
        for year, ended in years.items()
    ]
    totals = [sum(int(row[column] or 0) for row in rows) for column in range(1, len(ANSWERED) + 3)]
    said = ngettext("%(n)s appeal was lodged.", "%(n)s appeals were lodged.", totals[-1]) % {
        "n": isolate(number(totals[-1]))
    }
    right = totals[0] + totals[1]
    answered = ngettext("%(n)s was upheld, in full or in part.", "%(n)s were upheld, in full or in part.", right)
    return Picture(
        title=_("Appeals"),
        unit=_("number of appeals, by how they ended"),
        sentence=f"{said} {answered % {'n': isolate(number(right))}}" if totals[-1] else said,
        headings=[
            Heading(_("Year")),
            *(Heading(str(state.label), "number") for state in ANSWERED),
            Heading(_("not answered yet"), "number"),
            Heading(_("All appeals"), "number"),
        ],
        rows=[*rows, [_("Sum"), *totals]],
        svg=quick.rows(
            [
                Bar(label, count, count, number(count))
                for label, count in zip(
                    [*(str(state.label) for state in ANSWERED), _("not answered yet")], totals[:-1], strict=True
                )
            ],
            rtl=frame.rtl,
        ),
    )


def complaints(frame: OwnFrame) -> Picture | None:
    """Complaints of the half years that are over by category, small numbers untold, and how many were answered in time."""
    told = frame.facts.complaints
    if told is None or not told.by_category:
        return None
    counts = people.publishable(told.by_category)
    labels = {key: str(Category(key).label) for key in told.by_category}
    rows: list[Cells] = [[labels[key], count] for key, count in counts.cells.items()]
    until = isolate(month_in_words(told.until, language=frame.language))
    said = (
        _("Before %(until)s about %(all)s complaints came in.") % {"until": until, "all": isolate(number(counts.total))}
        if counts.total is not None
        else _("Before %(until)s fewer than %(least)s complaints came in.") % {"until": until, "least": people.STEP}
    )
    said = " ".join([said, *_in_time(told.clocks)])
    return Picture(
        title=_("Complaints"),
        unit=_("number of complaints, by what they are about"),
        sentence=said,
        note=_("Told twice a year and rounded to tens; fewer than %(least)s are not told, so that nobody is found by having complained.")
        % {"least": people.STEP},
        headings=[Heading(_("What it is about")), Heading(_("Complaints"), "number")],
        rows=[*rows, [_("Sum"), counts.total]],
        svg=quick.rows(
            [Bar(labels[key], count or 0, count or 0, number(count) if count is not None else "–") for key, count in counts.cells.items()],
            rtl=frame.rtl,
        ),
    )  # fmt: skip


def _in_time(clocks: Iterable[Clock]) -> list[str]:
    """How often each promise was kept, where enough complaints' time has come."""
    worded = {
        Step.ACKNOWLEDGED: _("Taken up in time: %(kept)s (working days promised: %(days)s)."),
        Step.ASSIGNED: _("Assigned in time: %(kept)s (working days promised: %(days)s)."),
        Step.ANSWERED: _("Answered in time: %(kept)s (working days promised: %(days)s)."),
    }
    return [
        worded[one.step] % {"kept": percent(sums.share(one.in_time, one.due)), "days": isolate(number(one.promised))}
        for one in clocks
        if one.due >= people.STEP
    ]
