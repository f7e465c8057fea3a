"""Questions that stand before every page: Django writes their SQL once in a process, not anew at each request.

To write the SQL of a filter with a handful of conditions takes Django 0.3 to 0.5 ms, three to five times as long as to ask
PostgreSQL and to read what it answers (measured at the offices, memberships and mandates of a person; all three are asked
for nearly every page). The query itself stays a queryset, so that what a row must fulfil is written in one place.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import QuerySet

_STAND_INS: Final[dict[type, Callable[[int], object]]] = {
    UUID: lambda _: uuid4(),
    date: lambda turn: date(1, 1, 1 + turn),
}
"""What fills a place while the SQL is written: of each kind a value that no query means."""


class Prepared:
    """A query for plain columns, with places that are filled whenever it is asked.

    ``build`` makes the queryset (``values_list``) of one value for each of ``places`` (name -> `UUID` or `date`). It is
    called once, at the first question, with values that stand for those to come: so it may not decide anything by them.
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"], **places: type) -> None:
        self._build = build
        self._places = places
        self._written: tuple[str, list[tuple[str, Any]]] | None = None

    def ask(self, **values: UUID | date) -> list[tuple[Any, ...]]:
        """The rows for these values, one for each place; raises KeyError where one is missing."""
        if self._written is None:
            self._written = self._write()
        sql, parameters = self._written
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[place] if place else fixed for place, fixed in parameters])
            return list(cursor.fetchall())

    def _write(self) -> tuple[str, list[tuple[str, Any]]]:
        """The SQL, and of each of its parameters either its place or its fixed value.

        Raises ValueError where a place does not reach the SQL, TypeError where Django would convert what is read.
        """
        stand_ins = {place: _STAND_INS[kind](turn) for turn, (place, kind) in enumerate(self._places.items())}
        compiler = self._build(**stand_ins).query.get_compiler(connection=connection)
        sql, found = compiler.as_sql()
        if compiler.get_converters([expression for expression, *_ in compiler.select or ()]):
            raise TypeError("a prepared question reads columns as they are, without Django's converters")
        parameters = [(_place_of(value, stand_ins), value) for value in found]
        if missing := stand_ins.keys() - {place for place, _ in parameters}:
            raise ValueError(f"these places do not reach the SQL: {', '.join(sorted(missing))}")
        return sql, parameters


def _place_of(value: Any, stand_ins: dict[str, object]) -> str:
    return next((place for place, stand_in in stand_ins.items() if value is stand_in), "")
