"""Cash: the payee draws a voucher, finance enters its code once and in time, wrong and used codes are worth nothing."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import time_machine
from django.core.cache import cache
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from disbursements.models import Payment, Voucher
from disbursements.services import vouchers
from tests.money import expected
from tests.money.machine import BANK, nth, places, row
from tests.money.partners import Partners

WRONG_CODES = 5
"""Wrong codes that block a voucher in the furnished fund."""


@dataclass
class Drawn:
    """A voucher that is worth something: its code, and how many wrong ones were entered."""

    voucher: Voucher
    code: str
    wrong: int = 0


@dataclass
class Codes:
    """The codes of the run by payment: the one that counts, and those that count no more."""

    valid: dict[Any, Drawn] = field(default_factory=dict)
    over: list[tuple[Payment, str]] = field(default_factory=list)

    def end(self, payment: Payment) -> None:
        """What was drawn for a payment is worth nothing any more."""
        if drawn := self.valid.pop(payment.pk, None):
            self.over.append((payment, drawn.code))


class Cash(Partners):
    """Acts round payments that an exchange hands over."""

    def __init__(self) -> None:
        super().__init__()
        cache.clear()  # how many codes somebody entered in this hour, in runs before this one
        self.codes = Codes()

    @rule(
        place=places,
        second=st.booleans(),
        act=st.sampled_from(["draw", "draw", "show", "show", "show", "guess", "guess", "again", "late"]),
    )
    def cash(self, place: int, second: bool, act: str) -> None:
        """The next step of a payment in cash; or somebody tries a code that is wrong, used or too old."""
        actor, over = self.finance(second), nth(self.codes.over, place)
        if act == "again" and over is not None:
            told, code = over
            return self._enter(Payment.objects.get(pk=told.pk), code, actor)
        found = Payment.objects.filter(state="sent").select_related("tranche__grant")
        payment = row((found if act == "draw" else found.exclude(channel="bank")).order_by("leaf_id"), place)
        if payment is None:
            return self.pay(place, second, "carried")
        drawn = self.codes.valid.get(payment.pk)
        if drawn is None or act == "draw":
            self._draw(payment, officer=actor if place == 0 else None)
        elif act == "late":
            with time_machine.travel(drawn.voucher.expires_at + timedelta(minutes=1), tick=False):
                self._enter(payment, drawn.code, actor)
        else:
            self._enter(payment, drawn.code if act == "show" else "00000-00000", actor)
        return None

    def _draw(self, payment: Payment, officer: Any) -> None:
        actor = officer or self.signatory(payment.tranche.grant)
        lawful = officer is None and payment.channel != "bank"
        answer = self.act("draw voucher", lambda: vouchers.issue_voucher(payment, actor=actor), lawful=lawful)
        if answer is not None:
            self.codes.end(payment)
            self.codes.valid[payment.pk] = Drawn(*answer)

    def _enter(self, payment: Payment, code: str, actor: Any) -> None:
        """A code is entered: the right one is worth its payment, a wrong one is kept and in the end blocks the voucher."""
        drawn = self.codes.valid.get(payment.pk)
        worth = drawn is not None and payment.state == "sent" and timezone.now() <= drawn.voucher.expires_at
        if drawn is None or code == drawn.code:
            if self.did("redeem voucher", lambda: vouchers.redeem(payment, code=code, actor=actor), lawful=bool(worth)):
                self.codes.end(payment)
                expected.arrives(self.books, self.transits.pop(payment.pk), BANK)
        elif self.did("enter a wrong code", lambda: _is_wrong(payment, code, actor), lawful=bool(worth)):
            drawn.wrong += 1
            if drawn.wrong >= WRONG_CODES:
                self.codes.end(payment)


def _is_wrong(payment: Payment, code: str, actor: Any) -> bool:
    """A wrong code is an answer of its own: it is refused, and that it was entered stays."""
    try:
        vouchers.redeem(payment, code=code, actor=actor)
    except vouchers.WrongCode:
        return True
    raise AssertionError("a wrong code was taken for the right one")
