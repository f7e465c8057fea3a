"""A check at start-up: books without their guards."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from ledger import selectors


@register(Tags.database)
def guards_stand(
    app_configs: Sequence[AppConfig] | None, *, databases: Sequence[str] | None = None, **_: Any
) -> list[Error]:
    """E001: a trigger of the books is missing; the posting service refuses to work until it is back."""
    if not databases:
        return []
    try:
        missing = selectors.missing_guards()
    except DatabaseError:  # before the first migration there are no books
        return []
    return [
        Error(f"the books lack the trigger {name}", hint="run migrate as the owner of the tables", id="ledger.E001")
        for name in missing
    ]
