"""What Stripe says of a payment, and what follows from it for a gift and for the books. Plain Python.

Nothing here depends on the order in which news arrived: a gift's state and its lines in the books follow from what the
API shows now. The books follow Stripe's balance transactions, each entered once (domain specification §5.5).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

STARTED, PROCESSING, RECEIVED, FAILED = "started", "processing", "received", "failed"
EXPIRED, REFUNDED, DISPUTED, LOST = "expired", "refunded", "disputed", "lost"
BEFORE_MONEY: Final = frozenset({STARTED, PROCESSING, FAILED, EXPIRED})
"""States of a gift that brought no money yet."""
OPEN_DISPUTES: Final = frozenset({"needs_response", "under_review"})
"""Disputes for which the bank holds the money; inquiries (``warning_…``) hold nothing."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One balance transaction of Stripe: signed minor units, and Stripe's fee in them."""

    key: str
    kind: str
    source: str
    amount_minor: int
    fee_minor: int
    currency: str
    at: datetime
    intent: str = ""
    """The payment that it belongs to, where the answer said so."""

    @property
    def net_minor(self) -> int:
        """By how much Stripe's balance changed."""
        return self.amount_minor - self.fee_minor


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund at Stripe and how it stands."""

    key: str
    status: str
    amount_minor: int
    asked_by: str = ""
    """The id of our own request, when it was ours."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as the API shows it: status of the intent, what arrived, what went back, what is disputed."""

    key: str
    status: str
    currency: str
    received_minor: int = 0
    session_status: str = ""
    method: str = ""
    gift: str = ""
    refunds: tuple[Refunded, ...] = ()
    disputes: tuple[tuple[str, str], ...] = ()
    movements: tuple[Movement, ...] = ()
    charge_failed_later: bool = False
    """A bank debit that had arrived and was taken back by the bank."""

    @property
    def refunded_minor(self) -> int:
        """What was given back and did not come back."""
        return sum(one.amount_minor for one in self.refunds if one.status in {"succeeded", "pending"})


def state_of(payment: Payment | None, *, session_status: str = "open") -> str:
    """The state that a gift has by what the API shows; ``session_status`` is Checkout's (open, complete, expired)."""
    session = (payment.session_status if payment else "") or session_status
    if payment is None:
        return EXPIRED if session == "expired" else STARTED
    if payment.status == "succeeded":
        return _after_money(payment)
    if payment.status == "processing":
        return PROCESSING
    if payment.status == "canceled" or session == "expired":
        return EXPIRED
    return FAILED if session == "complete" else STARTED


def _after_money(payment: Payment) -> str:
    if payment.charge_failed_later:
        return LOST
    statuses = {status for _key, status in payment.disputes}
    if statuses & OPEN_DISPUTES:
        return DISPUTED
    if "lost" in statuses:
        return LOST
    return REFUNDED if 0 < payment.received_minor <= payment.refunded_minor else RECEIVED


def steps(current: str, wanted: str) -> list[str]:
    """The states to go through from ``current`` to ``wanted``: what happens to money happens after it was received."""
    if current == wanted or (wanted in {STARTED, FAILED, EXPIRED, PROCESSING} and current not in BEFORE_MONEY):
        return []
    if current in BEFORE_MONEY and wanted in {REFUNDED, DISPUTED, LOST}:
        return [RECEIVED, wanted]
    return [] if wanted == STARTED else [wanted]


# The books ---------------------------------------------------------------------------------------------------------

CLEARING: Final = "1060"
ON_ITS_WAY: Final = "1050/card-payouts"
FEES: Final = "6040"
POOL: Final = "3020/cards"
LOSSES: Final = "7030/cards"


class Side(StrEnum):
    """Kinds of movements by what they do to the books."""

    GIFT = "gift"
    PAYOUT = "payout"
    COST = "cost"


GIFT_KINDS: Final = frozenset(
    {
        "charge", "payment", "refund", "payment_refund", "refund_failure", "payment_failure_refund",
        "payment_reversal", "adjustment",
    }
)  # fmt: skip
PAYOUT_KINDS: Final = frozenset({"payout", "payout_cancel", "payout_failure"})
COST_KINDS: Final = frozenset({"stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost"})


