"""Pages of justifications: which lines zakat and the yield of waqfs may pay, by whose opinion."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from grants import events
from grants.forms.religious import BasisForm, OpinionForm
from grants.http import posted
from grants.models import Application, ReligiousBasis
from grants.rules.religious import may_justify, zakat_rules
from grants.selectors import applications as selectors
from grants.selectors import religious
from grants.services import religious as services
from grants.states import BasisState
from kernel.permissions import Refused, require


def _seen(request: HttpRequest, pk: uuid.UUID) -> Application:
    return get_object_or_404(selectors.with_call(selectors.visible_to(person(request))), pk=pk)


def basis_list(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every line with its cost and its justification."""
    application = _seen(request, pk)
    context = {
        "application": application,
        "classes": religious.classes_of(application.call),
        "lines": religious.lines_of(application),
        "declined": religious.bases_of(application).filter(state=BasisState.DECLINED),
        "justifies": may_justify(application, actor=request.user),
    }
    return render(request, "grants/basis_list.html", context)


def basis_propose(request: HttpRequest, pk: uuid.UUID, line: uuid.UUID) -> HttpResponse:
    """Say whom a line reaches and why this money may pay it."""
    application = _seen(request, pk)
    require(may_justify(application, actor=request.user))
    found = next((one for one in religious.lines_of(application) if one.line.pk == line), None)
    classes = religious.classes_of(application.call)
    if found is None or not classes:
        return redirect("grants:basis_list", pk)
    form = BasisForm(posted(request), classes=classes, recipients=zakat_rules(application).recipients)
    if form.is_valid():
        try:
            services.justify(found.line, actor=person(request), **form.cleaned_data)
            messages.success(request, _("Recorded. The fund manager decides by a scholar's opinion."))
            return redirect("grants:basis_list", pk)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    context = {"application": application, "form": form, "found": found}
    return render(request, "grants/basis_form.html", context, status=422 if form.errors else 200)


def basis_decide(request: HttpRequest, pk: uuid.UUID, basis: uuid.UUID) -> HttpResponse:
    """Agree by a scholar's written opinion, or decline."""
    application = _seen(request, pk)
    found = get_object_or_404(religious.bases_of(application), pk=basis)
    require(lifecycle.possible(found, events.BasisDeclined(), actor=request.user))
    form = OpinionForm(posted(request))
    if form.is_valid() and _decided(request, found, form):
        return redirect("grants:basis_list", pk)
    context = {"application": application, "form": form, "basis": found}
    return render(request, "grants/basis_form.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, basis: ReligiousBasis, form: OpinionForm) -> bool:
    said = form.cleaned_data
    try:
        if said["outcome"] == form.APPROVE:
            services.approve(basis, scholar=said["scholar"], opinion=said["opinion"], actor=person(request))
        else:
            services.decline(basis, reason=said["reason"], actor=person(request))
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return False
    messages.success(request, _("Recorded."))
    return True
