"""A web server and a worker in processes of their own that are killed (signal 9) at random moments, and people who go on.

A person whose page did not answer does what people do: look at how the payment stands now, and take the next step.
"""

import http.client
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import QuerySet
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import fsck
from audit.models import OutboxMessage, RecordedEvent
from disbursements.events import PaymentSent
from disbursements.models import Payment, Tranche
from tests.factories import awards, files
from tests.factories.accounts import sign_in

WORKER = """
import django, os, time
django.setup()
from audit import outbox
behind = os.getpid()
while True:
    if not (child := os.fork()):
        while os.getppid() == behind:
            outbox.drain() or time.sleep(0.02)
        os._exit(0)
    os.waitpid(child, 0)
"""
"""A worker that does what the outbox owes; who stands behind it begins it anew when it dies, and takes it along at the end."""
PATIENCE = 60
"""Seconds after which something that should have happened will not."""
CHANCE, MOMENT, OF_WEB = 0.4, 0.25, 0.7
"""How often a process dies under a form, within how many seconds after it was sent; how often one that serves pages."""
CONFIRMED_FOR = 120
"""Seconds after which a person gives the second factor anew (a page of money takes one of five minutes)."""


@dataclass
class Perils:
    """The web server (a master, whose processes die and are begun anew) and the worker, and what kills them."""

    chance: random.Random
    port: int
    master: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes]
    killed: Counter[str] = field(default_factory=Counter)
    alone: threading.Lock = field(default_factory=threading.Lock)
    over: bool = False

    def threaten(self) -> None:
        """With some chance a process dies while the form that is being sent is on its way, or is acted on."""
        if self.chance.random() < CHANCE:
            threading.Timer(self.chance.uniform(0, MOMENT), self.kill).start()

    def kill(self) -> None:
        """Kill one process that serves pages, or the worker, at once."""
        with self.alone:
            if self.over:
                return
            what, parent = ("web", self.master) if self.chance.random() < OF_WEB else ("worker", self.worker)
            if children := _children(parent):
                with suppress(ProcessLookupError):
                    os.kill(self.chance.choice(children), signal.SIGKILL)
                    self.killed[what] += 1

    def end(self) -> None:
        """End both."""
        with self.alone:
            self.over = True
            self.worker.kill()
            self.worker.wait(PATIENCE)
            self.master.terminate()
            try:
                self.master.wait(PATIENCE)
            finally:
                self.master.kill()


def _children(parent: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()]


