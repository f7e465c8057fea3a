"""What the project measures of itself: `make bench`.

Each module ``bench/bench_<topic>.py`` offers ``measure() -> Iterator[Figure]``. It runs on a durable embedded database
of its own; where two ways are compared, both are measured in one run, in turns.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass
class Size:
    """How long and with how many open pages a rush is played; the promise is ten minutes and 600."""

    minutes: float = 1.0
    editors: int = 600


SIZE = Size()


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    ``limit`` is the promise it is held against, in the same unit (at most); ``expected`` what it must be exactly.
    """

    topic: str
    name: str
    value: float
    unit: str
    limit: float | None = None
    expected: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        within = self.limit is None or self.value <= self.limit
        return within and (self.expected is None or self.value == self.expected)


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(values), statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
