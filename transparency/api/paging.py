"""Pages of a list, with the addresses of the next and the one before."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from transparency.api.shapes import Listing

T = TypeVar("T")
MOST_PAGES = 100_000


class PageQuery(Schema):
    page: int = Field(1, ge=1, le=MOST_PAGES, description="Page, from 1")
    per_page: int = Field(50, ge=1, le=200, description="Items of a page")


def listing(
    request: HttpRequest, rows: "QuerySet[Any, Any] | Sequence[Any]", query: PageQuery, shape: Callable[[Any], T]
) -> Listing[T]:
    """The asked page of ``rows``, each through ``shape``; a page after the last one is empty."""
    paginator = Paginator(rows, query.per_page)
    items = paginator.get_page(query.page).object_list if query.page <= paginator.num_pages else []
    return Listing(
        items=[shape(row) for row in items],
        count=paginator.count,
        page=query.page,
        pages=paginator.num_pages,
        next=_address(request, query.page + 1) if query.page < paginator.num_pages else None,
        previous=_address(request, min(query.page - 1, paginator.num_pages)) if query.page > 1 else None,
    )


def _address(request: HttpRequest, page: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
