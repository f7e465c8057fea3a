"""A row of every table, and people who belong to none of it: no page of theirs opens, no form of theirs writes.

`tests.journey.test_strangers` walks a world in which the rights of every office matter; here are fewer people and every noun:
vouchers, bank changes, write-offs, appeals, cases, exchanges, capacity, places, files.
"""

from itertools import islice
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import User
from kernel.access import Audience
from organisations.models import Organisation
from organisations.states import PersonRole
from poolfund import access
from tests.addresses import addresses, nouns
from tests.factories import accounts, funds
from tests.factories.many import copies
from tests.factories.organisations import past_person
from tests.journey.test_strangers import OWN_RIGHT, SENT, routes
from tests.written import written

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.database("canaries"),
    pytest.mark.usefixtures("light_walk"),
]

MOST = 6
METHODS = {"GET", "POST", "PATCH", "DELETE"}
ANYBODY = {"grants:call_ask"}
"""Open to whoever is signed in: a question about a call that is open to all."""


def _signatory_elsewhere() -> User:
    """A signatory of an organisation of which nothing else stands there."""
    organisation = copies(Organisation.objects.order_by("pk")[0], 1, name_key="elsewhere")[0]
    user = accounts.user()
    # Reactions would read the charter of calls in which a canary stands for every rule.
    with mock.patch("audit.reactions.run"):
        past_person(organisation, user, PersonRole.SIGNATORY, starts_on=timezone.localdate())
    return user


def strangers() -> dict[str, User]:
    """One of each kind, with nothing in common with what stands there."""
    return {
        "somebody": accounts.user(),
        "signatory elsewhere": _signatory_elsewhere(),
        "donor's person elsewhere": funds.representative(funds.donor()),
    }


def walked() -> list[tuple[str, str]]:
    """Name and path of what is neither public nor an office's, for some things of each kind."""
    return [
        (name, address)
        for name, route in routes(get_resolver())
        if access.table()[name].audience is not Audience.PUBLIC
        and not access.table()[name].roles
        and any(kind == "uuid" for kind, _noun in nouns(route).values())
        for address in islice(addresses(name, route), MOST)
    ]


def ask(client: Client, method: str, address: str) -> Any:
    """The answer; whatever it wrote is taken back."""
    with transaction.atomic():
        sent = {"data": SENT} if method == "POST" else {}
        answer = getattr(client, method.lower())(address, **sent)
        transaction.set_rollback(True)
    return answer


def test_who_belongs_to_nothing_opens_nothing_and_writes_nothing(bare_refusals: None) -> None:
    found, opened, wrote, broken = walked(), set(), set(), set()
    assert len({name for name, _address in found}) > 100, "the walk is a long one"
    for who, person in strangers().items():
        client = accounts.browser_of(person, "ar")
        client.raise_request_exception = False
        before = written()
        for name, address in found:
            for method in METHODS & access.table()[name].methods:
                answer = ask(client, method, address)
                if answer.status_code >= 500:
                    broken.add(f"{who}: {method} {address}")
                if answer.status_code == 200 and method == "GET" and name not in ANYBODY:
                    opened.add(f"{who}: {address}")
                after = written()
                if after != before and name not in OWN_RIGHT:
                    wrote.add(f"{who}: {method} {address}")
                before = after
    assert broken == set()
    assert opened == set()
    assert wrote == set()


def test_what_is_written_is_noticed_also_where_it_is_taken_back() -> None:
    before = written()
    with transaction.atomic():
        person = accounts.user()
        transaction.set_rollback(True)
    assert written()["accounts_user"] > before.get("accounts_user", 0)
    assert not User.objects.filter(pk=person.pk).exists()
