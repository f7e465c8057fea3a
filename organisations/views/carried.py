"""Signed passports: asked for, taken with what the organisation discloses, brought from another fund; and the keys."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from kernel.mail import absolute
from kernel.permissions import Refused, require
from organisations import carried_events as events
from organisations import rules, selectors, services
from organisations.carried_forms import BringForm, DiscloseForm, EndTrustForm, TrustForm
from organisations.models import Organisation, SignedPassport, TrustedFund
from organisations.selectors import carrying
from organisations.views.common import acted, allowed, posted, visible

TRUSTED = "organisations:trusted_funds"


def keys(request: HttpRequest) -> JsonResponse:
    """The public keys with which everybody verifies passports of this fund, as a JWK set."""
    response = JsonResponse(carrying.published_keys(), content_type="application/jwk-set+json")
    response["Cache-Control"] = "public, max-age=300"
    return response


def signed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for a signature; choose what to disclose, and take the file."""
    return _signed(request, pk, with_accounts=False)


def signed_with_accounts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same with bank accounts, after a confirmation."""
    return _signed(request, pk, with_accounts=True)


def _signed(request: HttpRequest, pk: UUID, *, with_accounts: bool) -> HttpResponse:
    organisation = allowed(request, pk, rules.may_carry_passport)
    current = carrying.current_passport(organisation)
    form = (
        DiscloseForm(*posted(request), passport=current, organisation=organisation, with_accounts=with_accounts)
        if current is not None
        else None
    )
    if current is not None and form is not None and form.is_valid():
        try:
            return _file(current, services.take(current, names=form.cleaned_data["claims"], actor=person(request)))
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    context = {
        "organisation": organisation,
        "current": current,
        "waiting": carrying.waiting_passport(organisation),
        "form": form,
        "with_accounts": with_accounts,
        "has_accounts": current is not None and any(name.startswith("bank_account.") for name in current.claims),
        "entries": timeline(current) if current is not None else [],
    }
    return render(request, "organisations/passport_signed.html", context)


def _file(passport: SignedPassport, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/sd-jwt")
    response["Content-Disposition"] = f'attachment; filename="passport-{passport.pk.hex[:8]}.sd-jwt"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the signer for a fresh passport."""
    organisation = allowed(request, pk, rules.may_carry_passport)
    services.ask_for_signature(organisation, actor=person(request))
    messages.success(request, _("Asked. The fund's signer answers within seconds: open this page again."))
    return redirect("organisations:signed_passport", pk=pk)


def bring(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a signed passport of another fund, and be asked for the gaps only."""
    organisation = visible(request, pk)
    require(rules.may_read_imports(organisation, actor=request.user))
    may_bring = rules.may_bring_passport(organisation, actor=request.user)
    if request.method == "POST":
        require(may_bring)
    form = BringForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.import_passport(organisation, form.cleaned_data["file"], actor=person(request)),
        done=_("The signature holds. What the passport says is filled in; below stands what is still missing."),
        to=reverse("organisations:import_passport", args=[pk]),
    )
    context = {
        "organisation": organisation,
        "form": form if may_bring else None,
        "why_not": may_bring,
        "imports": carrying.imports_of(organisation),
        "gaps": _gaps(organisation),
        "trusted": carrying.trusted_funds().filter(state="trusted"),
    }
    return answer or render(request, "organisations/passport_import.html", context)


def _gaps(organisation: Organisation) -> list[Any]:
    return selectors.readiness(organisation).missing


def trusted(request: HttpRequest) -> HttpResponse:
    """Funds whose passports are taken."""
    context = {
        "funds": carrying.trusted_funds(),
        "may_trust": rules.may_trust_funds(TrustedFund(), actor=request.user),
        "own": carrying.published_keys()["keys"],
        "keys_address": absolute(reverse("organisations:passport_keys")),
    }
    return render(request, "organisations/trusted_fund_list.html", context)


def trust(request: HttpRequest) -> HttpResponse:
    """Trust another fund, or take its new keys."""
    require(rules.may_trust_funds(TrustedFund(), actor=request.user))
    form = TrustForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.trust_fund(**form.cleaned_data, actor=person(request)),
        done=_("Recorded. Passports of this fund are taken."),
        to=reverse(TRUSTED),
    )
    return answer or render(request, "organisations/trusted_fund_new.html", {"form": form})


def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the passports of a fund no longer."""
    fund = get_object_or_404(carrying.trusted_funds(), pk=pk)
    require(lifecycle.possible(fund, events.TrustedFundEnded(name=fund.name), actor=request.user))
    form = EndTrustForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.end_trust(fund, actor=person(request), reason=form.cleaned_data["reason"]),
        done=_("Passports of this fund are taken no longer."),
        to=reverse(TRUSTED),
    )
    return answer or render(request, "organisations/trusted_fund_end.html", {"form": form, "fund": fund})
