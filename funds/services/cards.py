"""Gifts by card: begun on the fund's page, paid on Stripe's, entered into the books as Stripe's API shows them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle, outbox, vault
from funds import events, giving, stripe_api
from funds.giving import Payment
from funds.models import Gift, GiftRefund, Giver
from funds.models.cards import BEFORE_MONEY, GIFT_EVENTS
from funds.selectors import cards
from funds.services import card_books
from funds.states import DifferenceKind, GiftState, Purpose, RefundState
from kernel import codes, identity
from kernel.permissions import Refused

LETTER = "funds.gift_letter"
REFUND = "funds.gift_refund"


# Beginning ---------------------------------------------------------------------------------------------------------


@identity.system("funds.giving")
@transaction.atomic
def begin(*, amount_minor: int, currency: str, purpose: str, name: str, email: str, language: str) -> Gift:
    """Write down what a giver wants to give; nothing is paid yet. No sign-in: the fund itself records it."""
    giver = _giver(email)
    now = timezone.now()
    gift = Gift(
        reference=codes.reference("GFT", timezone.localdate(now).year),
        giver=giver,
        data_key=giver.data_key,
        name=name,
        amount_minor=amount_minor,
        currency=currency,
        purpose=purpose,
        language=language,
        begun_at=now,
    )
    event = events.GiftBegun(amount_minor=amount_minor, currency=currency, purpose=str(purpose))
    return lifecycle.create(gift, event, actor=None)


def _giver(email: str) -> Giver:
    """Whoever gives under this address; without an address everybody is somebody new."""
    address = email.strip().lower()
    found = cards.giver_of(address) if address else None
    return found or _new_giver(address)


def _new_giver(address: str) -> Giver:
    giver = Giver(email=address, email_index=vault.index(cards.ADDRESS, address) if address else "")
    giver.data_key = vault.key_for(giver.pk)
    try:
        with transaction.atomic():
            giver.save(force_insert=True)
    except IntegrityError:
        found = cards.giver_of(address)
        if found is None:
            raise
        return found
    return giver


@vault.reindexing
def index_addresses_anew() -> int:
    """Write the digests by which givers are found under the outer key that now wraps; how many changed."""
    changed = 0
    for giver in (
        Giver.objects.filter(data_key__wrapped__isnull=False).exclude(email_index="").select_related("data_key")
    ):
        found = vault.index(cards.ADDRESS, giver.email)
        if giver.email_index != found:
            changed += Giver.objects.filter(pk=giver.pk).update(email_index=found)
    return changed


def open_checkout(gift: Gift, *, success_url: str, cancel_url: str) -> str:
    """The address of the gift's Checkout page at Stripe; raises `stripe_api.StripeError`, and nothing was charged then."""
    with identity.system("funds.giving"):
        email = gift.giver.email
    order = stripe_api.Order(
        gift=str(gift.pk),
        reference=gift.reference,
        amount_minor=gift.amount_minor,
        currency=gift.currency,
        name=str(Purpose(gift.purpose).label),
        email=email,
        language=gift.language,
    )
    made = stripe_api.open_checkout(order, success_url=success_url, cancel_url=cancel_url)
    with identity.system("funds.giving"):
        Gift.objects.filter(pk=gift.pk, checkout="").update(checkout=made.key)
    return made.url


# Following what the API shows ----------------------------------------------------------------------------------------


@transaction.atomic
def follow(gift_id: UUID) -> Gift:
    """Bring a gift to what Stripe's API shows now, whatever was told in which order; the row stays locked meanwhile.

    Raises `stripe_api.StripeError` when Stripe cannot be asked.
    """
    gift = Gift.objects.select_for_update(no_key=True).get(pk=gift_id)
    Gift.objects.filter(pk=gift_id).update(followed_at=Now())
    status, intent = "", gift.intent
    if gift.checkout and (not intent or gift.state in BEFORE_MONEY):
        found = stripe_api.session(gift.checkout)
        status, intent = found.status, intent or found.intent
    if not intent:
        return _step_to(gift, giving.state_of(None, session_status=status or "expired"), None)
    if not gift.intent:
        Gift.objects.filter(pk=gift.pk).update(intent=intent)
    payment = stripe_api.payment(intent, session_status=status)
    gift = _step_to(gift, giving.state_of(payment, session_status=status or "complete"), payment)
    for movement in payment.movements:
        card_books.enter(movement, gift)
    _settle_refunds(gift, payment)
    return gift


