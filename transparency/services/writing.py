"""One writer at a time of what is told, and of everything that is made of it.

A report, a file or a row of the search that was made of a name before the name was withheld can therefore not be stored
afterwards: whoever makes one reads and stores, or looks again before storing, under the lock; whoever withholds waits for it.
"""

from typing import Final

from kernel.database import advisory_lock

LOCK: Final = "transparency.told"


def alone() -> None:
    """Wait until nobody else writes, and be the only one until the transaction ends."""
    advisory_lock(LOCK)
