"""Which grants are told as one sum, so that none of them is singled out.

Nameless grants that share governorates and sector are pooled under both when they are those of enough partners, else under
their governorates, else with the rest of the batch. A rest that is still too small takes in other pools, then openly told
grants, smallest first (complementary suppression); where even that is not enough it waits for a later batch.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transparency.release.facts import Truth

Band = tuple[int, int | None]
Key = tuple[frozenset[str], str]


@dataclass(frozen=True, slots=True)
class Safety:
    """The charter's numbers: partners in a pool, edges of the bands of amounts (minor units), uncertainty that must stay."""

    least_partners: int
    band_edges_minor: tuple[int, ...]
    least_uncertainty_percent: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Grants that are told as one sum; ``governorates`` and ``sector`` are said of all of them (empty: not said)."""

    members: tuple[Truth, ...]
    governorates: frozenset[str] = frozenset()
    sector: str = ""
    banded: bool = False

    @property
    def amount_minor(self) -> int:
        """The sum that is published."""
        return sum(member.amount_minor for member in self.members)

    @property
    def partners(self) -> int:
        """How many organisations it holds."""
        return len({member.partner for member in self.members})


@dataclass(frozen=True, slots=True)
class Release:
    """What becomes of a batch: grants told openly, pools, and grants that wait because they would stand too alone."""

    open: tuple[Truth, ...]
    pools: tuple[Pool, ...]
    waiting: tuple[Truth, ...]


def release(batch: Iterable[Truth], safety: Safety) -> Release:
    """Sort a batch of grants into what is told openly, what is told in sums, and what waits."""
    batch = sorted(batch, key=lambda truth: (truth.amount_minor, truth.grant))
    pools, rest = _fine_pools([truth for truth in batch if truth.nameless], safety)
    rest += [truth for truth in batch if truth.pooled and not truth.nameless]
    told = [truth for truth in batch if not truth.pooled]
    fillers: list[Truth] = []
    while rest and not is_safe(rest + fillers, safety):
        if pools:
            rest += pools.pop(_fewest(pools)).members
            continue
        filler = _next_filler(told, rest + fillers)
        if filler is None:
            return Release(tuple(told + fillers), (), tuple(rest))
        told.remove(filler)
        fillers.append(filler)
    if rest:
        pools.append(_pool(rest + fillers, safety))
    return Release(tuple(told), tuple(pools), ())


def band_of(amount_minor: int, safety: Safety) -> Band:
    """The band that an amount lies in: from (included) and up to (excluded, None: open)."""
    edges = (0, *safety.band_edges_minor)
    for lower, upper in pairwise(edges):
        if lower <= amount_minor < upper:
            return lower, upper
    return edges[-1], None


def is_safe(members: Sequence[Truth], safety: Safety) -> bool:
    """Whether a sum of these grants tells of no partner's grants alone, also to who knows those that were told before."""
    never_told = [member for member in members if not member.told_before]
    return _tells_of_nobody(members, safety) and (not never_told or _tells_of_nobody(never_told, safety))


def _tells_of_nobody(members: Sequence[Truth], safety: Safety) -> bool:
    return len({member.partner for member in members}) >= safety.least_partners and not _told_apart(
        members, safety, [(member.least_minor, member.most_minor) for member in members]
    )


def _fine_pools(nameless: list[Truth], safety: Safety) -> tuple[list[Pool], list[Truth]]:
    pools: list[Pool] = []
    keys: tuple[Callable[[Truth], Key], ...] = (
        lambda truth: (truth.places, truth.sector),
        lambda truth: (truth.places, ""),
    )
    rest = nameless
    for key in keys:
        groups: dict[Key, list[Truth]] = defaultdict(list)
        for truth in rest:
            groups[key(truth)].append(truth)
        rest = []
        for (governorates, sector), members in groups.items():
            if (governorates or sector) and is_safe(members, safety):
                pools.append(_pool(members, safety, governorates=governorates, sector=sector))
            else:
                rest += members
    return pools, rest


def _pool(
    members: list[Truth], safety: Safety, *, governorates: frozenset[str] = frozenset(), sector: str = ""
) -> Pool:
    bounds = [
        (max(member.least_minor, low), min(member.most_minor, high - 1 if high else member.most_minor))
        for member in members
        for low, high in [band_of(member.amount_minor, safety)]
    ]
    return Pool(tuple(members), governorates, sector, banded=not _told_apart(members, safety, bounds))


def _told_apart(members: Sequence[Truth], safety: Safety, bounds: Sequence[tuple[int, int]]) -> bool:
    """Whether the sum and what is known of each amount leave too little doubt about one of them.

    The amount of a member lies between the sum less all that the others can be at most, and less what they are at least.
    """
    total = sum(member.amount_minor for member in members)
    lowest, highest = (sum(side) for side in zip(*bounds, strict=True)) if bounds else (0, 0)
    for member, (low, high) in zip(members, bounds, strict=True):
        least, most = max(low, total - (highest - high)), min(high, total - (lowest - low))
        if (most - least) * 100 < safety.least_uncertainty_percent * member.amount_minor:
            return True
    return False


def _fewest(pools: list[Pool]) -> int:
    return min(range(len(pools)), key=lambda index: (pools[index].partners, pools[index].amount_minor, index))


def _next_filler(told: list[Truth], members: list[Truth]) -> Truth | None:
    """The smallest openly told grant, of a partner that is not in the pool yet if there is one."""
    partners = {member.partner for member in members}
    return next((truth for truth in told if truth.partner not in partners), told[0] if told else None)
