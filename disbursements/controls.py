"""Controls over money that goes out and comes back, as arithmetic (domain specification §3.7, §3.12). Plain Python."""

from dataclasses import dataclass
from fractions import Fraction

from charter.schema import PaymentRules, RefundRules


def spent_share(received_minor: int, spent_minor: int) -> Fraction:
    """The share of the money received that is spent; 0 before any is received, above 1 when more is spent."""
    if received_minor <= 0:
        return Fraction(0)
    return Fraction(spent_minor, received_minor)


def spent_percent(received_minor: int, spent_minor: int) -> int:
    """The share as a whole percentage rounded down, so that a shown 70 % is really reached."""
    share = spent_share(received_minor, spent_minor)
    return share.numerator * 100 // share.denominator


def may_request_next(received_minor: int, spent_minor: int, rules: PaymentRules) -> bool:
    """Whether enough of the money received is spent to ask for the next tranche."""
    return received_minor > 0 and spent_minor * 100 >= rules.next_tranche_spent_percent * received_minor


def left_to_spend(received_minor: int, spent_minor: int, rules: PaymentRules) -> int:
    """How many minor units must still be spent before the next tranche may be requested."""
    needed = -(-received_minor * rules.next_tranche_spent_percent // 100)
    return max(needed - spent_minor, 0)


def approvals_needed(amount_minor: int, rules: PaymentRules) -> int:
    """How many different people approve a payment of ``amount_minor``: one more above the charter's threshold."""
    return rules.approvals + (1 if amount_minor > rules.third_approval_above_minor else 0)


@dataclass(frozen=True, slots=True)
class Refund:
    """What a partner gives back at closure, in minor units; ``owed_minor`` is 0 when the amount is waived."""

    unspent_minor: int
    disallowed_minor: int
    undeclared_minor: int
    waived: bool

    @property
    def computed_minor(self) -> int:
        """Unspent, disallowed and undeclared together."""
        return self.unspent_minor + self.disallowed_minor + self.undeclared_minor

    @property
    def owed_minor(self) -> int:
        """What is really claimed."""
        return 0 if self.waived else self.computed_minor


def refund(
    received_minor: int, spent_minor: int, *, disallowed_minor: int = 0, undeclared_minor: int = 0, rules: RefundRules
) -> Refund:
    """The refund of a grant: money received and not spent, spending disallowed by an audit, and income not declared.

    ``spent_minor`` is what the partner reported, the disallowed part of it included; spending above the money
    received is the partner's own, and disallowed costs are taken off it first. Less than the charter's least amount
    is waived. Raises ValueError for a negative amount or more disallowed than spent.
    """
    if min(received_minor, spent_minor, disallowed_minor, undeclared_minor) < 0:
        raise ValueError("amounts are zero or more")
    if disallowed_minor > spent_minor:
        raise ValueError("no more can be disallowed than was spent")
    unspent = max(received_minor - spent_minor, 0)
    overspent = max(spent_minor - received_minor, 0)
    disallowed = max(disallowed_minor - overspent, 0)
    computed = unspent + disallowed + undeclared_minor
    return Refund(unspent, disallowed, undeclared_minor, waived=0 < computed < rules.waived_below_minor)
