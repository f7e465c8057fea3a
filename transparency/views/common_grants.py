"""CommonGrants: the two required addresses and the search, with the protocol's own shape of errors."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from pydantic import ValidationError

from transparency.api import common_grants
from transparency.selectors import open_books


def _refused(error: ValidationError) -> HttpResponse:
    wrong = [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors()]
    return JsonResponse(common_grants.failure(400, _("This request is not possible."), wrong), status=400)


def opportunity_list(request: HttpRequest) -> HttpResponse:
    """Public calls, the one that moved last first."""
    try:
        query = common_grants.PageQuery.model_validate(request.GET.dict())
    except ValidationError as error:
        return _refused(error)
    return JsonResponse(common_grants.listing(open_books.public_calls(), query))


def opportunity(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One public call."""
    call = open_books.public_calls().filter(pk=pk).first()
    if call is None:
        return absent(request)
    return JsonResponse(common_grants.found(call))


def absent(request: HttpRequest, rest: Any = None) -> HttpResponse:
    """An opportunity, or an address, that does not exist."""
    return JsonResponse(common_grants.failure(404, _("Nothing is here.")), status=404)


def opportunity_search(request: HttpRequest) -> HttpResponse:
    """Calls by words, filters and order; nothing is written, though the protocol asks by POST."""
    try:
        asked = common_grants.Search.model_validate_json(request.body)
    except ValidationError as error:
        return _refused(error)
    filters = (
        json.loads(asked.filters.model_dump_json(exclude_unset=True)) if "filters" in asked.model_fields_set else {}
    )
    return JsonResponse(common_grants.search(open_books.public_calls(), asked, filters))
