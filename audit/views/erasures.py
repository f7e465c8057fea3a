"""Destroying what the log says of a person: one proposes, another carries out."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from audit import erasure, selectors, vault
from audit.forms import ErasureForm, KeyErasureForm, WhyForm
from kernel.permissions import Refused

PAGE = 25


def erasure_list(request: HttpRequest) -> HttpResponse:
    """Erasures that wait for a second person, and those that were carried out."""
    context = {"erasures": erasure.with_names(erasure.all_erasures()), "elsewhere": erasure.elsewhere()}
    return render(request, "audit/erasure_list.html", context)


def sealed_list(request: HttpRequest) -> HttpResponse:
    """Organisations and people about whom something is sealed, by name; nothing of it is opened here."""
    words = request.GET.get("q", "").strip()
    page = Paginator(vault.living_keys(words), PAGE).get_page(request.GET.get("page"))
    names = vault.names_of(key.subject_id for key in page)
    rows = [(key, names.get(key.subject_id, str(key.subject_id))) for key in page]
    return render(request, "audit/sealed_list.html", {"page": page, "rows": rows, "q": words})


def erasure_key(request: HttpRequest, key: UUID) -> HttpResponse:
    """Propose to destroy all that is sealed about one subject."""
    found = get_object_or_404(vault.living_keys(), pk=key)
    form = KeyErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erasure.propose_key(found, **form.cleaned_data, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Proposed. Another person carries it out or withdraws it."))
            return redirect("audit:erasure_list")
    whom = vault.names_of([found.subject_id]).get(found.subject_id, str(found.subject_id))
    return render(request, "audit/erasure_form.html", {"form": form, "person": whom})


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
    (act,) = erasure.with_names([get_object_or_404(erasure.proposed(), pk=pk)])
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
