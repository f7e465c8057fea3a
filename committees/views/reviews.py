"""The page of everything under review, and the same as a file."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from committees.selectors import reviews
from committees.selectors.reviews import Review
from grants.forms.applications import PipelineForm
from grants.selectors import applications, calls
from kernel.money import Money
from kernel.pagination import CountedPaginator
from kernel.spreadsheets import FORMATS, table_file

ROWS = 50
"""Applications on one page of the list."""


def review_list(request: HttpRequest) -> HttpResponseBase:
    """Every application that came before a committee, narrowed by what stands in the address."""
    form = PipelineForm(request.GET, calls=list(calls.to_choose(request.user)))
    found = reviews.under_review(request.user, form.filters())
    if request.GET.get("format") in FORMATS:
        return _as_file(found, request.GET["format"])
    number, total_minor = applications.counted(found)
    keys = CountedPaginator(found.values_list("pk", flat=True), ROWS, number=number)
    page = keys.get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": reviews.page_rows(page), "total_minor": total_minor}
    return render(request, "committees/review_list.html", context)


def _as_file(found: Any, kind: str) -> FileResponse:
    head = [
        _("Number"), _("Organisation"), _("Project"), _("Call"), _("State"), _("Amount asked for"), _("Currency"),
        _("Scorecards in"), _("Scorecards needed"), _("Mean of 100"), _("Spread"), _("Must be discussed"),
    ]  # fmt: skip
    rows = (_row(one) for one in reviews.rows(found))
    return table_file(kind, "reviews", head, rows, right_to_left=get_language_bidi())


def _row(review: Review) -> list[Any]:
    application = review.application
    money = Money(application.requested_minor, application.call.currency)
    return [
        application.reference, application.organisation.name, application.title, application.call.reference,
        review.state, money.amount, money.currency, review.done, review.needed, review.mean,
        review.spread, _("yes") if review.alarm else "",
    ]  # fmt: skip
