"""A grant as the fund knows it, and which parts of it are withheld."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of a grant that can be withheld (domain specification §6.3)."""

    NAME = "name"
    TITLE = "title"
    PLACE = "place"
    AMOUNT = "amount"


IMPLIED = {Part.NAME: frozenset({Part.TITLE, Part.AMOUNT})}
"""Title and exact amount stand in a partner's own reports too: whoever reads both knows the name."""


def all_withheld(parts: Iterable[Part]) -> frozenset[Part]:
    """The parts and what follows from them."""
    asked = frozenset(parts)
    return asked.union(*(IMPLIED.get(part, frozenset()) for part in asked))


@dataclass(frozen=True, slots=True)
class Truth:
    """One signed grant. Amounts are minor units of the fund's currency.

    ``least_minor`` and ``most_minor`` are what everybody may know of the amount beforehand (the call's limits);
    ``told_before`` says that it was told openly once: whoever read it then takes it out of every later sum.
    """

    grant: str
    partner: str
    governorates: frozenset[str]
    sector: str
    amount_minor: int
    least_minor: int
    most_minor: int
    withheld: frozenset[Part] = frozenset()
    told_before: bool = False

    @property
    def nameless(self) -> bool:
        """Whether nobody may learn whose grant it is."""
        return Part.NAME in self.withheld

    @property
    def pooled(self) -> bool:
        """Whether its amount is told in a sum only."""
        return Part.AMOUNT in self.withheld

    @property
    def places(self) -> frozenset[str]:
        """The governorates that may be named; none: somewhere in Syria."""
        return frozenset() if Part.PLACE in self.withheld else self.governorates
