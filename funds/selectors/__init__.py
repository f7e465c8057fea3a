"""Reading donors, pledges and contributions; what of the money is free, and for what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from accounts.models import User
from funds import books as words
from funds import rules
from funds.models import (
    Contribution,
    Donor,
    DonorRepresentative,
    DonorReturn,
    Pledge,
    PledgeDocument,
    PledgeEstimate,
    PledgeWriteOff,
    Restricted,
    WaqfDeed,
)
from funds.restrictions import Filling, Source, Use, fill, in_fill_order, obstacles
from funds.states import RUNNING_PLEDGES, ContributionState, Group, PledgeState, ReturnState, WriteOffState
from kernel.money import Money
from kernel.places import Governorate
from kernel.sectors import Sector
from ledger import selectors as books
from ledger.models import Transfer

OPEN_PLEDGES = (PledgeState.PLEDGED, *RUNNING_PLEDGES)
"""States of pledges that may still bring money."""


def donors_visible_to(user: Any) -> QuerySet[Donor]:
    """Every donor for finance, the fund manager, the board and auditors; else those that ``user`` represents."""
    return Donor.objects.filter(rules.of_donors_of(user, "pk")).order_by("created_at", "pk")


def contributions_visible_to(user: Any) -> QuerySet[Contribution]:
    """Contributions of the donors that ``user`` sees; representatives do not see what was not confirmed."""
    found = Contribution.objects.filter(rules.of_donors_of(user, "donor")).select_related(
        "donor", "account", "recorded_by", "confirmed_by", "waqf"
    )
    if not rules.sees_every_donor(user):
        found = found.filter(state=ContributionState.CONFIRMED)
    return found.order_by("-received_on", "reference")


def pledges_visible_to(user: Any) -> QuerySet[Pledge]:
    """Pledges of the donors whose money ``user`` may read."""
    return (
        Pledge.objects.filter(rules.of_money_of(user, "donor"))
        .select_related("donor", "recorded_by")
        .order_by("expected_on", "pk")
    )


def filtered_contributions(
    contributions: QuerySet[Contribution], *, state: str = "", restriction_class: str = "", donor: Any = None
) -> QuerySet[Contribution]:
    """``contributions`` in one state, of one class, of one donor."""
    found = contributions
    if state:
        found = found.filter(state=state)
    if restriction_class:
        found = found.filter(restriction_class=restriction_class)
    if donor:
        found = found.filter(donor=donor)
    return found


def sums_by_currency(rows: QuerySet[Any]) -> list[Money]:
    """What the rows sum to in each currency."""
    sums = rows.order_by().values("currency").annotate(total=Sum("amount_minor")).order_by("currency")
    return [Money(int(row["total"]), row["currency"]) for row in sums]


def confirmed() -> QuerySet[Contribution]:
    """Contributions that are in the books."""
    return Contribution.objects.filter(state=ContributionState.CONFIRMED).select_related("account", "donor")


def available(contribution: Contribution) -> Money:
    """What of a contribution is neither spent nor reserved: a sum of transfers; zero before it is confirmed."""
    if contribution.account is None:
        return Money(0, contribution.currency)
    return books.balance(contribution.account).available


def available_of(contributions: Iterable[Contribution]) -> dict[Any, Money]:
    """What is available of each contribution, by its id; one query."""
    listed = list(contributions)
    balances = books.balances(one.account for one in listed if one.account is not None)
    return {
        one.pk: balances[one.account_id].available if one.account_id in balances else Money(0, one.currency)
        for one in listed
    }


@dataclass(frozen=True, slots=True)
class EligibleSource:
    """A contribution whose terms fit a use, and what is free of it."""

    contribution: Contribution
    available: Money


def as_source(contribution: Contribution, available_minor: int) -> Source:
    """A contribution as `funds.restrictions` compares it; its key is the contribution's id."""
    return Source(str(contribution.pk), available_minor, contribution.terms, contribution.received_on)


def eligible_sources(use: Use, *, currency: str = "USD") -> list[EligibleSource]:
    """Contributions with free money whose every condition ``use`` meets, in the order in which they are used."""
    fitting = [one for one in confirmed().filter(currency=currency) if not obstacles(one.terms, use)]
    free = available_of(fitting)
    by_key = {str(one.pk): one for one in fitting}
    sources = [as_source(one, free[one.pk].minor) for one in fitting if free[one.pk].minor > 0]
    return [
        EligibleSource(by_key[source.key], Money(source.available_minor, currency)) for source in in_fill_order(sources)
    ]


def filling_of(amount_minor: int, use: Use, *, currency: str = "USD") -> Filling:
    """How ``amount_minor`` would be covered now by the sources that fit ``use``; keys are ids of contributions."""
    found = eligible_sources(use, currency=currency)
    return fill(amount_minor, use, [as_source(one.contribution, one.available.minor) for one in found])


def received_of(pledge: Pledge) -> Money:
    """What of a pledge has arrived and is confirmed."""
    total = pledge.contributions.filter(state=ContributionState.CONFIRMED).aggregate(total=Sum("amount_minor"))["total"]
    return Money(int(total or 0), pledge.currency)


