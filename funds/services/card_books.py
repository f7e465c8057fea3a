"""Gifts by card in the books: each balance transaction of Stripe once, what it costs, payouts, gathering, differences."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle
from funds import books, events, giving, rules, services
from funds.giving import Movement, Side
from funds.models import CardDifference, CardEntry, Contribution, Donor, Gift, PayoutArrival, Waqf
from funds.restrictions import ALLOWED_COSTS, CostType, Restriction, Use
from funds.selectors import available_of, cards, confirmed, filling_of
from funds.states import PURPOSE_CLASS, DifferenceKind, DifferenceState, Purpose
from kernel import codes
from kernel.money import Money
from kernel.permissions import Refused
from ledger import selectors as ledger
from ledger.models import Account
from ledger.services import TransferDraft, open_account, post


def pool_account(restriction_class: str, currency: str) -> Account:
    """The gifts of one class and currency that were not gathered yet; it cannot be overdrawn."""
    return open_account(
        rules.pool_code(restriction_class, currency),
        currency=currency,
        purpose=books.POOL(**{"class": str(restriction_class), "currency": currency}),
        debits_within_credits=True,
    )


def _account(code: str, currency: str) -> Account:
    """An account of the chart by its code."""
    said = {
        giving.CLEARING: books.CLEARING,
        giving.ON_ITS_WAY: books.PAYOUTS,
        giving.FEES: books.CARD_FEES,
        giving.LOSSES: books.CARD_LOSSES,
        "3090": books.FOR_COSTS,
    }[code.rpartition("/")[0]]
    return open_account(code, currency=currency, purpose=said(currency=currency))


@transaction.atomic
def enter(movement: Movement, gift: Gift | None) -> CardEntry | None:
    """Enter one balance transaction of Stripe into the books, once; None when it was entered, or nobody knows what it is."""
    if CardEntry.objects.filter(stripe_id=movement.key).exists():
        return None
    side = giving.side_of(movement, of_a_gift=gift is not None)
    if side is None:
        find_difference(
            DifferenceKind.UNKNOWN, movement.key, currency=movement.currency, expected_minor=0,
            found_minor=movement.net_minor, gift=gift,
        )  # fmt: skip
        return None
    entry = CardEntry(
        stripe_id=movement.key, kind=movement.kind, source=movement.source, gift=gift,
        amount_minor=movement.amount_minor, fee_minor=movement.fee_minor, currency=movement.currency,
        happened_at=movement.at,
    )  # fmt: skip
    event = events.CardEntryBooked(
        amount_minor=movement.amount_minor, fee=movement.fee_minor, currency=movement.currency,
        kind=movement.kind, stripe_id=movement.key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            lifecycle.create(entry, event, actor=None)
    except IntegrityError:
        if CardEntry.objects.filter(stripe_id=movement.key).exists():
            return None
        raise
    pool = pool_account(PURPOSE_CLASS[Purpose(gift.purpose)], movement.currency) if gift is not None else None
    post(list(_drafts(entry, movement, side, pool)), leaf=entry.leaf)
    _cover(entry, giving.cost_of(movement, side), pool)
    return entry


def _drafts(entry: CardEntry, movement: Movement, side: Side, pool: Account | None) -> Iterable[TransferDraft]:
    for line in giving.lines(movement, side, pool=pool.code if pool else ""):
        if pool is not None and line.debit == pool.code:
            clearing = _account(line.credit, movement.currency)
            for source, minor in _stand_in(entry, pool, line.minor):
                key = uuid5(entry.pk, f"{line.name}:{source.code}")
                yield TransferDraft(key, source, clearing, minor, books.GIFT_BACK(gift=_reference(entry)))
            continue
        debit, credit = (
            pool if pool is not None and code == pool.code else _account(code, movement.currency)
            for code in (line.debit, line.credit)
        )
        yield TransferDraft(uuid5(entry.pk, line.name), debit, credit, line.minor, _why(line.name, entry))


def _reference(entry: CardEntry) -> str:
    return entry.gift.reference if entry.gift is not None else entry.stripe_id


def _why(name: str, entry: CardEntry) -> Any:
    if name == "gift":
        return books.GIFT(gift=_reference(entry))
    return books.PAYOUT(movement=entry.stripe_id) if name == "payout" else books.CARD_COST(movement=entry.stripe_id)


def _stand_in(entry: CardEntry, pool: Account, minor: int) -> list[tuple[Account, int]]:
    """Whose money goes back: the pool's, then what was gathered from it and is free; the rest is a loss that is explained."""
    parts: list[tuple[Account, int]] = []
    gathered = list(confirmed().filter(pool=pool).order_by("-received_on", "-moved_at"))
    free = available_of(gathered)
    sources = [(pool, ledger.balance(pool).available.minor)]
    sources += [(one.account, free[one.pk].minor) for one in gathered if one.account is not None]
    for account, available in sources:
        part = min(minor, max(available, 0))
        if part:
            parts.append((account, part))
            minor -= part
    if minor:
        parts.append((_account(f"{giving.LOSSES}/{pool.currency}", pool.currency), minor))
        find_difference(
            DifferenceKind.UNCOVERED, entry.stripe_id, currency=pool.currency, expected_minor=0, found_minor=minor,
            gift=entry.gift,
        )  # fmt: skip
    return parts


def _bears_costs(pool: Account) -> bool:
    return CostType.BANK_FEE in ALLOWED_COSTS[Restriction(pool.code.split("/")[2])]


