"""What the public reads of grants, row by row, as every file for machines is made of it.

A `ToldGrant` is a row of the released table, a `ToldSum` a sum that several grants are told in. Nothing else of a grant is
known here, so a file cannot say more than the table. Amounts are minor units; dates are the first days of months.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ToldGrant:
    """A released row. ``name_ar`` empty: the organisation is withheld. ``amount_minor`` None: told in ``sum_code``."""

    code: str
    month: date | None
    currency: str
    name_ar: str = ""
    name_latin: str = ""
    kind: str = ""
    women_led: bool | None = None
    youth_led: bool | None = None
    displaced_led: bool | None = None
    title: str = ""
    governorates: tuple[str, ...] = ()
    sector: str = ""
    months: int | None = None
    state: str = ""
    amount_minor: int | None = None
    paid_minor: int | None = None
    added: tuple[tuple[date, int], ...] = ()
    """Of the amount, what extensions added, by the month in which both sides had signed."""
    payments: tuple[tuple[date, int], ...] = ()
    planned: tuple[tuple[date, int], ...] = ()
    people_planned: int | None = None
    people_reached: int | None = None
    passed_on: tuple[tuple[str, int], ...] = ()
    """Sub-grants by the kind of who receives them: ``syrian``, ``abroad``, ``not_known``."""
    ended: date | None = None
    band_from_minor: int | None = None
    band_below_minor: int | None = None
    sum_code: str = ""


@dataclass(frozen=True, slots=True)
class ToldSum:
    """Several grants told as one amount; ``month`` is the latest in which one of them was signed."""

    code: str
    month: date
    grants: int
    partners: int
    amount_minor: int
    currency: str
    governorates: tuple[str, ...] = ()
    sector: str = ""


@dataclass(frozen=True, slots=True)
class ToldCall:
    """A call, which is public as a whole; ``titles`` by language."""

    code: str
    titles: Mapping[str, str]
    state: str
    kind: str
    sectors: tuple[str, ...]
    governorates: tuple[str, ...]
    currency: str
    envelope_minor: int
    floor_minor: int
    ceiling_minor: int
    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that is told.

    ``paid_in_sums`` by currency is what the grants told in sums were paid, as one amount; ``added_in_sums`` what was added
    to them later and their sums do not hold.
    """

    grants: tuple[ToldGrant, ...] = ()
    sums: tuple[ToldSum, ...] = ()
    calls: tuple[ToldCall, ...] = ()
    paid_in_sums: tuple[tuple[str, int], ...] = ()
    added_in_sums: tuple[tuple[str, int], ...] = ()

    @property
    def open(self) -> tuple[ToldGrant, ...]:
        """Grants told with their amounts."""
        return tuple(grant for grant in self.grants if grant.amount_minor is not None)


def rounded_people(count: int | None, *, step: int, least: int) -> int | None:
    """People to the nearest ``step``, None (not said) below ``least``: a small count points at persons."""
    if count is None or count < least:
        return None
    return (count + step // 2) // step * step


def total_minor(told: Told, currency: str) -> int:
    """All that is told in a currency: openly, in sums, and added to these later."""
    amounts: Iterable[int] = (
        *(grant.amount_minor or 0 for grant in told.open if grant.currency == currency),
        *(one.amount_minor for one in told.sums if one.currency == currency),
        *(minor for of, minor in told.added_in_sums if of == currency),
    )
    return sum(amounts)
