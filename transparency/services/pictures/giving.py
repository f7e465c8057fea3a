"""Charts of what donors gave."""

from django.utils.translation import gettext as _

from transparency.charts import draw
from transparency.charts.draw import Point
from transparency.figures import sums
from transparency.services.pictures.words import Cells, Frame, Heading, Picture, cell, giver_name
from transparency.wording import dollars, isolate, millions, number, percent, round_millions, years_text

SHOWN = 10


def contributions_by_year(frame: Frame) -> Picture | None:
    """What donors gave in each year."""
    gifts = frame.facts.gifts
    by_year = sums.amounts_by(gifts, lambda gift: gift.year)
    if not by_year:
        return None
    years = sorted(int(str(year)) for year in by_year)
    total = sum(by_year.values())
    best = max(years, key=lambda year: by_year[year])
    givers = {year: len({gift.donor for gift in gifts if gift.year == year}) for year in years}
    whole = sums.whole_dollars([by_year[year] for year in years])
    rows: list[Cells] = [[str(year), givers[year], amount] for year, amount in zip(years, whole, strict=True)]
    points = [Point(str(year), float(by_year[year]), round_millions(by_year[year])) for year in years]
    return Picture(
        title=_("Contributions by year"),
        unit=_("US$ million"),
        sentence=_("In %(years)s donors gave %(total)s, the most in %(best)s: %(most)s.")
        % {
            "years": years_text(years),
            "total": dollars(total),
            "best": isolate(str(best)),
            "most": dollars(by_year[best]),
        },
        note=_("The source does not tell paid money from pledged money. The newest year may still grow."),
        headings=[Heading(_("Year")), Heading(_("Donors"), "number"), Heading(_("Amount (US$)"), "money")],
        rows=[*rows, [_("Sum"), len({gift.donor for gift in gifts}), sum(whole)]],
        svg=draw.columns(points, rtl=frame.rtl),
    )


def contributions_by_donor(frame: Frame) -> Picture | None:
    """Which donors gave, the largest first; beyond ten the rest is drawn as one bar and listed in the table."""
    ranked = sums.ranked(sums.amounts_by(frame.facts.gifts, lambda gift: gift.donor))
    if not ranked:
        return None
    total = sum(amount for _donor, amount in ranked)
    whole = sums.whole_dollars([amount for _donor, amount in ranked])
    rows: list[Cells] = [
        [giver_name(donor, frame.language), dollars_whole, cell(sums.share(amount, total))]
        for (donor, amount), dollars_whole in zip(ranked, whole, strict=True)
    ]
    points = [Point(giver_name(d, frame.language), float(a), millions(a)) for d, a in ranked[:SHOWN]]
    if rest := ranked[SHOWN:]:
        amount = sum(amount for _donor, amount in rest)
        label = _("Others (%(count)s)") % {"count": number(len(rest))}
        points.append(Point(label, float(amount), millions(amount)))
    first, most = ranked[0]
    words = {
        "donor": isolate(giver_name(first, frame.language)),
        "amount": dollars(most),
        "share": percent(sums.share(most, total)),
        "five": percent(sums.share(sum(amount for _donor, amount in ranked[:5]), total)),
        "total": dollars(total),
    }
    many = len(ranked) > 5
    sentence = _("%(donor)s gave the most: %(amount)s, %(share)s of %(total)s.") % words
    if many:
        sentence += " " + _("The five largest donors gave %(five)s.") % words
    return Picture(
        title=_("Contributions by donor"),
        unit=_("US$ million"),
        sentence=sentence,
        headings=[Heading(_("Donor")), Heading(_("Amount (US$)"), "money"), Heading(_("Share"), "percent")],
        rows=[*rows, [_("Sum"), sum(whole), None]],
        svg=draw.rows(points, rtl=frame.rtl),
    )