def _cover(entry: CardEntry, minor: int, pool: Account | None) -> None:
    """Pay what Stripe charged from money whose giver allows it: never zakat, waqf or other restricted money (§5.3)."""
    if minor == 0:
        return
    costs, said = _account(f"3090/{entry.currency}", entry.currency), books.CARD_COST(movement=entry.stripe_id)
    own = pool if pool is not None and _bears_costs(pool) else None
    if minor < 0:
        back = own or pool_account(PURPOSE_CLASS[Purpose.GENERAL], entry.currency)
        post([TransferDraft(uuid5(entry.pk, "cover"), costs, back, -minor, said)], leaf=entry.leaf)
        return
    parts: list[tuple[Account, int]] = []
    for account in [own] if own else _general_pools(entry.currency):
        part = min(minor, max(ledger.balance(account).available.minor, 0))
        if part:
            parts.append((account, part))
            minor -= part
    if minor:
        filling = filling_of(minor, Use(on=timezone.localdate(), cost_type=CostType.BANK_FEE), currency=entry.currency)
        found = Contribution.objects.select_related("account").in_bulk([UUID(key) for key, _minor in filling.parts])
        parts += [(one, part) for key, part in filling.parts if (one := found[UUID(key)].account) is not None]
        minor = filling.missing_minor
    post(
        [TransferDraft(uuid5(entry.pk, f"cover:{one.code}"), one, costs, part, said) for one, part in parts],
        leaf=entry.leaf,
    )
    if minor:
        find_difference(
            DifferenceKind.UNCOVERED, entry.stripe_id, currency=entry.currency, expected_minor=0, found_minor=minor,
            gift=entry.gift,
        )  # fmt: skip


def _general_pools(currency: str) -> list[Account]:
    """Pools that bear the costs of gifts which may not: given for running costs first, then unrestricted."""
    order = (Purpose.RUNNING, Purpose.GENERAL, Purpose.SADAQAH)
    return [pool_account(PURPOSE_CLASS[purpose], currency) for purpose in order]


# Differences -------------------------------------------------------------------------------------------------------


def find_difference(
    kind: str, about: str, *, currency: str, expected_minor: int, found_minor: int, gift: Gift | None = None
) -> CardDifference | None:
    """Record a difference and give it to a finance officer; None when it stands already, open or explained as it is."""
    known = CardDifference.objects.filter(kind=kind, about=about)
    same = known.filter(expected_minor=expected_minor, found_minor=found_minor, currency=currency)
    if same.exists() or known.filter(state=DifferenceState.OPEN).exists():
        return None
    difference = CardDifference(
        kind=kind, about=about, gift=gift, currency=currency, expected_minor=expected_minor, found_minor=found_minor,
        found_at=timezone.now(), owner=users_with_role(Role.FINANCE_OFFICER).order_by("date_joined").first(),
    )  # fmt: skip
    event = events.DifferenceFound(
        kind=str(kind), about=about, currency=currency, expected=expected_minor, found=found_minor
    )
    return lifecycle.create(difference, event, actor=None)


def explain_difference(difference: CardDifference, *, actor: User, reason: str) -> CardDifference:
    """Say why Stripe and the books differ; what has to be corrected in the books is a further act."""
    changes = {"explained_by": actor}
    return lifecycle.move(difference, events.DifferenceExplained(), actor=actor, reason=reason, changes=changes)


# From Stripe to the bank, and from gifts to a contribution -----------------------------------------------------------


@transaction.atomic
def confirm_payout(entry: CardEntry, *, arrived_on: date, amount_minor: int, actor: User) -> PayoutArrival:
    """Say that a payout stands in the bank's statement; only then is it money of the fund's bank. Raises `Refused`."""
    if entry.kind != "payout" or not cards.payouts_to_confirm().filter(pk=entry.pk).exists():
        raise Refused(_("This payout is confirmed already, or Stripe took it back."))
    if amount_minor != -entry.amount_minor:
        raise Refused(_("The statement and Stripe differ: do not confirm it, ask the bank."))
    arrival = PayoutArrival(entry=entry, arrived_on=arrived_on, confirmed_by=actor)
    event = events.PayoutArrived(amount_minor=amount_minor, currency=entry.currency, arrived_on=arrived_on)
    lifecycle.create(arrival, event, actor=actor)
    bank, way = services.bank_account(entry.currency), _account(f"{giving.ON_ITS_WAY}/{entry.currency}", entry.currency)
    said = books.PAYOUT_ARRIVED(movement=entry.stripe_id)
    post([TransferDraft(uuid5(arrival.pk, "arrived"), bank, way, amount_minor, said)], leaf=arrival.leaf)
    return arrival


def gather(pool: Account, *, donor: Donor, actor: User, waqf: Waqf | None = None) -> Contribution:
    """Record what givers by card gave as one contribution; a second person confirms it, then it may be granted.

    ``waqf``: whose capital gifts for a waqf become. Raises `Refused` when the pool is empty.
    """
    held: Money = ledger.balance(pool).available
    if held.minor <= 0:
        raise Refused(_("There is nothing to gather."))
    today = timezone.localdate()
    return services.record_contribution(
        donor,
        amount_minor=held.minor,
        currency=pool.currency,
        received_on=today,
        bank_reference=f"{pool.code} {codes.reference('CRD', today.year)}",
        actor=actor,
        pool=pool,
        restriction_class=pool.code.split("/")[2],
        waqf=waqf,
    )
