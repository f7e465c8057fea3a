"""Columns that held text are sealed without losing any, and the migration can be taken back."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from audit.models import DataKey
from organisations import selectors
from organisations.models import BankAccount, Organisation
from poolfund.database.roles import as_owner
from tests.factories import organisations as made

STEP = import_module("organisations.migrations.0007_seal_what_is_there")
TABLES = {"organisations_organisation": STEP.CONTACT, "organisations_bankaccount": STEP.DETAILS}


def run(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('poolfund.identity', 'system:test', false)")
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def as_it_was(texts: dict[str, str]) -> None:
    """The tables in the middle of the three migrations: old columns full, new ones empty, no key yet."""
    run("ALTER TABLE organisations_bankaccount DISABLE TRIGGER USER")
    for table, names in TABLES.items():
        for name in names:
            run(f"ALTER TABLE {table} ADD COLUMN plain_{name} text, ALTER COLUMN {name} DROP NOT NULL")
            run(f"UPDATE {table} SET plain_{name} = %s, {name} = NULL", texts[name])
        run(f"ALTER TABLE {table} ALTER COLUMN data_key_id DROP NOT NULL")
        run(f"UPDATE {table} SET data_key_id = NULL")
    run("UPDATE organisations_bankaccount SET number_index = ''")
    run("ALTER TABLE audit_datakey DISABLE TRIGGER USER")
    run("DELETE FROM audit_datakey")
    run("ALTER TABLE audit_datakey ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
def test_text_is_sealed_and_comes_back() -> None:
    texts = {
        "phone": "+963 11 765 4321", "email": "office@sealed.example", "number": made.IBAN, "bank": "Example Bank",
        "holder_ar": "جمعية الختم", "holder_latin": "Seal Association",
    }  # fmt: skip
    account = made.recorded_bank_account(
        made.registered_organisation(phone=texts["phone"], email=texts["email"]),
        holder_ar=texts["holder_ar"], holder_latin=texts["holder_latin"],
    )  # fmt: skip
    apps = MigrationLoader(connection).project_state(("organisations", "0007_seal_what_is_there")).apps
    with as_owner():
        as_it_was(texts)
        STEP.seal(apps, SimpleNamespace(connection=connection))
        found = BankAccount.objects.get()
        assert {name: getattr(found, name) for name in STEP.DETAILS} == {name: texts[name] for name in STEP.DETAILS}
        assert (Organisation.objects.get().email, DataKey.objects.count()) == (texts["email"], 1)
        assert list(selectors.with_number(made.IBAN)) == [account]
        assert found.fingerprint == account.fingerprint
        names = {table: ", ".join(columns) for table, columns in TABLES.items()}
        stored = b"".join(
            bytes(value) for table in TABLES for row in run(f"SELECT {names[table]} FROM {table}") for value in row
        )
        assert not any(text.encode() in stored for text in texts.values())
        for table, columns in TABLES.items():
            run(f"UPDATE {table} SET " + ", ".join(f"plain_{name} = NULL" for name in columns))
        STEP.unseal(apps, SimpleNamespace(connection=connection))
        for table, columns in TABLES.items():
            (row,) = run(f"SELECT {', '.join(f'plain_{name}' for name in columns)} FROM {table}")
            assert list(row) == [texts[name] for name in columns]
