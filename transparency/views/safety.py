"""Reading partners' reports for safety: the secretariat's list, one review, clearing, keeping back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import lifecycle
from audit.selectors import timeline
from kernel.permissions import Refused
from transparency import safety_events as events
from transparency.models import SafetyReview
from transparency.safety_forms import ClearanceForm, KeepBackForm
from transparency.safety_rules import may_read_for_safety
from transparency.selectors import documents
from transparency.selectors import safety as selectors
from transparency.services import safety as services

PER_PAGE = 50


def safety_list(request: HttpRequest) -> HttpResponse:
    """What waits for a reader, and what was decided."""
    page = Paginator(selectors.done(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "transparency/safety_list.html", {"waiting": selectors.waiting(request.user), "page": page})


def _review(request: HttpRequest, pk: UUID) -> SafetyReview:
    review: SafetyReview = get_object_or_404(selectors.visible_to(request.user), pk=pk)
    return review


def safety_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole report, what donors would read of it, and the form that proposes it."""
    review = _review(request, pk)
    form = ClearanceForm(request.POST or None, report=review.report, initial=ClearanceForm.of(review))
    if request.method == "POST" and form.is_valid():
        try:
            services.propose(review, **form.cleaned_data, actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Recorded. A second person reads exactly this before donors do."))
            return redirect(request.path)
    return render(request, "transparency/safety_review.html", _context(request, review, form))


def _context(request: HttpRequest, review: SafetyReview, form: ClearanceForm) -> dict[str, object]:
    cleared = events.ReportCleared(shown_sha256=review.shown_sha256)
    taken_out = {"hidden_parts": review.hidden_parts, "hidden_words": review.hidden_words}
    return {
        "review": review,
        "report": review.report,
        "grant": review.report.grant,
        "whole": documents.whole(review.report),
        "told": documents.paper_of(review.report, **taken_out) if review.shown_sha256 else None,
        "form": form,
        "reads": may_read_for_safety(review, actor=request.user),
        "clears": lifecycle.possible(review, cleared, actor=request.user),
        "entries": timeline(review),
    }


def safety_clear(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Consent as a second reader to exactly what the page showed (``shown`` of the form)."""
    review = _review(request, pk)
    try:
        services.clear(review, shown_sha256=request.POST.get("shown", ""), actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Donors whose money paid this grant read it from now on."))
    return redirect(reverse("transparency:safety_review", args=[pk]))


def safety_keep_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep it back from donors, with a reason; what they could read is gone at once."""
    review = _review(request, pk)
    form, address = KeepBackForm(request.POST or None), reverse("transparency:safety_review", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_back(review, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect(address)
    return render(request, "transparency/safety_keep_back.html", {"review": review, "form": form, "cancel": address})
