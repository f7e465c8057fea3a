"""What stands behind a figure of the fund's statement: the transfers that add up to it, and no others."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.db import connection

from disbursements.selectors.fund_statement import SIDED, Line, told_until
from kernel import identity
from kernel.money import Money
from ledger.models import Transfer
from ledger.selectors import start_of

OPENING, CLOSING = "opening", "closing"
FIGURES: Final = (OPENING, *Line, CLOSING)
"""What there is at the beginning, every line between, and what is left at the end."""
_FIGURE: Final = f"""{SIDED}, figure AS (
        SELECT id, minor FROM told WHERE class = %(class)s AND currency = %(currency)s
          AND (%(line)s = '' OR line = %(line)s AND posted_at >= %(begin)s)
          AND (NOT %(opening)s OR posted_at < %(begin)s)
    )
"""
_SUM: Final = f"{_FIGURE} SELECT count(*), COALESCE(sum(minor), 0)::bigint FROM figure"
_ROWS: Final = f"{_FIGURE} SELECT id, minor FROM figure ORDER BY id DESC LIMIT %(size)s OFFSET %(first)s"


@dataclass(frozen=True)
class Behind:
    """The transfers behind one of `FIGURES` of a class in a currency, newest first, each with its sign; a list for pages."""

    restriction: str
    currency: str
    figure: str
    since: date
    until: date

    def _asked(self, **words: int) -> dict[str, Any]:
        return {
            **told_until(self.until),
            "begin": start_of(self.since),
            "class": self.restriction,
            "currency": self.currency,
            "line": "" if self.figure in {OPENING, CLOSING} else self.figure,
            "opening": self.figure == OPENING,
            **words,
        }

    @identity.system("disbursements.fund_statement")
    def _rows(self, statement: str, **words: int) -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._asked(**words))
            return cursor.fetchall()

    @cached_property
    def _summed(self) -> tuple[int, int]:
        return self._rows(_SUM)[0]

    @property
    def total(self) -> Money:
        """The figure itself."""
        return Money(self._summed[1], self.currency)

    def __len__(self) -> int:
        return self._summed[0]

    def __getitem__(self, part: slice) -> list[tuple[Transfer, Money]]:
        rows = self._rows(_ROWS, first=part.start or 0, size=(part.stop or len(self)) - (part.start or 0))
        found = Transfer.objects.select_related("debit", "credit", "leaf").in_bulk([pk for pk, _minor in rows])
        return [(found[pk], Money(minor, self.currency)) for pk, minor in rows]
