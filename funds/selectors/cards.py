"""Reading gifts by card, what Stripe sent, and where Stripe and the books differ."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet

from audit import vault
from funds import rules, stripe_api
from funds.giving import CLEARING
from funds.models import CardDifference, CardEntry, Gift, GiftRefund, Giver, GivingCertificate, WebhookDelivery
from funds.states import POOLED, DifferenceState, GiftState, RefundState
from kernel import identity
from kernel.money import Money
from kernel.pieces.words import in_damascus
from ledger import selectors as books
from ledger.models import Account

ADDRESS = "funds.giver.email"
_tokens = Signer(salt="funds.gift")
_certificates = Signer(salt="funds.certificate")


def token_of(gift: Gift) -> str:
    """What opens the pages of a gift for whoever gave it: the id and a signature."""
    return _tokens.sign(str(gift.pk))


def gift_of(token: str) -> Gift | None:
    """The gift that a giver's link opens; None for a link that the fund did not make."""
    try:
        pk = UUID(_tokens.unsign(token))
    except (BadSignature, ValueError):
        return None
    # Whoever holds the link is nobody whom the wall knows.
    with identity.system("funds.giving"):
        found = Gift.objects.select_related("data_key", "giver", "leaf").filter(pk=pk).first()
        if found is not None and not found.is_erased:
            _ = found.name
        return found


def certificate_token(made: GivingCertificate) -> str:
    """What opens a certificate for the giver whom it was sent to."""
    return _certificates.sign(str(made.pk))


def certificate_of(token: str) -> GivingCertificate | None:
    """The certificate that a link in a letter opens; None for a link that the fund did not make. Read for the fund."""
    try:
        pk = UUID(_certificates.unsign(token))
    except (BadSignature, ValueError):
        return None
    return GivingCertificate.objects.select_related("giver", "giver__data_key", "leaf").filter(pk=pk).first()


def kept_of(gift: Gift) -> Money:
    """What of a gift the fund still has: what arrived less what went back. Read for the fund."""
    moved = list(gift.entries.all())
    if not moved or any(one.currency != gift.currency for one in moved):
        return Money(gift.received_minor if gift.state == GiftState.RECEIVED else 0, gift.currency)
    return Money(max(sum(one.amount_minor for one in moved), 0), gift.currency)


def given_in(giver_id: UUID, year: int) -> list[dict[str, Any]]:
    """What a giver gave in a year of Damascus and the fund kept: one row a gift, as certificates state it."""
    found = Gift.objects.filter(giver_id=giver_id, state=GiftState.RECEIVED, received_at__year=year)
    rows = []
    for one in found.prefetch_related("entries").order_by("received_at", "reference"):
        kept, day = kept_of(one), in_damascus(one.received_at) if one.received_at else None
        if kept.minor and day is not None:
            rows.append(
                {
                    "day": day.date().isoformat(),
                    "reference": one.reference,
                    "purpose": one.purpose,
                    "minor": kept.minor,
                    "currency": kept.currency,
                }
            )
    return rows


def giver_of(email: str) -> Giver | None:
    """The giver of this address, found by its digest."""
    found = Giver.objects.filter(email_index__in=vault.indexes(ADDRESS, email), data_key__wrapped__isnull=False)
    return found.select_related("data_key").first()


def gifts_visible_to(user: Any) -> QuerySet[Gift]:
    """All gifts for the offices of `rules.CARD_READERS`, nobody else."""
    found = Gift.objects.select_related("data_key", "giver").order_by("-begun_at")
    return found if rules.reads_gifts(user) else found.none()


def filtered_gifts(gifts: QuerySet[Gift], *, state: str = "", purpose: str = "") -> QuerySet[Gift]:
    """``gifts`` in one state, for one purpose."""
    asked = {name: value for name, value in (("state", state), ("purpose", purpose)) if value}
    return gifts.filter(**asked)


def deliveries_visible_to(user: Any) -> QuerySet[WebhookDelivery]:
    """What arrived at the webhook, newest first, without bodies."""
    found = WebhookDelivery.objects.defer("body").order_by("-received_at")
    return found if rules.reads_gifts(user) else found.none()


def differences_visible_to(user: Any) -> QuerySet[CardDifference]:
    """Where Stripe and the books differ, open ones first."""
    found = CardDifference.objects.select_related("owner", "gift", "explained_by").order_by("-state", "found_at")
    return found if rules.reads_gifts(user) else found.none()


def refunds_visible_to(user: Any) -> QuerySet[GiftRefund]:
    """Refunds of gifts."""
    found = GiftRefund.objects.select_related("gift", "asked_by", "decided_by").order_by("-moved_at")
    return found if rules.reads_gifts(user) else found.none()


def payouts_visible_to(user: Any) -> QuerySet[CardEntry]:
    """Payouts of Stripe to the fund's bank."""
    found = CardEntry.objects.filter(kind="payout").select_related("arrival", "arrival__confirmed_by")
    return found.order_by("-happened_at") if rules.reads_gifts(user) else found.none()


def payouts_to_confirm() -> QuerySet[CardEntry]:
    """Payouts that nobody saw in the bank statement yet and that Stripe did not take back."""
    back = CardEntry.objects.filter(kind__in=["payout_failure", "payout_cancel"]).values("source")
    return CardEntry.objects.filter(kind="payout", arrival__isnull=True).exclude(source__in=back)


def entries_since(moment: datetime) -> dict[str, tuple[int, str]]:
    """Net and currency of what is in the books since ``moment``, by Stripe's id."""
    rows = CardEntry.objects.filter(happened_at__gte=moment)
    return {one.stripe_id: (one.net_minor, one.currency) for one in rows.iterator()}


def clearing_balances() -> dict[str, int]:
    """What the books say that Stripe holds, by currency."""
    accounts = list(Account.objects.filter(code__startswith=f"{CLEARING}/"))
    found = books.balances(accounts)
    return {one.currency: one.debits_posted - one.credits_posted for one in accounts if one.pk in found}


def pools() -> list[tuple[Account, str, Money]]:
    """Gifts by card that were not gathered yet: account, class of money, what is there."""
    codes = {
        rules.pool_code(restriction, currency): restriction
        for restriction in POOLED
        for currency in stripe_api.CURRENCIES
    }
    accounts = list(Account.objects.filter(code__in=codes).order_by("code"))
    found = books.balances(accounts)
    return [(one, str(codes[one.code]), found[one.pk].available) for one in accounts]


def to_follow(since: datetime) -> QuerySet[Gift]:
    """Gifts whose end Stripe may have told in a message that never came."""
    waiting = [GiftState.STARTED, GiftState.PROCESSING, GiftState.FAILED, GiftState.DISPUTED]
    return Gift.objects.filter(state__in=waiting, begun_at__gte=since).order_by("begun_at")


def refunds_to_decide(user: Any) -> QuerySet[GiftRefund]:
    """Refunds that another person asked for."""
    return GiftRefund.objects.filter(state=RefundState.ASKED).exclude(asked_by=user).select_related("gift")


def differences_of(user: Any) -> QuerySet[CardDifference]:
    """Open differences that belong to ``user``."""
    return CardDifference.objects.filter(state=DifferenceState.OPEN, owner=user).order_by("found_at")
