"""What stands behind a figure of the books: transfers with their signs, or further figures, which add up to it.

A page of figures asks nothing of this: a figure is a link, and only who opens it has it read (`page_of`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, overload

from django.core.paginator import Paginator
from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When

from kernel import identity
from kernel.money import Money
from ledger.models import Account, Transfer, TransferKind
from ledger.selectors import start_of
from ledger.wording import in_words, is_wording

PAGE: Final = 50
Told = tuple[Transfer, Money]
_MOVED: Final = Q(kind__in=[TransferKind.POST, TransferKind.SETTLE])


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure, and the transfers that add up to it, newest first."""

    total: Money
    rows: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the things that a figure is made of: a promise, a tranche, another figure; ``url`` opens it.

    ``share``: the figure has only a share of what opens (its likelihood, its worth in another currency). ``code``: of an
    account, where it is one.
    """

    label: str
    money: Money
    url: str = ""
    hint: str = ""
    share: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A figure that is not of transfers itself (a promise, a plan, a sum of accounts), and what it is made of."""

    total: Money
    pieces: Sequence[Piece]


def adding_up(rows: Iterable[Told], currency: str) -> Behind:
    """What the rows sum to, with them."""
    listed = list(rows)
    return Behind(sum((money for _one, money in listed), Money(0, currency)), listed)


class Listed(Sequence[Piece]):
    """Rows of a list that its sum is made of: read page by page, however many there are."""

    def __init__(self, found: QuerySet[Any], currency: str, piece: Callable[[Any], Piece]) -> None:
        self._found = found
        self._currency = currency
        self._piece = piece

    @cached_property
    def _summed(self) -> dict[str, Any]:
        return self._found.order_by().aggregate(number=Count("pk"), sum=Sum("amount_minor"))

    @property
    def total(self) -> Money:
        """The sum of the list."""
        return Money(int(self._summed["sum"] or 0), self._currency)

    def __len__(self) -> int:
        return int(self._summed["number"])

    @overload
    def __getitem__(self, part: int) -> Piece: ...
    @overload
    def __getitem__(self, part: slice) -> list[Piece]: ...
    def __getitem__(self, part: int | slice) -> Piece | list[Piece]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        return [self._piece(row) for row in self._found[part]]

    def __iter__(self) -> Iterator[Piece]:
        return iter(self[:])


def listed(found: QuerySet[Any], currency: str, piece: Callable[[Any], Piece]) -> Made | None:
    """The sum of what a list shows in a currency, by its rows' ``amount_minor``; None where it shows nothing in it."""
    rows = Listed(found.filter(currency=currency), currency, piece)
    return Made(rows.total, rows) if len(rows) else None


def made_of(pieces: Iterable[Piece], currency: str) -> Made:
    """What the pieces sum to, with them."""
    listed = list(pieces)
    return Made(sum((one.money for one in listed), Money(0, currency)), listed)


# Accounts -----------------------------------------------------------------------------------------------------------


class Signed(Sequence[Told]):
    """Transfers annotated with ``told``, by how much each changes a figure: read page by page, however many there are."""

    def __init__(self, found: QuerySet[Any], currency: str) -> None:
        self._found = found.exclude(told=0).order_by("-id").select_related("debit", "credit", "leaf")
        self._currency = currency

    @cached_property
    @identity.system("ledger.figures")
    def _summed(self) -> dict[str, Any]:
        return self._found.order_by().aggregate(number=Count("pk"), sum=Sum("told"))

    @property
    def total(self) -> Money:
        """The figure itself."""
        return Money(int(self._summed["sum"] or 0), self._currency)

    def __len__(self) -> int:
        return int(self._summed["number"])

    @overload
    def __getitem__(self, part: int) -> Told: ...
    @overload
    def __getitem__(self, part: slice) -> list[Told]: ...
    def __getitem__(self, part: int | slice) -> Told | list[Told]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        with identity.system("ledger.figures"):
            rows: list[Any] = list(self._found[part])
        return [(one, Money(one.told, self._currency)) for one in rows]

    def __iter__(self) -> Iterator[Told]:
        return iter(self[:])


def signed(found: QuerySet[Transfer], told: Any, currency: str) -> Behind:
    """A figure whose transfers count with ``told``, an expression in minor units."""
    rows = Signed(found.annotate(told=told), currency)
    return Behind(rows.total, rows)


def posted(found: QuerySet[Transfer], currency: str) -> Behind:
    """The figure that transfers sum to as they are."""
    return signed(found, F("amount_minor"), currency)


DEBIT, CREDIT, RESERVED, FREE = "debit", "credit", "reserved", "free"
FIGURES: Final = (DEBIT, CREDIT, RESERVED, FREE)
"""The figures of an account in the trial balance."""


