"""200 payments while the web server and the worker are killed with signal 9 at random moments."""

import os
from collections.abc import Iterator
from time import perf_counter

from bench import Figure
from tests.factories import disbursements
from tests.factories.perils import survive

PAYMENTS, AT_ONCE = 200, 4


def measure() -> Iterator[Figure]:
    """Payments of four grants at the same time, prepared, released and failed or confirmed through the pages."""
    tranches = [disbursements.approved_tranche() for _ in range(AT_ONCE)]
    began = perf_counter()
    end = survive(tranches, PAYMENTS // AT_ONCE, dict(os.environ), seed=9)
    taken = perf_counter() - began
    yield Figure(
        "killed", "payments made through the pages", end.payments, "", expected=PAYMENTS, note=f"{taken:.0f} s"
    )
    yield Figure("killed", "web processes killed meanwhile", end.killed["web"], "")
    yield Figure("killed", "workers killed meanwhile", end.killed["worker"], "")
    yield Figure(
        "killed", "forms that were sent and not answered", end.answers["none"], "", note=str(dict(end.answers))
    )
    wrong = "; ".join(end.wrong)[:500]
    yield Figure(
        "killed", "not instructed once, stuck, or wrong in the books", len(end.wrong), "", expected=0, note=wrong
    )
