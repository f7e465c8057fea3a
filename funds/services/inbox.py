"""The inbox of webhooks: every delivery is kept as it came and judged; only the first true one has an effect, by a worker.

An event is a hint that something happened. What happened is asked of Stripe's API.
"""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from stripe import SignatureVerificationError, WebhookSignature

from audit import outbox, vault
from funds import giving, stripe_api
from funds.models import Gift, WebhookDelivery
from funds.models.cards import BODY_MOST
from funds.services import card_books, cards
from funds.states import Verdict
from kernel import identity

log = logging.getLogger(__name__)
EVENT: Final = "funds.stripe_event"
SIGNED_WITHIN: Final = timedelta(minutes=5)
"""A signature older or younger than this is a replay: Stripe signs each retry anew."""
LATE_AFTER: Final = timedelta(hours=1)
FORGED_AN_HOUR: Final = 200
"""How many forged deliveries are kept of one hour; the log of the machine counts the others."""
FORGED_KEPT: Final = 4096
"""Characters that are kept of a body whose signature is not Stripe's."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a delivery says, before anything is believed."""

    key: str = ""
    kind: str = ""
    about: str = ""
    happened_at: datetime | None = None
    live: bool = False
    readable: bool = False


@identity.system("funds.webhook")
def take(body: bytes, signature: str) -> Verdict:
    """Keep a delivery, judge it, and owe its effect when it is the first true one of its event."""
    verified, fresh = _signed(body, signature)
    read = _read(body) if verified else _Read()
    verdict = _verdict(read, verified=verified, fresh=fresh)
    if verdict is Verdict.FORGED and _too_many_forged():
        log.warning("forged webhook not kept: too many in one hour")
        return verdict
    if verdict is not Verdict.ACCEPTED:
        _keep(body, signature, read, verified=verified, verdict=verdict)
        return verdict
    try:
        with transaction.atomic():
            kept = _keep(body, signature, read, verified=True, verdict=verdict)
            outbox.put(EVENT, {"delivery": str(kept.pk)}, dedupe_key=read.key)
    except IntegrityError:
        _keep(body, signature, read, verified=True, verdict=Verdict.DUPLICATE)
        return Verdict.DUPLICATE
    return verdict


def _signed(body: bytes, header: str) -> tuple[bool, bool]:
    """Whether the signature is that of our secret, and whether it was made just now."""
    try:
        WebhookSignature.verify_header(body.decode(), header, settings.STRIPE_WEBHOOK_SECRET)
        moment = next(int(part[2:]) for part in header.split(",") if part.startswith("t="))
        signed_at = datetime.fromtimestamp(moment, tz=UTC)
    except (SignatureVerificationError, UnicodeDecodeError, ValueError, StopIteration, OverflowError, OSError):
        return False, False
    return True, abs(timezone.now() - signed_at) <= SIGNED_WITHIN


def _read(body: bytes) -> _Read:
    try:
        event: Any = json.loads(body)
        key, kind = event["id"], event["type"]
        happened = datetime.fromtimestamp(int(event["created"]), tz=UTC)
        named = giving.named_by(event)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, OSError):
        return _Read()
    if not (isinstance(key, str) and 0 < len(key) <= 120 and isinstance(kind, str) and len(kind) <= 120):
        return _Read()
    about = (named.intent or named.session or named.payout)[:120]
    return _Read(key, kind, about, happened, live=event.get("livemode") is True, readable=True)


def _verdict(read: _Read, *, verified: bool, fresh: bool) -> Verdict:
    if not verified:
        return Verdict.FORGED
    if not fresh:
        return Verdict.REPLAYED
    if not read.readable:
        return Verdict.UNREADABLE
    if read.live != stripe_api.is_live():
        return Verdict.OTHER_MODE
    known = WebhookDelivery.objects.filter(event_id=read.key, verdict=Verdict.ACCEPTED).exists()
    return Verdict.DUPLICATE if known else Verdict.ACCEPTED


def _too_many_forged() -> bool:
    since = timezone.now() - timedelta(hours=1)
    return WebhookDelivery.objects.filter(verdict=Verdict.FORGED, received_at__gte=since).count() >= FORGED_AN_HOUR


def _keep(body: bytes, signature: str, read: _Read, *, verified: bool, verdict: Verdict) -> WebhookDelivery:
    text = body.decode(errors="replace")
    delivery = WebhookDelivery(
        event_id=read.key,
        kind=read.kind,
        about=read.about,
        happened_at=read.happened_at,
        body=text[:BODY_MOST] if verified else text[:FORGED_KEPT],
        body_sha256=hashlib.sha256(body).hexdigest(),
        signature=_printable(signature)[:500],
        verified=verified,
        verdict=verdict,
        late=read.happened_at is not None and timezone.now() - read.happened_at > LATE_AFTER,
        out_of_order=_newer_came_before(read),
    )
    delivery.data_key = vault.key_for(delivery.pk)
    delivery.save(force_insert=True)
    return delivery


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _newer_came_before(read: _Read) -> bool:
    if not read.about or read.happened_at is None:
        return False
    newer = WebhookDelivery.objects.filter(about=read.about, happened_at__gt=read.happened_at, verdict=Verdict.ACCEPTED)
    return newer.exists()


@outbox.handler(EVENT)
def act_on(payload: dict[str, Any]) -> None:
    """Ask the API how the object of an event stands now; idempotent, and indifferent to the order of events."""
    delivery = WebhookDelivery.objects.select_related("data_key").get(pk=payload["delivery"])
    named = giving.named_by(json.loads(delivery.body))
    if named.payout:
        for movement in stripe_api.payout_movements(named.payout):
            card_books.enter(movement, None)
        return
    gift = Gift.objects.filter(checkout=named.session).first() if named.session else None
    gift = gift or (cards.of_intent(named.intent) if named.intent else None)
    if gift is not None:
        cards.follow_news(gift, since=delivery.received_at)
