"""What was understood of a page that somebody typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from grants.models import BudgetLine
from grants.questions.values import number_text
from grants.words import Words


@dataclass(slots=True)
class Reading:
    """What was understood of a page: values by field, errors by field, and required fields left empty.

    ``unasked`` names the fields and groups that are not asked for, as the other answers stand; ``reckoned`` is what was
    calculated, as the page shows it.
    """

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    lines: list[BudgetLine] = field(default_factory=list)
    blocking: list[Words] = field(default_factory=list)
    unasked: set[str] = field(default_factory=set)
    reckoned: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether nothing is wrong and nothing missing."""
        return not (self.errors or self.missing or self.blocking)


def read_fields(fields: Mapping[str, forms.Field], raw: Mapping[str, Any], reading: Reading) -> None:
    """Clean each of ``fields`` into ``reading``."""
    for name, one in fields.items():
        try:
            reading.values[name] = one.clean(raw.get(name))
        except ValidationError as error:
            if any(part.code == "required" for part in error.error_list):
                reading.missing.append(name)
            else:
                reading.errors[name] = [str(message) for message in error.messages]


def storable(value: Any) -> Any:
    """A value as JSON keeps it: days in ISO form, numbers with a fraction as text."""
    if isinstance(value, date):
        return value.isoformat()
    return number_text(value) if isinstance(value, Decimal) else value


def is_empty(value: Any) -> bool:
    """Whether nothing was answered."""
    return value is None or value in ("", [])
