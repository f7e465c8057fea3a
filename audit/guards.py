"""PostgreSQL triggers that hold what the one door promises, also against raw SQL."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField

from audit.events import Event
from audit.states import ErasureState

Model = type[models.Model]


def _edges(model: Model) -> Iterator[tuple[str, str]]:
    field: Any = model._meta.get_field("state")
    states = [value for value, _label in field.flatchoices]
    for transition in field.get_all_transitions(model):
        if transition.source not in {"*", "+"}:
            yield transition.source, transition.target
            continue
        for source in states:
            if transition.source == "*" or source != transition.target:
                yield source, transition.target


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_WITNESSED = """
    IF NOT EXISTS (
        SELECT 1 FROM audit_recordedevent e
        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id{state}
    ) THEN
        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';
    END IF;
"""
_SAME_STATE = " AND e.to_state = NEW.state"


def _moves_function(model: Model) -> str:
    field: Any = model._meta.get_field("state")
    initial = _quoted(str(field.get_default()))
    edges = sorted(set(_edges(model)))
    allowed = ", ".join(f"({_quoted(source)}, {_quoted(target)})" for source, target in edges)
    legal = f"(OLD.state, NEW.state) IN ({allowed})" if edges else "FALSE"
    witnessed = _WITNESSED.format(state=_SAME_STATE)
    stays = any(source == target for source, target in edges)
    # A move that ends where it began brings its leaf too.
    staying = f"ELSIF NEW.leaf_id <> OLD.leaf_id THEN\n        {witnessed}" if stays else ""
    return f"""
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> {initial} THEN
            RAISE EXCEPTION '%: begins as {initial[1:-1]}, not %', TG_TABLE_NAME, NEW.state USING ERRCODE = 'check_violation';
        END IF;
        {witnessed}
    ELSIF NEW.state <> OLD.state THEN
        IF NOT {legal} THEN
            RAISE EXCEPTION '%: illegal move % -> %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.leaf_id = OLD.leaf_id THEN
            RAISE EXCEPTION '%: a move needs its own leaf', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        {witnessed}
    ELSIF NEW.leaf_id <> OLD.leaf_id AND NOT {legal} THEN
        RAISE EXCEPTION '%: the leaf changes only with the state', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    {staying}END IF;
    RETURN NEW;
    """


def guarded(model: Model) -> Model:
    """Class decorator for stateful models.

    Installs triggers: a row begins in the initial state, moves along declared edges only, brings the leaf of a recorded
    event about itself with every move, and is never deleted or truncated.
    """
    if not isinstance(model._meta.get_field("state"), FSMField):
        raise TypeError(f"{model.__name__}.state must be an FSMField")
    pgtrigger.register(
        pgtrigger.Trigger(
            name="legal_moves",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=_moves_function(model),
        ),
        *_kept_forever(),
    )(model)
    model.never_deleted = True  # type: ignore[attr-defined]
    return model


def _kept_forever() -> tuple[pgtrigger.Trigger, pgtrigger.Trigger]:
    return (
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME;",
        ),
    )


def kept(model: Model) -> Model:
    """Class decorator for rows that are never deleted or truncated; what may change in them, a guard of their own says."""
    pgtrigger.register(*_kept_forever())(model)
    model.never_deleted = True  # type: ignore[attr-defined]
    return model


def erasable(*, allowed_when: str) -> Callable[[Model], Model]:
    """Class decorator for rows that are written once and may only be destroyed, never changed.

    ``allowed_when`` is the SQL condition, over ``OLD``, under which PostgreSQL lets a row be deleted; nothing else removes it.
    """

    def decorate(model: Model) -> Model:
        door = pgtrigger.Trigger(
            name="no_delete",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func=f"""
            IF NOT ({allowed_when}) THEN
                RAISE EXCEPTION '%: only an erasure by two people removes this row', TG_TABLE_NAME USING ERRCODE = 'check_violation';
            END IF;
            RETURN OLD;
            """,
        )
        pgtrigger.register(_no_update(()), door, _kept_forever()[1])(model)
        model.append_only = True  # type: ignore[attr-defined]
        return model

    return decorate


def append_only(*, recorded: bool = False, except_columns: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Class decorator for rows that are written once.

    ``recorded`` also demands a recorded event about the row on INSERT. ``except_columns`` may still be set later (they
    carry their own trigger).
    """

    def decorate(model: Model) -> Model:
        triggers: list[pgtrigger.Trigger] = [_no_update(except_columns), *_kept_forever()]
        if recorded:
            triggers.append(
                pgtrigger.Trigger(
                    name="is_witnessed",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Insert,
                    func=_WITNESSED.format(state="") + "RETURN NEW;",
                )
            )
        pgtrigger.register(*triggers)(model)
        model.append_only = not except_columns  # type: ignore[attr-defined]
        model.never_deleted = True  # type: ignore[attr-defined]
        return model

    return decorate


