"""The page for finding calls, grants and organisations, and the page of one grant that is told."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kernel import codes
from transparency.forms import SearchForm
from transparency.results import results
from transparency.selectors import finding, published


def search(request: HttpRequest) -> HttpResponse:
    """What was found for the words and filters of the address, the best first."""
    form = SearchForm(request.GET)
    asked = form.asked()
    context: dict[str, object] = {"form": form, "asked": asked}
    if not asked.is_empty:
        found = finding.find(asked)
        page = finding.page_of(found, request.GET.get("page"))
        context |= {"page": page, "results": results(page, found.words), "similar": found.similar}
    return render(request, "transparency/search.html", context)


def grant_told(request: HttpRequest, code: str) -> HttpResponse:
    """One grant as the public reads it."""
    if not codes.is_valid(code):
        raise Http404
    row = get_object_or_404(published.told(), code=code)
    context = {"row": row, "payments": published.payments_of(row), "additions": published.additions_of(row)}
    return render(request, "transparency/grant_told.html", context)
