"""The public donor page: a form, then Stripe's own page; and the webhook by which Stripe says that something happened."""

import logging

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from funds import papers, stripe_api
from funds.forms import GiveForm
from funds.models import Gift
from funds.selectors import cards as selectors
from funds.services import cards, certificates, inbox
from funds.states import Verdict
from funds.views.common import posted
from kernel import identity, limits
from kernel.downloads import private_file

log = logging.getLogger(__name__)
BODY_BYTES = 512 * 1024
REFUSED = {Verdict.FORGED, Verdict.REPLAYED, Verdict.UNREADABLE}


def give(request: HttpRequest) -> HttpResponse:
    """What a giver wants to give; then the browser goes to Stripe. Without keys the page says that cards are off."""
    if not stripe_api.is_on():
        return render(request, "funds/give_off.html")
    form = GiveForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        if not limits.within(request, "give", most=settings.GIFTS_PER_HOUR):
            form.add_error(None, _("Too many gifts were begun from here. Try again in an hour."))
        elif address := _checkout(form):
            return HttpResponseRedirect(address)
    return render(request, "funds/give.html", {"form": form})


def _checkout(form: GiveForm) -> str:
    """Where the giver pays; empty when Stripe does not answer, which the form then says."""
    gift = cards.begin(**form.cleaned_data, language=(get_language() or "ar")[:2])
    base = settings.SITE_URL.rstrip("/")
    own = base + reverse("giving:gift", args=[selectors.token_of(gift)])
    try:
        return cards.open_checkout(gift, success_url=own, cancel_url=base + reverse("giving:give"))
    except stripe_api.StripeError:
        log.exception("Stripe opened no Checkout page")
        form.add_error(None, _("Stripe does not answer just now. Nothing was charged. Try again in a few minutes."))
        return ""


@never_cache
def gift(request: HttpRequest, token: str) -> HttpResponse:
    """A gift as its giver sees it, by the link that only they have."""
    context = {"gift": _found(token), "token": token}
    return render(request, "funds/give_gift.html", context)


def _found(token: str) -> Gift:
    found = selectors.gift_of(token)
    if found is None:
        raise Http404
    return found


def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt of a gift that arrived, as PDF."""
    found = _found(token)
    if found.received_at is None:
        raise Http404
    with identity.system("funds.giving"):
        return private_file(papers.receipt(found, (get_language() or "ar")[:2]), f"{found.reference}.pdf")


def ask_certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Send the certificate of the year to the address of the gift's giver; the page says the same in every case."""
    found = _found(token)
    if limits.within(request, "certificate", most=settings.GIFTS_PER_HOUR):
        certificates.ask_for(found)
    messages.success(request, _("The certificate is sent to the e-mail address of this gift, when it has one."))
    return redirect("giving:gift", token)


def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """The certificate of a year, by the link in the letter."""
    with identity.system("funds.giving"):
        found = selectors.certificate_of(token)
        if found is None:
            raise Http404
        return private_file(papers.certificate(found, (get_language() or "ar")[:2]), f"{found.reference}.pdf")


@csrf_exempt
def webhook(request: HttpRequest) -> HttpResponse:
    """Take one delivery of Stripe. What is judged forged, replayed or unreadable is refused, everything else taken."""
    if not stripe_api.is_on():
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > BODY_BYTES:
        return HttpResponse(status=413)
    verdict = inbox.take(request.body, request.headers.get("Stripe-Signature", ""))
    return HttpResponse(str(verdict.value), content_type="text/plain", status=400 if verdict in REFUSED else 200)
