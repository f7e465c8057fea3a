"""The fund as an organisation: what it has committed in each year, and where it says what it does not publish."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

from transparency.iati import codes
from transparency.iati import elements as xml
from transparency.iati.activities import FundActivity, GrantActivity
from transparency.iati.elements import Publisher, Words


def document(
    publisher: Publisher,
    fund: FundActivity,
    grants: Iterable[GrantActivity],
    exclusions: tuple[str, Words],
    *,
    made_at: datetime,
) -> bytes:
    """The file of the organisation; ``exclusions`` is the address and the title of the page that explains them."""
    years: Counter[tuple[int, str]] = Counter()
    for money in (*fund.added_in_sums, *(one for grant in grants for one in grant.promised)):
        years[money.day.year, money.currency] += money.minor
    root = xml.root_of("iati-organisations", made_at)
    organisation = ET.SubElement(root, "iati-organisation")
    organisation.set(xml.LANG, "ar")
    organisation.set("last-updated-datetime", xml.moment(made_at))
    ET.SubElement(organisation, "organisation-identifier").text = publisher.reference
    xml.narratives(organisation, "name", publisher.name)
    xml.narratives(organisation, "reporting-org", publisher.name, ref=publisher.reference, type=publisher.kind)
    for (year, currency), minor in sorted(years.items()):
        _year(ET.SubElement(organisation, "total-budget", status=codes.COMMITTED), year, minor, currency)
    for (year, currency), minor in sorted(years.items()):
        budget = ET.SubElement(organisation, "recipient-country-budget", status=codes.COMMITTED)
        ET.SubElement(budget, "recipient-country", code="SY")
        _year(budget, year, minor, currency)
    address, title = exclusions
    link = ET.SubElement(organisation, "document-link", format="text/html", url=address)
    xml.narratives(link, "title", title)
    ET.SubElement(link, "category", code=codes.EXCLUSIONS)
    ET.SubElement(link, "language", code="ar")
    return xml.file_of(root)


def _year(budget: ET.Element, year: int, minor: int, currency: str) -> None:
    xml.period(budget, date(year, 1, 1), date(year, 12, 31))
    xml.valued(budget, Decimal(minor).scaleb(-2), currency, date(year, 1, 1))
