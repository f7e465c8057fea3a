"""What the API answers with. Amounts are decimal strings beside their currency; texts come in every language they have.

Plain models: ninja's own look each field up on a Django object again, which took half of the time of a page.
"""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.urls import reverse
from pydantic import BaseModel, Field

from funds.models import Contribution
from grants.models import Call
from kernel import money
from transparency.models import ReleasedGrant, ReleasedPool, SearchRow
from transparency.results import url_of
from transparency.selectors import open_books
from transparency.selectors.home import CallOutcome

T = TypeVar("T")
Text = dict[str, str]
"""A text by language (ar, en, ku), as far as the fund wrote it."""


def text(value: Any) -> Text:
    """A text in several languages as a mapping; one that has no languages stands under ``ar``."""
    said = getattr(value, "data", value)
    words = said if isinstance(said, dict) else {"ar": said or ""}
    return {language: written for language, written in words.items() if written}


class Amount(BaseModel):
    amount: str = Field(description="Decimal number", examples=["12500.00"])
    currency: str = Field(description="ISO 4217")


def amount(minor: int | None, currency: str) -> Amount | None:
    """Minor units as an amount; None stays None."""
    return None if minor is None else Amount(amount=str(money.Money(minor, currency).amount), currency=currency)


def _sure(minor: int, currency: str) -> Amount:
    return Amount(amount=str(money.Money(minor, currency).amount), currency=currency)


class Listing(BaseModel, Generic[T]):
    """A page of a list: how many there are in all, and where the next ones stand."""

    items: list[T]
    count: int = Field(description="All items, on all pages")
    page: int
    pages: int
    next: str | None = Field(description="Address of the next page")
    previous: str | None = Field(description="Address of the page before")


class Problem(BaseModel):
    code: str
    message: str


class Failure(BaseModel):
    """Every error has this shape."""

    error: Problem


class CriterionOut(BaseModel):
    name: Text
    weight: int


class CallOut(BaseModel):
    id: str
    reference: str
    state: str = Field(description="forthcoming, open or closed")
    title: Text
    summary: Text
    text: Text
    grant_type: str
    sectors: list[str]
    governorates: list[str] = Field(description="P-codes of governorates, SY01 to SY14")
    envelope: Amount
    smallest_grant: Amount
    largest_grant: Amount
    months: list[int]
    opens_at: datetime
    closes_at: datetime
    changed_at: datetime
    page: str = Field(description="Address of the call for people")
    criteria: list[CriterionOut]


def call(row: Call, site: str) -> CallOut:
    """A public call; ``site`` is the address of this installation without a slash at the end."""
    return CallOut(
        id=str(row.pk),
        reference=row.reference,
        state=open_books.state_of(row),
        title=text(row.title),
        summary=text(row.summary),
        text=text(row.text),
        grant_type=row.grant_type,
        sectors=row.sectors,
        governorates=row.governorates,
        envelope=_sure(row.envelope_minor, row.currency),
        smallest_grant=_sure(row.floor_minor, row.currency),
        largest_grant=_sure(row.ceiling_minor, row.currency),
        months=sorted(row.months_allowed),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        changed_at=row.moved_at,
        page=site + reverse("grants:call_detail", args=[row.pk]),
        criteria=[CriterionOut(name=text(one.name), weight=one.weight) for one in row.criteria.all()],
    )


class GrantOut(BaseModel):
    """A released grant. What is withheld is null or empty; its money is then part of the sum named in ``pool``."""

    code: str
    organisation: Text | None = Field(description="Null: the name is withheld")
    organisation_type: str | None
    led_by_women: bool | None
    led_by_youth: bool | None
    led_by_displaced: bool | None
    title: str | None
    governorates: list[str]
    sector: str | None
    month: str | None = Field(description="Month of signature, YYYY-MM")
    months: int | None = Field(description="Duration")
    state: str | None
    ended: str | None = Field(description="Month of closing, YYYY-MM")
    amount: Amount | None
    paid: Amount | None
    added: dict[str, Amount] = Field(
        description="Of the amount, what cost extensions added, by month of their signature"
    )
    payments: dict[str, Amount] = Field(description="What was paid, by month")
    passed_on: dict[str, Amount] = Field(
        description="Sub-grants: what goes on to partners, by kind of receiver (syrian, abroad, not_known)"
    )
    amount_from: Amount | None
    amount_below: Amount | None
    pool: str | None = Field(description="The sum in which the grant is told")


def _month(day: date | None) -> str | None:
    return f"{day:%Y-%m}" if day else None


def _names(arabic: str, latin: str) -> Text | None:
    return {key: name for key, name in (("ar", arabic), ("en", latin)) if name} or None


