"""Lists of people and organisations cost the same number of queries at three rows and at three hundred."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import User
from accounts.roles import Role
from notices.models import Notice
from notices.services import notify
from tests.costs import queries_of
from tests.factories import accounts, charter, organisations
from tests.factories.many import copies

pytestmark = pytest.mark.django_db

FEW, MANY = 3, 300
More = Callable[[int], Any]


def people() -> tuple[User, More]:
    return accounts.administrator(), lambda number: copies(
        accounts.user(), number, email=_address, actor_ref=lambda _n: uuid.uuid4()
    )


def _address(number: int) -> str:
    return f"copy{number}-{User.objects.count()}@people.example"


def organisations_of_the_fund() -> tuple[User, More]:
    made = organisations.registered_organisation()
    key: Any = lambda n: f"{made.name_key} {n} {type(made)._default_manager.count()}"  # noqa: E731 -- one key for each copy
    return accounts.officer(Role.AUDITOR), lambda number: copies(made, number, name_key=key)


def appointments() -> tuple[User, More]:
    held = accounts.appointment(accounts.user(), Role.BOARD_MEMBER)

    def more(number: int) -> None:
        holders = [accounts.user() for _ in range(min(number, 5))]
        copies(held, number, user=lambda n: holders[n % len(holders)])

    return accounts.officer(Role.AUDITOR), more


def invitations() -> tuple[User, More]:
    administrator = accounts.administrator()
    told: dict[str, Any] = {"role": Role.AUDITOR, "language": "ar", "reason": "needed", "actor": administrator}
    letter = services.invite_to_office(email="new@people.example", full_name="سمر", **told)
    return administrator, lambda number: copies(letter, number, email=_address)


def messages() -> tuple[User, More]:
    reader = accounts.user()
    params = {"organisation": "جمعية المثال", "reason": "سبب", "tier": "M"}
    notify([reader], "organisations.suspended", params=params, url="/", dedupe_key="first")
    first = Notice.objects.get(user=reader)
    return reader, lambda number: copies(first, number, dedupe_key=lambda _n: uuid.uuid4().hex)


def networks() -> tuple[User, More]:
    network, _person = charter.networks()[0]
    return accounts.officer(Role.AUDITOR), lambda number: copies(network, number)


LISTS = {
    "accounts:person_list": people,
    "organisations:list": organisations_of_the_fund,
    "accounts:office_list": appointments,
    "accounts:invitation_list": invitations,
    "notices:notice_list": messages,
    "charter:network_list": networks,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_asks_no_more(name: str, client: Client) -> None:
    reader, more = LISTS[name]()
    accounts.sign_in(client, reader, second_factor=True)
    more(FEW)
    few = queries_of(lambda: client.get(reverse(name)))
    more(MANY - FEW)
    assert queries_of(lambda: client.get(reverse(name))) == few


def test_copies_are_as_asked_for_and_each_has_a_leaf_of_its_own() -> None:
    held, other = accounts.appointment(accounts.user(), Role.BOARD_MEMBER), accounts.user()
    made = [*copies(held, 2, user=other), *copies(held, 1, user_id=lambda _n: other.pk)]
    assert {one.user for one in type(held).objects.filter(pk__in=[one.pk for one in made])} == {other}
    assert len({held.leaf_id, *(one.leaf_id for one in made)}) == 4
    with pytest.raises(TypeError):
        copies(held, 1, holder=other)
