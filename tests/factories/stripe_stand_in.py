"""A small Stripe on loopback for what localstripe lacks: Checkout, idempotency, refund limits, disputes, payouts, retries.

Its objects are Stripe's published samples (`tests/data/stripe_objects.json`, from stripe/openapi, MIT) with our values.
News is kept and delivered by the test: signed as Stripe signs, twice, late, in any order.
"""

import itertools
import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stripe import WebhookSignature

SAMPLES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "stripe_objects.json").read_text())
SECRET = "whsec_stand_in"
KEY = "sk_test_stand_in"
DISPUTE_FEE = 1500


class Refused(Exception):
    """An answer with an error of Stripe."""

    def __init__(self, status: int, message: str, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Form values as Stripe's client writes them (``a[b][0]``) as nested dictionaries."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        first, *rest = re.findall(r"[^\[\]]+", name)
        inner = found
        for key, after in itertools.pairwise([first, *rest]):
            inner = inner.setdefault(key, {})
            _ = after
        inner[[first, *rest][-1]] = value
    return found


@dataclass
class StandIn:
    """What this Stripe knows; tests drive it directly, the project over HTTP."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, tuple[str, Any]] = field(default_factory=dict)
    news: list[tuple[str, int]] = field(default_factory=list)
    failures: int = 0
    asked: list[str] = field(default_factory=list)
    address: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def make(self, kind: str, prefix: str, **values: Any) -> dict[str, Any]:
        """A sample object of ``kind`` with our values, under a new id."""
        made: dict[str, Any] = {**deepcopy(SAMPLES[kind]), "created": int(time.time()), "metadata": {}, **values}
        made["id"] = f"{prefix}_{next(self._numbers):08}"
        self.objects[made["id"]] = made
        return made

    def all(self, kind: str, **values: Any) -> list[dict[str, Any]]:
        """Objects of ``kind`` with these values, newest first."""
        found = [one for one in self.objects.values() if one["object"] == kind]
        return [one for one in reversed(found) if all(one.get(name) == value for name, value in values.items())]

    # News ----------------------------------------------------------------------------------------------------------

    def tell(self, kind: str, thing: dict[str, Any], *, at: int | None = None) -> str:
        """Keep an event about ``thing`` as it stands now, to be delivered by the test."""
        event = self.make("event", "evt", type=kind, data={"object": deepcopy(thing)})
        event["created"] = at or int(time.time())
        self.news.append((json.dumps(event), event["created"]))
        return str(event["id"])

    def deliveries(self, *, times: int = 1, seed: int | None = None) -> list[tuple[bytes, str]]:
        """All news, each ``times`` times, shuffled when there is a ``seed``; bodies with their signatures."""
        found = [body for body, _at in self.news for _time in range(times)]
        if seed is not None:
            random.Random(seed).shuffle(found)
        self.news = []
        return [(body.encode(), signature(body)) for body in found]

    # What givers, banks and Stripe do ---------------------------------------------------------------------------------

    def pay(self, session: str, *, method: str = "card") -> dict[str, Any]:
        """A giver pays on the Checkout page: a card at once, a bank debit after `settle`."""
        page = self.objects[session]
        intent = self.make(
            "payment_intent", "pi", amount=page["amount_total"], currency=page["currency"], latest_charge=None,
            metadata=page["intent_metadata"], status="processing",
        )  # fmt: skip
        page |= {"payment_intent": intent["id"], "status": "complete"}
        self.tell("checkout.session.completed", page)
        self.tell("payment_intent.created", intent)
        intent["method"] = method
        if method == "card":
            self.settle(intent["id"])
        return intent

    def settle(self, key: str) -> None:
        """The money of a payment arrives."""
        intent = self.objects[key]
        amount = intent["amount"]
        charge = self.make(
            "charge", "ch", amount=amount, amount_captured=amount, currency=intent["currency"], payment_intent=key,
            captured=True, disputed=False, failure_balance_transaction=None,
            payment_method_details={"type": intent["method"]},
        )  # fmt: skip
        charge["balance_transaction"] = self.move("charge", charge, amount, fee=amount * 29 // 1000 + 30)
        intent |= {"status": "succeeded", "amount_received": amount, "latest_charge": charge["id"]}
        self.tell("charge.succeeded", charge)
        self.tell("payment_intent.succeeded", intent)

    def refuse(self, key: str) -> None:
        """The giver's bank refuses a debit that was under way."""
        self.objects[key] |= {"status": "requires_payment_method"}
        self.tell("payment_intent.payment_failed", self.objects[key])

    def expire(self, session: str) -> None:
        """Nobody paid on the Checkout page."""
        self.objects[session] |= {"status": "expired"}
        self.tell("checkout.session.expired", self.objects[session])

    def move(self, kind: str, source: dict[str, Any], amount: int, *, fee: int = 0) -> str:
        """A balance transaction."""
        made = self.make(
            "balance_transaction", "txn", type=kind, source=source["id"], amount=amount, fee=fee, net=amount - fee,
            currency=source["currency"],
        )  # fmt: skip
        return str(made["id"])

    def refund(self, key: str, amount: int, *, metadata: dict[str, str] | None = None) -> dict[str, Any]:
        """Give a part of a payment back; more than is left is refused."""
        intent = self.objects[key]
        charge = self.objects[intent["latest_charge"]]
        if amount > charge["amount"] - charge["amount_refunded"]:
            raise Refused(400, "Refund amount is greater than unrefunded amount on charge")
        charge["amount_refunded"] += amount
        made = self.make(
            "refund", "re", amount=amount, charge=charge["id"], payment_intent=key, currency=intent["currency"],
            metadata=metadata or {}, failure_balance_transaction=None,
        )  # fmt: skip
        made["balance_transaction"] = self.move("refund", made, -amount)
        self.tell("charge.refunded", charge)
        self.tell("refund.created", made)
        return made

    def refund_fails(self, key: str) -> None:
        """The giver's bank sends a refund back."""
        refund = self.objects[key]
        refund |= {
            "status": "failed",
            "failure_balance_transaction": self.move("refund_failure", refund, refund["amount"]),
        }
        self.tell("refund.failed", refund)

    def dispute(self, key: str) -> dict[str, Any]:
        """The card's holder disputes a payment; the bank takes the money and Stripe its fee."""
        charge = self.objects[self.objects[key]["latest_charge"]]
        charge["disputed"] = True
        made = self.make(
            "dispute", "dp", amount=charge["amount"], charge=charge["id"], payment_intent=key,
            currency=charge["currency"], status="needs_response", balance_transactions=[],
        )  # fmt: skip
        taken = self.move("adjustment", made, -charge["amount"], fee=DISPUTE_FEE)
        made["balance_transactions"].append(self.objects[taken])
        self.tell("charge.dispute.created", made)
        return made

    def close_dispute(self, key: str, status: str) -> None:
        """The bank decides; a dispute that was won brings the money back."""
        made = self.objects[key]
        made["status"] = status
        if status == "won":
            back = self.move("adjustment", made, made["amount"], fee=-DISPUTE_FEE)
            made["balance_transactions"].append(self.objects[back])
        self.tell("charge.dispute.closed", made)

    def pay_out(self, currency: str = "usd") -> dict[str, Any]:
        """Stripe sends all that it holds to the fund's bank."""
        made = self.make(
            "payout", "po", amount=self.held(currency), currency=currency, failure_balance_transaction=None
        )
        made["balance_transaction"] = self.move("payout", made, -made["amount"])
        self.tell("payout.paid", made)
        return made

    def held(self, currency: str) -> int:
        """What this Stripe holds."""
        return sum(one["net"] for one in self.all("balance_transaction", currency=currency))

    # HTTP ------------------------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, values: dict[str, Any], key: str) -> Any:
        """What Stripe answers; the same key and values get the same answer, other values are refused."""
        if method != "POST" or not key:
            return self._act(method, path, values)
        asked = json.dumps([path, values], sort_keys=True)
        if key not in self.answered:
            self.answered[key] = (asked, self._act(method, path, values))
        before, made = self.answered[key]
        if before != asked:
            raise Refused(
                400, "Keys for idempotent requests can only be used with the same parameters", "idempotency_error"
            )
        return made

    def _act(self, method: str, path: str, values: dict[str, Any]) -> Any:
        match [method, *path.removeprefix("/v1/").split("/")]:
            case ["POST", "checkout", "sessions"]:
                return self._open_checkout(values)
            case ["POST", "refunds"]:
                return self.refund(values["payment_intent"], int(values["amount"]), metadata=values.get("metadata"))
            case ["GET", "refunds" | "disputes" as kind]:
                return self._list(self.all(kind[:-1], payment_intent=values["payment_intent"]))
            case ["GET", "balance_transactions"]:
                since = int(values.get("created", {}).get("gte", 0))
                found = [one for one in self.all("balance_transaction") if one["created"] >= since]
                return self._list([{**one, "source": self.objects[one["source"]]} for one in found])
            case ["GET", "balance"]:
                held = {one["currency"] for one in self.all("balance_transaction")}
                amounts = [{"currency": one, "amount": self.held(one)} for one in sorted(held)]
                return {**SAMPLES["balance"], "available": amounts, "pending": []}
            case ["GET", *_folders, key] if key in self.objects:
                return self._expanded(self.objects[key])
        raise Refused(404, f"No such object: {path}")

    def _open_checkout(self, values: dict[str, Any]) -> dict[str, Any]:
        price = values["line_items"]["0"]["price_data"]
        page = self.make(
            "checkout.session", "cs_test", status="open", payment_intent=None, currency=price["currency"],
            amount_total=int(price["unit_amount"]), metadata=values["metadata"], success_url=values["success_url"],
            intent_metadata=values["payment_intent_data"]["metadata"],
            payment_method_types=list(values["payment_method_types"].values()),
        )  # fmt: skip
        page["url"] = f"{self.address}/pay/{page['id']}"
        return page

    def _expanded(self, thing: dict[str, Any]) -> dict[str, Any]:
        if thing["object"] != "payment_intent" or thing["latest_charge"] is None:
            return thing
        charge = self.objects[thing["latest_charge"]]
        whole = {**charge, "balance_transaction": self.objects[charge["balance_transaction"]]}
        return {**thing, "latest_charge": whole}

    def _list(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        return {"object": "list", "data": found, "has_more": False, "url": "/v1"}


def signature(body: str, *, secret: str = SECRET, at: int | None = None) -> str:
    """The header that Stripe sends with ``body``."""
    return str(WebhookSignature.generate_signature_header(body, secret, at))


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _reply(self, status: int, answer: Any) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _show_checkout(self, session: str) -> None:
            """The page on which a giver pays, and the way back from it."""
            page = b"<!doctype html><title>Checkout</title><main><form method=post><button>Pay</button></form></main>"
            with stand_in.lock:
                if paid := self.command == "POST":
                    stand_in.pay(session)
                back = stand_in.objects[session]["success_url"]
            self.send_response(303 if paid else 200)
            self.send_header(*(("Location", back) if paid else ("Content-Type", "text/html; charset=utf-8")))
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def _take(self) -> None:
            address = urlsplit(self.path)
            if address.path.startswith("/pay/"):
                return self._show_checkout(address.path.removeprefix("/pay/"))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            values = nested(parse_qsl(body or address.query, keep_blank_values=True))
            with stand_in.lock:
                stand_in.asked.append(f"{self.command} {address.path}")
                if stand_in.failures:
                    stand_in.failures -= 1
                    return self._reply(500, {"error": {"type": "api_error", "message": "try again"}})
                if self.headers.get("Authorization") != f"Bearer {KEY}":
                    return self._reply(401, {"error": {"type": "invalid_request_error", "message": "no such key"}})
                try:
                    answer = stand_in.answer(
                        self.command, address.path, values, self.headers.get("Idempotency-Key") or ""
                    )
                except Refused as refused:
                    return self._reply(refused.status, {"error": {"type": refused.kind, "message": str(refused)}})
                return self._reply(200, answer)

        do_GET = do_POST = _take  # noqa: N815 -- the names that the base class calls

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def serving() -> Iterator[StandIn]:
    """A stand-in that answers on loopback."""
    stand_in = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stand_in))
    stand_in.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settings_for(stand_in: StandIn) -> dict[str, str]:
    """What points the project to the stand-in."""
    return {"STRIPE_SECRET_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_API_BASE": stand_in.address}
