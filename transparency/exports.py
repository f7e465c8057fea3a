"""Public tables as files."""

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from kernel.csv_files import csv_file, harmless
from kernel.money import Money
from kernel.spreadsheets import table_file
from kernel.templatetags.fund import places
from transparency.models import ReleasedGrant, ReleasedPool
from transparency.selectors import published
from transparency.selectors.sub_grants import SYRIAN

__all__ = ["csv_file", "harmless", "told_file"]


def told_file(kind: str, filters: published.Filters) -> FileResponse:
    """The grants of the public list, then the sums that hold those told together: the amounts add up to what is told."""
    header = [
        _("Code"), _("Organisation"), _("Title"), _("Governorates"), _("Sector"), _("Month of signature"), _("Months"), _("Amount"),
        _("Paid so far"), _("Amount from"), _("Amount below"), _("Currency"), _("Told in the sum"), _("Grants in the sum"),
        _("Sub-grants"), _("Of it to Syrian organisations"), _("Of the amount, added later"),
    ]  # fmt: skip
    return table_file(kind, "grants", header, _rows(filters), right_to_left=get_language_bidi(), public=True)


def _rows(filters: published.Filters) -> Iterator[list[Any]]:
    numbers: dict[object, int] = {}
    pools = list(published.pools(filters))
    for row in published.told(filters).iterator(chunk_size=1000):
        number = numbers.setdefault(row.pool_id, len(numbers) + 1) if row.pool_id else None
        yield _grant_row(row, number)
    for pool in pools:
        yield _pool_row(pool, numbers.setdefault(pool.pk, len(numbers) + 1))
    if filters == published.Filters():
        for currency in sorted({pool.currency for pool in pools}):
            paid, added = published.paid_in_sums(currency), published.added_in_sums(currency)
            if added.minor:
                yield _added_row(added)
            if paid.minor:
                yield _paid_row(paid)


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else str(Money(minor, currency).amount)


def _grant_row(row: ReleasedGrant, number: int | None) -> list[Any]:
    return [
        row.code,
        row.name or _("National organisation, name withheld"),
        row.title,
        places(row.governorates),
        row.get_sector_display() if row.sector else "",
        f"{row.month:%Y-%m}" if row.month else "",
        row.months or "",
        _amount(row.amount_minor, row.currency),
        _amount(row.paid_minor, row.currency),
        _amount(row.band_from_minor, row.currency),
        _amount(row.band_below_minor, row.currency),
        row.currency,
        number or "",
        "",
        _amount(row.passed_minor, row.currency),
        _amount(row.passed_on.get(SYRIAN), row.currency),
        _amount(row.added_minor or None, row.currency),
    ]


def _pool_row(pool: ReleasedPool, number: int) -> list[Any]:
    return [
        _("Sum"), _("Several organisations"), "", places(pool.governorates),
        pool.get_sector_display() if pool.sector else "", "", "", _amount(pool.amount_minor, pool.currency), "", "", "",
        pool.currency, number, pool.grants, "", "", "",
    ]  # fmt: skip


def _paid_row(paid: Money) -> list[Any]:
    """What all grants told in sums were paid: a part of no single sum."""
    return [
        _("Sum"), _("Several organisations"), _("Paid to grants told in sums"), "", "", "", "", "", str(paid.amount), "", "",
        paid.currency, "", "", "", "", "",
    ]  # fmt: skip


def _added_row(added: Money) -> list[Any]:
    """What was added later to all grants told in sums: a part of no single sum."""
    return [
        _("Sum"), _("Several organisations"), _("Added later to grants told in sums"), "", "", "", "", str(added.amount), "",
        "", "", added.currency, "", "", "", "", str(added.amount),
    ]  # fmt: skip
