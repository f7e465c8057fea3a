"""What the books must say, kept beside them in plain numbers: nothing here comes from the services or their selectors.

Codes of accounts are those of the chart (domain specification §5.5) as docs/explanation/money.md draws it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

FOR_FEES = frozenset({"UNR", "SDQ", "ADM"})
"""Classes of money that may pay fees of banks and providers (domain specification §5.3, invariant 5)."""


@dataclass
class Books:
    """What every account has (credits less debits), what is kept aside, what moved since the beginning; in minor units.

    What moves and is kept aside is known by its debited and its credited account.
    """

    credit: Counter[str]
    held: Counter[tuple[str, str]]
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)

    def move(self, debit: str, credit: str, minor: int) -> None:
        """Money moves from ``credit``'s side to ``debit``'s."""
        self.moved[debit, credit] += minor
        self.credit[debit] -= minor
        self.credit[credit] += minor

    def hold(self, debit: str, credit: str, minor: int) -> None:
        """Money is kept aside for such a move."""
        self.held[debit, credit] += minor

    def void(self, debit: str, credit: str, minor: int) -> None:
        """It is free again."""
        self.held[debit, credit] -= minor

    def settle(self, debit: str, credit: str, minor: int) -> None:
        """What was kept aside moves."""
        self.void(debit, credit, minor)
        self.move(debit, credit, minor)

    def free(self, code: str) -> int:
        """What an account of the credit side can still give."""
        aside = sum(minor for (debit, _credit), minor in self.held.items() if debit == code)
        return self.credit[code] - aside


@dataclass(frozen=True)
class Gift:
    """A contribution as its donor gave it: where it comes in the order of use."""

    reference: str
    restriction: str
    received_on: date
    key: str
    use_by: date | None = None
    conditions: int = 0

    @property
    def source(self) -> str:
        """Its account."""
        return f"3020/{self.reference}"

    @property
    def turn(self) -> tuple[bool, date, int, date, str]:
        """Unrestricted last; before it expiring first, then the most restricted, then the oldest."""
        free = self.restriction in {"UNR", "SDQ"} and not self.conditions
        return (free, self.use_by or date.max, -self.conditions, self.received_on, self.key)


@dataclass
class Promise:
    """A signed pledge: what of it is expected."""

    key: str
    amount: int
    expected: int = 0

    @property
    def accounts(self) -> tuple[str, str]:
        """Receivable and income."""
        return f"1110/{self.key}", f"4010/{self.key}"


@dataclass
class More:
    """What was kept aside for an extension: of which source how much, and under which key the grant will be owed it."""

    parts: Counter[str] = field(default_factory=Counter)
    keys: dict[str, str] = field(default_factory=dict)


def gift_of(key: str) -> str:
    """The contribution of a share: what an extension adds of one that gave already has a key of its own."""
    return key.partition("/")[0]


@dataclass
class Work:
    """A grant: what it owes to which share (in the order of use), what its partner got, spent, and gave an account of."""

    reference: str
    call: str
    split: list[tuple[str, int]] = field(default_factory=list)
    shares: Counter[str] = field(default_factory=Counter)
    """Accounts that were ever opened for what it is owed, by source."""
    paid: Counter[str] = field(default_factory=Counter)
    back: Counter[str] = field(default_factory=Counter)
    """What it gave back to each source."""
    received: int = 0
    spent: int = 0
    cleared: int = 0

    def owed(self, key: str) -> str:
        """What the fund owes the grant out of one share."""
        return f"2010/{self.reference}/{key}"

    def envelope(self, key: str) -> str:
        """Where the call keeps money of the share's contribution."""
        return f"envelope/{self.call}/{gift_of(key)}"

    @property
    def memo(self) -> tuple[str, str]:
        """What the partner holds, and its counterpart."""
        return f"1210/{self.reference}", f"1219/{self.reference}"


@dataclass
class Transit:
    """A payment that is neither confirmed nor failed: from which sources, through whom, at what commission."""

    work: Work
    parts: list[tuple[str, int]]
    carrier: str = ""
    commission: list[tuple[str, int]] = field(default_factory=list)
    sent: bool = False


