"""The fund's money by restriction class in a period: what there was, came, went, and is left. Sums of transfers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import connection

from disbursements import books
from funds.giving import POOL
from funds.states import RestrictionClass
from kernel import identity
from kernel.money import Money
from ledger.selectors import start_of


class Line(StrEnum):
    """Why money of a class changed."""

    RECEIVED = "received"
    REFUNDED = "refunded"
    """Given back by partners."""
    PAID = "paid"
    """To grants."""
    RETURNED = "returned"
    """To donors and givers."""
    COSTS = "costs"
    """Of the fund: fees, commissions, running costs."""
    EXCHANGE = "exchange"
    """Gains and losses of exchange; losses never of restricted classes."""
    MOVED = "moved"
    """To or from another class."""


@dataclass(frozen=True, slots=True)
class ClassStatement:
    """One class in one currency; what went out is negative, so that everything adds up to what is left."""

    restriction: str
    opening: Money
    lines: dict[Line, Money] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The class in words."""
        return str(RestrictionClass(self.restriction).label)

    @property
    def closing(self) -> Money:
        """What is left at the end."""
        return sum(self.lines.values(), self.opening)


_PLACES: Final = f"""
    SELECT account_id, restriction_class AS class, 'source' AS place FROM funds_contribution WHERE account_id IS NOT NULL
    UNION ALL
    SELECT e.account_id, c.restriction_class, 'call' FROM grants_envelope e
        JOIN funds_contribution c ON c.id = e.contribution_id
    UNION ALL
    SELECT g.account_id, c.restriction_class, 'grant' FROM grants_grantfunding g
        JOIN grants_envelope e ON e.id = g.envelope_id JOIN funds_contribution c ON c.id = e.contribution_id
    UNION ALL
    SELECT a.id, split_part(a.code, '/', 3), 'pool' FROM ledger_account a WHERE a.code LIKE '{POOL}/%%'
    UNION ALL
    SELECT a.id, '{RestrictionClass.UNRESTRICTED}', 'source' FROM ledger_account a WHERE a.code LIKE '3011/%%'
"""
SIDED: Final = f"""
    WITH place AS ({_PLACES}), posted AS (
        SELECT t.*, d.class AS debit_class, d.place AS debit_place, c.class AS credit_class,
               left(da.code, 4) AS debit_code, left(ca.code, 4) AS credit_code
        FROM ledger_transfer t
        JOIN ledger_account da ON da.id = t.debit_id JOIN ledger_account ca ON ca.id = t.credit_id
        LEFT JOIN place d ON d.account_id = t.debit_id LEFT JOIN place c ON c.account_id = t.credit_id
        WHERE t.kind IN ('post', 'settle') AND t.posted_at < %(end)s AND d.class IS DISTINCT FROM c.class
    ), sided AS (
        SELECT id, debit_class AS class, currency, -amount_minor AS minor, posted_at, reason, debit_place AS place,
               CASE WHEN credit_class IS NULL THEN credit_code ELSE '' END AS other
        FROM posted WHERE debit_class IS NOT NULL
        UNION ALL
        SELECT id, credit_class, currency, amount_minor, posted_at, reason, '',
               CASE WHEN debit_class IS NULL THEN debit_code ELSE '' END
        FROM posted WHERE credit_class IS NOT NULL
    ), told AS (
        SELECT id, class, currency, minor, posted_at, CASE
            WHEN other = '' THEN '{Line.MOVED}' WHEN other = '3091' THEN '{Line.EXCHANGE}'
            WHEN minor > 0 AND reason = %(refund)s THEN '{Line.REFUNDED}' WHEN minor > 0 THEN '{Line.RECEIVED}'
            WHEN place = 'grant' THEN '{Line.PAID}' WHEN other IN ('2220', '1060') THEN '{Line.RETURNED}'
            ELSE '{Line.COSTS}' END AS line
        FROM sided
    )
"""
"""Every transfer that moved money into, out of or between classes before ``end``, told as one line of the statement."""
_MOVEMENTS: Final = f"""{SIDED}
    SELECT class, currency, posted_at < %(begin)s, line, sum(minor)::bigint FROM told GROUP BY 1, 2, 3, 4
"""


def told_until(until: date) -> dict[str, Any]:
    """What `SIDED` asks for: the moment after the last day, and how a refund says its reason."""
    return {"end": start_of(until + timedelta(days=1)), "refund": books.REFUND(grant="").key}


@identity.system("disbursements.fund_statement")
def fund_statement(since: date, until: date) -> list[ClassStatement]:
    """Every class that has or had money, by currency, from the first to the last day of a period; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENTS, told_until(until) | {"begin": start_of(since)})
        rows = cursor.fetchall()
    opening: dict[tuple[str, str], int] = defaultdict(int)
    lines: dict[tuple[str, str], dict[Line, int]] = defaultdict(lambda: dict.fromkeys(Line, 0))
    for restriction, currency, before, line, minor in rows:
        key = (currency, restriction)
        if before:
            opening[key] += minor
        else:
            lines[key][Line(line)] += minor
    return [
        ClassStatement(
            restriction,
            Money(opening[currency, restriction], currency),
            {line: Money(minor, currency) for line, minor in lines[currency, restriction].items()}
            or {line: Money(0, currency) for line in Line},
        )
        for currency, restriction in sorted({*opening, *lines})
    ]
