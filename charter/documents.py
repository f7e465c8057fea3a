"""The document of a stored charter: read once from what PostgreSQL tells, the same value for all who ask, changed by nobody.

It is long (about 12 KB), lies on the charter, on every call and on every grant, and comes along with each of these rows: read
anew for every row, and written out again to be recognised, it took much of the time of whatever reads calls and grants.
"""

import json
from functools import lru_cache
from typing import Any, Final, Never

from django.db import models
from django.db.models.fields.json import KeyTransform

KEPT: Final = 32
"""Documents that one process remembers: the charters under which calls and grants still live."""


def _refuse(*_: Any, **__: Any) -> Never:
    raise TypeError("a stored charter is read by many and does not change: copy it first")


class ReadOnlyList(list[Any]):
    """A list of a stored document; a copy of it, also a deep one, is an ordinary list."""

    append = clear = extend = insert = pop = remove = reverse = sort = _refuse
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


class ReadOnly(dict[str, Any]):
    """A mapping of a stored document; a copy of it, also a deep one, is an ordinary dictionary."""

    clear = pop = popitem = setdefault = update = _refuse
    __setitem__ = __delitem__ = __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class StoredDocument(ReadOnly):
    """A whole charter as PostgreSQL keeps it; ``text`` is its JSON."""

    text: str


@lru_cache(maxsize=KEPT)
def document(text: str) -> Any:
    """What the JSON ``text`` of a stored charter says."""
    said = _read_only(json.loads(text))
    if not isinstance(said, ReadOnly):
        return said
    whole = StoredDocument(said)
    whole.text = text
    return whole


def _read_only(value: Any) -> Any:
    if isinstance(value, dict):
        return ReadOnly({key: _read_only(one) for key, one in value.items()})
    if isinstance(value, list):
        return ReadOnlyList(_read_only(one) for one in value)
    return value


class CharterField(models.JSONField):
    """The column of such a document; for PostgreSQL a JSON column as any other."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The one `document` for what the row says; a part that a query took is plain."""
        if value is None or isinstance(expression, KeyTransform):
            return super().from_db_value(value, expression, connection)
        return document(value)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As the column is: migrations know no other kind of JSON."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
