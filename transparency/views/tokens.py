"""A donor's tokens: made by its representatives, shown once, revoked at any time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from funds.models import Donor
from kernel.permissions import require
from transparency.forms import TokenForm
from transparency.selectors import giving, tokens
from transparency.services import tokens as services
from transparency.token_rules import may_make_tokens


def _donor(request: HttpRequest, pk: UUID) -> Donor:
    donor: Donor = get_object_or_404(giving.donors_for(request.user), pk=pk)
    return donor


def _listing(request: HttpRequest, donor: Donor, **more: Any) -> HttpResponse:
    context = {"donor": donor, "tokens": tokens.tokens_of(donor, request.user), **more}
    response = render(request, "transparency/donor_tokens.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def donor_tokens(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The tokens that the person sees."""
    donor = _donor(request, pk)
    return _listing(request, donor, makes=bool(may_make_tokens(donor, request.user)))


def donor_token_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make one; the answer shows it, and nothing ever shows it again."""
    donor = _donor(request, pk)
    require(may_make_tokens(donor, request.user))
    form = TokenForm(request.POST or None)
    if not form.is_valid():
        return render(request, "transparency/donor_token_new.html", {"form": form, "donor": donor})
    token, secret = services.make(donor, **form.cleaned_data, actor=request.user)
    return _listing(request, donor, made=token, secret=secret)


def donor_token_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close it, at once."""
    token = get_object_or_404(tokens.visible_to(request.user), pk=pk)
    services.revoke(token, actor=request.user)
    messages.success(request, _("The token is revoked."))
    return redirect("transparency:donor_tokens", pk=token.donor_id)