def side_of(movement: Movement, *, of_a_gift: bool) -> Side | None:
    """What a movement is to the books; None: nobody knows, a person looks at it."""
    if movement.kind in PAYOUT_KINDS:
        return Side.PAYOUT
    if movement.kind in COST_KINDS:
        return Side.COST
    return Side.GIFT if of_a_gift and movement.kind in GIFT_KINDS else None


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer: ``minor`` units from the account ``credit`` to the account ``debit``, by the chart of accounts."""

    name: str
    debit: str
    credit: str
    minor: int


def lines(movement: Movement, side: Side, *, pool: str = "") -> list[Line]:
    """The transfers of a movement; what it costs the fund (`cost_of`) is covered apart from them.

    Money that goes out of ``pool`` names it on its debit side: the caller finds what stands in for a pool that is empty.
    """
    clearing, currency = f"{CLEARING}/{movement.currency}", movement.currency
    expense = f"{FEES}/{currency}"
    found: list[Line] = []
    if side is Side.GIFT:
        found.append(_either_way("gift", clearing, pool, movement.amount_minor))
    elif side is Side.PAYOUT:
        found.append(_either_way("payout", clearing, f"{ON_ITS_WAY}/{currency}", movement.amount_minor))
    else:
        found.append(_either_way("cost", clearing, expense, movement.amount_minor))
    found.append(_either_way("fee", expense, clearing, movement.fee_minor))
    return [line for line in found if line.minor]


def _either_way(name: str, debit: str, credit: str, minor: int) -> Line:
    return Line(name, debit, credit, minor) if minor >= 0 else Line(name, credit, debit, -minor)


def cost_of(movement: Movement, side: Side) -> int:
    """What a movement costs the fund in minor units; negative: a cost that Stripe gave back."""
    return movement.fee_minor - (movement.amount_minor if side is Side.COST else 0)


# Events ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """What an event is about: only ids are read from it, everything else is asked of the API."""

    session: str = ""
    intent: str = ""
    payout: str = ""


def named_by(event: Mapping[str, Any]) -> Named:
    """The ids of an event's object; empty for kinds that concern no money of gifts."""
    data = event.get("data")
    thing = data.get("object") if isinstance(data, Mapping) else None
    if not isinstance(thing, Mapping):
        return Named()
    kind, key, intent = str(thing.get("object", "")), _text(thing.get("id")), _text(thing.get("payment_intent"))
    match kind:
        case "checkout.session":
            return Named(session=key, intent=intent)
        case "payment_intent":
            return Named(intent=key)
        case "charge" | "refund" | "dispute":
            return Named(intent=intent)
        case "payout":
            return Named(payout=key)
    return Named()


def _text(value: Any) -> str:
    """An id, or the id of an object that was expanded."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else ""


# Nightly comparison --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where Stripe and the books differ: of which movement or currency, and both amounts in minor units."""

    kind: str
    about: str
    currency: str
    expected_minor: int
    found_minor: int


def compare(
    at_stripe: Iterable[Movement], in_books: Mapping[str, tuple[int, str]], *, balances: Sequence[tuple[str, int, int]]
) -> list[Disagreement]:
    """What differs: movements (books by key: net and currency of the same days), and balances (currency, books, Stripe)."""
    seen, found = set(), []
    for movement in at_stripe:
        seen.add(movement.key)
        if movement.key not in in_books:
            found.append(Disagreement("unknown", movement.key, movement.currency, 0, movement.net_minor))
            continue
        net, currency = in_books[movement.key]
        if (net, currency) != (movement.net_minor, movement.currency):
            found.append(Disagreement("amount", movement.key, currency, net, movement.net_minor))
    found += [
        Disagreement("missing", key, currency, net, 0) for key, (net, currency) in in_books.items() if key not in seen
    ]
    found += [
        Disagreement("balance", currency, currency, ours, theirs)
        for currency, ours, theirs in balances
        if ours != theirs
    ]
    return found