def grant(row: ReleasedGrant) -> GrantOut:
    """A row of the released table."""
    return GrantOut(
        code=row.code,
        organisation=_names(row.name_ar, row.name_latin),
        organisation_type=row.kind or None,
        led_by_women=row.women_led,
        led_by_youth=row.youth_led,
        led_by_displaced=row.displaced_led,
        title=row.title or None,
        governorates=row.governorates,
        sector=row.sector or None,
        month=_month(row.month),
        months=row.months,
        state=row.state or None,
        ended=_month(row.ended),
        amount=amount(row.amount_minor, row.currency),
        paid=amount(row.paid_minor, row.currency),
        added={day[:7]: _sure(minor, row.currency) for day, minor in sorted(row.added.items())},
        payments={day[:7]: _sure(minor, row.currency) for day, minor in sorted(row.payments.items())},
        passed_on={kind: _sure(minor, row.currency) for kind, minor in sorted(row.passed_on.items())},
        amount_from=amount(row.band_from_minor, row.currency),
        amount_below=amount(row.band_below_minor, row.currency),
        pool=str(row.pool_id) if row.pool_id else None,
    )


class PoolOut(BaseModel):
    """Several grants told as one sum, so that nobody comes to harm."""

    id: str
    until: str = Field(description="Month of signature, or before: YYYY-MM")
    governorates: list[str]
    sector: str | None
    grants: int
    organisations: int
    amount: Amount


def pool(row: ReleasedPool) -> PoolOut:
    """A sum of the released table."""
    return PoolOut(
        id=str(row.pk),
        until=f"{row.batch.month:%Y-%m}",
        governorates=row.governorates,
        sector=row.sector or None,
        grants=row.grants,
        organisations=row.partners,
        amount=_sure(row.amount_minor, row.currency),
    )


class MonthOut(BaseModel):
    month: str
    amount: Amount


class PaymentsOut(BaseModel):
    """Payments by month to grants told openly, payments to all others as one sum, and both together."""

    months: list[MonthOut]
    in_sums: Amount
    total: Amount


def payments(found: open_books.ByMonth) -> PaymentsOut:
    """All payments that are told."""
    return PaymentsOut(months=_months(found), in_sums=_whole(found.in_sums), total=_whole(found.total))


class AdditionsOut(BaseModel):
    """What cost extensions added by month to grants told openly, to grants told in sums as one sum, and both together.

    Amounts of grants and of pools with ``in_sums`` add up to everything that was promised.
    """

    months: list[MonthOut]
    in_sums: Amount
    total: Amount


def additions(found: open_books.ByMonth) -> AdditionsOut:
    """All additions that are told."""
    return AdditionsOut(months=_months(found), in_sums=_whole(found.in_sums), total=_whole(found.total))


def _months(found: open_books.ByMonth) -> list[MonthOut]:
    return [MonthOut(month=f"{month:%Y-%m}", amount=_whole(moved)) for month, moved in found.by_month]


def _whole(sum_of: money.Money) -> Amount:
    return _sure(sum_of.minor, sum_of.currency)


class GiftOut(BaseModel):
    """Money that arrived; a donor who wishes so is not named."""

    donor: Text | None
    month: str
    amount: Amount


def gift(row: Contribution) -> GiftOut:
    """A contribution as far as it is public."""
    return GiftOut(
        donor=None if row.donor.withhold_name else text(row.donor.name),
        month=f"{row.received_on:%Y-%m}",
        amount=_sure(row.amount_minor, row.currency),
    )


class OrganisationOut(BaseModel):
    """An organisation that is told by name, with its grants."""

    name: Text
    type: str
    grants: int
    codes: list[str] = Field(description="Codes of its grants")
    told_openly: Amount = Field(description="Sum of its grants whose amounts are told one by one")
    latest: str | None = Field(description="Month of its latest signature")


def organisation(row: dict[str, Any]) -> OrganisationOut:
    """A row of `transparency.selectors.open_books.named_organisations`."""
    return OrganisationOut(
        name=_names(row["name_ar"], row["name_latin"]) or {},
        type=row["kind"],
        grants=row["grants"],
        codes=row["codes"],
        told_openly=_sure(row["open_minor"] or 0, row["currency"]),
        latest=_month(row["latest"]),
    )


class OutcomeOut(BaseModel):
    """How a call ended, in numbers."""

    call: str = Field(description="Id of the call")
    reference: str
    title: Text
    received: int
    funded: int | None = Field(
        description="None until its grants are told, or where the number would tell of a few withheld ones"
    )
    waitlisted: int
    rejected: int | None = Field(description="None where its difference to the others would")
    ineligible: int
    days_to_decide: int | None = Field(description="From closing to decision, on average")


def outcome(found: CallOutcome) -> OutcomeOut:
    """A call that was decided."""
    return OutcomeOut(
        call=str(found.call.pk),
        reference=found.call.reference,
        title=text(found.call.title),
        received=found.received,
        funded=found.funded,
        waitlisted=found.waitlisted,
        rejected=found.rejected,
        ineligible=found.ineligible,
        days_to_decide=found.days,
    )


class FoundOut(BaseModel):
    kind: str = Field(description="call, grant or organisation")
    ref: str = Field(description="Id of the call, code of the grant, or a key of the organisation")
    title: Text
    sectors: list[str]
    governorates: list[str]
    page: str = Field(description="Address for people")


def found(row: SearchRow, site: str) -> FoundOut:
    """Something that was found."""
    return FoundOut(
        kind=row.kind,
        ref=row.ref,
        title=row.titles,
        sectors=row.sectors,
        governorates=row.governorates,
        page=site + url_of(row),
    )
