"""Seal bank details and contacts under a key of each organisation; read every value back before the next migration.

The fingerprint of an account stays as it was: approvals and payments are bound to it. An account that is recorded from now on
gets one that nobody can find by trying (decision 0011).
"""

from typing import Any

from django.db import migrations

from audit import vault
from organisations import banking

CONTACT = ("email", "phone")
DETAILS = ("holder_latin", "holder_ar", "bank", "number")


def _as_the_fund(schema_editor: Any) -> None:
    # The accounts stand behind row-level security: who says nothing would find none of them.
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('poolfund.identity', 'system:migration', false)")


def _moved(row: Any, names: tuple[str, ...]) -> None:
    for name in names:
        setattr(row, name, getattr(row, f"plain_{name}"))
    row.save(update_fields=["data_key", *names])
    fresh = type(row).objects.select_related("data_key").get(pk=row.pk)
    for name in names:
        if getattr(fresh, name) != getattr(row, f"plain_{name}"):
            raise ValueError(f"{name} of {row.pk} does not read back")


def seal(apps: Any, schema_editor: Any) -> None:
    _as_the_fund(schema_editor)
    keys: Any = apps.get_model("audit", "DataKey")
    made = {}
    for organisation in apps.get_model("organisations", "Organisation").objects.order_by("pk").iterator():
        organisation.data_key = made[organisation.pk] = vault.key_for(organisation.pk, model=keys)
        _moved(organisation, CONTACT)
    seen = set()
    accounts = apps.get_model("organisations", "BankAccount").objects.order_by("moved_at", "pk")
    for account in accounts:
        account.data_key = made[account.organisation_id]
        _moved(account, DETAILS)
        index = vault.index(banking.NUMBER, account.plain_number)
        live = (account.organisation_id, index, account.currency)
        # Twice the same live account was possible before: the later one keeps working and is not found by its number.
        accounts.filter(pk=account.pk).update(number_index="" if live in seen else index)
        if account.state != "retired":
            seen.add(live)


def unseal(apps: Any, schema_editor: Any) -> None:
    _as_the_fund(schema_editor)
    for model, names in (("Organisation", CONTACT), ("BankAccount", DETAILS)):
        for row in apps.get_model("organisations", model).objects.select_related("data_key"):
            for name in names:
                setattr(row, f"plain_{name}", getattr(row, name))
            row.save(update_fields=[f"plain_{name}" for name in names])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0006_sealed_columns")]

    operations = [migrations.RunPython(seal, unseal)]
