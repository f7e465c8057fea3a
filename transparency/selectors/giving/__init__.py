"""A donor's own money, for its representatives and for the fund's readers of donors' money.

``donors_for(user)`` first: everything else takes a donor that the user may see. What is withheld of a partner is withheld
from donors too: they read a pseudonym, and of the amounts their own part only.
"""

from transparency.selectors.giving.books import Period, currencies_of, months_of, statement
from transparency.selectors.giving.names import GrantTold, told_to
from transparency.selectors.giving.people import donors_for, reads_giving
from transparency.selectors.giving.portfolio import Share, portfolio, shares_by_donor
from transparency.selectors.giving.threads import GrantPage, GrantThread, SourceThread, grant_thread, named, threads_of

__all__ = [
    "GrantPage",
    "GrantThread",
    "GrantTold",
    "Period",
    "Share",
    "SourceThread",
    "currencies_of",
    "donors_for",
    "grant_thread",
    "months_of",
    "named",
    "portfolio",
    "reads_giving",
    "shares_by_donor",
    "statement",
    "threads_of",
    "told_to",
]
