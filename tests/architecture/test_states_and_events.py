"""Edges, events and rules: nothing is misspelt, unreachable, unnamed or without a rule."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django_fsm import FSMField

from audit import events as registry
from audit import rules

PLACEHOLDER = re.compile(r"%\((\w+)\)")


def _machines() -> Iterator[tuple[type[Model], Any]]:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FSMField):
                yield model, field


MACHINES = [pytest.param(model, field, id=model._meta.label) for model, field in _machines()]


@pytest.mark.parametrize(("model", "field"), MACHINES)
def test_edges_join_states_that_exist(model: type[Model], field: Any) -> None:
    states = {value for value, _label in field.flatchoices}
    ends = {end for edge in field.get_all_transitions(model) for end in (edge.source, edge.target)}
    assert ends - states - {"*", "+"} == set()


@pytest.mark.parametrize(("model", "field"), MACHINES)
def test_every_state_can_be_reached(model: type[Model], field: Any) -> None:
    states = {value for value, _label in field.flatchoices}
    reached = {field.get_default()}
    edges = [(edge.source, edge.target) for edge in field.get_all_transitions(model)]
    for _round in states:
        reached |= {target for source, target in edges if source in reached | {"*", "+"}}
    assert states - reached == set()


@pytest.mark.parametrize(("model", "field"), MACHINES)
def test_every_edge_names_its_event(model: type[Model], field: Any) -> None:
    known = set(registry.registered().values())
    without = [edge.name for edge in field.get_all_transitions(model) if edge.custom.get("event") not in known]
    assert without == []


@pytest.mark.parametrize(("model", "field"), MACHINES)
def test_the_database_guards_every_machine(model: type[Model], field: Any) -> None:
    import pgtrigger

    names = {trigger.name for owner, trigger in pgtrigger.registered() if owner._meta.label == model._meta.label}
    assert {"legal_moves", "no_delete", "no_truncate"} <= names


def _event_classes(parent: type[registry.Event]) -> Iterator[type[registry.Event]]:
    for child in parent.__subclasses__():
        if not child.__module__.startswith("tests."):
            yield child
            yield from _event_classes(child)


def test_every_event_is_registered() -> None:
    known = set(registry.registered().values())
    assert [
        event.__name__ for event in _event_classes(registry.Event) if event not in known and "type" in vars(event)
    ] == []


def test_sentences_name_fields_that_exist() -> None:
    unknown = {
        kind: fields
        for kind, event in registry.registered().items()
        if not kind.startswith("tests")
        and (fields := set(PLACEHOLDER.findall(str(event.sentence))) - set(event.model_fields))
    }
    assert unknown == {}


def test_every_event_has_a_rule() -> None:
    without = [
        kind
        for kind, event in registry.registered().items()
        if event.__module__.split(".")[0] != "tests" and not rules.has_rule(event)
    ]
    assert without == []
