"""People at their own browsers, and the clock they live by: the small language in which the journey is told."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from accounts.models import User
from accounts.secrets import secrets_of
from kernel import database
from tests.accessibility import findings
from tests.chromium import visitor

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
SESSION = timedelta(hours=6)
"""After this much of the journey's time a person signs in again."""
_MARKS = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def ar(message: str, **values: Any) -> str:
    """What the Arabic page says for ``message``: the journey reads pages as they are translated."""
    with translation.override("ar"):
        said = str(gettext(message))
    return said % values if values else said


def plain(text: str) -> str:
    """Text as it is read: without marks of direction, every space a plain one."""
    return " ".join(text.translate(_MARKS).split())


@contextmanager
def clock() -> Iterator["Clock"]:
    """A clock that the journey moves, for this process and for what it asks of the database."""
    start = datetime(2027, 1, 3, 9, 0, tzinfo=timezone.get_default_timezone())
    played = ContextVar("the_journey_plays", default=True)
    with mock.patch.object(database, "_played", played), time_machine.travel(start, tick=True) as coordinates:
        yield Clock(coordinates)


@dataclass
class Clock:
    """The journey's time."""

    coordinates: Any

    def move_to(self, month: int, day: int, hour: int = 9, minute: int = 0, *, year: int = 2027) -> None:
        """Go on to a later moment, on the clocks of Damascus."""
        moment = datetime(year, month, day, hour, minute, tzinfo=timezone.get_default_timezone())
        if moment < timezone.now():
            raise ValueError(f"{moment} has passed")
        self.coordinates.move_to(moment)


@dataclass
class Stage:
    """Where people act: the live server, Chromium, and everything that went wrong on any page."""

    address: str
    browser: Browser
    people: "dict[Any, Person]" = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def person(self, user: User, *, phone: bool = False, scripts: bool = True) -> "Person":
        """The person at a browser of their own; the same one each time."""
        if user.pk not in self.people:
            context = visitor(
                self.browser,
                base_url=self.address,
                locale="ar-SY",
                timezone_id="Asia/Damascus",
                viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
                java_script_enabled=scripts,
            )
            context.set_default_timeout(60_000)
            self.people[user.pk] = Person(self, user, context, context.new_page(), scripts)
            self.people[user.pk].listen()
        return self.people[user.pk]

    def close(self) -> None:
        """Everybody goes home."""
        for person in self.people.values():
            person.context.close()


