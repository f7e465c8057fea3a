"""The person of a session is read whole, by key, at one question; closed accounts and keys of nobody are nobody."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import load_backend
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import accounts

pytestmark = pytest.mark.django_db
BACKENDS = [path for path in settings.AUTHENTICATION_BACKENDS if path.startswith("accounts.")]


@pytest.mark.parametrize("path", BACKENDS)
def test_the_person_of_a_session_is_whole(path: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person, _other = accounts.user(), accounts.user()
    with django_assert_num_queries(1):
        found = load_backend(path).get_user(person.pk)
    assert isinstance(found, User)
    assert {**vars(found), "_state": None} == {**vars(User.objects.get(pk=person.pk)), "_state": None}
    found.full_name = "سمر"
    with django_assert_num_queries(1):
        found.save(update_fields=["full_name"])
    assert User.objects.get(pk=person.pk).full_name == "سمر"


@pytest.mark.parametrize("path", BACKENDS)
def test_closed_accounts_and_keys_of_nobody_are_nobody(path: str) -> None:
    person = accounts.user()
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert load_backend(path).get_user(person.pk) is None
    assert load_backend(path).get_user(uuid4()) is None
