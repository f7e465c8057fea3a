"""The navigation: people see what they may open, and where they are."""

import pytest
from django.contrib.auth.models import AnonymousUser

from kernel import navigation
from kernel.navigation import NavItem, Place, anyone, entries, register, signed_in


class Person:
    is_authenticated = True


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", [])


def labels(place: Place, user: object, path: str = "/") -> list[str]:
    return [str(entry.label) for entry in entries(place, user=user, path=path)]


def test_entries_stand_in_their_order_and_place() -> None:
    register(
        NavItem("second", "account_login", place=Place.PUBLIC, order=20),
        NavItem("first", "account_signup", place=Place.PUBLIC, order=10),
        NavItem("elsewhere", "account_login", place=Place.FOOTER),
    )
    assert labels(Place.PUBLIC, AnonymousUser()) == ["first", "second"]
    assert labels(Place.FOOTER, AnonymousUser()) == ["elsewhere"]
    assert labels(Place.WORK, AnonymousUser()) == []


def test_people_see_what_is_theirs() -> None:
    register(NavItem("mine", "account_email", signed_in), NavItem("all", "account_login", anyone))
    assert labels(Place.WORK, AnonymousUser()) == ["all"]
    assert labels(Place.WORK, Person()) == ["mine", "all"]


def test_the_nearest_entry_is_current() -> None:
    register(NavItem("account", "account_login"), NavItem("reset", "account_reset_password"))
    at = "/account/password/reset/done/"
    assert [entry.current for entry in entries(Place.WORK, user=Person(), path=at)] == [False, True]
    assert [entry.current for entry in entries(Place.WORK, user=Person(), path="/other/")] == [False, False]


def test_an_entry_registered_twice_stands_once() -> None:
    item = NavItem("once", "account_login")
    register(item)
    register(item)
    assert labels(Place.WORK, Person()) == ["once"]


def test_an_entry_whose_page_is_not_mounted_is_not_shown() -> None:
    register(NavItem("nowhere", "no_such_app:page"))
    assert labels(Place.WORK, Person()) == []
