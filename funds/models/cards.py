"""Gifts by card and bank debit: givers, gifts, what Stripe sent and holds, refunds, and where it differs from the books."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards
from audit.models import Recorded, Sealing, Stateful
from audit.sealed import SealedTextField
from audit.walls import walled
from funds import events
from funds.states import DifferenceKind, DifferenceState, GiftState, Purpose, RefundState, Verdict
from kernel.money import Money

BODY_MOST = 256 * 1024
"""Most characters of a webhook's body; Stripe's are far smaller."""
BEFORE_MONEY = [GiftState.STARTED, GiftState.PROCESSING, GiftState.FAILED, GiftState.EXPIRED]


@walled
@guards.append_only(except_columns=("email_index",))
class Giver(Sealing):
    """A person who gives by card: known by the address that they typed, or by nothing at all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = SealedTextField(max_length=254, blank=True)
    email_index = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="giver_once_per_address", fields=["email_index"], condition=~Q(email_index=""))
        ]

    def __str__(self) -> str:
        return str(self.pk)


@walled
@guards.fixed(
    "reference", "giver", "data_key", "name", "amount_minor", "currency", "purpose", "language", "begun_at",
    by_moves=("received_minor", "received_at"),
    once=("checkout", "intent"),
)  # fmt: skip
@guards.guarded
class Gift(Sealing, Stateful):
    """What a giver wanted to give, and where it stands by Stripe's word. Its money is in the books by `CardEntry`."""

    state = FSMField(default=GiftState.STARTED, choices=GiftState.choices, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    giver = models.ForeignKey(Giver, on_delete=models.PROTECT, related_name="gifts")
    name = SealedTextField(subject="giver_id", max_length=200, blank=True)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    language = models.CharField(max_length=2)
    begun_at = models.DateTimeField(_("begun"))
    checkout = models.CharField(max_length=120, blank=True)
    intent = models.CharField(max_length=120, blank=True)
    received_minor = models.BigIntegerField(_("received"), default=0)
    received_at = models.DateTimeField(_("received at"), null=True)
    followed_at = models.DateTimeField(null=True, editable=False)
    """When Stripe was last asked about it, on PostgreSQL's clock: what arrived before is answered."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="gift_amount_positive", condition=Q(amount_minor__gt=0, received_minor__gte=0)),
            models.UniqueConstraint(name="gift_once_per_checkout", fields=["checkout"], condition=~Q(checkout="")),
            models.UniqueConstraint(name="gift_once_per_intent", fields=["intent"], condition=~Q(intent="")),
        ]
        indexes = [models.Index(fields=["state", "begun_at"], name="gift_by_state")]

    def __str__(self) -> str:
        return self.reference

    @property
    def money(self) -> Money:
        """What arrived, or what was meant before it did."""
        return Money(self.received_minor or self.amount_minor, self.currency)

    @transition(
        field=state,
        source=[GiftState.STARTED, GiftState.FAILED, GiftState.EXPIRED],
        target=GiftState.PROCESSING,
        custom={"event": events.GiftProcessing},
    )
    def process(self) -> None:
        """Edge: the giver's bank is asked (bank debits take days)."""

    @transition(
        field=state,
        source=[*BEFORE_MONEY, GiftState.REFUNDED, GiftState.DISPUTED, GiftState.LOST],
        target=GiftState.RECEIVED,
        custom={"event": events.GiftReceived},
    )
    def receive(self) -> None:
        """Edge: the money is with Stripe; also when a refund failed or a dispute was won."""

    @transition(
        field=state,
        source=[GiftState.STARTED, GiftState.PROCESSING, GiftState.EXPIRED],
        target=GiftState.FAILED,
        custom={"event": events.GiftFailed},
    )
    def fail(self) -> None:
        """Edge: the bank refused."""

    @transition(
        field=state,
        source=[GiftState.STARTED, GiftState.PROCESSING, GiftState.FAILED],
        target=GiftState.EXPIRED,
        custom={"event": events.GiftExpired},
    )
    def expire(self) -> None:
        """Edge: nobody paid in time."""

    @transition(
        field=state,
        source=[GiftState.RECEIVED, GiftState.DISPUTED, GiftState.LOST],
        target=GiftState.REFUNDED,
        custom={"event": events.GiftRefunded},
    )
    def give_back(self) -> None:
        """Edge: all of it went back to the giver."""

    @transition(
        field=state,
        source=[GiftState.RECEIVED, GiftState.REFUNDED, GiftState.LOST],
        target=GiftState.DISPUTED,
        custom={"event": events.GiftDisputed},
    )
    def dispute(self) -> None:
        """Edge: the card's holder disputes it; the bank holds the money."""

    @transition(
        field=state,
        source=[GiftState.RECEIVED, GiftState.DISPUTED, GiftState.REFUNDED],
        target=GiftState.LOST,
        custom={"event": events.GiftLost},
    )
    def lose(self) -> None:
        """Edge: the bank took it back for good."""


@walled
@guards.append_only()
class WebhookDelivery(Sealing):
    """One delivery of a webhook, kept as it came: its body (sealed: it names givers), its signature, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    event_id = models.CharField(max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=120, blank=True)
    about = models.CharField(max_length=120, blank=True)
    happened_at = models.DateTimeField(null=True)
    body = SealedTextField(max_length=BODY_MOST)
    body_sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=500, blank=True)
    verified = models.BooleanField(_("signed by Stripe"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    late = models.BooleanField(_("late"), default=False)
    out_of_order = models.BooleanField(_("out of order"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="event_accepted_once", fields=["event_id"], condition=Q(verdict=Verdict.ACCEPTED)
            ),
            models.CheckConstraint(
                name="only_signed_events_are_accepted",
                condition=~Q(verdict=Verdict.ACCEPTED) | (Q(verified=True) & ~Q(event_id="")),
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at"], name="delivery_newest"),
            models.Index(fields=["about", "happened_at"], name="delivery_of_object"),
        ]

    def __str__(self) -> str:
        return self.event_id or str(self.pk)


@walled
@guards.append_only(recorded=True)
class CardEntry(Recorded):
    """One balance transaction of Stripe as it went into the books, once."""

    stripe_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    source = models.CharField(max_length=120, blank=True)
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, null=True, related_name="entries")
    amount_minor = models.BigIntegerField(_("amount"))
    fee_minor = models.BigIntegerField(_("fee"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["happened_at"], name="entry_by_time")]

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def net_minor(self) -> int:
        """By how much Stripe's balance changed."""
        return self.amount_minor - self.fee_minor


@walled
@guards.append_only(recorded=True)
class PayoutArrival(Recorded):
    """What a person saw of a payout in the statement of the fund's bank."""

    entry = models.OneToOneField(CardEntry, on_delete=models.PROTECT, related_name="arrival")
    arrived_on = models.DateField(_("arrived on"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.entry)


@walled
@guards.append_only(recorded=True)
class GivingCertificate(Recorded):
    """What a giver gave in one year, as it was certified; when it changes (a gift goes back), another one is issued."""

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    giver = models.ForeignKey(Giver, on_delete=models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField(_("year"))
    gifts = models.JSONField()
    gifts_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="certificate_once", fields=["giver", "year", "gifts_sha256"]),
        ]

    def __str__(self) -> str:
        return self.reference


@walled
@guards.fixed("gift", "amount_minor", "why", "asked_by", by_moves=("decided_by",), once=("stripe_id", "refusal"))
@guards.guarded
class GiftRefund(Stateful):
    """A gift, or a part of it, that goes back to its giver: asked for by one person, released by another."""

    state = FSMField(default=RefundState.ASKED, choices=RefundState.choices, editable=False)
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField(_("amount"))
    why = models.TextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    stripe_id = models.CharField(max_length=120, blank=True)
    refusal = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="gift_refund_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="gift_refund_by_two", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="gift_refund_was_released",
                condition=Q(state__in=[RefundState.ASKED]) | Q(decided_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_refund_at_a_time",
                fields=["gift"],
                condition=Q(state__in=[RefundState.ASKED, RefundState.RELEASED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gift}: {Money(self.amount_minor, self.gift.currency)}"

    @transition(
        field=state, source=RefundState.ASKED, target=RefundState.RELEASED, custom={"event": events.GiftRefundReleased}
    )
    def release(self) -> None:
        """Edge: a second person lets it go."""

    @transition(
        field=state, source=RefundState.ASKED, target=RefundState.DECLINED, custom={"event": events.GiftRefundDeclined}
    )
    def decline(self) -> None:
        """Edge: a second person does not."""

    @transition(
        field=state, source=RefundState.RELEASED, target=RefundState.SENT, custom={"event": events.GiftRefundSent}
    )
    def send(self) -> None:
        """Edge: Stripe took it."""

    @transition(
        field=state,
        source=[RefundState.RELEASED, RefundState.SENT],
        target=RefundState.FAILED,
        custom={"event": events.GiftRefundFailed},
    )
    def fail(self) -> None:
        """Edge: Stripe or the giver's bank refused it."""


@walled
@guards.fixed(
    "kind", "about", "gift", "currency", "expected_minor", "found_minor", "found_at", by_moves=("explained_by",)
)
@guards.guarded
class CardDifference(Stateful):
    """Where Stripe and the books disagree; it belongs to somebody until it is explained."""

    state = FSMField(default=DifferenceState.OPEN, choices=DifferenceState.choices, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=DifferenceKind.choices)
    about = models.CharField(_("about"), max_length=120)
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    expected_minor = models.BigIntegerField(_("in the books"))
    found_minor = models.BigIntegerField(_("at Stripe"))
    found_at = models.DateTimeField(_("found"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="difference_open_once", fields=["kind", "about"], condition=Q(state=DifferenceState.OPEN)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"

    @property
    def expected(self) -> Money:
        """What the books say."""
        return Money(self.expected_minor, self.currency)

    @property
    def found(self) -> Money:
        """What Stripe says."""
        return Money(self.found_minor, self.currency)

    @transition(
        field=state,
        source=DifferenceState.OPEN,
        target=DifferenceState.EXPLAINED,
        custom={"event": events.DifferenceExplained},
    )
    def explain(self) -> None:
        """Edge: its owner says why."""


GIFT_EVENTS: dict[str, Any] = {
    GiftState.PROCESSING: events.GiftProcessing,
    GiftState.FAILED: events.GiftFailed,
    GiftState.EXPIRED: events.GiftExpired,
    GiftState.REFUNDED: events.GiftRefunded,
    GiftState.DISPUTED: events.GiftDisputed,
    GiftState.LOST: events.GiftLost,
}
"""The event that leads to each state of a gift that needs nothing else to be said."""
