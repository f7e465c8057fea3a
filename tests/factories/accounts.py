"""People, offices and signed-in browsers, made through the real services."""

import itertools
import time
from datetime import date
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts import selectors, services
from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.secrets import secrets_of

PASSWORD = "a long sentence of our own"
_number = itertools.count(1)


def user(full_name: str = "", *, email: str = "", language: str = "ar", password: str | None = None) -> User:
    """A person with a verified address and no office."""
    n = next(_number)
    made = User.objects.create_user(
        email or f"person{n}@people.example", password, full_name=full_name or f"شخص {n}", language=language
    )
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
    return made


def administrator() -> User:
    """The test's administrator, with an open staff session: appoints everybody else."""
    made = selectors.users_with_role(Role.ADMINISTRATOR).order_by("date_joined").first()
    if made is None:
        made = user("المديرة الأولى", email="administrator@fund.example")
        services.appoint_first_administrator(made, reason="the fund begins")
    if selectors.open_staff_session(made) is None:
        services.open_staff_session(made, reason="the work of this test")
    return made


def appointment(person: User, role: str, *, starts_on: date | None = None) -> Appointment:
    """An office for ``person``, made by `administrator`."""
    starts_on = starts_on or timezone.localdate()
    return services.appoint(person, role, starts_on=starts_on, actor=administrator(), reason="needed in this test")


def officer(role: str, full_name: str = "", **fields: Any) -> User:
    """A person who holds the office ``role``."""
    person = user(full_name, **fields)
    appointment(person, role)
    return person


def authenticator(person: User) -> Authenticator:
    """The person's authenticator app."""
    existing = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if existing is not None:
        return existing
    with secrets_of(person):
        return TOTP.activate(person, generate_totp_secret()).instance


def sign_in(client: Client, person: User, second_factor: bool = False, *, seconds_ago: float = 0) -> None:
    """Sign ``person`` in; with ``second_factor`` as if a one-time code had been given ``seconds_ago``."""
    client.force_login(person, backend="accounts.backends.ByKey")
    if second_factor:
        _confirm(client, person, seconds_ago)


def _confirm(client: Client, person: User, seconds_ago: float) -> None:
    factor = authenticator(person)
    session = client.session
    request = HttpRequest()
    request.session = session
    record_authentication(request, person, "mfa", id=factor.pk, type=factor.type)
    records = session[AUTHENTICATION_METHODS_SESSION_KEY]
    records[-1]["at"] = time.time() - seconds_ago
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session.save()


def browser_of(person: User, language: str = "en") -> Client:
    """A browser in which ``person`` reads in ``language`` and has confirmed with a second factor."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    sign_in(client, person, second_factor=True)
    return client


def sign_in_browser(page: Any, live_server: Any, person: User, second_factor: bool = False) -> None:
    """Sign ``person`` in to the browser of ``page``."""
    client = Client()
    sign_in(client, person, second_factor)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
