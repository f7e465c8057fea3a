"""Questions whose SQL is written once answer what the queryset answers, and are refused where they could not."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Appointment, User
from accounts.roles import Role
from kernel.prepared import Prepared
from tests.factories import accounts

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]


def begun(day: date, user: UUID) -> Any:
    return Appointment.objects.filter(Q(starts_on__lte=day) | Q(made_by=user), user=user).values_list(
        "role", "starts_on"
    )


def test_it_answers_what_the_queryset_answers_for_each_value(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    question = Prepared(begun, day=date, user=UUID)
    people = [accounts.officer(Role.AUDITOR), accounts.officer(Role.FINANCE_OFFICER), accounts.user()]
    days = [timezone.localdate() + timedelta(days=days) for days in (-10_000, 0, 10_000)]
    answers = []
    for person in people:
        for day in days:
            with django_assert_num_queries(1):
                answers.append(question.ask(day=day, user=person.pk))
            assert sorted(answers[-1]) == sorted(begun(day, person.pk))
    assert any(answers)
    assert not all(answers)


def test_two_places_of_one_kind_are_told_apart() -> None:
    question = Prepared(lambda first, last: User.objects.filter(date_joined__date__gte=first, date_joined__date__lte=last).values_list("pk"), first=date, last=date)  # fmt: skip
    person, today = accounts.user(), timezone.localdate()
    assert (person.pk,) in question.ask(first=today, last=today + timedelta(days=1))
    assert question.ask(first=today + timedelta(days=1), last=today) == []


def test_a_place_that_does_not_reach_the_sql_is_refused() -> None:
    question = Prepared(lambda user: Appointment.objects.filter(user=uuid4()).values_list("role"), user=UUID)
    with pytest.raises(ValueError, match="user"):
        question.ask(user=uuid4())


def test_a_question_without_the_value_of_a_place_is_refused() -> None:
    with pytest.raises(KeyError, match="day"):
        Prepared(begun, day=date, user=UUID).ask(user=uuid4())


def test_columns_that_django_converts_are_refused() -> None:
    from charter.models import CharterVersion

    question = Prepared(lambda key: CharterVersion.objects.filter(pk=key).values_list("rules_data"), key=UUID)
    with pytest.raises(TypeError, match="converters"):
        question.ask(key=uuid4())
