"""The fund and its grants as IATI activities."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.calendar import add_months
from funds.models import Contribution, Donor, Pledge
from funds.states import ENDED_PLEDGES, ContributionState
from kernel.places import Governorate
from kernel.templatetags.fund import fund_name
from transparency.iati import codes, organisations
from transparency.iati.activities import FundActivity, Gift, GrantActivity, Money, Publisher, Words, document
from transparency.release.told import Told, ToldGrant, ToldSum
from transparency.services.open_data.store import Made
from transparency.services.open_data.wording import said

IATI, ORGANISATION = "iati-activities.xml", "iati-organisation.xml"
XML = "application/xml"


def files(told: Told) -> Iterable[Made]:
    """The file of activities, when the fund has an identifier (IATI_REFERENCE)."""
    if not settings.IATI_REFERENCE:
        return
    about, fund = publisher(), _fund(told)
    grants = [*map(_grant, told.open), *map(_sum, told.sums)]
    yield Made(IATI, XML, lambda now: document(about, fund, grants, made_at=now))
    explained = (
        settings.SITE_URL + reverse("transparency:grants_told"),
        said(lambda: _("What is told, and what is not")),
    )
    yield Made(ORGANISATION, XML, lambda now: organisations.document(about, fund, grants, explained, made_at=now))


def publisher() -> Publisher:
    """The fund as IATI's register knows it."""
    return Publisher(settings.IATI_REFERENCE, said(fund_name), settings.IATI_ORGANISATION_TYPE)


def _fund(told: Told) -> FundActivity:
    gifts = (
        Contribution.objects.filter(state=ContributionState.CONFIRMED)
        .select_related("donor")
        .order_by("received_on", "pk")
    )
    listed = (*_pledges(), *map(_gift, gifts))
    return FundActivity(
        title=said(fund_name),
        description=said(lambda: _("A pooled fund for Syrian civil society, under its own leadership.")),
        started=min((gift.money.day for gift in listed), default=timezone.localdate()),
        gifts=listed,
        excluded=_excluded(told),
        results=said(lambda: _("People reached")),
        paid_in_sums=tuple(Money(minor, currency, _latest(told)) for currency, minor in told.paid_in_sums),
        added_in_sums=tuple(Money(minor, currency, _latest(told)) for currency, minor in told.added_in_sums),
        several=said(lambda: _("Several organisations")),
    )


def _latest(told: Told) -> date:
    """The last month of which anything is told: until then payments and additions are added up."""
    months = [one.month for one in told.sums]
    months += [day for one in told.open for day, _minor in (*one.payments, *one.added)]
    return max(months, default=timezone.localdate())


def _excluded(told: Told) -> Words:
    """What is told in sums only, and what is not told yet; nothing where nothing is."""
    counted = {"grants": sum(one.grants for one in told.sums), "sums": len(told.sums)}
    if not told.sums:
        return {}
    return said(
        lambda: _("Exclusions: %(grants)s grants are told in %(sums)s sums, so that nobody comes to harm.") % counted
    )


def _pledges() -> Iterator[Gift]:
    """What donors pledged, in the month in which they did; what they signed, in the month of the signature, also when it arrived."""
    pledges = Pledge.objects.exclude(state__in=ENDED_PLEDGES).select_related("donor")
    for one in pledges.order_by("expected_on", "pk"):
        signed = one.signed_on is not None
        day = one.signed_on or timezone.localdate(one.moved_at)
        kind = codes.INCOMING_COMMITMENT if signed else codes.INCOMING_PLEDGE
        yield Gift(_named(one.donor), Money(one.amount_minor, one.currency, day.replace(day=1)), kind)


def _named(donor: Donor) -> Words:
    return said(lambda: _("A donor that is not named")) if donor.withhold_name else said(lambda: str(donor.name))


def _gift(contribution: Contribution) -> Gift:
    name = _named(contribution.donor)
    return Gift(name, Money(contribution.amount_minor, contribution.currency, contribution.received_on.replace(day=1)))


def _grant(grant: ToldGrant) -> GrantActivity:
    month = grant.month or timezone.localdate()
    return GrantActivity(
        code=grant.code,
        title={"ar": grant.title} if grant.title else said(lambda: _("Title withheld")),
        description=said(lambda: _("A grant of the pooled fund for %(months)s months.") % {"months": grant.months}),
        partner={"ar": grant.name_ar, "en": grant.name_latin},
        started=month,
        planned_end=add_months(month, grant.months) if grant.months else None,
        ended=grant.ended,
        sector=grant.sector,
        places=_places(grant.governorates),
        committed=Money((grant.amount_minor or 0) - sum(minor for _day, minor in grant.added), grant.currency, month),
        added=tuple(Money(minor, grant.currency, day) for day, minor in grant.added),
        paid=tuple(Money(minor, grant.currency, day) for day, minor in grant.payments),
        planned=tuple(Money(minor, grant.currency, day) for day, minor in grant.planned),
        people_planned=grant.people_planned,
        people_reached=grant.people_reached,
    )


def _sum(one: ToldSum) -> GrantActivity:
    counted = {"grants": one.grants, "organisations": one.partners}
    return GrantActivity(
        code=one.code,
        title=said(lambda: _("Several grants, told as a sum")),
        description=said(
            lambda: (
                _(
                    "%(grants)s grants to %(organisations)s organisations; details are withheld so that nobody comes to harm."
                )
                % counted
            )
        ),
        partner=said(lambda: _("Several organisations")),
        started=one.month,
        planned_end=None,
        ended=None,
        sector=one.sector,
        places=_places(one.governorates),
        committed=Money(one.amount_minor, one.currency, one.month),
        grants=one.grants,
    )


def _places(governorates: Iterable[str]) -> tuple[Words, ...]:
    return tuple(said(lambda place=place: str(Governorate(place).label)) for place in governorates)  # type: ignore[misc]
