"""Writing the public files from the released table; a file is written anew only when what it says has changed."""

import gzip
import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from charter.calendar import add_months
from funds.models import Contribution
from funds.states import ContributionState
from kernel.places import Governorate
from kernel.templatetags.fund import fund_name
from transparency.iati.activities import FundActivity, Gift, GrantActivity, Money, Publisher, Words, document
from transparency.models import OpenDataFile, ReleasedGrant, ReleasedPool
from transparency.selectors import published

IATI = "iati-activities.xml"
LANGUAGES = ("ar", "en")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def write_iati() -> bool:
    """Write the file of activities when the fund has an identifier (IATI_REFERENCE); whether anything changed."""
    if not settings.IATI_REFERENCE:
        return False
    publisher = Publisher(settings.IATI_REFERENCE, _said(fund_name), settings.IATI_ORGANISATION_TYPE)
    fund, grants = (
        _fund(),
        [*map(_grant, published.told().filter(amount_minor__isnull=False)), *map(_sum, published.pools())],
    )
    what = document(publisher, fund, grants, made_at=_EPOCH)
    return _write(IATI, "application/xml", what, lambda now: document(publisher, fund, grants, made_at=now))


def _write(name: str, content_type: str, what: bytes, make: Callable[[datetime], bytes]) -> bool:
    fingerprint = hashlib.sha256(what).hexdigest()
    if OpenDataFile.objects.filter(name=name, data_sha256=fingerprint).exists():
        return False
    now = timezone.now()
    compressed = gzip.compress(make(now), mtime=0)
    OpenDataFile.objects.update_or_create(
        name=name,
        defaults={
            "content_type": content_type, "compressed": compressed, "data_sha256": fingerprint, "made_at": now,
        },
    )  # fmt: skip
    return True


def _said(text: Callable[[], str]) -> Words:
    """A text of the interface in the file's languages."""
    words = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = text()
    return words


def _fund() -> FundActivity:
    gifts = (
        Contribution.objects.filter(state=ContributionState.CONFIRMED)
        .select_related("donor")
        .order_by("received_on", "pk")
    )
    listed = tuple(map(_gift, gifts))
    return FundActivity(
        title=_said(fund_name),
        description=_said(lambda: _("A pooled fund for Syrian civil society, under its own leadership.")),
        started=min((gift.money.day for gift in listed), default=timezone.localdate()),
        gifts=listed,
    )


def _gift(contribution: Contribution) -> Gift:
    donor = contribution.donor
    name = _said(lambda: _("A donor that is not named")) if donor.withhold_name else _said(lambda: str(donor.name))
    return Gift(name, Money(contribution.amount_minor, contribution.currency, contribution.received_on.replace(day=1)))


def _grant(row: ReleasedGrant) -> GrantActivity:
    month = row.month or row.batch.month
    return GrantActivity(
        code=row.code,
        title={"ar": row.title} if row.title else _said(lambda: _("Title withheld")),
        description=_said(lambda: _("A grant of the pooled fund for %(months)s months.") % {"months": row.months}),
        partner={"ar": row.name_ar, "en": row.name_latin},
        started=month,
        planned_end=add_months(month, row.months) if row.months else None,
        ended=row.ended,
        sector=row.sector,
        places=_places(row.governorates),
        committed=Money(row.amount_minor or 0, row.currency, month),
        paid=tuple(Money(minor, row.currency, date.fromisoformat(day)) for day, minor in sorted(row.payments.items())),
    )


def _sum(pool: ReleasedPool) -> GrantActivity:
    counted = {"grants": pool.grants, "organisations": pool.partners}
    return GrantActivity(
        code=f"SUM-{pool.pk}",
        title=_said(lambda: _("Several grants, told as a sum")),
        description=_said(
            lambda: (
                _(
                    "%(grants)s grants to %(organisations)s organisations; details are withheld so that nobody comes to harm."
                )
                % counted
            )
        ),
        partner=_said(lambda: _("Several organisations")),
        started=pool.batch.month,
        planned_end=None,
        ended=None,
        sector=pool.sector,
        places=_places(pool.governorates),
        committed=Money(pool.amount_minor, pool.currency, pool.batch.month),
        grants=pool.grants,
    )


def _places(governorates: list[str]) -> tuple[Words, ...]:
    return tuple(_said(lambda place=place: str(Governorate(place).label)) for place in governorates)  # type: ignore[misc]
