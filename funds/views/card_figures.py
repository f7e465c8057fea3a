"""Figures of gifts by card, opened into Stripe's movements and their transfers."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from funds.models import Gift
from funds.selectors import card_figures as behind
from funds.selectors import cards as selectors
from ledger.figures import Behind, Made, page_of


def _shown(request: HttpRequest, made: Behind | Made, gift: Gift, name: str) -> HttpResponse:
    words: dict[str, Any] = {"label": gift.reference, "name": name, "back_title": gift.reference}
    back = reverse("funds:gift_detail", args=[gift.pk])
    return render(request, "ledger/figure.html", page_of(made, request.GET.get("page"), back=back, **words))


def gift_figure(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """What arrived of a gift, or what was asked for."""
    gift = get_object_or_404(selectors.gifts_visible_to(request.user), pk=pk)
    if name not in behind.GIFT_FIGURES:
        raise Http404
    words = _("Asked for") if name == behind.ASKED else _("Amount")
    return _shown(request, behind.behind_gift(gift, name), gift, words)


def movement_figure(request: HttpRequest, pk: UUID, movement: int, name: str) -> HttpResponse:
    """What one of Stripe's movements of a gift changed, or cost."""
    gift = get_object_or_404(selectors.gifts_visible_to(request.user), pk=pk)
    entry = get_object_or_404(gift.entries.select_related("leaf"), pk=movement)
    if name not in behind.MOVEMENT_FIGURES:
        raise Http404
    words = _("Fee") if name == behind.FEE else _("Amount")
    return _shown(request, behind.behind_movement(entry, name), gift, f"{entry.stripe_id} · {words}")


def refund_figure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What Stripe moved to give a gift back."""
    refund = get_object_or_404(selectors.refunds_visible_to(request.user), pk=pk)
    made = behind.behind_refund(refund)
    if made is None:
        raise Http404
    return _shown(request, made, refund.gift, _("Refunds"))