@contextmanager
def serving(surroundings: dict[str, str], chance: random.Random) -> Iterator[Perils]:
    """Both processes, ready; ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "tests.factories.warm:application", "--preload", "--workers", "2",
        "--bind", f"127.0.0.1:{port}", "--log-level", "critical", "--no-control-socket",
    ]  # fmt: skip
    master = subprocess.Popen(command, cwd=settings.BASE_DIR, env=surroundings)
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=settings.BASE_DIR, env=surroundings)
    perils = Perils(chance, port, master, worker)
    try:
        _wait_for(perils)
        yield perils
    finally:
        perils.end()


def _wait_for(perils: Perils) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert perils.master.poll() is None, "the web server ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", perils.port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError("the web server does not answer")


class Person:
    """Somebody at a browser, signed in with a second factor."""

    def __init__(self, user: User, perils: Perils) -> None:
        self.user, self.perils, self.answers = user, perils, Counter[str]()
        self.since = -CONFIRMED_FOR * 1.0
        self.cookie = ""

    def post(self, name: str, key: Any, **typed: Any) -> None:
        """Send a form; whatever comes back, or nothing."""
        if time.monotonic() - self.since > CONFIRMED_FOR:
            client = Client()
            sign_in(client, self.user, second_factor=True)
            self.cookie, self.since = client.cookies[settings.SESSION_COOKIE_NAME].value, time.monotonic()
        token = secrets.token_hex(16)
        body = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": token, **typed})
        headers = {
            "Content-Type": MULTIPART_CONTENT,
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.cookie}; {settings.CSRF_COOKIE_NAME}={token}",
        }
        self.perils.threaten()
        line = http.client.HTTPConnection("127.0.0.1", self.perils.port, timeout=PATIENCE)
        try:
            line.request("POST", reverse(name, args=[key]), body, headers)
            self.answers[str(line.getresponse().status)] += 1
        except (OSError, http.client.HTTPException):
            self.answers["none"] += 1
        finally:
            line.close()


def pay_again_and_again(tranche: Tranche, rounds: int, perils: Perils) -> Counter[str]:
    """``rounds`` payments of one tranche: all but the last come back, the last arrives; what the people were answered."""
    first, second = (Person(user, perils) for user in awards.finance_officers())
    partner = Person(awards.signatory(tranche.grant), perils)
    today, until = timezone.localdate().isoformat(), time.monotonic() + PATIENCE + 10 * rounds
    while time.monotonic() < until:
        made = Payment.objects.filter(tranche=tranche)
        payment = made.exclude(state="failed").first()
        if payment is None:
            first.post("disbursements:payment_prepare", tranche.pk, provider="")
        elif payment.state == "prepared":
            slip = files.pdf(unlike=made.count())
            second.post(
                "disbursements:payment_release", payment.pk, bank_reference=payment.key, sent_on=today, slip=slip
            )
        elif payment.state == "sent" and made.count() < rounds:
            first.post("disbursements:payment_fail", payment.pk, reason="الحساب مغلق")
        elif payment.state == "sent":
            partner.post("disbursements:payment_confirm", payment.pk, received_on=today, fee_minor="0")
        else:
            return first.answers + second.answers + partner.answers
    raise TimeoutError(f"a payment is stuck: {payment and payment.state}, {first.answers + second.answers}")


@dataclass(frozen=True)
class Survived:
    """What a fund came through: payments made, processes killed, what people were answered, and what is wrong afterwards."""

    payments: int
    killed: Counter[str]
    answers: Counter[str]
    wrong: list[str]


def survive(tranches: list[Tranche], rounds: int, surroundings: dict[str, str], *, seed: int) -> Survived:
    """``rounds`` payments of each approved tranche at the same time, while processes die."""

    def pay(tranche: Tranche) -> Counter[str]:
        try:
            return pay_again_and_again(tranche, rounds, perils)
        finally:
            connections.close_all()

    with serving(surroundings, random.Random(seed)) as perils:
        with ThreadPoolExecutor(len(tranches)) as people:
            answers = sum(people.map(pay, tranches), Counter[str]())
        _wait_until_nothing_is_owed()
    made = Payment.objects.filter(tranche__in=tranches)
    return Survived(made.count(), perils.killed, answers, [*wrong_after(made), *map(str, fsck.findings())])


def _wait_until_nothing_is_owed() -> None:
    until = time.monotonic() + PATIENCE
    while OutboxMessage.objects.filter(done_at=None, not_before__lte=timezone.now()).exists():
        assert time.monotonic() < until, "the worker does not come to its end"
        time.sleep(0.05)


def wrong_after(made: QuerySet[Payment]) -> list[str]:
    """Payments that were not instructed exactly once, or have not ended; owed effects that nobody will do."""
    sent = Counter(
        RecordedEvent.objects.filter(type=PaymentSent.type, subject_id__in=made.values("pk")).values_list(
            "subject_id", flat=True
        )
    )
    once = [f"{one.key}: instructed {sent[one.pk]} times" for one in made if sent[one.pk] != 1]
    ended = [f"{one.key}: {one.state}" for one in made.exclude(state__in=["failed", "confirmed"])]
    owed = [
        f"{one.kind}: not done, {one.last_error}"
        for one in OutboxMessage.objects.exclude(done_at__isnull=False, last_error="")
    ]
    return once + ended + owed
