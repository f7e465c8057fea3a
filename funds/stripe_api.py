"""Asking Stripe: the only place that talks to its API. Answers become the plain facts of `funds.giving`.

The key comes from the environment. Without one nothing is asked, and pages say that cards are off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import stripe
from django.conf import settings

from funds.giving import Movement, Payment, Refunded

SECONDS: Final = 20
PAGE: Final = 100
METHODS: Final = {"USD": ["card", "us_bank_account"], "EUR": ["card", "sepa_debit"]}
"""Cards, and bank debits where the currency has them."""
CURRENCIES: Final = tuple(METHODS)

StripeError = stripe.StripeError
"""Whatever Stripe or the way to it refuses."""


class Refusal(Exception):
    """Stripe understood and refused; asking again changes nothing. Its words are in the message."""


def is_on() -> bool:
    """Whether the fund takes cards: both secrets are there."""
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)


def is_live() -> bool:
    """Whether the key moves real money."""
    return str(settings.STRIPE_SECRET_KEY).startswith(("sk_live_", "rk_live_"))


def _client() -> stripe.StripeClient:
    return _made(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@lru_cache(maxsize=2)
def _made(key: str, base: str) -> stripe.StripeClient:
    """One client for the life of a process: it keeps its connections open."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        http_client=stripe.RequestsClient(timeout=SECONDS),
        max_network_retries=2,
    )


def _plain(thing: Any) -> dict[str, Any]:
    """A Stripe object as plain dictionaries; an id as an object that has only its id."""
    if thing is None or isinstance(thing, str):
        return {"id": thing} if thing else {}
    plain: dict[str, Any] = thing.to_dict() if hasattr(thing, "to_dict") else dict(thing)
    return plain


def _key(thing: Any) -> str:
    """The id of what is an id or an object."""
    return str(_plain(thing).get("id") or "")


@dataclass(frozen=True, slots=True)
class Session:
    """A Checkout page: where it is, how it stands, and its payment once there is one."""

    key: str
    status: str
    url: str
    intent: str


def _session(found: Any) -> Session:
    plain = _plain(found)
    return Session(
        key=plain["id"],
        status=str(plain.get("status") or ""),
        url=str(plain.get("url") or ""),
        intent=_key(plain.get("payment_intent")),
    )


@dataclass(frozen=True, slots=True)
class Order:
    """What a Checkout page is opened for."""

    gift: str
    reference: str
    amount_minor: int
    currency: str
    name: str
    email: str
    language: str


def open_checkout(order: Order, *, success_url: str, cancel_url: str) -> Session:
    """The Checkout page of a gift; asked twice for the same gift it is the same page. Raises `StripeError`."""
    metadata = {"gift": order.gift, "reference": order.reference}
    params: dict[str, Any] = {
        "mode": "payment",
        "submit_type": "donate",
        "client_reference_id": order.reference,
        "payment_method_types": METHODS[order.currency],
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.currency.lower(),
                    "unit_amount": order.amount_minor,
                    "product_data": {"name": order.name},
                },
            }
        ],
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata, "description": order.reference},
        # Checkout speaks neither Arabic nor Kurmanji: then the browser's language decides.
        "locale": "en" if order.language == "en" else "auto",
        "success_url": success_url,
        "cancel_url": cancel_url,
        **({"customer_email": order.email} if order.email else {}),
    }
    options: Any = {"idempotency_key": f"checkout-{order.gift}"}
    return _session(_client().v1.checkout.sessions.create(params, options=options))  # type: ignore[arg-type]


def session(key: str) -> Session:
    """A Checkout page as it stands now; raises `StripeError`."""
    return _session(_client().v1.checkout.sessions.retrieve(key))