def behind_account(account: Account, figure: str, *, until: date | None = None) -> Behind:
    """The transfers behind one of `FIGURES` of an account as it stands, or stood at the end of a day."""
    moved = Transfer.objects.filter(Q(debit=account) | Q(credit=account))
    before = None if until is None else start_of(until + timedelta(days=1))
    if before is not None:
        moved = moved.filter(posted_at__lt=before)
    grown, lowered = (Q(debit=account), Q(credit=account))
    if not account.grows_by_debits:
        grown, lowered = lowered, grown
    if figure == RESERVED:
        return posted(moved.filter(lowered, kind=TransferKind.PEND).exclude(_ended(before)), account.currency)
    if figure == FREE:
        return signed(moved, _free(grown, lowered), account.currency)
    up, down = (Q(debit=account), Q(credit=account)) if figure == DEBIT else (Q(credit=account), Q(debit=account))
    return signed(
        moved, _worth((up & _MOVED, F("amount_minor")), (down & _MOVED, -F("amount_minor"))), account.currency
    )


def behind_free(account: Account) -> Behind:
    """What may still be used of an account: what came, less what went and what is reserved.

    A reservation counts when it is made; its end counts by what it gives back.
    """
    return behind_account(account, FREE)


def _worth(*cases: tuple[Q, Any]) -> Case:
    whens = [When(condition, then=value) for condition, value in cases]
    return Case(*whens, default=Value(0), output_field=BigIntegerField())


def _free(grown: Q, lowered: Q) -> Case:
    return _worth(
        (grown & _MOVED, F("amount_minor")),
        (lowered & Q(kind=TransferKind.SETTLE), F("pending__amount_minor") - F("amount_minor")),
        (lowered & Q(kind=TransferKind.VOID), F("pending__amount_minor")),
        (lowered, -F("amount_minor")),
    )


def _ended(before: datetime | None) -> Exists:
    ends = Transfer.objects.filter(pending=OuterRef("pk"))
    return Exists(ends if before is None else ends.filter(posted_at__lt=before))


# How a reader is told of them ---------------------------------------------------------------------------------------

HIDDEN: Final = "…"


@dataclass(frozen=True, slots=True)
class Veil:
    """How a transfer is told to somebody who may not read all of it.

    ``names``: references that it mentions, by what is read instead. ``keeps``: which facts are said as they are; the others
    are hidden, and so is plain text that is no registered wording. ``by_month``: the day is told as its month, and no proof leads to it.
    """

    names: dict[str, str] = field(default_factory=dict)
    keeps: frozenset[str] = frozenset()
    by_month: bool = False

    def facts(self, facts: dict[str, str]) -> dict[str, str]:
        """Facts of a wording as the reader may have them."""
        return {
            name: self.names.get(value) or (value if name in self.keeps else HIDDEN) for name, value in facts.items()
        }

    def code(self, account: Account) -> str:
        """The code of an account, or nothing where the reader may not have all that the account names."""
        return "" if self.by_month or self.facts(account.facts) != account.facts else account.code


@dataclass(frozen=True, slots=True)
class Line:
    """A transfer as its reader may read it."""

    transfer: Transfer
    money: Money
    veil: Veil | None = None

    @property
    def by_month(self) -> bool:
        """Whether only its month is told."""
        return self.veil is not None and self.veil.by_month

    @property
    def debit(self) -> tuple[str, str]:
        """What the account that money went to is for, and its code."""
        return self._account(self.transfer.debit)

    @property
    def credit(self) -> tuple[str, str]:
        """What the account that money came from is for, and its code."""
        return self._account(self.transfer.credit)

    @property
    def why(self) -> str:
        """Why the money moved, in the reader's language."""
        return self._said(self.transfer.reason, self.transfer.facts)

    @property
    def proof(self) -> str:
        """The beginning of the leaf's hash."""
        return "" if self.by_month else bytes(self.transfer.leaf.leaf_hash).hex()[:12]

    def _account(self, account: Account) -> tuple[str, str]:
        code = account.code if self.veil is None else self.veil.code(account)
        return self._said(account.purpose, account.facts), code

    def _said(self, key: str, facts: dict[str, str]) -> str:
        if self.veil is None:
            return in_words(key, facts)
        return in_words(key, self.veil.facts(facts)) if is_wording(key) else HIDDEN


Veils = Callable[[Sequence[Transfer]], dict[int, Veil]]
"""How a reader may be told of transfers: the veil of each that it may not read as it stands, by the transfer's id."""


def as_they_stand(_transfers: Sequence[Transfer]) -> dict[int, Veil]:
    """Nothing is hidden."""
    return {}


def page_of(behind: Behind | Made, number: str | None, *, veils: Veils = as_they_stand, **words: Any) -> dict[str, Any]:
    """What ``ledger/figure.html`` shows: ``label`` and ``name`` of the figure, ``back`` with ``back_title``, maybe ``period``."""
    if isinstance(behind, Made):
        return {"page": Paginator(behind.pieces, PAGE).get_page(number), "total": behind.total, "made": True, **words}
    page = Paginator(behind.rows, PAGE).get_page(number)
    rows = list(page.object_list)
    hidden = veils([one for one, _money in rows])
    lines = [Line(one, money, hidden.get(one.pk)) for one, money in rows]
    return {"page": page, "lines": lines, "total": behind.total, **words}
