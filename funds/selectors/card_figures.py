"""What stands behind figures of gifts by card: Stripe's movements of a gift, and the transfers of each movement."""

from collections.abc import Iterator
from typing import Final

from django.db.models import BigIntegerField, Case, F, Q, When
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds.giving import CLEARING, FEES
from funds.models import CardEntry, Gift, GiftRefund
from funds.states import RefundState
from kernel.money import Money
from kernel.pieces.words import day_in_words
from ledger.figures import Behind, Made, Piece, made_of, signed
from ledger.models import Transfer

AMOUNT, ASKED, FEE = "amount", "asked", "fee"
GIFT_FIGURES: Final = (AMOUNT, ASKED)
MOVEMENT_FIGURES: Final = (AMOUNT, FEE)
_ARRIVALS: Final = ("charge", "payment")
"""Kinds of Stripe's movements by which a gift comes."""
_GOES_BACK: Final = (RefundState.RELEASED, RefundState.SENT)
"""States of refunds that move money."""


def behind_movement(entry: CardEntry, name: str) -> Behind:
    """The transfers by which a movement changed what Stripe holds (`AMOUNT`), or what it charged for it (`FEE`)."""
    clearing, fees = f"{CLEARING}/{entry.currency}", f"{FEES}/{entry.currency}"
    found = Transfer.objects.filter(leaf=entry.leaf)
    fee = Q(debit__code=fees) | Q(credit__code=fees)
    if name == FEE:
        found, up = found.filter(fee), Q(debit__code=fees)
    else:
        found = found.filter(Q(debit__code=clearing) | Q(credit__code=clearing)).exclude(fee)
        up = Q(debit__code=clearing)
    told = Case(When(up, then=F("amount_minor")), default=-F("amount_minor"), output_field=BigIntegerField())
    return signed(found, told, entry.currency)


def behind_gift(gift: Gift, name: str) -> Made:
    """What arrived of a gift, or was meant before it did (`AMOUNT`); what was asked for (`ASKED`)."""
    if name == AMOUNT:
        return made_of(_arrived(gift) if gift.received_minor else _meant(gift), gift.currency)
    asked, arrived = Money(gift.amount_minor, gift.currency), Money(gift.received_minor, gift.currency)
    pieces = [Piece(_("Arrived"), arrived, _url(gift, AMOUNT))] if arrived else []
    if rest := asked - arrived:
        pieces.append(Piece(_("Not arrived"), rest, hint=gift.get_state_display()))
    return made_of(pieces, gift.currency)


def _url(gift: Gift, name: str) -> str:
    return reverse("funds:gift_figure", args=[gift.pk, name])


def _meant(gift: Gift) -> Iterator[Piece]:
    yield Piece(_("Asked for"), gift.money, _url(gift, ASKED), gift.get_state_display())


def _arrived(gift: Gift) -> Iterator[Piece]:
    """Stripe's movements by which it came; where Stripe keeps another currency, each has its share of the gift."""
    rows = list(gift.entries.filter(kind__in=_ARRIVALS, amount_minor__gt=0).order_by("happened_at"))
    parts = gift.money.allocate([one.amount_minor for one in rows]) if rows else []
    if all(one.currency == gift.currency for one in rows):
        parts = [Money(one.amount_minor, one.currency) for one in rows]
    for one, money in zip(rows, parts, strict=True):
        yield _movement(one, money, share=one.currency != gift.currency)
    if rest := gift.money - sum(parts, Money(0, gift.currency)):
        yield Piece(_("Not in the books yet"), rest)


def _movement(one: CardEntry, money: Money, *, share: bool = False) -> Piece:
    url = reverse("funds:movement_figure", args=[one.gift_id, one.pk, AMOUNT])
    day = day_in_words(localdate(one.happened_at), language=get_language() or "ar")
    return Piece(one.stripe_id, money, url, day, share=share)


def behind_refund(refund: GiftRefund) -> Made | None:
    """The movement that gave a gift, or a part of it, back; None where nothing goes back."""
    if refund.state not in _GOES_BACK:
        return None
    gift, whole = refund.gift, Money(refund.amount_minor, refund.gift.currency)
    rows = list(gift.entries.filter(source=refund.stripe_id, amount_minor__lt=0)) if refund.stripe_id else []
    same = [one for one in rows if one.currency == gift.currency]
    pieces = [_movement(one, Money(-one.amount_minor, one.currency)) for one in same]
    if rest := whole - sum((one.money for one in pieces), Money(0, gift.currency)):
        pieces.append(Piece(_("Not in the books yet"), rest, hint=refund.get_state_display()))
    return made_of(pieces, gift.currency)
