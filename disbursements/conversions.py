"""What a payment became in the payee's currency: three rates and the gaps between them. Plain Python (domain specification §5.6).

The reference is a public bulletin's, the contract is what bank or provider promised, the realised rate is what the slip shows. All
are units of the payee's currency for one unit of the payment's.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID, uuid5

from kernel.money import Money, minor_digits
from ledger.rates import gap_percent

LOSS: Final = "loss"
GAIN: Final = "gain"
_PLACES = Decimal("0.000001")


def result_key(conversion: UUID, name: str) -> UUID:
    """Key of the transfer that books what an exchange cost (`LOSS`) or gave (`GAIN`)."""
    return uuid5(conversion, name)


def realised(paid_out: Money, charged: Money) -> Decimal:
    """Units of the payee's currency that came for one unit that was charged, to six digits."""
    units = Fraction(paid_out.minor, 10 ** minor_digits(paid_out.currency))
    each = units / Fraction(charged.minor, 10 ** minor_digits(charged.currency))
    return (Decimal(each.numerator) / Decimal(each.denominator)).quantize(_PLACES)


@dataclass(frozen=True, slots=True)
class Gaps:
    """By how many percent the realised rate is below (negative) or above the other two."""

    to_reference: Decimal
    to_contract: Decimal

    @classmethod
    def of(cls, rate: Decimal, *, reference: Decimal, contract: Decimal) -> "Gaps":
        """The gaps of a realised ``rate``."""
        return cls(gap_percent(rate, reference), gap_percent(rate, contract))


def shared_minor(amount_minor: int, gap: Decimal, *, up_to_percent: int, share_percent: int) -> int:
    """What the fund bears of the partner's loss (negative: takes of its gain), in minor units, rounded towards zero.

    A change up to ``up_to_percent`` stays with the project; of what is above, the fund has ``share_percent``.
    """
    above = max(abs(Fraction(gap)) - up_to_percent, Fraction(0))
    share = int(Fraction(amount_minor) * above / 100 * share_percent / 100)
    return -share if gap > 0 else share
