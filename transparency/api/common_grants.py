"""Calls as CommonGrants 0.4 ``opportunities``, so that directories of grants find them (commongrants.org).

Optional fields are left out when there is nothing to say: the protocol knows no nulls.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from django.conf import settings
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from grants.models import Call
from kernel.money import Money
from kernel.places import Governorate
from kernel.sectors import Sector
from kernel.texts import search_key
from transparency.api.shapes import text
from transparency.selectors.open_books import CLOSED, FORTHCOMING, OPEN, state_of

Answer = dict[str, Any]
PAGE_SIZE: Final = 100
LARGEST_PAGE: Final = 1000
"""Pages are never longer, whatever was asked: the answer says how long they are."""
STATUS: Final = {FORTHCOMING: "forecasted", OPEN: "open", CLOSED: "closed"}


# What is asked ----------------------------------------------------------------------------------------------------


class Asked(BaseModel):
    """Left out means not asked; null is refused, as in the protocol."""

    model_config = ConfigDict(strict=True)


def _countable(text: str) -> str:
    Decimal(text)
    return text


Minor = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+\.?[0-9]*$"), AfterValidator(_countable)]
Page = Annotated[int, Field(ge=1, le=2**31 - 1)]
Range = Literal["between", "outside"]


class MoneyAsked(Asked):
    amount: Minor
    currency: str


class MoneyBounds(Asked):
    min: MoneyAsked
    max: MoneyAsked


class MoneyRange(Asked):
    operator: Range
    value: MoneyBounds


class DateBounds(Asked):
    min: date | datetime
    max: date | datetime


class DateRange(Asked):
    operator: Range
    value: DateBounds


class OneOf(Asked):
    operator: Literal["in", "notIn"]
    value: list[str]


class Custom(Asked):
    operator: Literal[
        "eq", "neq", "gt", "gte", "lt", "lte", "in", "notIn", "between", "outside", "like", "notLike"
    ]  # fmt: skip
    value: Any


_LEFT_OUT: Any = None


class Filters(Asked):
    status: OneOf = _LEFT_OUT
    closeDateRange: DateRange = _LEFT_OUT  # noqa: N815 -- the protocol's names
    totalFundingAvailableRange: MoneyRange = _LEFT_OUT  # noqa: N815
    minAwardAmountRange: MoneyRange = _LEFT_OUT  # noqa: N815
    maxAwardAmountRange: MoneyRange = _LEFT_OUT  # noqa: N815
    customFilters: dict[str, Custom] = _LEFT_OUT  # noqa: N815


class Sorting(Asked):
    sortBy: Literal[  # noqa: N815
        "lastModifiedAt", "createdAt", "title", "status.value", "keyDates.closeDate", "funding.maxAwardAmount",
        "funding.minAwardAmount", "funding.totalAmountAvailable", "funding.estimatedAwardCount", "custom",
    ]  # fmt: skip
    customSortBy: str = _LEFT_OUT  # noqa: N815
    sortOrder: Literal["asc", "desc"] = "desc"  # noqa: N815


class Paging(Asked):
    page: Page = 1
    pageSize: Page = PAGE_SIZE  # noqa: N815


class Search(Asked):
    search: str = ""
    filters: Filters = _LEFT_OUT
    sorting: Sorting = Sorting(sortBy="lastModifiedAt")
    pagination: Paging = Paging()


class PageQuery(BaseModel):
    """The same from the address, where numbers are text."""

    page: Page = 1
    pageSize: Page = PAGE_SIZE  # noqa: N815


# What is answered -------------------------------------------------------------------------------------------------


def _money(minor: int, currency: str) -> Answer:
    return {"amount": str(Money(minor, currency).amount), "currency": currency}


def _moment(name: str, moment: datetime) -> Answer:
    """A day with its hour in words: the protocol's document wants a zone in ``time`` and its text forbids one."""
    local = timezone.localtime(moment)
    hour = _("%(time)s on the clocks of Damascus") % {"time": f"{local:%H:%M}"}
    return {"name": name, "eventType": "singleDate", "date": local.date().isoformat(), "description": hour}


def _custom(name: str, kind: str, value: Any) -> Answer:
    return {"name": name, "fieldType": kind, "value": value}


