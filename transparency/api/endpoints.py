"""The addresses of the API. Descriptions are English, as the document for machines is; the page about it is translated."""

import uuid
from typing import Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from charter.selectors import rules_to_begin_with
from kernel import codes
from kernel.places import Governorate
from kernel.sectors import Sector
from transparency.api import shapes
from transparency.api.manners import failure
from transparency.api.paging import PageQuery, listing
from transparency.models import FoundKind
from transparency.search import folding
from transparency.selectors import finding, home, open_books, published

api = NinjaAPI(
    title="Open data of the fund",
    version="1",
    description=(
        "Everything here is public and read only. Grants are those of the released table: what would endanger people is "
        "withheld, and its money is told in sums, so that all amounts still add up."
    ),
    docs_url=None,
    openapi_url=None,
    urls_namespace="transparency-api",
)

ERRORS: dict[int, Any] = {404: shapes.Failure, 422: shapes.Failure, 429: shapes.Failure}


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return failure(404, "not_found", _("Nothing is here."))


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = sorted({str(one["loc"][-1]) for one in error.errors})
    message = _("These parameters have values that are not possible: %(names)s") % {"names": ", ".join(names)}
    return failure(422, "invalid_parameters", message)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = failure(401, "unauthorised", _("Send a token that is in force: Authorization: Bearer …"))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return failure(error.status_code, "refused", str(error))


class CallQuery(PageQuery):
    state: Literal["forthcoming", "open", "closed"] | None = Field(None, description="Whether one can apply")
    sector: Sector | None = None
    governorate: Governorate | None = None


class GrantQuery(PageQuery):
    year: int | None = Field(None, ge=2000, le=2999, description="Year in which the month of signature was")
    sector: Sector | None = None
    governorate: Governorate | None = None

    def filters(self) -> published.Filters:
        """The same as filters of the public list."""
        return published.Filters(
            year=str(self.year or ""), governorate=self.governorate or "", sector=self.sector or ""
        )


class Index(Schema):
    name: str
    addresses: dict[str, str]


@api.get(
    "/calls",
    response={200: shapes.Listing[shapes.CallOut], **ERRORS},
    url_name="api_calls",
    summary=gettext_noop("Calls for applications"),
    tags=["calls"],
)
def calls(request: HttpRequest, query: Query[CallQuery]) -> Any:
    """Published calls, the one that moved last first."""
    found = open_books.public_calls(
        state=query.state or "", sector=query.sector or "", governorate=query.governorate or ""
    ).prefetch_related("criteria")
    return listing(request, found, query, lambda row: shapes.call(row, settings.SITE_URL))


@api.get(
    "/calls/{uuid:call_id}",
    response={200: shapes.CallOut, **ERRORS},
    url_name="api_call",
    summary=gettext_noop("One call"),
    tags=["calls"],
)
def call(request: HttpRequest, call_id: uuid.UUID) -> Any:
    """A published call with its criteria."""
    row = get_object_or_404(open_books.public_calls().prefetch_related("criteria"), pk=call_id)
    return shapes.call(row, settings.SITE_URL)


@api.get(
    "/grants",
    response={200: shapes.Listing[shapes.GrantOut], **ERRORS},
    url_name="api_grants",
    summary=gettext_noop("Grants that are told"),
    tags=["grants"],
)
def grants(request: HttpRequest, query: Query[GrantQuery]) -> Any:
    """The released table, the latest month first."""
    return listing(request, published.told(query.filters()), query, shapes.grant)


@api.get(
    "/grants/{code}",
    response={200: shapes.GrantOut, **ERRORS},
    url_name="api_grant",
    summary=gettext_noop("One grant"),
    tags=["grants"],
)
def grant(request: HttpRequest, code: str) -> Any:
    """A released grant by its public code."""
    if not codes.is_valid(code):
        raise Http404
    return shapes.grant(get_object_or_404(published.told(), code=code))


@api.get(
    "/pools",
    response={200: shapes.Listing[shapes.PoolOut], **ERRORS},
    url_name="api_pools",
    summary=gettext_noop("Sums of grants whose amounts are withheld"),
    tags=["grants"],
)
def pools(request: HttpRequest, query: Query[GrantQuery]) -> Any:
    """Grants told together; with the amounts of the openly told ones they add up to everything that is released."""
    return listing(request, published.pools(query.filters()), query, shapes.pool)


@api.get(
    "/payments",
    response={200: shapes.PaymentsOut, **ERRORS},
    url_name="api_payments",
    summary=gettext_noop("Payments by month"),
    tags=["money"],
)
def payments(request: HttpRequest) -> Any:
    """What was paid to grants, as far as it is told."""
    return shapes.payments(open_books.payments(rules_to_begin_with().currency))


@api.get(
    "/additions",
    response={200: shapes.AdditionsOut, **ERRORS},
    url_name="api_additions",
    summary=gettext_noop("What cost extensions added, by month"),
    tags=["money"],
)
def additions(request: HttpRequest) -> Any:
    """What was promised to grants after their signature, as far as it is told."""
    return shapes.additions(open_books.additions(rules_to_begin_with().currency))


@api.get(
    "/contributions",
    response={200: shapes.Listing[shapes.GiftOut], **ERRORS},
    url_name="api_contributions",
    summary=gettext_noop("Contributions of donors"),
    tags=["money"],
)
def contributions(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Money that arrived, by month; donors who wish so are not named."""
    return listing(request, open_books.gifts(), query, shapes.gift)


@api.get(
    "/organisations",
    response={200: shapes.Listing[shapes.OrganisationOut], **ERRORS},
    url_name="api_organisations",
    summary=gettext_noop("Organisations that are told by name"),
    tags=["grants"],
)
def organisations(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Partners whose names are not withheld, with their grants."""
    return listing(request, open_books.named_organisations(), query, shapes.organisation)


@api.get(
    "/decisions",
    response={200: shapes.Listing[shapes.OutcomeOut], **ERRORS},
    url_name="api_decisions",
    summary=gettext_noop("How calls ended"),
    tags=["calls"],
)
def decisions(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Every call that was handed to a committee, in numbers."""
    return listing(request, home.outcomes(), query, shapes.outcome)


class SearchQuery(PageQuery):
    q: str = Field("", max_length=folding.MOST_CHARACTERS, description="Words, in Arabic or Latin letters")
    kind: FoundKind | None = None
    sector: Sector | None = None
    governorate: Governorate | None = None


@api.get(
    "/search",
    response={200: shapes.Listing[shapes.FoundOut], **ERRORS},
    url_name="api_search",
    summary=gettext_noop("Search"),
    tags=["search"],
)
def search(request: HttpRequest, query: Query[SearchQuery]) -> Any:
    """Calls, grants and organisations by words, the best first; if no row has the words, those written similarly."""
    asked = finding.Asked(query.q, query.kind or "", query.sector or "", query.governorate or "")
    return listing(request, finding.find(asked).rows, query, lambda row: shapes.found(row, settings.SITE_URL))
