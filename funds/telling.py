"""What a donor's people are told of transfers and grants: under which code they know a grant, and what stays hidden.

A donor is told everything of its own money but who the partners are whose names are withheld. The upper app that keeps
withholdings says under which code a donor knows a grant (`knows_grants`); without it nothing is told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funds import rules
from funds.models import Donor
from ledger.figures import Veil, Veils, as_they_stand
from ledger.models import Transfer


@dataclass(frozen=True, slots=True)
class Known:
    """A grant as one donor knows it: ``code`` is its reference, or a pseudonym where the partner's name is ``withheld``."""

    code: str
    withheld: bool


Knowledge = Callable[[Donor, Iterable[str]], Mapping[str, Known]]
_knowledge: list[Knowledge] = []

TOLD_FACTS: Final = frozenset({"contribution", "call", "class", "currency", "gift", "reference"})
"""Facts of the books that say nothing of a partner: a payment's key, a provider or a line of a bank may."""


def knows_grants(fn: Knowledge) -> Knowledge:
    """Register ``fn(donor, references)``: how the donor knows grants, by their references."""
    _knowledge[:] = [fn]
    return fn


def known_to(donor: Donor, references: Iterable[str]) -> Mapping[str, Known]:
    """How ``donor`` knows the grants of ``references``; raises LookupError when nobody was registered to say so."""
    if not _knowledge:
        raise LookupError("nothing says how donors know grants")
    return _knowledge[0](donor, references)


def veils_for(user: Any, donor: Donor) -> Veils:
    """How transfers of the donor's money are told to ``user``: as they stand to the fund's offices, else as to the donor."""
    return as_they_stand if rules.sees_every_donor(user) else veils_of(donor)


def veils_of(donor: Donor) -> Veils:
    """How transfers of the donor's money are told to its own people."""

    def hidden(transfers: Sequence[Transfer]) -> dict[int, Veil]:
        mentioned = {one.pk: _grants_in(one) for one in transfers}
        known = known_to(donor, {one for found in mentioned.values() for one in found})
        veils = {}
        for one in transfers:
            grants = mentioned[one.pk]
            nameless = any(ref not in known or known[ref].withheld for ref in grants)
            names = {ref: known[ref].code for ref in grants if ref in known}
            veils[one.pk] = Veil(names, TOLD_FACTS, by_month=nameless or (not grants and "payment" in one.facts))
        return veils

    return hidden


def _grants_in(one: Transfer) -> set[str]:
    return {said["grant"] for said in (one.facts, one.debit.facts, one.credit.facts) if said.get("grant")}
