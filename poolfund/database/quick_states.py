"""Migrating an empty database in a small part of the time.

Django renders every related model anew after each migration operation, also after those that only add a constraint,
an index or a trigger; and each rendered state field leaves a listener behind that hears of every later rendering. As
nearly everything is related to a person, a new column renders half of the house. Here it renders the changed model
alone: others go on pointing to the model as it was, of which they need the table and its key. What changes those, and
what runs code of its own, gets a state in which everything is rendered anew.
On a fund's own tables migrations run as Django made them: there, what changes an old table must see all of it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.db.migrations import AlterField, RenameField, RenameModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.signals import class_prepared
from django_fsm import FSMFieldMixin
from pgtrigger.migrations import AddTrigger

HISTORICAL = "__fake__"
"""The module that Django gives to models of the past; they have no methods, so no transitions either."""


def _deaf(contribute: Callable[..., None]) -> Callable[..., None]:
    def contribute_to_class(field: Any, model: type, name: str, **options: Any) -> None:
        contribute(field, model, name, **options)
        if model.__module__ == HISTORICAL:
            class_prepared.disconnect(field._collect_transitions)  # noqa: SLF001 -- what the library connected

    return contribute_to_class


def _append_option(state: Any, app_label: str, model_name: str, option_name: str, value: object) -> None:
    """`ProjectState._append_option`, told to the rendered model in place."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], value]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option_name, options[option_name])


def _add_trigger(operation: AddTrigger, app_label: str, state: Any) -> None:
    """`AddTrigger.state_forwards`; nothing that is rendered depends on a trigger."""
    options = state.models[app_label, operation.model_name].options
    options["triggers"] = [*options.get("triggers", []), operation.trigger]


def _reload_alone(state: Any, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's signature
    """`ProjectState.reload_model`; Django too says that a state is delayed where relations in it are not fresh."""
    if "apps" in state.__dict__:
        state._reload({(app_label, model_name)})  # noqa: SLF001 -- what Django's own reload ends with
        state.is_delayed = True


def _with_fresh_states(act: Callable[..., None]) -> Callable[..., None]:
    def database_forwards(
        operation: Operation, app_label: str, editor: Any, before: ProjectState, after: ProjectState
    ) -> None:
        if not isinstance(operation, AlterField) or operation.field.primary_key or operation.field.unique:
            before.clear_delayed_apps_cache()
            after.clear_delayed_apps_cache()
        act(operation, app_label, editor, before, after)

    return database_forwards


@contextmanager
def quick_states() -> Iterator[None]:
    """Inside, options are taken down without rendering, and who gains a field is rendered alone."""
    with ExitStack() as stack:
        contribute = _deaf(FSMFieldMixin.contribute_to_class)
        stack.enter_context(mock.patch.object(FSMFieldMixin, "contribute_to_class", contribute))
        stack.enter_context(mock.patch.object(ProjectState, "_append_option", _append_option))
        stack.enter_context(mock.patch.object(AddTrigger, "state_forwards", _add_trigger))
        stack.enter_context(mock.patch.object(ProjectState, "reload_model", _reload_alone))
        for kind in (AlterField, RenameField, RenameModel):
            fresh = _with_fresh_states(kind.database_forwards)
            stack.enter_context(mock.patch.object(kind, "database_forwards", fresh))
        yield
