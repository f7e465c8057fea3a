"""Administering witnesses: register, retire, exchange files with those that work offline."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit.forms import HandInForm, WhyForm, WitnessForm
from audit.models import LogWitness
from audit.witnesses import asking, registry, standing
from kernel.permissions import Refused


def witness_list(request: HttpRequest) -> HttpResponse:
    """All registered witnesses with what they signed; the form takes in a file from one that works offline."""
    form = HandInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = asking.accept(form.cleaned_data["file"])
        except Refused as refusal:
            form.add_error("file", str(refusal.reason))
        else:
            messages.success(
                request, _("Kept: %(names)s signed.") % {"names": ", ".join(str(one.witness) for one in kept)}
            )
            return redirect("audit:witness_list")
    return render(request, "audit/witness_list.html", {"standing": standing.standing(), "form": form})


def witness_new(request: HttpRequest) -> HttpResponse:
    """Register a witness."""
    form = WitnessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            registry.register(actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("verifier_key", str(refusal.reason))
        else:
            messages.success(request, _("The witness is registered; it is asked from the next checkpoint on."))
            return redirect("audit:witness_list")
    return render(request, "audit/witness_form.html", {"form": form})


def witness_retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask a witness no more."""
    witness = _registered(pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        registry.retire(witness, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The witness is asked no more; what it signed stays."))
        return redirect("audit:witness_list")
    return render(request, "audit/witness_retire.html", {"form": form, "witness": witness})


def witness_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The request about the newest checkpoint as a file for a witness that works offline."""
    witness, checkpoint = _registered(pk), asking.newest()
    if checkpoint is None:
        raise Http404
    text = asking.request(checkpoint, old=asking.known_size(witness, checkpoint.epoch))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="request-{checkpoint.size}.txt"'
    return response


def _registered(pk: UUID) -> LogWitness:
    witness = registry.registered().filter(pk=pk).first()
    if witness is None:
        raise Http404
    return witness