def _no_update(except_columns: tuple[str, ...]) -> pgtrigger.Trigger:
    if not except_columns:
        return pgtrigger.Protect(name="no_update", operation=pgtrigger.Update)
    kept = ", ".join(_quoted(column) for column in except_columns)
    return pgtrigger.Trigger(
        name="no_update",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
        IF to_jsonb(NEW) - ARRAY[{kept}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{kept}] THEN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
        END IF;
        RETURN NEW;
        """,
    )


def mandate(*, given: type[Event], ended: type[Event]) -> Callable[[Model], Model]:
    """Class decorator for mandates from ``starts_on`` to ``ends_on`` that are recorded as events about their own row.

    A row comes after its event ``given`` and keeps what it says; its end is set once, after its event ``ended``.
    """

    def decorate(model: Model) -> Model:
        trigger = pgtrigger.Trigger(
            name="is_recorded",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=_MANDATE.format(given=_quoted(given.type), ended=_quoted(ended.type)),
        )
        pgtrigger.register(trigger)(model)
        return append_only(except_columns=("ends_on",))(model)

    return decorate


def membership(*, given: type[Event], ended: type[Event]) -> Callable[[Model], Model]:
    """As `mandate`, for rows that come just before their event ``given``, because its reactions read them.

    PostgreSQL looks for the event when the transaction is committed.
    """

    def decorate(model: Model) -> Model:
        is_given = pgtrigger.Trigger(
            name="is_given",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            timing=pgtrigger.Deferred,
            func=_GIVEN.format(given=_quoted(given.type)),
        )
        is_ended = pgtrigger.Trigger(
            name="is_ended",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func=_ENDED.format(ended=_quoted(ended.type)) + "RETURN NEW;",
        )
        pgtrigger.register(is_given, is_ended)(model)
        return append_only(except_columns=("ends_on",))(model)

    return decorate


_ENDED = """
    IF TG_OP = 'UPDATE' AND NEW.ends_on IS DISTINCT FROM OLD.ends_on AND (OLD.ends_on IS NOT NULL OR NOT EXISTS (
        SELECT FROM audit_recordedevent WHERE subject_id = NEW.id AND type = {ended}
    )) THEN
        RAISE EXCEPTION '%: ends_on of % changes with its recorded end only', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
"""
_GIVEN = """
    IF NOT EXISTS (SELECT FROM audit_recordedevent WHERE subject_id = NEW.id AND type = {given}) THEN
        RAISE EXCEPTION '%: % was not recorded as given', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
_MANDATE = (
    """
    IF TG_OP = 'INSERT' AND (NEW.ends_on IS NOT NULL OR NOT EXISTS (
        SELECT FROM audit_recordedevent WHERE subject_id = NEW.id AND type = {given}
    )) THEN
        RAISE EXCEPTION '%: % was not recorded as given', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';
    END IF;"""
    + _ENDED
    + "    RETURN NEW;\n"
)


def fixed(
    *fields: str,
    by_moves: tuple[str, ...] = (),
    once: tuple[str, ...] = (),
    while_in: Mapping[str, tuple[str, ...]] | None = None,
) -> Callable[[Model], Model]:
    """Class decorator for stateful rows: what was recorded does not change behind the record's back.

    ``fields`` never change after the row is made, ``by_moves`` only together with a recorded move of the row, ``once``
    (texts and files) only from nothing to something, and those of ``while_in`` only in the states named beside them.
    """

    def decorate(model: Model) -> Model:
        checks = [
            *(_refuse(one, _differs(one), "never changes") for one in _columns(model, fields)),
            *(
                _refuse(one, f"NEW.leaf_id = OLD.leaf_id AND {_differs(one)}", "changes with a recorded move only")
                for one in _columns(model, by_moves)
            ),
            *(_refuse(one, f"OLD.{one} <> '' AND {_differs(one)}", "is written once") for one in _columns(model, once)),
            *(
                _refuse(
                    one, f"OLD.state NOT IN ({', '.join(map(_quoted, states))}) AND {_differs(one)}", "is fixed by now"
                )
                for name, states in (while_in or {}).items()
                for one in _columns(model, (name,))
            ),
        ]
        pgtrigger.register(
            pgtrigger.Trigger(
                name="fixed_fields",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="".join(checks) + "RETURN NEW;",
            )
        )(model)
        model.never_changing = fields  # type: ignore[attr-defined]
        model.changing_by_moves = by_moves  # type: ignore[attr-defined]
        return model

    return decorate


def _columns(model: Model, fields: tuple[str, ...]) -> list[str]:
    return [str(model._meta.get_field(name).column) for name in fields]  # type: ignore[union-attr]  # never a relation back


def _differs(column: str) -> str:
    return f"NEW.{column} IS DISTINCT FROM OLD.{column}"


def _refuse(column: str, condition: str, why: str) -> str:
    return f"""
    IF {condition} THEN
        RAISE EXCEPTION '%: {column} of % {why}', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';
    END IF;
    """


def carried_out_by_another(name: str) -> models.CheckConstraint:
    """What one person proposed (``proposed_by``) is carried out by another (``carried_out_by``), whom only that state names."""
    done = Q(state=ErasureState.CARRIED_OUT)
    by_another = Q(carried_out_by__isnull=False) & ~Q(carried_out_by=F("proposed_by"))
    return models.CheckConstraint(name=name, condition=(done & by_another) | (~done & Q(carried_out_by__isnull=True)))
