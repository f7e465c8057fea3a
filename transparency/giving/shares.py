"""What unearmarked money did, told to each of its donors in proportion. Plain Python."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kernel.money import shares


def pro_rata(minor: int, given: Mapping[UUID, int], order: Sequence[UUID]) -> dict[UUID, int]:
    """Split an amount among donors by what each gave; the parts sum to it exactly (largest remainder, in ``order``).

    Raises ValueError when nobody gave anything.
    """
    donors = [one for one in order if given.get(one, 0) > 0]
    return dict(zip(donors, shares(minor, [given[one] for one in donors]), strict=True))
