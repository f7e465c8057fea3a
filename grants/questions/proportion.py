"""Proportional forms: what is asked only from a requested amount on. Plain Python.

``${requested_amount}`` stands in every expression for what is asked of the fund, in whole units of money. The condition that an
amount alone makes is written in one form, so that it can be read back: ``${requested_amount} >= 20000 and (the rest)``.
"""

import re
from decimal import Decimal
from typing import Final

from grants.questions.values import number_text

AMOUNT: Final = "requested_amount"
"""No question may be called so."""
_FROM: Final = re.compile(rf"\$\{{{AMOUNT}\}} >= (\d{{1,12}}(?:\.\d{{1,2}})?)(?: and \((.*)\))?", re.ASCII | re.DOTALL)
CENTS: Final = 100


def asked_from(relevant: str) -> tuple[int | None, str]:
    """The amount in minor units from which on something is asked, None where it is always, and the rest of the condition."""
    found = _FROM.fullmatch(relevant.strip())
    if found is None:
        return None, relevant
    return int(Decimal(found[1]) * CENTS), found[2] or ""


def condition(least_minor: int | None, rest: str = "") -> str:
    """The condition that `asked_from` reads back."""
    if least_minor is None:
        return rest
    least = f"${{{AMOUNT}}} >= {number_text(Decimal(least_minor) / CENTS)}"
    return f"{least} and ({rest})" if rest else least
