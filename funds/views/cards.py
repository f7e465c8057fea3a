"""Gifts by card for officers: what arrived, refunds, payouts, what Stripe sent, and where it differs from the books."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from funds import rules, stripe_api
from funds.forms import EmptyForm, GatherForm, GiftFilterForm, PayoutForm, ReasonForm, RefundForm
from funds.models import GiftRefund
from funds.selectors import cards as selectors
from funds.services import card_books, cards
from funds.states import RestrictionClass
from funds.views.common import acted, posted
from kernel.money import Money
from ledger import figures

PAGE = 25


def _gift_url(gift: Any) -> str:
    return reverse("funds:gift_detail", args=[gift.pk])


def _to_gifts(_done: Any) -> str:
    return reverse("funds:gift_list")


def gift_list(request: HttpRequest) -> HttpResponse:
    """Gifts, what waits for a person, and what was not gathered yet."""
    form = GiftFilterForm(request.GET)
    found = selectors.filtered_gifts(selectors.gifts_visible_to(request.user), **form.filters())
    differences = selectors.differences_visible_to(request.user).filter(state="open")
    context = {
        "form": form,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "pools": [(one, RestrictionClass(name).label, held) for one, name, held in selectors.pools()],
        "payouts": selectors.payouts_visible_to(request.user)[:PAGE],
        "differences": differences[:PAGE],
        "refunds": selectors.refunds_visible_to(request.user).filter(state="asked"),
        "may_keep": rules.may_keep(request.user),
        "is_on": stripe_api.is_on(),
    }
    return render(request, "funds/gift_list.html", context)


def gift_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One gift: its giver, what Stripe moved, refunds, and what was recorded."""
    gift = get_object_or_404(selectors.gifts_visible_to(request.user), pk=pk)
    entries = list(gift.entries.order_by("happened_at"))
    refunds = list(selectors.refunds_visible_to(request.user).filter(gift=gift))
    context = {
        "gift": gift,
        "movements": entries,
        "refunds": refunds,
        "may_refund": gift.state == "received" and rules.may_keep(request.user),
        "entries": timeline(gift, *entries, *refunds),
    }
    return render(request, "funds/gift_detail.html", context)


def refund_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that a gift, or a part of it, goes back."""
    gift = get_object_or_404(selectors.gifts_visible_to(request.user), pk=pk)
    form = RefundForm(*posted(request), gift=gift)
    answer = acted(
        request,
        form,
        lambda: cards.ask_refund(gift, **form.cleaned_data, actor=person(request)),
        done=_("Asked for. A second person releases it."),
        to=lambda _made: _gift_url(gift),
    )
    context = {"form": form, "title": _("Give the gift back"), "cancel": _gift_url(gift)}
    return answer or render(request, "funds/form.html", context)


def _refund(request: HttpRequest, pk: UUID) -> GiftRefund:
    return get_object_or_404(selectors.refunds_visible_to(request.user), pk=pk)


def refund_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a refund go as a second person."""
    refund = _refund(request, pk)
    form = EmptyForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: cards.release_refund(refund, actor=person(request)),
        done=_("Released. Stripe gives the money back."),
        to=lambda _made: _gift_url(refund.gift),
    )
    return answer or render(request, "funds/refund_release.html", {"form": form, "refund": refund})


def refund_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Do not give it back."""
    refund = _refund(request, pk)
    form = ReasonForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: cards.decline_refund(refund, actor=person(request), reason=form.cleaned_data["reason"]),
        done=_("Declined."),
        to=lambda _made: _gift_url(refund.gift),
    )
    context = {"form": form, "title": _("Decline the refund"), "cancel": _gift_url(refund.gift)}
    return answer or render(request, "funds/form.html", context)


def payout_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a payout stands in the bank's statement."""
    entry = get_object_or_404(selectors.payouts_visible_to(request.user), pk=pk)
    form = PayoutForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: card_books.confirm_payout(entry, **form.cleaned_data, actor=person(request)),
        done=_("Confirmed: the money is in the fund's bank."),
        to=_to_gifts,
    )
    return answer or render(request, "funds/payout_confirm.html", {"form": form, "entry": entry})


def pool(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The transfers that add up to what was not gathered yet of one pool."""
    found = {one.pk: (one, name) for one, name, _held in selectors.pools()}
    if pk not in found:
        raise Http404
    account, name = found[pk]
    words: dict[str, Any] = {
        "label": str(RestrictionClass(name).label), "name": _("Not gathered yet"), "back": reverse("funds:gift_list"),
        "back_title": _("Gifts by card"),
    }  # fmt: skip
    behind = figures.behind_free(account)
    return render(request, "ledger/figure.html", figures.page_of(behind, request.GET.get("page"), **words))


def gather(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record the gifts of a pool as one contribution."""
    found = {one.pk: (one, name, held) for one, name, held in selectors.pools()}
    if pk not in found:
        raise Http404
    pool, restriction, held = found[pk]
    form = GatherForm(*posted(request), user=request.user, restriction_class=restriction)
    answer = acted(
        request,
        form,
        lambda: card_books.gather(pool, **form.cleaned_data, actor=person(request)),
        done=_("Recorded. A second person confirms it."),
        to=lambda made: reverse("funds:contribution_detail", args=[made.pk]),
    )
    context = {"form": form, "title": _("Gather gifts into a contribution"), "cancel": reverse("funds:gift_list")}
    return answer or render(
        request, "funds/gather.html", {**context, "pool": pool, "held": Money(held.minor, held.currency)}
    )


def difference_explain(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Explain why Stripe and the books differ."""
    found = get_object_or_404(selectors.differences_visible_to(request.user), pk=pk)
    form = ReasonForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: card_books.explain_difference(found, actor=person(request), reason=form.cleaned_data["reason"]),
        done=_("Explained."),
        to=_to_gifts,
    )
    context = {"form": form, "difference": found, "entries": timeline(found)}
    return answer or render(request, "funds/difference_explain.html", context)


def delivery_list(request: HttpRequest) -> HttpResponse:
    """What arrived at the webhook, and what became of it."""
    page = Paginator(selectors.deliveries_visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "funds/delivery_list.html", {"page": page})