def written_off(pledge: Pledge) -> Money:
    """What two people gave up of a pledge."""
    done = pledge.write_offs.filter(state=WriteOffState.CONFIRMED)
    return Money(int(done.aggregate(total=Sum("amount_minor"))["total"] or 0), pledge.currency)


def documents_of(pledge: Pledge) -> QuerySet[PledgeDocument]:
    """The documents of a pledge's agreement, the oldest first."""
    return pledge.documents.select_related("filed_by").order_by("recorded_at")


def estimate_of(pledge: Pledge) -> PledgeEstimate | None:
    """How likely finance thinks that the pledge arrives, if anybody said so."""
    return pledge.estimates.select_related("estimated_by").order_by("-recorded_at").first()


def write_offs_visible_to(user: Any) -> QuerySet[PledgeWriteOff]:
    """Write-offs, for those who keep the donors' money."""
    found = PledgeWriteOff.objects.select_related("pledge", "pledge__donor", "asked_by")
    return found if rules.may_keep(user) else found.none()


def returns_visible_to(user: Any) -> QuerySet[DonorReturn]:
    """Returns to donors, for those who keep the donors' money."""
    found = DonorReturn.objects.select_related("contribution", "contribution__donor", "asked_by")
    return found if rules.may_keep(user) else found.none()


def write_offs_to_decide(user: Any) -> QuerySet[PledgeWriteOff]:
    """Write-offs that another person asked for."""
    return write_offs_visible_to(user).filter(state=WriteOffState.ASKED).exclude(asked_by=user).order_by("moved_at")


def returns_to_handle(user: Any) -> QuerySet[DonorReturn]:
    """Returns that another person asked for, and those that the bank has to pay."""
    asked = Q(state=ReturnState.ASKED) & ~Q(asked_by=user)
    return returns_visible_to(user).filter(asked | Q(state=ReturnState.RELEASED)).order_by("moved_at")


def open_pledges(donor: Any = None) -> QuerySet[Pledge]:
    """Pledges that may still bring money."""
    found = Pledge.objects.filter(state__in=OPEN_PLEDGES).select_related("donor")
    return found.filter(donor=donor) if donor is not None else found


def contributions_to_confirm(user: Any) -> QuerySet[Contribution]:
    """Recorded contributions that ``user`` may confirm: not those of their own hand."""
    waiting = Contribution.objects.filter(state=ContributionState.RECORDED).exclude(recorded_by=user)
    return waiting.select_related("donor").order_by("moved_at")


def mandates_of(donor: Donor) -> QuerySet[DonorRepresentative]:
    """People who represent a donor today."""
    return donor.representatives.filter(rules.mandated_today()).select_related("user").order_by("starts_on", "pk")


def representatives_of(donor: Donor) -> list[User]:
    """Active people who represent a donor today, for notices."""
    return [mandate.user for mandate in mandates_of(donor) if mandate.user.is_active]


@dataclass(frozen=True, slots=True)
class DonorSummary:
    """What a donor promised and gave, never added together: open pledges, received, and what of it is free."""

    pledged: list[Money]
    received: list[Money]


def summary_of(donor: Donor) -> DonorSummary:
    """The sums of one donor by currency; two queries."""
    return DonorSummary(
        pledged=sums_by_currency(open_pledges(donor)),
        received=sums_by_currency(donor.contributions.filter(state=ContributionState.CONFIRMED)),
    )


def receipts_into(contributions: Iterable[Contribution]) -> QuerySet[Transfer]:
    """The transfers by which confirmed contributions came into the books."""
    accounts = [one.account_id for one in contributions if one.account_id is not None]
    return Transfer.objects.filter(credit__in=accounts, reason=words.RECEIVED(contribution="", reference="").key)


def dues_of(asked: DonorReturn) -> QuerySet[Transfer]:
    """The transfer by which the fund owes a donor what goes back; none before a second person let it go."""
    return Transfer.objects.filter(key=rules.due_key(asked.pk))


def receipts_of(donor: Donor, currency: str) -> QuerySet[Transfer]:
    """The transfers by which a donor's confirmed money came into the books."""
    return receipts_into(confirmed().filter(donor=donor, currency=currency))


def written_off_by(pledge: Pledge) -> QuerySet[Transfer]:
    """The transfer by which the books expect no more of a pledge; none before a second person agreed."""
    return Transfer.objects.filter(credit__code=f"1110/{pledge.pk}", reason=words.WRITTEN_OFF(pledge="").key)


def receipts_for(pledge: Pledge) -> QuerySet[Transfer]:
    """The transfers by which money of a pledge came into the books."""
    return receipts_into(pledge.contributions.filter(state=ContributionState.CONFIRMED))


@dataclass(frozen=True, slots=True)
class ConditionsInWords:
    """The donor's conditions as labels."""

    sectors: list[Any]
    governorates: list[Any]
    groups: list[Any]


def conditions_in_words(terms: Restricted | WaqfDeed) -> ConditionsInWords:
    """The conditions of a pledge, a contribution or a deed for a page."""
    return ConditionsInWords(
        sectors=[Sector(code).label for code in terms.sectors],
        governorates=[Governorate(code).label for code in terms.governorates],
        groups=[Group(code).label for code in terms.groups],
    )
