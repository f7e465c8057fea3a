"""Public reports: everybody reads them; the secretariat asks and publishes, the board approves."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit import lifecycle
from kernel.permissions import Refused
from transparency import events
from transparency.models import PublicPaper
from transparency.paper_forms import AskForm, SetAsideForm
from transparency.selectors import papers as selectors
from transparency.selectors.published import years
from transparency.services import papers as services
from transparency.states import PaperState


def paper_list(request: HttpRequest) -> HttpResponse:
    """Published reports of years and calls."""
    return render(request, "transparency/paper_list.html", {"papers": selectors.published()})


def paper_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report with its tables and pictures, and the PDFs."""
    paper = _paper(request, pk)
    language = "ar" if (get_language() or "ar").startswith("ar") else "en"
    acts = {
        "approve": lifecycle.possible(paper, events.PaperApproved(sha256=paper.sha256), actor=request.user),
        "publish": lifecycle.possible(paper, events.PaperPublished(sha256=paper.sha256), actor=request.user),
        "discard": lifecycle.possible(paper, events.PaperDiscarded(), actor=request.user),
    }
    context = {"paper": paper, "report": selectors.report(paper, language), "acts": acts, "language": language}
    gone = HTTPStatus.GONE if paper.state == PaperState.TAKEN_BACK else HTTPStatus.OK
    return render(request, "transparency/paper_detail.html", context, status=gone)


def _paper(request: HttpRequest, pk: UUID) -> PublicPaper:
    paper: PublicPaper = get_object_or_404(selectors.readable_by(request.user), pk=pk)
    return paper


def paper_pdf(request: HttpRequest, pk: UUID, language: str) -> HttpResponse:
    """The PDF in Arabic or English."""
    paper = _paper(request, pk)
    if language not in services.LANGUAGES or paper.state not in services.TELLING:
        raise Http404
    tag = f'"{paper.sha256}-{language}"'
    response: HttpResponse = get_conditional_response(request, etag=tag) or HttpResponse(
        selectors.document(paper, language), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'attachment; filename="report-{paper.sha256[:12]}-{language}.pdf"'
    response["ETag"] = tag
    # Asked for anew each time: a report that is taken back is gone from every copy on the way too.
    response["Cache-Control"] = "public, no-cache" if paper.state == PaperState.PUBLISHED else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def paper_work(request: HttpRequest) -> HttpResponse:
    """Reports that wait, and the form that asks for a new one."""
    form = AskForm(request.POST or None, calls=selectors.reportable_calls(), years=years())
    if request.method == "POST" and form.is_valid():
        try:
            paper = services.ask(**form.asked(), actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Asked for. The worker draws it; then the board reads it."))
            return redirect(reverse("transparency:paper_detail", args=[paper.pk]))
    context = {"form": form, "papers": selectors.waiting(request.user)}
    return render(request, "transparency/paper_work.html", context)


def paper_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Approve or publish exactly what was read (``sha256`` of the form)."""
    paper = _paper(request, pk)
    do = {"approve": services.approve, "publish": services.publish}[act]
    try:
        do(paper, sha256=request.POST.get("sha256", ""), actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Done, and recorded."))
    return redirect(reverse("transparency:paper_detail", args=[pk]))


def paper_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set a report aside with a reason."""
    paper = _paper(request, pk)
    form = SetAsideForm(request.POST or None)
    address = reverse("transparency:paper_detail", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.discard(paper, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect(address)
    return render(request, "transparency/paper_discard.html", {"paper": paper, "form": form, "cancel": address})
