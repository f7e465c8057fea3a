"""Offer and agreement."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from disbursements import pages
from disbursements.forms import ReasonForm, SignForm, StartForm
from disbursements.plans import plan_shown
from disbursements.services.agreements import draft_agreement
from disbursements.views.common import acted, confirmed, seen_grant
from grants import events
from grants.models import Grant
from grants.selectors import budgets, conditions, durations
from grants.selectors.signed import signed_minor
from grants.services import agreements, awards
from kernel.money import Money
from kernel.permissions import require
from kernel.uploads import send_private


def offer_send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the offer to the organisation."""
    grant = seen_grant(request, pk)
    require(lifecycle.possible(grant, events.OfferSent(due=""), actor=request.user))
    form, back = (
        forms.Form(request.POST),
        pages.url("grant_detail", grant),
    )
    answer = acted(
        request, form, lambda: awards.send_offer(grant, actor=person(request)), done=_("The offer is sent."), to=back
    )
    return answer or confirmed(
        request, form, grant=grant, title=_("Send the offer"), whom=str(grant.organisation), cancel=back,
        what=_("The organisation learns amount, conditions and schedule, and has the charter's days to answer."),
        undo=_("No. An offer that is not answered lapses."), submit=_("Send the offer"),
    )  # fmt: skip


def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The offer as the organisation reads it."""
    grant = seen_grant(request, pk)
    context = {
        "grant": grant,
        "step": pages.grant_step(grant, request.user),
        "signed": Money(signed_minor(grant), grant.currency),
        "conditions": conditions.conditions_of(grant),
        "rows": plan_shown(grant),
        "may_answer": lifecycle.possible(grant, events.OfferAccepted(), actor=request.user),
        "answered": grant.state != "offer_sent",
    }
    return render(request, "disbursements/offer.html", context)


def offer_accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signatory accepts."""
    grant = seen_grant(request, pk)
    require(lifecycle.possible(grant, events.OfferAccepted(), actor=request.user))
    form, back = forms.Form(request.POST), pages.url("grant_detail", grant)
    answer = acted(
        request, form, lambda: awards.accept_offer(grant, actor=person(request)), to=back,
        done=_("Accepted. The fund now draws up the agreement."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=grant, title=_("Accept the offer"), cancel=pages.url("offer", grant),
        what=_("The fund draws up the agreement; it binds both sides only when both have signed it."),
        undo=_("Yes: until you sign the agreement nothing binds you."), submit=_("Accept the offer"),
    )  # fmt: skip


def offer_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signatory declines, and says why."""
    grant = seen_grant(request, pk)
    require(lifecycle.possible(grant, events.OfferDeclined(), actor=request.user))
    form, back = ReasonForm(request.POST or None), pages.url("grant_detail", grant)
    answer = acted(
        request, form, lambda: awards.decline_offer(grant, actor=person(request), **form.cleaned_data), to=back,
        done=_("Declined. Your reason helps the fund to do better."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=grant, title=_("Decline the offer"), cancel=pages.url("offer", grant), danger=True,
        what=_("The money goes back to the call, where another organisation may receive it."),
        undo=_("No. You may apply again in another call."), submit=_("Decline the offer"),
    )  # fmt: skip


def agreement_draw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Draw the agreement up from the call's rules; before the signature it can be drawn anew."""
    grant = seen_grant(request, pk)
    if grant.state not in {"offer_accepted", "agreement_drafted"}:
        raise Http404
    form, back = StartForm(request.POST or None, grant=grant), pages.url("agreement", grant)
    answer = acted(
        request, form, lambda: draft_agreement(grant, actor=person(request), **form.cleaned_data), to=back,
        done=_("The agreement is drawn up in both languages; the organisation was told."),
    )  # fmt: skip
    context = {
        "grant": grant,
        "form": form,
        "rows": plan_shown(grant),
        "conditions": conditions.conditions_of(grant),
        "start_by": durations.start_by(grant),
        "should_have_begun": durations.should_have_begun(grant),
    }
    return answer or render(request, "disbursements/agreement_draw.html", context)


def agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The agreement as text on the page, with both files and their hashes; the way to the signature."""
    grant = seen_grant(request, pk)
    if not grant.agreement_ar_sha256:
        raise Http404
    context = {
        "grant": grant,
        "step": pages.grant_step(grant, request.user),
        "signed": Money(signed_minor(grant), grant.currency),
        "text": agreements.text_of(grant, request.LANGUAGE_CODE),
        "budget": budgets.by_category(grant),
        "rows": plan_shown(grant),
        "may_sign": lifecycle.possible(grant, _signature(grant), actor=request.user),
    }
    return render(request, "disbursements/agreement.html", context)


def _signature(grant: Grant) -> events.AgreementSigned | events.AgreementCountersigned:
    """The signature that comes next, of exactly these texts."""
    event = events.AgreementCountersigned if grant.state == "signed_by_partner" else events.AgreementSigned
    return event(sha256_ar=grant.agreement_ar_sha256, sha256_en=grant.agreement_en_sha256)


def agreement_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign for the partner, or countersign for the fund."""
    grant = seen_grant(request, pk)
    require(lifecycle.possible(grant, _signature(grant), actor=request.user))
    sign = agreements.countersign if grant.state == "signed_by_partner" else agreements.sign
    shown = {"sha256_ar": grant.agreement_ar_sha256, "sha256_en": grant.agreement_en_sha256}
    form = SignForm(request.POST or None, initial=shown)
    answer = acted(
        request, form, to=pages.url("grant_detail", grant), done=_("Signed, and recorded with its proof."),
        act=lambda: sign(
            grant, sha256_ar=form.cleaned_data["sha256_ar"], sha256_en=form.cleaned_data["sha256_en"], actor=person(request)
        ),
    )  # fmt: skip
    return answer or render(request, "disbursements/agreement_sign.html", {"grant": grant, "form": form})


def agreement_file(request: HttpRequest, pk: UUID, language: str) -> HttpResponseBase:
    """The agreement as PDF in one language."""
    grant = seen_grant(request, pk)
    file = grant.agreement_ar if language == "ar" else grant.agreement_en
    if not file:
        raise Http404
    return send_private(file, name=f"{grant.reference}.{language}")
