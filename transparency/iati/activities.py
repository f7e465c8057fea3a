"""Writing the activities of the fund and of its grants."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

from transparency.iati import codes
from transparency.iati import elements as xml
from transparency.iati.elements import Publisher, Words, identifier

__all__ = ["FundActivity", "Gift", "GrantActivity", "Money", "Publisher", "Words", "document", "identifier"]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of minor units on the first day of the month in which it moved (for the fund: of the day)."""

    minor: int
    currency: str
    day: date

    @property
    def amount(self) -> Decimal:
        """The amount in whole units with its cents."""
        return Decimal(self.minor).scaleb(-2)


@dataclass(frozen=True, slots=True)
class Gift:
    """What a donor pledged, signed or paid (``kind``, a type of transaction); ``donor`` is what may be said of who it was."""

    donor: Words
    money: Money
    kind: str = codes.INCOMING_FUNDS


@dataclass(frozen=True, slots=True)
class GrantActivity:
    """A grant told openly, or a sum of several (``grants`` above 1)."""

    code: str
    title: Words
    description: Words
    partner: Words
    started: date
    planned_end: date | None
    ended: date | None
    sector: str
    places: tuple[Words, ...]
    committed: Money
    """What was promised at the beginning."""
    added: tuple[Money, ...] = ()
    """What was promised on top of it, in the months in which extensions were signed."""
    paid: tuple[Money, ...] = ()
    planned: tuple[Money, ...] = ()
    """The schedule of the agreement, by month."""
    people_planned: int | None = None
    people_reached: int | None = None
    grants: int = 1

    @property
    def promised(self) -> tuple[Money, ...]:
        """All that was promised, at the beginning and later."""
        return (self.committed, *self.added)


@dataclass(frozen=True, slots=True)
class FundActivity:
    """The fund itself."""

    title: Words
    description: Words
    started: date
    gifts: tuple[Gift, ...] = field(default=())
    excluded: Words = field(default_factory=dict)
    """What is told in sums only, and what is not told yet."""
    results: Words = field(default_factory=dict)
    """What the numbers of people are called."""
    paid_in_sums: tuple[Money, ...] = ()
    """What all grants told in sums were paid, one amount a currency: it is the fund's disbursement, of no single sum."""
    added_in_sums: tuple[Money, ...] = ()
    """What was added later to grants told in sums, one amount a currency: it is the fund's commitment, of no single sum."""
    several: Words = field(default_factory=dict)
    """Who received it, in words."""


def document(publisher: Publisher, fund: FundActivity, grants: Iterable[GrantActivity], *, made_at: datetime) -> bytes:
    """The file of activities: the fund first, then its grants in the order given."""
    root = xml.root_of("iati-activities", made_at)
    grants = list(grants)
    root.append(_fund(publisher, fund, grants, made_at))
    root.extend(_grant(publisher, fund, grant, made_at) for grant in grants)
    return xml.file_of(root)


# The order of elements is the schema's: each is written where the schema expects it -----------------------------------


def _fund(publisher: Publisher, fund: FundActivity, grants: list[GrantActivity], made_at: datetime) -> ET.Element:
    activity = xml.activity_of(publisher, "FUND", made_at, hierarchy=1, currency=_currency(fund, grants))
    xml.narratives(activity, "title", fund.title)
    xml.narratives(activity, "description", fund.description, type="1")
    if fund.excluded:
        xml.narratives(activity, "description", fund.excluded, type="4")
    xml.narratives(
        activity, "participating-org", publisher.name,
        role=codes.ACCOUNTABLE, ref=publisher.reference, type=publisher.kind,
    )  # fmt: skip
    ET.SubElement(activity, "activity-status", code=codes.RUNNING)
    xml.dated(activity, codes.ACTUAL_START, fund.started)
    ET.SubElement(activity, "recipient-country", code="SY")
    xml.sectors(activity, {codes.SEVERAL_SECTORS: Decimal(1)})
    _defaults(activity, codes.POOLED_FUND)
    for gift in fund.gifts:
        transaction = _transaction(activity, gift.kind, gift.money)
        xml.narratives(transaction, "provider-org", gift.donor)
        _fund_party(transaction, "receiver-org", publisher)
    for kind, money in [
        *((codes.OUTGOING_COMMITMENT, one) for one in fund.added_in_sums),
        *((codes.DISBURSEMENT, one) for one in fund.paid_in_sums),
    ]:
        transaction = _transaction(activity, kind, money)
        _fund_party(transaction, "provider-org", publisher)
        xml.narratives(transaction, "receiver-org", fund.several, type=codes.NATIONAL_NGO)
    for grant in grants:
        ET.SubElement(activity, "related-activity", ref=identifier(publisher, grant.code), type=codes.CHILD)
    return activity


