"""The signatory's page of the public register: what everybody would read, consent, and the way out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import person
from organisations import rules, services
from organisations.listing_forms import ListingForm
from organisations.models import Listing
from organisations.selectors import listing as selectors
from organisations.views.common import acted, allowed, posted


def listing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read what the register tells, and consent to it."""
    organisation = allowed(request, pk, rules.may_keep_listing)
    current = selectors.listing_of(organisation)
    initial = {"sectors": current.sectors, "tells_leadership": current.tells_leadership} if current else {}
    form = ListingForm(*posted(request))
    form.initial.update(initial)
    answer = acted(
        request,
        form,
        lambda: services.consent_to_register(
            organisation,
            sectors=form.cleaned_data["sectors"],
            tells_leadership=form.cleaned_data["tells_leadership"],
            actor=person(request),
        ),
        done=_("Your organisation stands in the public register."),
        to=reverse("organisations:listing", args=[pk]),
    )
    shown = current or Listing(organisation=organisation, sectors=[], tells_leadership=True)
    context = {
        "organisation": organisation, "form": form, "current": current, "entry": selectors.entry(shown, selectors.sizes()),
        "may": rules.may_consent(shown, actor=request.user),
    }  # fmt: skip
    return answer or render(request, "organisations/listing.html", context)


@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave the register at once."""
    organisation = allowed(request, pk, rules.may_keep_listing)
    current = selectors.listing_of(organisation)
    if current is not None:
        services.withdraw_from_register(current, actor=person(request))
        messages.success(request, _("Your organisation is in the public register no longer."))
    return redirect("organisations:listing", pk=pk)
