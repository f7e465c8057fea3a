"""Every URL stands in the access table, and every row of the table is a URL."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import Role
from poolfund import access


def _names(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "")), str(entry.pattern)


def test_every_url_has_a_name() -> None:
    assert [pattern for full, pattern in _names(get_resolver()) if full.endswith(":") or not full] == []


def test_every_url_stands_in_the_table() -> None:
    assert sorted({full for full, _pattern in _names(get_resolver())} - set(access.table())) == []


def test_every_row_is_a_url() -> None:
    assert sorted(set(access.table()) - {full for full, _pattern in _names(get_resolver())}) == []


def test_rows_name_offices_that_exist() -> None:
    unknown = {
        name: row.roles - set(Role.values) for name, row in access.table().items() if row.roles - set(Role.values)
    }
    assert unknown == {}