def _step_to(gift: Gift, wanted: str, payment: Payment | None) -> Gift:
    for state in giving.steps(str(gift.state), wanted):
        if state != GiftState.RECEIVED or payment is None:
            gift = lifecycle.move(gift, GIFT_EVENTS[state](), actor=None)
            continue
        first = gift.state in BEFORE_MONEY
        event = events.GiftReceived(amount_minor=payment.received_minor, currency=payment.currency)
        changes = {"received_minor": payment.received_minor, "received_at": timezone.now()} if first else {}
        gift = lifecycle.move(gift, event, actor=None, changes=changes)
        if first:
            _check_what_arrived(gift, payment)
            outbox.put(LETTER, {"gift": str(gift.pk)}, dedupe_key=str(gift.pk))
    return gift


def _check_what_arrived(gift: Gift, payment: Payment) -> None:
    if (payment.currency, payment.received_minor) != (gift.currency, gift.amount_minor):
        card_books.find_difference(
            DifferenceKind.CURRENCY, gift.reference, currency=payment.currency,
            expected_minor=gift.amount_minor, found_minor=payment.received_minor, gift=gift,
        )  # fmt: skip


def follow_news(gift: Gift, *, since: datetime) -> Gift:
    """Follow a gift unless Stripe was asked about it after the news arrived: that answer knew of it."""
    locked = Gift.objects.select_for_update(no_key=True).get(pk=gift.pk)
    return locked if locked.followed_at is not None and locked.followed_at > since else follow(locked.pk)


def of_intent(intent: str) -> Gift | None:
    """The gift of a payment, also when the payment is told of before its Checkout page; None: no gift of ours."""
    known = Gift.objects.filter(intent=intent).first()
    if known is None:
        named = _uuid(stripe_api.payment(intent).gift)
        known = Gift.objects.filter(pk=named, intent="").first() if named is not None else None
        if known is not None:
            Gift.objects.filter(pk=known.pk, intent="").update(intent=intent)
    return known


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# Refunds: asked by one, released by another, carried out by a worker -------------------------------------------------


def ask_refund(gift: Gift, *, amount_minor: int, why: str, actor: User) -> GiftRefund:
    """Ask that ``amount_minor`` of a gift goes back to its giver; raises `Refused`."""
    refund = GiftRefund(gift=gift, amount_minor=amount_minor, why=why, asked_by=actor)
    event = events.GiftRefundAsked(gift=gift.pk, amount_minor=amount_minor, currency=gift.currency)
    try:
        return lifecycle.create(refund, event, actor=actor)
    except IntegrityError as error:
        raise Refused(_("A refund of this gift is under way already.")) from error


@transaction.atomic
def release_refund(refund: GiftRefund, *, actor: User) -> GiftRefund:
    """Let a refund go as a second person; a worker carries it out at Stripe."""
    done = lifecycle.move(refund, events.GiftRefundReleased(), actor=actor, changes={"decided_by": actor})
    outbox.put(REFUND, {"refund": str(done.pk)}, dedupe_key=str(done.pk))
    return done


def decline_refund(refund: GiftRefund, *, actor: User, reason: str) -> GiftRefund:
    """Do not give it back."""
    return lifecycle.move(
        refund, events.GiftRefundDeclined(), actor=actor, reason=reason, changes={"decided_by": actor}
    )


@outbox.handler(REFUND)
def send_refund(payload: dict[str, Any]) -> None:
    """Give money back at Stripe under the refund's own key: asked again, Stripe answers with the same refund."""
    refund = GiftRefund.objects.select_for_update(no_key=True).get(pk=payload["refund"])
    if refund.state != RefundState.RELEASED:
        return
    try:
        key = stripe_api.refund(key=str(refund.pk), intent=_intent_of(refund), amount_minor=refund.amount_minor)
    except stripe_api.Refusal as refusal:
        lifecycle.move(refund, events.GiftRefundFailed(), actor=None, changes={"refusal": str(refusal)[:1000]})
        return
    lifecycle.move(refund, events.GiftRefundSent(stripe_id=key), actor=None, changes={"stripe_id": key})
    follow(refund.gift_id)


def _intent_of(refund: GiftRefund) -> str:
    return Gift.objects.values_list("intent", flat=True).get(pk=refund.gift_id)


def _settle_refunds(gift: Gift, payment: Payment) -> None:
    """A refund that the giver's bank sent back has failed."""
    failed = [one for one in payment.refunds if one.status in {"failed", "canceled"}]
    for refund in GiftRefund.objects.filter(
        gift=gift, state=RefundState.SENT, stripe_id__in=[one.key for one in failed]
    ):
        lifecycle.move(refund, events.GiftRefundFailed(), actor=None, changes={"refusal": "failed"})
