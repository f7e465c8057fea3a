"""Messages on telephones: proven numbers only, nothing said, once; through real gateways on this machine."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit import erasure, outbox, vault
from audit.models import OutboxMessage
from audit.states import ErasureGround
from kernel import identity
from kernel.permissions import Refused
from notices import registry, selectors, services
from notices.models import Channel, Delivery, Notice, Wishes
from notices.services import channels, telling
from notices.states import DeliveryState, Way
from poolfund import environment
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db

KIND = "tests.something_happened"
PRESSING = "tests.something_presses"
NUMBER = "963944123456"
DAMASCUS = ZoneInfo("Asia/Damascus")
Committing = Callable[..., AbstractContextManager[Any]]


class Gateway(ThreadingHTTPServer):
    """Takes what is posted, or refuses it as long as it ``answers`` otherwise."""

    daemon_threads = True
    answers = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[tuple[str, dict[str, Any]]] = []

    @property
    def texts(self) -> list[str]:
        return [body["message"] for _path, body in self.taken]


class _Taking(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.answers == 200:
            self.server.taken.append((self.path, body))
        answer = b'{"messageId": "1"}'
        self.send_response(self.server.answers)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    url = f"json://127.0.0.1:{server.server_port}/to/{{to}}"
    settings.MESSAGE_GATEWAYS = {"telegram": "", "whatsapp": url, "sms": url}
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)
    assert not thread.is_alive()


@pytest.fixture(autouse=True)
def worded() -> Iterator[None]:
    def fn(params: Mapping[str, Any]) -> tuple[str, str]:
        return f"Title {params['what']}", "Body of names and amounts"

    registry.wording(KIND)(fn)
    registry.wording(PRESSING, urgent=True)(fn)
    yield
    del registry._wordings[KIND], registry._wordings[PRESSING]
    registry._urgent.discard(PRESSING)


@pytest.fixture
def work(django_capture_on_commit_callbacks: Committing) -> Callable[[], None]:
    """Do all that is owed, commit by commit."""

    def do() -> None:
        for _round in range(3):
            with django_capture_on_commit_callbacks(execute=True):
                outbox.drain()

    return do


def reached(user: User, way: str = Way.SMS, address: str = NUMBER) -> Channel:
    """A number that ``user`` proved."""
    assert channels.confirm(user, way, channels.code_of(channels.ask(user, way, address=address)))
    OutboxMessage.objects.all().delete()
    return Channel.objects.get(user=user, way=way)


def enter(client: Client, user: User) -> None:
    make.sign_in(client, user)
    client.cookies["django_language"] = "en"


def tell(user: User, kind: str = KIND, key: str = "one", **params: Any) -> Notice:
    services.notify([user], kind, params={"what": key, **params}, url="/work/secret/", dedupe_key=key)
    return Notice.objects.get(user=user, params__what=key)


def test_a_number_is_used_from_the_code_on(client: Client, gateway: Gateway, work: Callable[[], None]) -> None:
    user = make.user(language="en")
    enter(client, user)
    page, add = reverse("notices:wishes"), reverse("notices:number_ask")
    refused = client.post(add, {"channel": "sms", "address": "my phone"}).content.decode()
    assert "digits only" in refused
    assert "my phone" in refused
    client.post(add, {"channel": "sms", "address": "٠٩٤٤ ١٢٣ ٤٥٦"})
    assert gateway.taken == [], "a gateway is asked by workers only"
    channel = Channel.objects.get(user=user)
    work()
    ((path, body),) = gateway.taken
    assert path == f"/to/{NUMBER}"
    code = channels.code_of(channel)
    assert body["message"].startswith(f"{code} is your code")
    assert channel.address == NUMBER
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM notices_channel")
        assert NUMBER.encode() not in bytes(cursor.fetchone()[0])
    assert code not in str(OutboxMessage.objects.values_list("payload"))
    tell(user)
    work()
    assert len(gateway.taken) == 1, "not proven: by e-mail"
    confirm = reverse("notices:number_prove", args=["sms"])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert "not the code" in client.post(confirm, {"sms-code": wrong}).content.decode()
    assert client.post(confirm, {"sms-code": f" {code[:3]} {code[3:]}"}).status_code == 302
    notice = tell(user, key="two")
    work()
    page_of_it = f"http://testserver{reverse('notices:notice_detail', args=[notice.pk])}"
    assert gateway.texts[1] == f"1 message waits for you: Pooled Fund for Syrian Civil Society {page_of_it}"
    assert len(mail.outbox) == 1
    assert Delivery.objects.get(notices=notice).state == DeliveryState.SENT
    assert NUMBER in client.get(page).content.decode()
    client.post(reverse("notices:number_erase", args=["sms"]))
    assert not Channel.objects.filter(user=user).exists()
    tell(user, key="three")
    work()
    assert (len(gateway.taken), len(mail.outbox)) == (2, 2)


def test_codes_are_few_short_lived_and_of_one_person(gateway: Gateway) -> None:
    user, other = make.user(), make.user()
    channel = channels.ask(user, "sms", address=NUMBER)
    code = channels.code_of(channel)
    with pytest.raises(Refused):
        channels.confirm(other, "sms", code)
    with time_machine.travel(datetime.now(tz=DAMASCUS) + channels.LASTS + timedelta(seconds=1)), pytest.raises(Refused):
        channels.confirm(user, "sms", code)
    for _try in range(channels.TRIES):
        assert channels.confirm(user, "sms", "x") is False
    with pytest.raises(Refused):
        channels.confirm(user, "sms", code)
    for _code in range(channels.CODES_AN_HOUR - 1):
        channels.ask(user, "sms", address=NUMBER)
    with pytest.raises(Refused):
        channels.ask(user, "sms", address=NUMBER)
    with pytest.raises(Refused):
        channels.ask(other, "telegram", address=NUMBER)
    with pytest.raises(Refused):
        channels.wish(other, way="sms")


def test_a_failing_gateway_falls_back_to_mail_and_the_page_says_so(
    client: Client, gateway: Gateway, work: Callable[[], None]
) -> None:
    user = make.user(language="en")
    enter(client, user)
    reached(user)
    gateway.answers = 500
    lost = tell(user)
    work()
    work()
    assert Delivery.objects.get(notices=lost).state == DeliveryState.FAILED
    assert [letter.subject for letter in mail.outbox] == ["Title one"]
    assert "have not reached this number since" in client.get(reverse("notices:wishes")).content.decode()
    gateway.answers = 200
    tell(user, key="two")
    work()
    assert len(gateway.taken) == len(mail.outbox) == 1
    assert "have not reached" not in client.get(reverse("notices:wishes")).content.decode()


def test_a_crash_after_sending_tells_no_telephone_twice(
    gateway: Gateway, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make.user()
    reached(user)
    tell(user)
    with monkeypatch.context() as crash:
        crash.setattr(telling, "_know", lambda *_args: None)
        work()
    assert len(gateway.taken) == 1
    assert Delivery.objects.get(user=user).state == DeliveryState.SENDING
    with time_machine.travel(datetime.now(tz=DAMASCUS) + telling.PATIENCE + timedelta(seconds=1)):
        work()
        work()
    assert len(gateway.taken) == 1
    assert [letter.to for letter in mail.outbox] == [[user.email]]
    assert Delivery.objects.get(user=user).state == DeliveryState.UNKNOWN


def test_quiet_hours_and_the_days_messages(gateway: Gateway, work: Callable[[], None]) -> None:
    user = make.user(language="en")
    reached(user)
    channels.wish(user, quiet_from=time(22), quiet_until=time(7), titled=True)
    with time_machine.travel(datetime(2026, 11, 22, 23, tzinfo=DAMASCUS), tick=False):
        tell(user)
        tell(user, PRESSING, "presses")
        tell(user, key="deadline", due=datetime(2026, 11, 23, 12, tzinfo=DAMASCUS).isoformat())
        work()
        assert [text.rpartition(" ")[0] for text in gateway.texts] == ["Title presses", "Title deadline"]
    with time_machine.travel(datetime(2026, 11, 23, 7, tzinfo=DAMASCUS), tick=False):
        work()
        assert gateway.texts[2].startswith("Title one http://")
        channels.wish(user, way=Way.EMAIL, daily=True, daily_at=time(8))
        for key in ("first", "second", "read"):
            notice = tell(user, key=key)
        services.mark_read(user, notice.pk)
        work()
        assert mail.outbox == []
    with time_machine.travel(datetime(2026, 11, 23, 8, tzinfo=DAMASCUS), tick=False):
        work()
        work()
    (letter,) = mail.outbox
    assert letter.subject.startswith("2 messages wait for you")
    assert "• Title first\n• Title second" in letter.body
    assert "Title read" not in letter.body
    assert not Notice.objects.filter(waits=True).exists()


def test_wishes_are_of_their_person_and_a_destroyed_key_erases_the_number(
    client: Client, gateway: Gateway, work: Callable[[], None]
) -> None:
    user, other = make.user(language="en"), make.user()
    channel = reached(user)
    tell(user)
    work()
    for somebody, seen in ((user, 1), (other, 0), (None, 0)):
        with identity.person(somebody.pk if somebody else None):
            assert [model.objects.count() for model in (Wishes, Channel, Delivery)] == [seen] * 3
    make.sign_in(client, other)
    assert client.post(reverse("notices:number_erase", args=["sms"])).status_code == 302
    assert client.post(reverse("notices:number_erase", args=["pigeon"])).status_code == 404
    assert Channel.objects.filter(pk=channel.pk).exists()
    assert vault.names_of([user.pk]) == {user.pk: user.full_name}
    proposed = erasure.propose_key(
        channel.data_key, ground=ErasureGround.REQUEST, reason="asked", actor=make.administrator()
    )
    erasure.carry_out(proposed, actor=make.officer(Role.AUDITOR))
    tell(user, key="two")
    work()
    assert (len(gateway.taken), len(mail.outbox)) == (1, 1)
    enter(client, user)
    page = client.get(reverse("notices:wishes")).content.decode()
    assert "This number was erased" in page
    assert NUMBER not in page


def test_what_cannot_be_meant_is_said_beside_the_field(client: Client, gateway: Gateway) -> None:
    user = make.user(language="en")
    reached(user)
    enter(client, user)
    half = client.post(reverse("notices:wishes"), {"way": "email", "quiet_from": "22:00"}).content.decode()
    assert "need both ends" in half
    same = {"way": "email", "quiet_from": "22:00", "quiet_until": "22:00"}
    assert "another time" in client.post(reverse("notices:wishes"), same).content.decode()
    kept = {"way": "sms", "titled": "on", "daily": "on", "quiet_from": "22:00", "quiet_until": "06:30"}
    client.post(reverse("notices:wishes"), kept)
    wishes = selectors.wishes_of(user)
    assert (wishes.way, wishes.titled, wishes.daily, wishes.daily_at) == ("sms", True, True, time(8))
    assert wishes.quiet == (time(22), time(6, 30))
    assert (
        "pigeon" not in client.post(reverse("notices:wishes"), {**kept, "way": "pigeon"}).context["form"].cleaned_data
    )


def test_letters_leave_by_a_service_from_right_to_left(gateway: Gateway, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.ANYMAIL = environment.mail_service(
        "brevo", ["BREVO_API_KEY=secret", f"BREVO_API_URL=http://127.0.0.1:{gateway.server_port}/v3/"]
    )
    user = make.user(language="ar")
    tell(user)
    outbox.drain()
    ((path, body),) = gateway.taken
    assert path == "/v3/smtp/email"
    assert body["to"][0]["email"] == user.email
    assert 'dir="rtl"' in body["htmlContent"]
    assert Delivery.objects.get(user=user).way == Way.EMAIL
