"""The report of a year: money in and out, who received, how fast, who decided, appeals, complaints, costs, overhead, what is withheld."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Sum
from django.utils.translation import gettext as _

from charter.selectors import rules_to_begin_with
from committees.models import Seat
from committees.selectors.appeals import published as published_appeals
from committees.states import SeatState
from funds.models import Contribution
from funds.states import ContributionState
from kernel.money import Money
from kernel.places import Governorate
from ledger.models import Transfer, TransferKind
from transparency import kept_words
from transparency.charts import draw
from transparency.charts.draw import Point
from transparency.models import ReleasedGrant
from transparency.selectors import kept_times, published
from transparency.selectors.published import Filters
from transparency.services.papers.charted import charted
from transparency.services.papers.parts import Paper, Section, is_rtl, money, parts_of, share
from transparency.wording import number

COSTS = "3090/"
"""Money taken from contributions for the fund's own costs (chart of accounts)."""


def year_sections(year: int) -> Paper:
    """The report of ``year`` in the language in force; every sum is of released rows, withheld money told as its own line."""
    currency = rules_to_begin_with().currency
    filters = Filters(year=str(year))
    rows = list(published.told(filters).filter(currency=currency))
    sums = published.sums(currency, filters)
    return Paper(
        title=_("Report of the year %(year)s") % {"year": year},
        subtitle=_("What came in, what went out, to whom, how fast, and who decided."),
        currency=currency,
        sections=[
            _money(year, currency, sums),
            _places(rows, currency, sums),
            _partners(rows, currency, sums),
            *charted(("localisation", "sub_grants"), until=year),
            _speed(year),
            _committees(),
            _appeals(year),
            *charted(("complaints",), until=year),
            _costs(year, currency),
            *charted(("overhead",), until=year),
            _withheld(currency, sums),
        ],
    )


def _received(year: int, currency: str) -> int:
    rows = Contribution.objects.filter(state=ContributionState.CONFIRMED, currency=currency, received_on__year=year)
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0


def _paid(year: int, currency: str) -> int:
    """What was paid in the year to grants told one by one, of whatever year."""
    rows = ReleasedGrant.objects.filter(currency=currency, amount_minor__isnull=False).values_list(
        "payments", flat=True
    )
    return sum(minor for months in rows for month, minor in months.items() if month.startswith(f"{year}-"))