def opportunity(call: Call) -> Answer:
    """A public call as ``OpportunityBase``, in the language of the request, with its texts in all languages beside."""
    return {
        "id": str(call.pk),
        "title": str(call.title),
        "status": {"value": STATUS[state_of(call)], "description": str(call.get_state_display())},
        "description": f"{call.summary}\n\n{call.text}",
        "funding": {
            "totalAmountAvailable": _money(call.envelope_minor, call.currency),
            "minAwardAmount": _money(call.floor_minor, call.currency),
            "maxAwardAmount": _money(call.ceiling_minor, call.currency),
        },
        "keyDates": {
            "postDate": _moment(_("Opens"), call.opens_at),
            "closeDate": _moment(_("Closes"), call.closes_at),
        },
        "acceptedApplicantTypes": [
            {"value": "custom", "customValue": "civil_society", "description": _("Syrian civil-society organisations")}
        ],
        "source": settings.SITE_URL + reverse("grants:call_detail", args=[call.pk]),
        "customFields": {
            "reference": _custom("reference", "string", call.reference),
            "opensAt": _custom("opensAt", "string", _stamp(call.opens_at)),
            "closesAt": _custom("closesAt", "string", _stamp(call.closes_at)),
            "titles": _custom("titles", "object", text(call.title)),
            "summaries": _custom("summaries", "object", text(call.summary)),
            "sectors": _custom("sectors", "array", [str(Sector(key).label) for key in call.sectors]),
            "governorates": _custom(
                "governorates", "array", [str(Governorate(key).label) for key in call.governorates]
            ),
            "monthsAllowed": _custom("monthsAllowed", "array", sorted(call.months_allowed)),
        },
        "createdAt": _stamp(call.created_at),
        "lastModifiedAt": _stamp(call.moved_at),
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def found(call: Call) -> Answer:
    """One opportunity."""
    return {"status": 200, "message": "Success", "data": opportunity(call)}


def listing(calls: Any, query: "PageQuery | Paging") -> Answer:
    """A page of opportunities; a page after the last one is empty."""
    size = min(query.pageSize, LARGEST_PAGE)
    pages = Paginator(calls, size)
    rows = pages.page(query.page).object_list if query.page <= pages.num_pages else []
    return {
        "status": 200,
        "message": "Success",
        "items": [opportunity(call) for call in rows],
        "paginationInfo": {
            "page": query.page,
            "pageSize": size,
            "totalItems": pages.count,
            "totalPages": pages.num_pages,
        },
    }


def failure(status: int, message: str, errors: Iterable[str] = ()) -> Answer:
    """The protocol's shape of an error."""
    return {"status": status, "message": message, "errors": list(errors)}


# Search -----------------------------------------------------------------------------------------------------------


def search(calls: Iterable[Call], asked: Search, filters: Answer) -> Answer:
    """The calls that fit; a fund's calls are few, so they are compared here one by one. ``filters`` are told back."""
    wanted = [call for call in calls if _fits(call, asked)]
    errors, key = _order(asked.sorting)
    wanted.sort(key=key, reverse=asked.sorting.sortOrder == "desc")
    return {
        **listing(wanted, asked.pagination),
        "sortInfo": {
            "sortBy": asked.sorting.sortBy,
            "sortOrder": asked.sorting.sortOrder,
            **({"errors": errors} if errors else {}),
        },
        "filterInfo": {
            "filters": filters,
            **({"errors": [_("Custom filters are not known here.")]} if filters.get("customFilters") else {}),
        },
    }


def _fits(call: Call, asked: Search) -> bool:
    if not _says(call, asked.search):
        return False
    wanted = asked.filters
    if wanted is _LEFT_OUT:
        return True
    status = wanted.status
    if status is not _LEFT_OUT and (STATUS[state_of(call)] in status.value) != (status.operator == "in"):
        return False
    if wanted.closeDateRange is not _LEFT_OUT and not _closes_within(call, wanted.closeDateRange):
        return False
    return all(
        asked_range is _LEFT_OUT or _within(Money(minor, call.currency), asked_range)
        for minor, asked_range in (
            (call.envelope_minor, wanted.totalFundingAvailableRange),
            (call.floor_minor, wanted.minAwardAmountRange),
            (call.ceiling_minor, wanted.maxAwardAmountRange),
        )
    )


def _says(call: Call, words: str) -> bool:
    said = search_key(" ".join(one for field in (call.title, call.summary, call.text) for one in text(field).values()))
    return all(word in said for word in search_key(words).split())


def _closes_within(call: Call, asked: DateRange) -> bool:
    least, most = _instant(asked.value.min, time.min), _instant(asked.value.max, time.max)
    return (least <= call.closes_at <= most) == (asked.operator == "between")


def _instant(moment: date | datetime, edge: time) -> datetime:
    """A day begins and ends in Damascus; a time without a zone is Damascus's too."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, edge)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())


def _within(money: Money, asked: MoneyRange) -> bool:
    least, most = asked.value.min, asked.value.max
    if {least.currency, most.currency} != {money.currency}:
        return False
    return (Decimal(least.amount) <= money.amount <= Decimal(most.amount)) == (asked.operator == "between")


def _order(asked: Sorting) -> tuple[list[str], Callable[[Call], Any]]:
    keys: dict[str, Callable[[Call], Any]] = {
        "lastModifiedAt": lambda call: call.moved_at,
        "createdAt": lambda call: call.created_at,
        "title": lambda call: search_key(str(call.title)),
        "status.value": lambda call: STATUS[state_of(call)],
        "keyDates.closeDate": lambda call: call.closes_at,
        "funding.maxAwardAmount": lambda call: call.ceiling_minor,
        "funding.minAwardAmount": lambda call: call.floor_minor,
        "funding.totalAmountAvailable": lambda call: call.envelope_minor,
    }
    known = keys.get(asked.sortBy)
    if known is not None:
        return [], known
    return [_("This order is not known here; sorted by the last change.")], keys["lastModifiedAt"]
