"""Nothing that is recorded can be saved without its leaf: not by the ORM, not in bulk, not by SQL."""

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from audit.models import Leaf, Recorded, Stateful
from tests.factories import accounts, many

pytestmark = pytest.mark.django_db
MODELS = sorted(
    (model for model in apps.get_models() if issubclass(model, Recorded | Stateful)),
    key=lambda model: model._meta.label,
)


def unsaved(model: type[models.Model], leaf: Leaf | None) -> Any:
    """A row as somebody would make it who goes round the door: whatever has a default, and perhaps another's leaf."""
    row: Any = model(pk=uuid.uuid4(), leaf=leaf)
    for name in ("moved_at", "recorded_at"):
        if hasattr(row, name):
            setattr(row, name, timezone.now())
    many.lock(row)  # whose key seals it is no decision
    return row


def by_save(row: Any) -> None:
    models.Model.save(row, force_insert=True)


def in_bulk(row: Any) -> None:
    type(row)._default_manager.bulk_create([row])


def by_sql(row: Any) -> None:
    quote = connection.ops.quote_name
    values: dict[str, Any] = {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields
        if field.name in {"id", "leaf", "state", "moved_at", "recorded_at"}
    }
    columns = ", ".join(map(quote, values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(row._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(values))})",
            list(values.values()),
        )


def test_the_decisions_that_matter_are_among_them() -> None:
    labels = {model._meta.label for model in MODELS}
    assert labels >= {
        "committees.Vote", "committees.Scorecard", "committees.Recusal", "committees.Decision", "grants.Grant",
        "disbursements.Payment", "disbursements.Approval", "disbursements.Tranche", "charter.Ratification",
        "funds.Contribution", "accounts.StaffSession",
    }  # fmt: skip


@pytest.mark.parametrize("save", [by_save, in_bulk, by_sql])
def test_no_row_is_saved_without_a_leaf_of_its_own(save: Callable[[Any], None]) -> None:
    borrowed = accounts.appointment(accounts.user(), "auditor").leaf
    for model in MODELS:
        for leaf in (None, borrowed):
            with pytest.raises(DatabaseError) as caught, transaction.atomic():
                save(unsaved(model, leaf))
            assert "no recorded event" in str(caught.value), (model._meta.label, save.__name__, str(caught.value))


def test_the_column_itself_demands_a_leaf(app_connection: "psycopg.Connection[Any]") -> None:
    """Also where a trigger were missing."""
    for model in MODELS:
        found = app_connection.execute(
            """
            SELECT a.attnotnull, EXISTS (
                SELECT 1 FROM pg_constraint c WHERE c.conrelid = a.attrelid AND c.contype = 'f' AND a.attnum = ANY (c.conkey)
                AND c.confrelid = 'audit_leaf'::regclass
            )
            FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attname = 'leaf_id'
            """,
            [model._meta.db_table],
        )
        assert found.fetchone() == (True, True), model._meta.label
