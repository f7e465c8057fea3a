"""The second wall: row-level security on the most dangerous tables.

The first wall is ``visible_to``. Where a query forgets it, PostgreSQL still answers only what the person of the request
(`kernel.identity`) may see, and nothing to a stranger. A policy is wider than the rules and never narrower: rules know
recusals, states and reasons, the policy knows kinds of people. Tables are forced: not even their owner reads past it.

A model wears `walled`; a migration raises its wall with `raise_wall`. Calls in policies stand in a sub-select, so that
PostgreSQL asks once for a statement and not once for a row.
"""

from collections.abc import Iterator
from typing import TypeVar

from django.apps import apps
from django.db import connection, models
from django.db.migrations import RunSQL

M = TypeVar("M", bound=type[models.Model])

ITSELF = "(SELECT fund_acts_itself())"


def walled(model: M) -> M:
    """Mark a model whose table a migration has walled; `missing` and the tests hold the two together."""
    model.row_security = True  # type: ignore[attr-defined]
    return model


def walled_models() -> list[type[models.Model]]:
    """All models that wear the mark."""
    return [model for model in apps.get_models() if model.__dict__.get("row_security", False)]


def raise_wall(table: str, readers: str) -> RunSQL:
    """Wall ``table``: rows for the fund itself, and for people for whom the SQL condition ``readers`` holds."""
    condition = f"{ITSELF} OR {readers}"
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f" ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f" CREATE POLICY second_wall ON {table} USING ({condition}) WITH CHECK ({condition});",
        f"DROP POLICY second_wall ON {table};"
        f" ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def open_gate(table: str, name: str, readers: str) -> RunSQL:
    """Let further people read walled rows: for upper layers, whose offices and seats the wall does not know."""
    return RunSQL(f"CREATE POLICY {name} ON {table} FOR SELECT USING ({readers});", f"DROP POLICY {name} ON {table};")


def missing() -> Iterator[str]:
    """Tables whose wall is down or open to the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = 'second_wall'"
        )
        standing = {row[0] for row in cursor.fetchall()}
    for model in walled_models():
        if model._meta.db_table not in standing:
            yield model._meta.db_table
