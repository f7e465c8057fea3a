"""The real client of Stripe against localstripe as an HTTP server: payments, refunds, and webhooks as it signs them."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from funds import giving, stripe_api
from funds.models import WebhookDelivery
from funds.services import inbox
from funds.states import Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.waits]
SECRET = "whsec_local"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def localstripe() -> Iterator[str]:
    port = _free_port()
    program = Path(sys.executable).with_name("localstripe")
    server = subprocess.Popen(
        [program, "--port", str(port), "--from-scratch"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(200):
            try:
                requests.get(address, timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)


class _Mailbox(BaseHTTPRequestHandler):
    """Keeps what localstripe delivers."""

    kept: list[tuple[bytes, str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.kept.append((body, self.headers["Stripe-Signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def mailbox(localstripe: str) -> Iterator[list[tuple[bytes, str]]]:
    server = HTTPServer(("127.0.0.1", 0), _Mailbox)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    target = {"url": f"http://127.0.0.1:{server.server_address[1]}/", "secret": SECRET}
    assert requests.post(f"{localstripe}/_config/webhooks/fund", json=target, timeout=5).ok
    yield _Mailbox.kept
    server.shutdown()
    server.server_close()


def test_a_payment_its_refund_and_its_signed_news(
    localstripe: str, mailbox: list[tuple[bytes, str]], settings: Any
) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_local", SECRET
    settings.STRIPE_API_BASE = localstripe
    card = {"type": "card", "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}}
    client = stripe_api._client()
    method = client.v1.payment_methods.create(card)  # type: ignore[arg-type]
    made = client.v1.payment_intents.create(
        {"amount": 50_00, "currency": "usd", "payment_method": method.id, "metadata": {"gift": "g"}}
    )
    assert giving.state_of(stripe_api.payment(made.id)) == "started"
    client.v1.payment_intents.confirm(made.id)
    payment = stripe_api.payment(made.id)
    assert (giving.state_of(payment), payment.received_minor, payment.gift) == ("received", 50_00, "g")
    assert [(one.kind, one.amount_minor, one.currency) for one in payment.movements] == [("charge", 50_00, "USD")]
    first = stripe_api.refund(key="r", intent=made.id, amount_minor=50_00)
    after = stripe_api.payment(made.id)
    assert ([one.key for one in after.refunds], giving.state_of(after)) == ([first], "refunded")
    for _attempt in range(100):
        if any(b"payment_intent.succeeded" in body for body, _signature in mailbox):
            break
        time.sleep(0.1)
    verdicts = {inbox.take(body, signed) for body, signed in mailbox}
    assert verdicts == {Verdict.ACCEPTED}
    assert made.id in set(WebhookDelivery.objects.values_list("about", flat=True))
    settings.STRIPE_WEBHOOK_SECRET = "whsec_other"
    assert {inbox.take(body, signed) for body, signed in mailbox} == {Verdict.FORGED}