def payment(intent: str, *, session_status: str = "") -> Payment:
    """All that the API shows of a payment: charge, refunds, disputes and their balance transactions.

    Raises `StripeError`.
    """
    client = _client()
    found = _plain(client.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge.balance_transaction"]}))
    charge = _plain(found.get("latest_charge"))
    refunds = _refunds(client, intent) if found["status"] == "succeeded" else []
    disputes = _disputes(client, intent) if charge.get("disputed") else []
    told = [charge.get("balance_transaction"), charge.get("failure_balance_transaction")]
    for one in refunds:
        told += [one.get("balance_transaction"), one.get("failure_balance_transaction")]
    for one in disputes:
        told += one.get("balance_transactions") or []
    return Payment(
        key=found["id"],
        status=found["status"],
        currency=str(found["currency"]).upper(),
        received_minor=int(found.get("amount_received") or (charge["amount"] if charge.get("captured") else 0)),
        session_status=session_status,
        method=str(_plain(charge.get("payment_method_details")).get("type") or ""),
        gift=str(_plain(found.get("metadata")).get("gift") or ""),
        refunds=tuple(_refunded(one) for one in refunds),
        disputes=tuple((str(one["id"]), str(one["status"])) for one in disputes),
        movements=tuple(_movements(client, told)),
        charge_failed_later=bool(_key(charge.get("failure_balance_transaction"))),
    )


def _refunded(one: dict[str, Any]) -> Refunded:
    asked = str(_plain(one.get("metadata")).get("refund") or "")
    return Refunded(str(one["id"]), str(one.get("status") or ""), int(one["amount"]), asked)


def _refunds(client: stripe.StripeClient, intent: str) -> list[dict[str, Any]]:
    found = client.v1.refunds.list({"payment_intent": intent, "limit": PAGE})
    return [_plain(one) for one in found.auto_paging_iter()]


def _disputes(client: stripe.StripeClient, intent: str) -> list[dict[str, Any]]:
    found = client.v1.disputes.list({"payment_intent": intent, "limit": PAGE})
    return [_plain(one) for one in found.auto_paging_iter()]


def _movements(client: stripe.StripeClient, told: list[Any]) -> Iterator[Movement]:
    """Balance transactions, each once; those that came as ids only are fetched."""
    seen: set[str] = set()
    for one in told:
        key = _key(one)
        if not key or key in seen:
            continue
        seen.add(key)
        plain = _plain(one)
        yield movement(plain if "amount" in plain else _plain(client.v1.balance_transactions.retrieve(key)))


def movement(plain: dict[str, Any]) -> Movement:
    """A balance transaction as a fact."""
    return Movement(
        key=str(plain["id"]),
        kind=str(plain["type"]),
        source=_key(plain.get("source")),
        amount_minor=int(plain["amount"]),
        fee_minor=int(plain.get("fee") or 0),
        currency=str(plain["currency"]).upper(),
        at=datetime.fromtimestamp(int(plain["created"]), tz=UTC),
        intent=_key(_plain(plain.get("source")).get("payment_intent")),
    )


def payout_movements(key: str) -> list[Movement]:
    """The movements of a payout to the fund's bank: its own, and the one that took it back; raises `StripeError`."""
    client = _client()
    found = _plain(client.v1.payouts.retrieve(key))
    return list(_movements(client, [found.get("balance_transaction"), found.get("failure_balance_transaction")]))


def movements_since(day: datetime) -> Iterator[Movement]:
    """All balance transactions since ``day``, for the nightly comparison; raises `StripeError`."""
    params: Any = {"created": {"gte": int(day.timestamp())}, "limit": PAGE, "expand": ["data.source"]}
    for one in _client().v1.balance_transactions.list(params).auto_paging_iter():
        yield movement(_plain(one))


def balances() -> dict[str, int]:
    """What Stripe holds for the fund by currency, available and pending; raises `StripeError`."""
    found = _plain(_client().v1.balance.retrieve())
    sums: dict[str, int] = {}
    for part in (*found.get("available", ()), *found.get("pending", ())):
        plain = _plain(part)
        currency = str(plain["currency"]).upper()
        sums[currency] = sums.get(currency, 0) + int(plain["amount"])
    return sums


def refund(*, key: str, intent: str, amount_minor: int) -> str:
    """Give ``amount_minor`` of a payment back and return the refund's id; the same ``key`` refunds once.

    Raises `Refusal` for what Stripe will never do, `StripeError` for what may work later.
    """
    params: Any = {"payment_intent": intent, "amount": amount_minor, "metadata": {"refund": key}}
    try:
        made = _client().v1.refunds.create(params, options={"idempotency_key": f"refund-{key}"})
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise Refusal(str(error.user_message or error)) from error
    return _key(made)