def _money(year: int, currency: str, sums: published.Sums) -> Section:
    received, paid = _received(year, currency), _paid(year, currency)
    named = [
        (_("Received from donors"), received),
        (_("Promised in grants signed in the year"), sums.total.minor),
        (_("Paid in the year to grants told one by one"), paid),
    ]
    points = [Point(name, float(minor), number(minor // 100)) for name, minor in named]
    notes = [
        _("Payments to grants that are told in sums, from the beginning until now: %(sum)s.")
        % {"sum": money(_pooled_paid(currency), currency)}
    ]
    if added := published.added_in_sums(currency).minor:
        notes.append(
            _("Added later to grants that are told in sums, from the beginning until now: %(sum)s.")
            % {"sum": money(added, currency)}
        )
    return Section(
        _("Money in and out"),
        _("Received, promised and paid are three figures that are never added together."),
        (_("What"), _("Amount")),
        [(name, money(minor, currency)) for name, minor in named],
        (1,),
        draw.rows(points, rtl=is_rtl()),
        " ".join(notes),
    )


def _pooled_paid(currency: str) -> int:
    rows = ReleasedGrant.objects.filter(currency=currency, amount_minor__isnull=False)
    told = rows.aggregate(total=Sum("paid_minor"))["total"] or 0
    return published.paid(currency).minor - told


def _by(rows: Iterable[ReleasedGrant], name: str) -> dict[str, tuple[int, int]]:
    """Number and sum of grants told one by one, by what ``name`` says of them."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row.amount_minor is not None:
            key = getattr(row, name)
            grants, minor = found.get(key, (0, 0))
            found[key] = (grants + 1, minor + row.amount_minor)
    return found


def _table(found: dict[str, tuple[int, int]], currency: str, sums: published.Sums) -> list[tuple[str, str, str]]:
    ranked = sorted(found.items(), key=lambda item: -item[1][1])
    lines = [(name, str(grants), money(minor, currency)) for name, (grants, minor) in ranked]
    if sums.withheld_grants:
        lines.append((_("Withheld, told as a sum"), str(sums.withheld_grants), money(sums.withheld.minor, currency)))
    lines.append((_("Together"), str(sums.grants + sums.withheld_grants), money(sums.total.minor, currency)))
    return lines


def _places(rows: list[ReleasedGrant], currency: str, sums: published.Sums) -> Section:
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row.amount_minor is not None:
            where = [str(Governorate(one).label) for one in row.governorates]
            key = where[0] if len(where) == 1 else (_("Several governorates") if where else _("Syria"))
            grants, minor = found.get(key, (0, 0))
            found[key] = (grants + 1, minor + row.amount_minor)
    ranked = sorted(found.items(), key=lambda item: -item[1][1])
    points = [Point(name, float(minor), number(minor // 100)) for name, (_grants, minor) in ranked[:14]]
    return Section(
        _("Where"),
        _("Grants signed in the year by governorate; a grant for several stands once."),
        (_("Governorate"), _("Grants"), _("Promised")),
        _table(found, currency, sums),
        (1, 2),
        draw.rows(points, rtl=is_rtl()) if points else "",
    )


def _partners(rows: list[ReleasedGrant], currency: str, sums: published.Sums) -> Section:
    kinds = {
        str(dict(ReleasedGrant._meta.get_field("kind").flatchoices)[kind]) if kind else _("Kind withheld"): value
        for kind, value in _by(rows, "kind").items()
    }
    led = {
        _("led by women"): sum(row.amount_minor or 0 for row in rows if row.women_led),
        _("led by young people"): sum(row.amount_minor or 0 for row in rows if row.youth_led),
        _("led by displaced people or returnees"): sum(row.amount_minor or 0 for row in rows if row.displaced_led),
    }
    said = " · ".join(f"{name}: {share(minor, sums.open.minor)}" for name, minor in led.items())
    return Section(
        _("Who received: localisation"),
        _(
            "Grants go directly to the organisation that applied. Of the money told one by one went to organisations: %(said)s."
        )
        % {"said": said},
        (_("Type of organisation"), _("Grants"), _("Promised")),
        _table(kinds, currency, sums),
        (1, 2),
    )


def _speed(year: int) -> Section:
    calls = kept_times.decided_calls().filter(closes_at__year=year)
    rows = [
        (str(one.name), str(one.kept.promised), parts_of(one.kept.kept, one.kept.ended), _days(one.kept.middle))
        for one in kept_words.lines(kept_times.kept_of_calls(calls))
    ]
    return Section(
        _("How fast"),
        _("Working days of the calls that closed in the year, beside the charter's promise."),
        (_("Stage"), _("Promised days"), _("Kept"), _("Middle")),
        rows,
        (1, 2, 3),
    )


def _days(days: int | None) -> str:
    return "–" if days is None else str(days)


def _committees() -> Section:
    seats = Seat.objects.filter(state=SeatState.FILLED, alternate_of__isnull=True)
    counts = Counter(one.get_constituency_display() for one in seats)
    civil = seats.filter(civil_society=True).count()
    return Section(
        _("Who decides"),
        _("Seats of the committees by constituency; of civil society: %(share)s.")
        % {"share": share(civil, sum(counts.values()))},
        (_("Constituency"), _("Seats")),
        [(str(name), str(number)) for name, number in sorted(counts.items(), key=lambda item: -item[1])],
        (1,),
    )


def _appeals(year: int) -> Section:
    found = [one for one in published_appeals() if one.lodged_at.year == year]
    counts = Counter(one.outcome for one in found)
    return Section(
        _("Appeals"),
        _("Appeals lodged in the year: %(number)s, answered in time: %(kept)s.")
        % {"number": len(found), "kept": sum(bool(one.in_time) for one in found)},
        (_("Outcome"), _("Appeals")) if counts else (),
        [(outcome, str(number)) for outcome, number in counts.items()],
        (1,),
    )


def _costs(year: int, currency: str) -> Section:
    rows = Transfer.objects.filter(
        credit__code__startswith=COSTS,
        currency=currency,
        kind__in=[TransferKind.POST, TransferKind.SETTLE],
        posted_at__year=year,
    )
    spent = rows.aggregate(total=Sum("amount_minor"))["total"] or 0
    received = _received(year, currency)
    if received:
        said = _(
            "Taken from contributions for the fund's own costs: %(spent)s, %(share)s of what was received in the year."
        )
    else:
        said = _("Taken from contributions for the fund's own costs: %(spent)s. Nothing was received in the year.")
    return Section(
        _("What the fund itself cost"), said % {"spent": money(spent, currency), "share": share(spent, received)}
    )


def _withheld(currency: str, sums: published.Sums) -> Section:
    whole: Money = sums.total
    return Section(
        _("What is withheld"),
        _(
            "Of the money promised in the year %(share)s (%(sum)s, grants: %(number)s) is told in sums only, so that nobody comes "
            "to harm. It is in every total. Each withholding is looked at again after the months that the charter says."
        )
        % {
            "share": share(sums.withheld.minor, whole.minor),
            "sum": money(sums.withheld.minor, currency),
            "number": sums.withheld_grants,
        },
    )
