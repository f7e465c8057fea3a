"""What a donor's own token opens: the same as the donor's pages, for the person who made it. Added to the API by being imported."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer
from pydantic import Field

from charter.selectors import rules_to_begin_with
from funds.rules import may_read_money
from kernel.money import Money
from transparency.api import shapes
from transparency.api.endpoints import ERRORS, api
from transparency.giving.statement import Statement
from transparency.models import DonorToken
from transparency.selectors import giving, tokens
from transparency.selectors.giving import GrantTold, Period, Share, SourceThread

PRIVATE: dict[int, Any] = {**ERRORS, 401: shapes.Failure, 403: shapes.Failure}
MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"


class TokenBearer(HttpBearer):
    """``Authorization: Bearer pf_…``"""

    def authenticate(self, request: HttpRequest, token: str) -> DonorToken | None:
        return tokens.bearer(token)


bearer = TokenBearer()


class DonorGrantOut(Schema):
    """A grant as this donor reads it; of a partner who is withheld only a code that no other donor has for it."""

    code: str
    organisation: str | None
    title: str | None
    governorates: list[str]
    sector: str | None
    state: str
    withheld: bool


class PartOut(Schema):
    """What one contribution does in one grant."""

    grant: DonorGrantOut
    promised: shapes.Amount
    paid: shapes.Amount
    given_back: shapes.Amount
    still_owed: shapes.Amount


class ContributionOut(Schema):
    reference: str
    received_on: date
    amount: shapes.Amount
    restriction: str
    grants: list[PartOut]


class ContributionsOut(Schema):
    """All confirmed contributions of the donor, the latest first."""

    items: list[ContributionOut]


class ShareOut(Schema):
    grant: DonorGrantOut
    promised: shapes.Amount
    paid: shapes.Amount


class PortfolioOut(Schema):
    """The donor's proportional part of what unearmarked money did."""

    items: list[ShareOut]


class StatementOut(Schema):
    """Opening balance, what came and went, closing balance; ``promised`` stands beside and is no line of it."""

    first: str
    last: str
    opening: shapes.Amount
    lines: dict[str, shapes.Amount] = Field(description="received, refunded, paid, returned, costs")
    closing: shapes.Amount
    promised: shapes.Amount


class CurrencyQuery(Schema):
    currency: str = Field("", pattern="^([A-Z]{3})?$", description="ISO 4217; the fund's when left out")

    def chosen(self) -> str:
        """The asked currency, else the fund's."""
        return self.currency or rules_to_begin_with().currency


class StatementQuery(CurrencyQuery):
    first: str = Field(pattern=MONTH, description="First month, YYYY-MM", examples=["2026-01"])
    last: str = Field(pattern=MONTH, description="Last month, YYYY-MM", examples=["2026-03"])


def _amount(money: Money) -> shapes.Amount:
    return shapes.Amount(amount=str(money.amount), currency=money.currency)


def _grant(told: GrantTold) -> DonorGrantOut:
    return DonorGrantOut(
        code=told.code,
        organisation=told.name or None,
        title=told.title or None,
        governorates=list(told.governorates),
        sector=told.sector or None,
        state=told.state,
        withheld=told.withheld,
    )


def _contribution(source: SourceThread) -> ContributionOut:
    one = source.contribution
    return ContributionOut(
        reference=one.reference,
        received_on=one.received_on,
        amount=_amount(Money(one.amount_minor, one.currency)),
        restriction=one.restriction_class,
        grants=[
            PartOut(
                grant=_grant(part.grant),
                promised=_amount(part.promised),
                paid=_amount(part.paid),
                given_back=_amount(part.refunded),
                still_owed=_amount(part.owed),
            )
            for part in source.grants
        ],
    )


def _share(share: Share) -> ShareOut:
    return ShareOut(grant=_grant(share.grant), promised=_amount(share.promised), paid=_amount(share.paid))


def _statement(found: Statement, query: StatementQuery) -> StatementOut:
    def said(minor: int) -> shapes.Amount:
        return _amount(Money(minor, found.currency))

    return StatementOut(
        first=query.first,
        last=query.last,
        opening=said(found.opening),
        lines={line.value: said(minor) for line, minor in found.sums.items()},
        closing=said(found.closing),
        promised=said(found.promised),
    )


def _token(request: HttpRequest) -> DonorToken:
    token: DonorToken = request.auth  # type: ignore[attr-defined]
    return token


@api.get(
    "/donor/contributions",
    auth=bearer,
    response={200: ContributionsOut, **PRIVATE},
    url_name="api_donor_contributions",
    summary=gettext_noop("A donor's own contributions"),
    tags=["donor"],
)
def donor_contributions(request: HttpRequest) -> Any:
    """Each contribution with the grants that it is in."""
    return ContributionsOut(items=[_contribution(one) for one in giving.threads_of(_token(request).donor)])


@api.get(
    "/donor/portfolio",
    auth=bearer,
    response={200: PortfolioOut, **PRIVATE},
    url_name="api_donor_portfolio",
    summary=gettext_noop("A donor's part of unearmarked money"),
    tags=["donor"],
)
def donor_portfolio(request: HttpRequest, query: Query[CurrencyQuery]) -> Any:
    """The part of every grant that is paid from unearmarked money."""
    return PortfolioOut(items=[_share(one) for one in giving.portfolio(_token(request).donor, query.chosen())])


@api.get(
    "/donor/statement",
    auth=bearer,
    response={200: StatementOut, **PRIVATE},
    url_name="api_donor_statement",
    summary=gettext_noop("A donor's statement of a period"),
    tags=["donor"],
)
def donor_statement(request: HttpRequest, query: Query[StatementQuery]) -> Any:
    """Equal to the books; for those who look after the donor's money."""
    token = _token(request)
    if not may_read_money(token.donor, token.user):
        raise HttpError(403, _("Statements are for those who look after the donor's money."))
    if query.last < query.first:
        raise HttpError(422, _("The last month is before the first."))
    period = Period(date.fromisoformat(f"{query.first}-01"), date.fromisoformat(f"{query.last}-01"))
    return _statement(giving.statement(token.donor, query.chosen(), period), query)
