"""Which money may pay for what, and which is used first (domain specification §5.2, §5.4). Plain Python.

A grant line may be charged to a source only if every condition of the donor holds. Among the sources that fit, money
that expires first is used first, then the most restricted, and unrestricted money last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Restriction(StrEnum):
    """Classes of money; the values are those of the accounts in the ledger."""

    UNRESTRICTED = "UNR"
    SECTOR = "RES-SECTOR"
    AREA = "RES-AREA"
    GROUP = "RES-GROUP"
    TIME = "RES-TIME"
    ZAKAT = "ZAK"
    WAQF_YIELD = "WQF"
    SADAQAH = "SDQ"
    RUNNING_COSTS = "ADM"
    ENDOWMENT = "END"


class CostType(StrEnum):
    """What money is spent on: a grant's direct or indirect costs, or the fund itself."""

    GRANT_DIRECT = "grant_direct"
    GRANT_INDIRECT = "grant_indirect"
    RUNNING = "running"
    BANK_FEE = "bank_fee"
    EXCHANGE_LOSS = "exchange_loss"


_GRANT: Final = frozenset({CostType.GRANT_DIRECT, CostType.GRANT_INDIRECT})
_FUND: Final = frozenset({CostType.RUNNING, CostType.BANK_FEE, CostType.EXCHANGE_LOSS})
# Zakat reaches its recipients whole; the yield of a waqf pays grants, never the fund; endowed capital is not spent.
ALLOWED_COSTS: Final[dict[Restriction, frozenset[CostType]]] = {
    Restriction.UNRESTRICTED: _GRANT | _FUND,
    Restriction.SADAQAH: _GRANT | _FUND,
    Restriction.SECTOR: _GRANT,
    Restriction.AREA: _GRANT,
    Restriction.GROUP: _GRANT,
    Restriction.TIME: _GRANT,
    Restriction.ZAKAT: frozenset({CostType.GRANT_DIRECT}),
    Restriction.WAQF_YIELD: _GRANT,
    Restriction.RUNNING_COSTS: _FUND,
    Restriction.ENDOWMENT: frozenset(),
}
RELIGIOUS: Final = frozenset({Restriction.ZAKAT, Restriction.WAQF_YIELD})
"""Money that pays only what somebody justified and another approved, line by line."""
FREE: Final = frozenset({Restriction.UNRESTRICTED, Restriction.SADAQAH})


@dataclass(frozen=True, slots=True)
class Terms:
    """The conditions of a donor; an empty set or None restricts nothing.

    Raises ValueError when the class names a condition that is not given.
    """

    restriction: Restriction = Restriction.UNRESTRICTED
    sectors: frozenset[str] = frozenset()
    governorates: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    use_by: date | None = None
    recipient_types: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.restriction in {named for named, given in self._named() if not given}:
            raise ValueError(f"{self.restriction} money needs the condition that it is named after")

    def _named(self) -> list[tuple[Restriction, bool]]:
        return [
            (Restriction.SECTOR, bool(self.sectors)),
            (Restriction.AREA, bool(self.governorates)),
            (Restriction.GROUP, bool(self.groups)),
            (Restriction.TIME, self.use_by is not None),
        ]

    @property
    def conditions(self) -> int:
        """How many conditions there are: the more, the more restricted."""
        religious = self.restriction in RELIGIOUS
        given = [self.sectors, self.governorates, self.groups, self.recipient_types, self.use_by, religious]
        return sum(bool(one) for one in given)

    @property
    def free(self) -> bool:
        """Whether the money is unrestricted in class and has no condition."""
        return self.restriction in FREE and self.conditions == 0


@dataclass(frozen=True, slots=True)
class Use:
    """What money shall pay for: where, in which sectors, for an organisation of which groups and type, and when.

    ``religious_basis``: a Shari'a reviewer approved the written justification (zakat class, donor's condition of a
    waqf).
    """

    on: date
    sectors: frozenset[str] = frozenset()
    governorates: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    recipient_type: str = ""
    cost_type: CostType = CostType.GRANT_DIRECT
    religious_basis: bool = False


class Obstacle(StrEnum):
    """Why money may not be used."""

    COST_TYPE = "cost_type"
    SECTOR = "sector"
    AREA = "area"
    GROUP = "group"
    EXPIRED = "expired"
    RECIPIENT = "recipient"
    RELIGIOUS_BASIS = "religious_basis"


def _within(allowed: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether all that is asked is allowed; a use that does not say what it is for fits no condition."""
    return not allowed or (bool(asked) and asked <= allowed)


def obstacles(terms: Terms, use: Use) -> list[Obstacle]:
    """Every condition of ``terms`` that ``use`` does not meet; none: the money may be used."""
    religious = terms.restriction in RELIGIOUS
    met = {
        Obstacle.COST_TYPE: use.cost_type in ALLOWED_COSTS[terms.restriction],
        Obstacle.SECTOR: _within(terms.sectors, use.sectors),
        Obstacle.AREA: _within(terms.governorates, use.governorates),
        Obstacle.GROUP: not terms.groups or bool(terms.groups & use.groups),
        Obstacle.EXPIRED: terms.use_by is None or use.on <= terms.use_by,
        Obstacle.RECIPIENT: not terms.recipient_types or use.recipient_type in terms.recipient_types,
        Obstacle.RELIGIOUS_BASIS: not religious or use.religious_basis,
    }
    return [obstacle for obstacle, is_met in met.items() if not is_met]


@dataclass(frozen=True, slots=True)
class Source:
    """Money of one contribution: ``key`` of its account, what is free in minor units, and its terms."""

    key: str
    available_minor: int
    terms: Terms
    received_on: date = date.min


@dataclass(frozen=True, slots=True)
class Filling:
    """How an amount is covered: parts by source key in the order used, and what nobody's money covers."""

    parts: tuple[tuple[str, int], ...]
    missing_minor: int


def in_fill_order(sources: Iterable[Source]) -> list[Source]:
    """Sources as they are used: unrestricted last; before them expiring first, then the most restricted, then the
    oldest.
    """

    def position(source: Source) -> tuple[bool, date, int, date, str]:
        terms = source.terms
        return (terms.free, terms.use_by or date.max, -terms.conditions, source.received_on, source.key)

    return sorted(sources, key=position)


def fill(
    amount_minor: int, use: Use, sources: Sequence[Source], *, most: Mapping[Restriction, int] | None = None
) -> Filling:
    """Cover ``amount_minor`` from the sources that fit ``use``, in their order, each to its end before the next.

    ``most``: so much at most (minor units) from all money of a class together.

    Raises ValueError for a negative amount or two sources with the same key.
    """
    if amount_minor < 0:
        raise ValueError("an amount to cover is zero or more")
    if len({source.key for source in sources}) != len(sources):
        raise ValueError("two sources have the same key")
    parts, missing, left = [], amount_minor, dict(most or {})
    for source in in_fill_order(sources):
        restriction = source.terms.restriction
        part = min(missing, max(source.available_minor, 0), left.get(restriction, missing))
        if part and not obstacles(source.terms, use):
            parts.append((source.key, part))
            missing -= part
            if restriction in left:
                left[restriction] -= part
    return Filling(tuple(parts), missing)
