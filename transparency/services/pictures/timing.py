"""Charts of how large, how long and how fast."""

import itertools
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext as _

from transparency.charts import draw
from transparency.charts.draw import Point, Series
from transparency.figures import sums
from transparency.models import AllocationSource
from transparency.services.pictures.words import Cells, Frame, Heading, Picture, cell
from transparency.wording import dollars, isolate, number

THOUSAND = 1000


def _short(value: int) -> str:
    """A step of the size bands: 100 000 as ``100 k``, a million as ``1 M``."""
    if value >= THOUSAND * THOUSAND:
        return _("%(number)s million") % {"number": value // THOUSAND // THOUSAND}
    return _("%(number)s thousand") % {"number": value // THOUSAND}


def _size_labels() -> list[str]:
    steps = sums.SIZE_STEPS
    between = [
        _("%(low)s to under %(high)s") % {"low": isolate(_short(low)), "high": isolate(_short(high))}
        for low, high in itertools.pairwise(steps)
    ]
    first = _("under %(high)s") % {"high": isolate(_short(steps[0]))}
    return [first, *between, _("%(low)s and more") % {"low": isolate(_short(steps[-1]))}]


def grant_sizes(frame: Frame) -> Picture | None:
    """How large grants were."""
    projects = frame.facts.projects
    if not projects:
        return None
    bands = sums.size_bands(projects)
    labels = _size_labels()
    whole = sums.whole_dollars([amount for _count, amount in bands])
    rows: list[Cells] = [
        [label, count, amount, cell(sums.share(count, len(projects)))]
        for label, (count, _amount), amount in zip(labels, bands, whole, strict=True)
    ]
    return Picture(
        title=_("Size of grants"),
        unit=_("number of grants, by budget in US$"),
        sentence=_("Half of the grants were above %(median)s; under %(step)s: %(small)s of %(all)s.")
        % {
            "median": dollars(Decimal(median(project.budget for project in projects))),
            "step": dollars(sums.SIZE_STEPS[0]),
            "small": isolate(number(bands[0][0])),
            "all": isolate(number(len(projects))),
        },
        headings=[
            Heading(_("Budget (US$)")),
            Heading(_("Projects"), "number"),
            Heading(_("Sum (US$)"), "money"),
            Heading(_("Share of projects"), "percent"),
        ],
        rows=[*rows, [_("Sum"), len(projects), sum(whole), None]],
        svg=draw.rows(
            [Point(label, count, number(count)) for label, (count, _amount) in zip(labels, bands, strict=True)],
            rtl=frame.rtl,
        ),
    )


def _month_labels() -> list[str]:
    steps = sums.MONTH_STEPS
    between = [
        _("%(low)s to %(high)s months") % {"low": low + 1, "high": high} for low, high in itertools.pairwise(steps)
    ]
    first = _("up to %(high)s months") % {"high": steps[0]}
    return [first, *between, _("more than %(low)s months") % {"low": steps[-1]}]


def durations(frame: Frame) -> Picture | None:
    """How long projects lasted, from start to end as last recorded."""
    projects = frame.facts.projects
    bands, unknown = sums.duration_bands(projects)
    if not sum(bands):
        return None
    labels = _month_labels()
    known = sum(bands)
    rows: list[Cells] = [
        [label, count, cell(sums.share(count, known))] for label, count in zip(labels, bands, strict=True)
    ]
    year = sum(count for count, step in zip(bands, sums.MONTH_STEPS, strict=False) if step <= 12)
    note = _("Left out for want of usable dates: %(count)s.") % {"count": isolate(number(unknown))} if unknown else ""
    return Picture(
        title=_("Duration of projects"),
        unit=_("number of projects"),
        sentence=_("A year or less: %(year)s of %(all)s projects; more than two years: %(long)s.")
        % {
            "year": isolate(number(year)),
            "all": isolate(number(known)),
            "long": isolate(number(bands[-1])),
        },
        note=note,
        headings=[Heading(_("Duration")), Heading(_("Projects"), "number"), Heading(_("Share of projects"), "percent")],
        rows=[*rows, [_("Sum"), known, None]],
        svg=draw.rows(
            [Point(label, count, number(count)) for label, count in zip(labels, bands, strict=True)], rtl=frame.rtl
        ),
    )


def _days(value: Decimal) -> str:
    return isolate(f"{value.normalize():f}")


def decision_days(frame: Frame) -> Picture | None:
    """Median days from submission to approval, standard and reserve allocations apart."""
    projects = frame.facts.projects
    standard = sums.decision_days(projects, AllocationSource.STANDARD.value)
    reserve = sums.decision_days(projects, AllocationSource.RESERVE.value)
    years = sorted({*standard, *reserve})
    if not years:
        return None
    rows: list[Cells] = []
    for year in years:
        median_standard, count_standard = standard.get(year, (None, 0))
        median_reserve, count_reserve = reserve.get(year, (None, 0))
        rows.append([str(year), cell(median_standard), count_standard, cell(median_reserve), count_reserve])
    kinds = ((AllocationSource.STANDARD, standard), (AllocationSource.RESERVE, reserve))
    parts = [
        _("%(kind)s %(days)s") % {"kind": kind.label, "days": _days(days[years[-1]][0])}
        for kind, days in kinds
        if years[-1] in days
    ]
    series = [
        Series(
            str(kind.label),
            [
                Point(
                    str(year),
                    float(days[year][0]) if year in days else None,
                    f"{days[year][0].normalize():f}" if year in days else "",
                )
                for year in years
            ],
        )
        for kind, days in kinds
    ]
    left_out = len(projects) - sum(count for days in (standard, reserve) for _median, count in days.values())
    note = _("Left out for want of usable dates: %(count)s.") % {"count": isolate(number(left_out))} if left_out else ""
    return Picture(
        title=_("Days from submission to approval"),
        unit=_("median days; full line: standard, dashed line: reserve"),
        sentence=_("Half of the projects of %(year)s were approved within (days): %(parts)s.")
        % {"year": isolate(str(years[-1])), "parts": _(", ").join(parts)},
        note=note,
        headings=[
            Heading(_("Year")),
            Heading(_("Standard: median days"), "decimal"),
            Heading(_("Projects"), "number"),
            Heading(_("Reserve: median days"), "decimal"),
            Heading(_("Projects"), "number"),
        ],
        rows=rows,
        summed=False,
        svg=draw.lines(series, rtl=frame.rtl),
    )
