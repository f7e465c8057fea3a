"""Destroying what the log says of a person: one proposes, another carries out."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit import erasure, selectors
from audit.forms import ErasureForm, WhyForm
from kernel.permissions import Refused


def erasure_list(request: HttpRequest) -> HttpResponse:
    """Erasures that wait for a second person, and those that were carried out."""
    return render(request, "audit/erasure_list.html", {"erasures": erasure.all_erasures()})


def erasure_new(request: HttpRequest, person: UUID) -> HttpResponse:
    """Choose records about a person and propose to destroy them."""
    whom = selectors.person(person)
    if whom is None:
        raise Http404
    form = ErasureForm(request.POST or None, person=whom)
    if request.method == "POST" and form.is_valid():
        ground, reason = form.cleaned_data["ground"], form.cleaned_data["reason"]
        try:
            erasure.propose(whom, form.leaves(), ground=ground, reason=reason, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Proposed. Another person carries it out or withdraws it."))
            return redirect("audit:erasure_list")
    return render(request, "audit/erasure_form.html", {"form": form, "person": whom})


def erasure_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Carry a proposal out, or withdraw it."""
    act = erasure.proposed().filter(pk=pk).first()
    if act is None:
        raise Http404
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decide = erasure.withdraw if "withdraw" in request.POST else erasure.carry_out
        try:
            decide(act, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Done and recorded."))
            return redirect("audit:erasure_list")
    entries = selectors.timeline(act)
    records = [selectors.entry(leaf.event) for leaf in erasure.leaves_of(act)]
    return render(
        request, "audit/erasure_decide.html", {"act": act, "form": form, "entries": entries, "records": records}
    )