def shared(minor: int, places: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """``minor`` taken from places in their order, each to its end before the next."""
    parts = []
    for name, free in places:
        part = min(minor, max(free, 0))
        if part:
            parts.append((name, part))
            minor -= part
    return parts


def covered(minor: int, gifts: list[tuple[Gift, int]], most: dict[str, int]) -> list[tuple[str, int]]:
    """An award taken from gifts with what is free of them, in their order; of some classes no more than ``most``."""
    parts, left = [], dict(most)
    for gift, free in sorted(gifts, key=lambda one: one[0].turn):
        part = min(minor, max(free, 0), left.get(gift.restriction, minor))
        if part:
            parts.append((gift.reference, part))
            minor -= part
            left[gift.restriction] = left.get(gift.restriction, part) - part
    return parts


# Acts on the books -----------------------------------------------------------------------------------------------


def pay_out(books: Books, one: Transit, bank: str) -> None:
    """A payment is prepared: kept aside on what the grant is owed, and its commission on money that may pay it."""
    for source, minor in one.parts:
        books.hold(one.work.owed(source), bank, minor)
    for source, minor in one.commission:
        books.hold(f"6050/{bank[-3:]}", bank, minor)
        books.hold(source, f"3090/{bank[-3:]}", minor)


def leaves(books: Books, one: Transit, bank: str) -> None:
    """It is released: with a provider it stands at the provider until it arrives."""
    one.sent = True
    for source, minor in one.parts if one.carrier else []:
        books.void(one.work.owed(source), bank, minor)
        books.move(one.carrier, bank, minor)
        books.hold(one.work.owed(source), one.carrier, minor)


def arrives(books: Books, one: Transit, bank: str) -> None:
    """The partner has it."""
    whole = sum(minor for _source, minor in one.parts)
    for source, minor in one.parts:
        books.settle(one.work.owed(source), one.carrier or bank, minor)
        one.work.paid[source] += minor
    for source, minor in one.commission:
        books.settle(f"6050/{bank[-3:]}", bank, minor)
        books.settle(source, f"3090/{bank[-3:]}", minor)
    memo, counterpart = one.work.memo
    books.move(memo, counterpart, whole)
    one.work.received += whole
    account_for(books, one.work)


def comes_back(books: Books, one: Transit, bank: str) -> None:
    """It failed."""
    whole = sum(minor for _source, minor in one.parts)
    place = one.carrier if one.carrier and one.sent else bank
    for source, minor in one.parts:
        books.void(one.work.owed(source), place, minor)
    for source, minor in one.commission:
        books.void(f"6050/{bank[-3:]}", bank, minor)
        books.void(source, f"3090/{bank[-3:]}", minor)
    if one.carrier and one.sent:
        books.move(bank, one.carrier, whole)


def account_for(books: Books, work: Work) -> None:
    """Accepted reports clear what the partner holds, never more than it got."""
    told = min(work.spent, work.received) - work.cleared
    if told > 0:
        memo, counterpart = work.memo
        books.move(counterpart, memo, told)
        work.cleared += told


def given_back(books: Books, work: Work, minor: int, unspent: int, bank: str) -> None:
    """A refund: to the source that was used last first; what was not spent leaves the partner's memo."""
    used_last_first = [(source, work.paid[source]) for source, _committed in reversed(work.split)]
    for source, part in shared(minor, used_last_first):
        books.move(bank, f"3020/{gift_of(source)}", part)
        work.back[source] += part
    forgotten(books, work, unspent)


def forgotten(books: Books, work: Work, unspent: int) -> None:
    """The partner holds nothing that was not spent any more."""
    if unspent:
        memo, counterpart = work.memo
        books.move(counterpart, memo, unspent)
        work.cleared += unspent


def exchanged(books: Books, loss: int, borne: list[tuple[str, int]], bank: str) -> None:
    """What was charged beyond a payment is a loss that free money bears; what was charged below it is kept as a gain."""
    currency = bank[-3:]
    if loss > 0:
        books.move(f"7010/{currency}", bank, loss)
        for source, part in borne:
            books.move(source, f"3091/{currency}", part)
    elif loss < 0:
        books.move(bank, f"4310/{currency}", -loss)
        books.move(f"3091/{currency}", f"3011/{currency}", -loss)


def promised_no_more(books: Books, work: Work) -> None:
    """The end of a grant: what is not on its way goes back to its sources."""
    for source, _committed in work.split:
        free = books.free(work.owed(source))
        if free > 0:
            books.move(work.owed(source), f"3020/{gift_of(source)}", free)
