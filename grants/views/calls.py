"""Public pages: the calls, one call with all it asks, the self-check, the printed form."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from grants import call_pages
from grants.forms.applications import CheckForm
from grants.models import Call
from grants.selectors import calls as selectors
from grants.selectors.frozen import remember
from grants.views.files import attachment


def _call(request: HttpRequest, pk: uuid.UUID) -> Call:
    rows = selectors.with_documents(selectors.visible_to(request.user))
    return remember(get_object_or_404(rows.defer("frozen_rules"), pk=pk))


def call_list(request: HttpRequest) -> HttpResponse:
    """Open calls first, then those to come, then the past."""
    return render(request, "grants/call_list.html", call_pages.listing(request.user))


def call_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """All that a call says and asks, before anybody signs in."""
    return render(request, "grants/call_detail.html", call_pages.detail(_call(request, pk), request.user))


def call_check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Six questions at most: may we apply, and what to do next; nothing is kept."""
    call = _call(request, pk)
    form = CheckForm(call, request.GET if "check" in request.GET else None)
    obstacles = form.obstacles() if form.is_bound and form.is_valid() else None
    context = {"call": call, "form": form, "obstacles": obstacles, "checked": obstacles is not None}
    return render(request, "grants/call_check.html", context)


def call_print(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponseBase:
    """The printed call in one language."""
    call = _call(request, pk)
    document = next((one for one in call.documents.all() if one.language == language), None)
    if document is None:
        raise Http404
    return attachment(document.file, f"{call.reference}.{language}.pdf")