def _grant(publisher: Publisher, fund: FundActivity, grant: GrantActivity, made_at: datetime) -> ET.Element:
    activity = xml.activity_of(publisher, grant.code, made_at, hierarchy=2, currency=grant.committed.currency)
    xml.narratives(activity, "title", grant.title)
    xml.narratives(activity, "description", grant.description, type="1")
    xml.narratives(
        activity, "participating-org", publisher.name,
        role=codes.FUNDING, ref=publisher.reference, type=publisher.kind,
    )  # fmt: skip
    xml.narratives(activity, "participating-org", grant.partner, role=codes.IMPLEMENTING, type=codes.NATIONAL_NGO)
    ET.SubElement(activity, "activity-status", code=codes.CLOSED if grant.ended else codes.RUNNING)
    xml.dated(activity, codes.ACTUAL_START, grant.started)
    if grant.planned_end is not None:
        xml.dated(activity, codes.PLANNED_END, grant.planned_end)
    if grant.ended is not None:
        xml.dated(activity, codes.ACTUAL_END, grant.ended)
    ET.SubElement(activity, "recipient-country", code="SY")
    for place in grant.places:
        xml.placed(activity, place)
    xml.sectors(activity, {codes.SECTORS.get(grant.sector, codes.SEVERAL_SECTORS): Decimal(1)})
    _defaults(activity, codes.PROJECT)
    _plans(activity, publisher, grant)
    for kind, money in [
        *((codes.OUTGOING_COMMITMENT, one) for one in grant.promised),
        *((codes.DISBURSEMENT, one) for one in grant.paid),
    ]:
        transaction = _transaction(activity, kind, money)
        _fund_party(transaction, "provider-org", publisher)
        xml.narratives(transaction, "receiver-org", grant.partner, type=codes.NATIONAL_NGO)
    ET.SubElement(activity, "related-activity", ref=identifier(publisher, "FUND"), type=codes.PARENT)
    _results(activity, fund, grant)
    return activity


def _currency(fund: FundActivity, grants: list[GrantActivity]) -> str:
    money = [*(gift.money for gift in fund.gifts), *(grant.committed for grant in grants)]
    return money[0].currency if money else "USD"


def _fund_party(transaction: ET.Element, tag: str, publisher: Publisher) -> None:
    xml.narratives(transaction, tag, publisher.name, ref=publisher.reference, type=publisher.kind)


def _defaults(activity: ET.Element, aid: str) -> None:
    ET.SubElement(activity, "default-flow-type", code=codes.HUMANITARIAN_FLOW)
    ET.SubElement(activity, "default-finance-type", code=codes.GRANT)
    ET.SubElement(activity, "default-aid-type", vocabulary="1", code=aid)


def _transaction(activity: ET.Element, kind: str, money: Money) -> ET.Element:
    return xml.transaction_of(activity, kind, money.day, money.amount, money.currency)


def _plans(activity: ET.Element, publisher: Publisher, grant: GrantActivity) -> None:
    """Budgets of twelve months each, and what is planned to be paid in each month: both are the agreement's schedule."""
    for first, last, amount in _years(grant):
        budget = ET.SubElement(activity, "budget", type=codes.BUDGET_ORIGINAL, status=codes.COMMITTED)
        xml.period(budget, first, last)
        xml.valued(budget, amount, grant.committed.currency, grant.started)
    for money in grant.planned:
        planned = ET.SubElement(activity, "planned-disbursement", type=codes.PLANNED_DISBURSEMENT_ORIGINAL)
        xml.period(planned, money.day, _later(money.day, 1) - timedelta(days=1))
        xml.valued(planned, money.amount, money.currency, grant.started)
        _fund_party(planned, "provider-org", publisher)
        xml.narratives(planned, "receiver-org", grant.partner, type=codes.NATIONAL_NGO)


def _years(grant: GrantActivity) -> Iterator[tuple[date, date, Decimal]]:
    """Years of the grant from its beginning with what falls due in each; years without a payment are left out."""
    first = min([grant.started, *(money.day for money in grant.planned)])
    rest = list(grant.planned)
    while rest:
        after = _later(first, 12)
        due = [money for money in rest if money.day < after]
        if due:
            yield first, after - timedelta(days=1), sum((money.amount for money in due), Decimal(0))
        rest = [money for money in rest if money.day >= after]
        first = after


def _later(month: date, months: int) -> date:
    """The first day of a month so many months later."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _results(activity: ET.Element, fund: FundActivity, grant: GrantActivity) -> None:
    """People, rounded: those that the grant is to reach and those that it has reached."""
    if not fund.results or (grant.people_planned is None and grant.people_reached is None):
        return
    result = ET.SubElement(activity, "result", {"type": codes.OUTPUT, "aggregation-status": "0"})
    xml.narratives(result, "title", fund.results)
    indicator = ET.SubElement(result, "indicator", measure=codes.UNIT, ascending="1")
    xml.narratives(indicator, "title", fund.results)
    period = ET.SubElement(indicator, "period")
    xml.period(period, grant.started, grant.ended or grant.planned_end or _later(grant.started, 12))
    for tag, people in (("target", grant.people_planned), ("actual", grant.people_reached)):
        if people is not None:
            ET.SubElement(period, tag, value=str(people))
