"""The grants by 360Giving 1.4."""

import io
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.csv_files import write_table
from kernel.money import Money
from kernel.places import Governorate
from kernel.sectors import Sector
from kernel.templatetags.fund import fund_name
from organisations.states import OrganisationType
from transparency.giving360.grants import Package, Record, Wording, package_json, records, table
from transparency.release.told import Told
from transparency.services.open_data.store import LICENCE, Made
from transparency.services.open_data.wording import in_line, labels

LED_BY = {
    "women_led": gettext_lazy("led by women"),
    "youth_led": gettext_lazy("led by young people"),
    "displaced_led": gettext_lazy("led by displaced people or returnees"),
}
JSON, CSV = "360giving-grants.json", "360giving-grants.csv"


def files(told: Told) -> Iterable[Made]:
    """The file in both forms; none before a grant is told, since the standard wants one at least."""
    about = package(told)
    grants = records(told, about, wording())
    if grants:
        yield Made(JSON, "application/json", lambda now: package_json(grants, about, made_at=now))
        yield Made(CSV, "text/csv; charset=utf-8", lambda now: _csv(grants, now))


def package(told: Told) -> Package:
    """Who publishes, and what is not told one by one."""
    return Package(
        prefix=settings.IATI_REFERENCE or urlsplit(settings.SITE_URL).hostname or "fund",
        publisher=in_line(fund_name),
        website=settings.SITE_URL,
        title=in_line(lambda: _("Grants of the pooled fund")),
        description=" ".join([in_line(lambda: _("Every grant that is told in public.")), *_exclusions(told)]),
        address=settings.SITE_URL + reverse("transparency:open_data_file", args=[JSON]),
        licence=LICENCE,
    )


def _exclusions(told: Told) -> Iterable[str]:
    """How many grants, and how much money, is told in sums, by currency."""
    for currency in sorted({one.currency for one in told.sums}):
        sums = [one for one in told.sums if one.currency == currency]
        grants, minor = sum(one.grants for one in sums), sum(one.amount_minor for one in sums)
        yield in_line(
            lambda grants=grants, minor=minor, currency=currency: (  # type: ignore[misc]
                _("Details of %(grants)s grants are withheld; together they come to %(money)s and stand in sums.")
                % {"grants": grants, "money": str(Money(minor, currency))}
            )
        )
    for currency, minor in told.paid_in_sums:
        yield in_line(
            lambda minor=minor, currency=currency: (  # type: ignore[misc]
                _("Payments to grants that are told in sums, from the beginning until now: %(sum)s.")
                % {"sum": str(Money(minor, currency))}
            )
        )
    for currency, minor in told.added_in_sums:
        yield in_line(
            lambda minor=minor, currency=currency: (  # type: ignore[misc]
                _("Added later to grants that are told in sums, from the beginning until now: %(sum)s.")
                % {"sum": str(Money(minor, currency))}
            )
        )


def wording() -> Wording:
    """The words of the file in Arabic and English."""
    return Wording(
        title_withheld=in_line(lambda: _("Title withheld")),
        several=in_line(lambda: _("Several organisations")),
        title_of_sum=in_line(lambda: _("Several grants, told as a sum")),
        months=in_line(lambda: _("A grant of the pooled fund for %(months)s months.")),
        counted=in_line(
            lambda: _(
                "%(grants)s grants to %(organisations)s organisations; details are withheld so that nobody comes to harm."
            )
        ),
        sectors=labels(Sector.choices),
        places=labels(Governorate.choices),
        kinds=labels(OrganisationType.choices),
        led_by=labels(LED_BY),
    )


def _csv(grants: list[Record], _now: datetime) -> bytes:
    header, rows = table(grants)
    text = io.StringIO()
    write_table(text, header, rows)
    return text.getvalue().encode()
