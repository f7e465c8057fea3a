"""Columns that are equal have the same hash; those that are not are told apart, whatever their hash."""

from django.apps import apps
from django.db.models.expressions import Col, Expression

from grants.models import Application, Call


def test_it_is_the_projects_hash() -> None:
    assert Col.__hash__ is not Expression.__hash__


def test_equal_columns_have_the_same_hash() -> None:
    compared = 0
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            first, second = Col("t", field), Col("t", field)
            assert first == second
            assert hash(first) == hash(second)
            assert {first: 1}[second] == 1
            compared += 1
    assert compared > 1000


def test_columns_of_one_name_are_told_apart() -> None:
    of_call, of_application = (Col("t", model._meta.get_field("state")) for model in (Call, Application))
    other = Col("other", Call._meta.get_field("state"))
    assert hash(of_call) == hash(of_application)
    assert of_call != of_application
    assert of_call != other
    assert len({of_call, of_application, other}) == 3