@dataclass
class Person:
    """One person at a browser."""

    stage: Stage
    user: User
    context: BrowserContext
    page: Page
    scripts: bool
    answer: Response | None = None
    signed_in_at: datetime | None = None
    secret: str = ""

    def listen(self) -> None:
        """Write down what the browser complains of; it does of every answer that says the server broke."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._note(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # A refusal that the journey asks for is a complaint of the browser, not of the page.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self._note(message.text)

    def _note(self, complaint: str) -> None:
        self.stage.complaints.append(f"{self.user.full_name} at {self.page.url}: {complaint}")

    # Coming in ----------------------------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """A session of this moment, in this browser."""
        client = Client()
        client.force_login(self.user, backend="accounts.backends.ByKey")
        self.context.clear_cookies()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.stage.address}])
        self.signed_in_at = timezone.now()

    def _keep_signed_in(self) -> None:
        if self.signed_in_at is None or timezone.now() - self.signed_in_at > SESSION:
            self.sign_in()

    def has_second_factor(self) -> "Person":
        """The person owns an authenticator app."""
        self.secret = generate_totp_secret()
        Authenticator.objects.filter(user=self.user).delete()
        with secrets_of(self.user):
            TOTP.activate(self.user, self.secret)
        return self

    def code(self) -> str:
        """What the person's app shows now."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30))

    def confirm(self) -> "Person":
        """Type the code of the app where the page asks for it, and come back."""
        self.follow("Confirm with a code from the app")
        for _try in range(2):
            self.page.fill("[name=code]", self.code())
            self.send("main form button")
            if not self.page.locator("main [name=code]").count():
                break  # else its half minute ran out while it was on its way: the person types the next one
        return self

    # Reading ------------------------------------------------------------------------------------------------------

    def open(self, path: str) -> "Person":
        """Go to a page that is there and open to this person."""
        self.go(path)
        assert self.status == 200, f"{path}: {self.status} {self.text()[:600]}"
        return self

    def go(self, path: str) -> int:
        """Go to a page, whatever it answers; confirm with the second factor where it is asked for."""
        self._keep_signed_in()
        # A page that waits for long work reloads itself: in the moment of leaving it that is what is answered, with nothing.
        self.answer = self.page.goto(path) or self.page.goto(path)
        self._confirm_if_asked()
        return self.status

    @property
    def status(self) -> int:
        """How the last page was answered."""
        assert self.answer is not None
        return self.answer.status

    def text(self) -> str:
        """What stands on the page."""
        return plain(self.page.locator("body").inner_text())

    def sees(self, message: str, **values: Any) -> "Person":
        """The page says ``message``, in Arabic."""
        words = plain(ar(message, **values))
        assert words in self.text(), f"{words!r} is not on {self.page.url}: {self.text()[:3000]}"
        return self

    def does_not_see(self, words: str) -> "Person":
        """The page does not say these words."""
        assert plain(words) not in self.text(), f"{words!r} is on {self.page.url}"
        return self

    def is_refused(self, path: str, reason: str, **values: Any) -> "Person":
        """The page is closed to this person, and says why."""
        assert self.go(path) == 403, f"{path}: {self.status} {self.text()[:600]}"
        return self.sees(reason, **values)

    def finds_nothing(self, path: str) -> "Person":
        """To this person the page does not exist."""
        assert self.go(path) == 404, f"{path}: {self.status} {self.text()[:600]}"
        return self

    def well_made(self) -> "Person":
        """The page is Arabic, does not scroll sideways, and axe finds nothing wrong with it."""
        html = self.page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ar", "rtl")
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
        assert findings(self.page) == [], self.page.url
        return self

    # Acting -------------------------------------------------------------------------------------------------------

    def write(self, **answers: Any) -> "Person":
        """Fill fields by their names; ``__`` stands for ``-``."""
        for name, value in answers.items():
            self.field(name.replace("__", "-"), value)
        return self

    def field(self, name: str, value: Any) -> None:
        """Type, choose or tick one field."""
        found = self.page.locator(f"main [name='{name}']")
        kind = next(iter(found.evaluate_all("fields => fields.map(({ type }) => type)")), None)
        assert kind, f"{self.page.url} has no field {name}: {self.text()[:600]}"
        if kind in {"radio", "checkbox"}:
            for one in value if isinstance(value, list) else [value]:
                (found.first if one is True else found.and_(self.page.locator(f"[value='{one}']"))).check()
        elif kind.startswith("select"):
            found.select_option(value)
        elif kind == "file":
            found.set_input_files(value)
        else:
            found.fill(str(value))

    def press(self, words: str, *, inside: str = "main") -> "Person":
        """Press the button with these words."""
        return self._leave(self.page.locator(inside).get_by_role("button", name=ar(words), exact=True).first.click)

    def send(self, button: str) -> "Person":
        """Press the first button found by a selector."""
        return self._leave(self.page.locator(button).first.click)

    def follow(self, words: str) -> "Person":
        """Follow the link with these words."""
        self._keep_signed_in()
        return self._leave(self.page.get_by_role("link", name=ar(words)).first.click)

    def post(self, path: str, **values: str) -> int:
        """Send a form that no page offered to this person; returns how it was answered."""
        self._keep_signed_in()
        if not any(cookie["name"] == settings.CSRF_COOKIE_NAME for cookie in self.context.cookies()):
            self.page.goto("/account/logout/")
        token = next(one["value"] for one in self.context.cookies() if one["name"] == settings.CSRF_COOKIE_NAME)
        return self.context.request.post(path, form={"csrfmiddlewaretoken": token, **values}, max_redirects=0).status

    def _leave(self, act: Callable[[], None]) -> "Person":
        with self.page.expect_navigation() as found:
            act()
        self.answer = found.value
        self._confirm_if_asked()
        return self

    def _confirm_if_asked(self) -> None:
        if "/people/confirm/" in self.page.url and self.secret:
            self.confirm()

    def error_beside(self, name: str) -> str:
        """The message that stands beside a field and belongs to it; empty when there is none."""
        described = self.page.locator(f"main [name='{name}']").first.get_attribute("aria-describedby") or ""
        errors = [self.page.locator(f"[id='{one}']") for one in described.split() if one.endswith("_error")]
        return plain(" ".join(one.inner_text() for one in errors))
