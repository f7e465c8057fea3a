"""Pages of erasing files that came with applications: one proposes, another carries out."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from audit.states import ErasureGround
from grants.forms.erasures import FileErasureForm, NumberForm, WhyForm
from grants.http import posted
from grants.rules.erasures import may_look_for_files
from grants.selectors import erasures as selectors
from grants.selectors import kept_files
from grants.services import erasures as services
from kernel.pagination import CountedPaginator
from kernel.permissions import Refused

ROWS = 25
"""Files on one page."""


def file_erasure_list(request: HttpRequest) -> HttpResponse:
    """Erasures of files, and for administrators the files of one application by its number."""
    looks = bool(may_look_for_files(request.user))
    form = NumberForm(request.GET) if looks and "q" in request.GET else NumberForm()
    looked = form.is_bound and form.is_valid()
    context = {
        "erasures": selectors.listed(),
        "looks": looks,
        "form": form,
        "looked": looked,
        "past": kept_files.number_past(),
        "files": selectors.files_of(form.cleaned_data["q"]) if looked else [],
    }
    return render(request, "grants/file_erasure_list.html", context, status=422 if form.errors else 200)


def file_past_list(request: HttpRequest) -> HttpResponse:
    """Files that were kept as long as the charter says, the oldest first; administrators propose to erase them."""
    number = kept_files.number_past()
    page = CountedPaginator(range(number), ROWS, number=number).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": kept_files.past(page.start_index() - 1, page.end_index()) if number else [],
        "number": number,
        "looks": bool(may_look_for_files(request.user)),
    }
    return render(request, "grants/file_past_list.html", context)


def file_erasure_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose to destroy a file."""
    found = selectors.erasable(pk)
    if found is None:
        raise Http404
    # The list of what was kept too long names its ground.
    expired = ErasureGround.EXPIRED if "expired" in request.GET else None
    form = FileErasureForm(posted(request), initial={"ground": expired})
    if form.is_valid():
        try:
            services.propose(found, **form.cleaned_data, actor=person(request))
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Proposed. Another person carries it out or withdraws it."))
            return redirect("grants:file_past_list" if expired else "grants:file_erasure_list")
    context = {"form": form, "file": found, "expired": expired}
    return render(request, "grants/file_erasure_form.html", context, status=422 if form.errors else 200)


def file_erasure_decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Carry a proposal out, or withdraw it."""
    act = selectors.waiting(pk)
    if act is None:
        raise Http404
    form = WhyForm(posted(request))
    if form.is_valid():
        decide = services.withdraw if "withdraw" in request.POST else services.carry_out
        try:
            decide(act, actor=person(request), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Done and recorded."))
            return redirect("grants:file_erasure_list")
    context = {"act": act, "form": form, "file": act.attachment, "entries": timeline(act)}
    return render(request, "grants/file_erasure_decide.html", context, status=422 if form.errors else 200)
