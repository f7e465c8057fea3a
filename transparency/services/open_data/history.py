"""What other funds published before, told again as IATI from the imported tables."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from charter.selectors import rules_to_begin_with
from kernel.places import Governorate
from transparency.iati.history import PastGift, Source, Wording, document
from transparency.models import HistoryContribution, HistoryLocation, HistoryProject
from transparency.release.history import PastProject, tell_again
from transparency.release.told import Told
from transparency.selectors.facts import fund_names
from transparency.services.open_data.iati import XML, publisher
from transparency.services.open_data.store import Made
from transparency.services.open_data.wording import said

HISTORY = "iati-history.xml"


def files(_told: Told) -> Iterable[Made]:
    """The file, when the fund has an identifier and the history of another fund was imported."""
    if not settings.IATI_REFERENCE:
        return
    least = rules_to_begin_with().publication.least_partners
    told = [one for one in tell_again(projects(), least_partners=least) if one.open or one.sums]
    if told:
        about, given, words = publisher(), sources(), wording()
        yield Made(HISTORY, XML, lambda now: document(about, told, given, words, made_at=now))


def projects() -> list[PastProject]:
    """Every imported project with its governorates and clusters; two queries."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    clusters: dict[tuple[str, str], tuple[tuple[str, Decimal], ...]] = {}
    rows = HistoryLocation.objects.order_by("key").values_list("fund", "project_code", "governorate", "clusters")
    for fund, code, governorate, shares in rows.iterator(chunk_size=5000):
        if governorate:
            places[fund, code].add(governorate)
        if (fund, code) not in clusters:
            clusters[fund, code] = tuple((one["cluster"], Decimal(one["percent"] or 0)) for one in shares)
    return [
        _project(row, tuple(sorted(places[row.fund, row.code])), clusters.get((row.fund, row.code), ()))
        for row in HistoryProject.objects.defer("raw").order_by("key").iterator(chunk_size=5000)
    ]


def _project(
    row: HistoryProject, governorates: tuple[str, ...], clusters: tuple[tuple[str, Decimal], ...]
) -> PastProject:
    return PastProject(
        fund=row.fund,
        code=row.code,
        year=row.year,
        title=row.title,
        partner=row.partner_code or row.partner_name or row.code,
        partner_name=row.partner_name,
        partner_kind=row.partner_kind,
        withheld=row.partner_withheld,
        budget=row.budget,
        starts=row.starts_on,
        ends=row.ends_on,
        approved=row.approved_on,
        governorates=governorates,
        clusters=clusters,
    )


def sources() -> dict[str, Source]:
    """Each other fund with what donors gave to it."""
    gifts: dict[str, list[PastGift]] = defaultdict(list)
    rows = HistoryContribution.objects.order_by("fund", "year", "key")
    for fund, year, short, name, amount in rows.values_list("fund", "year", "donor_short_name", "donor_name", "amount"):
        gifts[fund].append(PastGift(fund, year, short or name, amount))
    names = fund_names()
    return {
        fund: Source(f"{names.get(fund, fund)} (country-based pooled fund {fund})", tuple(gifts[fund]))
        for fund in {*names, *gifts}
    }


def wording() -> Wording:
    """The words of the file in Arabic and English."""
    return Wording(
        about=said(lambda: _("Republished history: a project of another fund, from that fund's public files.")),
        about_fund=said(
            lambda: _(
                "Republished history: another fund, from its public files. Projects whose partners it withholds stand in sums of a "
                "year, without place, sector, month or title."
            )
        ),
        title_of_sum=said(lambda: _("Several projects, told as a sum")),
        about_sum=said(
            lambda: _(
                "Republished history: %(projects)s projects of %(partners)s partners, %(first)s–%(last)s; details are withheld so "
                "that nobody comes to harm."
            )
        ),
        several=said(lambda: _("Several organisations")),
        places={code: said(lambda label=label: str(label)) for code, label in Governorate.choices},  # type: ignore[misc]
    )
