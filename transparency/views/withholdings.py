"""What is withheld from the public: asking for it, looking at it again, agreeing to tell it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules import may_hold
from audit.lifecycle import IllegalMove
from grants.models import Call, Grant
from grants.selectors import calls
from kernel.permissions import Refused, require
from transparency.forms import ReasonForm, WithholdForm
from transparency.models import NameConsent, Withholding
from transparency.selectors import withholdings as selectors
from transparency.services import withholding as services
from transparency.withholding_rules import SECRETARIAT, SECRETARIAT_GROUNDS, may_propose_lift, oversees

PER_PAGE = 50


def public_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the public reads of a grant or will read; a person of the organisation or the secretariat withholds a part."""
    grant = get_object_or_404(selectors.grants_for(request.user), pk=pk)
    if grant.countersigned_at is None:
        raise Http404
    form = WithholdForm(request.POST or None, grounds=SECRETARIAT_GROUNDS if oversees(request.user) else ())
    if request.method == "POST" and (response := _begun(request, grant, form)):
        return response
    context = {
        "grant": grant,
        "view": selectors.public_view(grant),
        "listed": selectors.of_grant(grant, request.user),
        "form": form,
        "naming": selectors.naming(grant, request.user),
    }
    return render(request, "transparency/public_view.html", context)


def name_consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signatory agrees that the public reads exactly what the page showed (``shown`` of the form)."""
    grant = get_object_or_404(selectors.grants_for(request.user), pk=pk)
    shown = request.POST.get("shown", "")
    return _said(request, grant, lambda: services.consent_to_be_named(grant, shown=shown, actor=request.user))


def name_consent_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signatory takes the consent back, at once."""
    grant = get_object_or_404(selectors.grants_for(request.user), pk=pk)
    consent = get_object_or_404(NameConsent, grant=grant)
    return _said(request, grant, lambda: services.take_consent_back(consent, actor=request.user))


def _said(request: HttpRequest, grant: Grant, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except (Refused, IllegalMove) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done, and recorded."))
    return redirect(reverse("transparency:public_view", args=[grant.pk]))


def call_withheld(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a call withholds of every grant that is signed under it from now on."""
    call = get_object_or_404(calls.visible_to(request.user), pk=pk)
    form = WithholdForm(request.POST or None, grounds=SECRETARIAT_GROUNDS)
    if request.method == "POST" and (response := _begun(request, call, form)):
        return response
    context = {
        "call": call,
        "listed": selectors.of_call(call, request.user),
        "form": form,
    }
    return render(request, "transparency/call_withheld.html", context)


def _begun(request: HttpRequest, subject: Grant | Call, form: WithholdForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        services.withhold(subject, **form.asked(), actor=request.user)
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return None
    messages.success(request, _("The public does not read it from now on."))
    return redirect(request.path)


def withholding_list(request: HttpRequest) -> HttpResponse:
    """Everything that is withheld now, what is to be looked at again first."""
    page = Paginator(selectors.in_force(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "calls": selectors.calls_ahead() if may_hold(request.user, *SECRETARIAT) else [],
    }
    return render(request, "transparency/withholding_list.html", context)


_ACTS: dict[str, Callable[..., Withholding]] = {
    "keep": services.review,
    "propose": services.propose_lift,
    "consent": lambda one, **given: services.answer_lift(one, consent=True, **given),
    "decline": lambda one, **given: services.answer_lift(one, consent=False, **given),
}


def _words(act: str) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {
        "keep": {
            "title": _("Keep it withheld"),
            "what": _("It stays withheld, and is looked at again after the time that the charter says."),
            "undo": _("Yes, it can be proposed to be told at any time."),
            "submit": _("Keep it withheld"),
        },
        "propose": {
            "title": _("Propose to tell it"),
            "what": _("The other side is asked. Until it consents nothing changes."),
            "undo": _("Yes, the other side may say no."),
            "submit": _("Propose to tell it"),
        },
        "consent": {
            "title": _("Consent that it is told"),
            "what": _("The public reads it from now on. An amount that was told in a sum stays in it."),
            "undo": _("It can be withheld again; what was read or copied until then cannot be called back."),
            "submit": _("I consent"),
            "danger": True,
        },
        "decline": {
            "title": _("Do not consent"),
            "what": _("It stays withheld."),
            "undo": _("Yes, it can be proposed again."),
            "submit": _("I do not consent"),
        },
    }
    return words[act]


def withholding_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Keep, propose to tell, consent or decline, with a reason."""
    one = get_object_or_404(selectors.visible_to(request.user), pk=pk)
    require(may_propose_lift(one, actor=request.user, event=None))  # either side; which of them, each act asks itself
    back = _page_of(one)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _ACTS[act](one, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect(back)
    context = {"one": one, "form": form, "cancel": back, **_words(act)}
    return render(request, "transparency/withholding_act.html", context)


def _page_of(one: Withholding) -> str:
    if one.grant_id is not None:
        return reverse("transparency:public_view", args=[one.grant_id])
    return reverse("transparency:call_withheld", args=[one.call_id])
