"""Money in: promises, contributions, what goes back to donors, what calls set aside; and the months of the books."""

import itertools
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.db import DatabaseError
from django.db.models import Max
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from audit import outbox
from audit.models import Leaf, OutboxMessage
from funds import services
from funds.models import Contribution, Donor, DonorReturn, Pledge, PledgeWriteOff, Waqf
from funds.services import endings
from grants.models import Call, Envelope
from grants.services import calls as call_services
from ledger import periods
from ledger import services as ledger
from ledger.models import Period, Transfer
from ledger.services import TransferDraft
from tests.factories import grants as calls
from tests.money import invariants
from tests.money.expected import Gift, Promise
from tests.money.machine import BANK, Ground, cents, nth, places, refuses, row

CLASSES = {"UNR": {}, "SDQ": {}, "ZAK": {}, "ADM": {}, "RES-SECTOR": {"sectors": ["wash"]}, "WQF": {}, "END": {}}
LEAST_CALL = 1_000_00
ENDED = ["fulfilled", "withdrawn", "expired", "written_off"]
_number = itertools.count(1)


class Donors(Ground):
    """Acts of those who keep the donors' money."""

    def _expect_less(self, promise: Promise, minor: int) -> None:
        part = min(minor, promise.expected)
        if part:
            receivable, income = promise.accounts
            self.books.move(income, receivable, part)
            promise.expected -= part

    # Promises --------------------------------------------------------------------------------------------------------

    @rule(
        minor=cents, place=places, second=st.booleans(),
        act=st.sampled_from(["pledge", "sign", "sign", "withdraw", "ask", "confirm", "decline", "expire"]),
    )  # fmt: skip
    def promise(self, minor: int, place: int, second: bool, act: str) -> None:
        """A pledge is made, signed, taken back, or given up by two people."""
        if act == "pledge":
            return self._pledge(minor, place)
        if act == "expire":
            return self._expire()
        if act in {"confirm", "decline"}:
            return self._decide(self.finance(second), act)
        made = row(Pledge.objects.exclude(state__in=ENDED).order_by("leaf_id"), place)
        if made is None:
            return self._pledge(minor, place)
        if made.state == "pledged":
            return self._sign(made)
        if act == "withdraw" and self.did(
            "withdraw", lambda: services.withdraw_pledge(made, actor=self.first, reason="لا")
        ):
            self._expect_less(self.promises[str(made.pk)], made.amount_minor)
        elif act == "ask":
            self.act("ask write-off", lambda: endings.ask_write_off(made, why="x", actor=self.finance(second)))
        return None

    def _pledge(self, minor: int, place: int) -> None:
        donor = row(Donor.objects.order_by("pk"), place)
        until = timezone.localdate() + timedelta(days=40)
        self.act("pledge", lambda: services.pledge(donor, amount_minor=minor, expected_on=until, actor=self.first))

    def _sign(self, made: Pledge) -> None:
        today = timezone.localdate()
        until = today + timedelta(days=50)
        came = Contribution.objects.filter(pledge=made, state="confirmed").values_list("amount_minor", flat=True)
        if self.did("sign", lambda: services.sign_pledge(made, signed_on=today, valid_until=until, actor=self.first)):
            promise = Promise(str(made.pk), made.amount_minor, max(made.amount_minor - sum(came), 0))
            self.promises[promise.key] = promise
            if promise.expected:
                self.books.move(*promise.accounts, promise.expected)

    def _expire(self) -> None:
        today = timezone.localdate()
        ending = list(Pledge.objects.filter(pk__in=self.promises, valid_until__lt=today).exclude(state__in=ENDED))
        if self.did("expire", lambda: endings.expire_pledges(today)):
            for made in ending:
                self._expect_less(self.promises[str(made.pk)], made.amount_minor)

    def _decide(self, actor: Any, act: str) -> None:
        asked = PledgeWriteOff.objects.filter(state="asked").order_by("leaf_id").first()
        if asked is None:
            return self._pledge(12_345_67, 0)
        lawful = False if actor.pk == asked.asked_by_id else None
        if act == "decline":
            self.act(
                "decline write-off", lambda: endings.decline_write_off(asked, actor=actor, reason="لا"), lawful=lawful
            )
        elif self.did("write off", lambda: endings.confirm_write_off(asked, actor=actor), lawful=lawful):
            self._expect_less(self.promises[str(asked.pledge_id)], asked.amount_minor)
        return None

    # Contributions ---------------------------------------------------------------------------------------------------

    @rule(
        minor=cents, place=places, restriction=st.sampled_from(list(CLASSES)), promised=st.booleans(),
        second=st.sampled_from([False, True, True]), turn=st.sampled_from(["", "", "record", "reject", "mistype"]),
    )  # fmt: skip
    def give(self, minor: int, place: int, restriction: str, promised: bool, second: bool, turn: str) -> None:
        """Money that waits for a second person is confirmed; when none waits, some is recorded."""
        waiting = row(Contribution.objects.filter(state="recorded").order_by("leaf_id"), place)
        if waiting is None or turn == "record":
            self._record(minor, place, restriction, promised)
        else:
            self._confirm(waiting, second, turn)

    def _record(self, minor: int, place: int, restriction: str, promised: bool) -> None:
        pledges = Pledge.objects.exclude(state__in=["withdrawn", "expired"]).order_by("leaf_id")
        pledge = row(pledges, place) if promised else None
        donor = pledge.donor if pledge else row(Donor.objects.order_by("pk"), place)
        terms: Any = {**CLASSES[restriction], "restriction_class": restriction}
        if restriction in {"WQF", "END"}:
            waqf = Waqf.objects.select_related("donor").get()
            donor, pledge, terms["waqf"] = waqf.donor, None, waqf
        self.act("record", lambda: services.record_contribution(
            donor, amount_minor=minor, received_on=timezone.localdate(), bank_reference=f"M-{next(_number)}",
            actor=self.first, pledge=pledge, **terms,
        ))  # fmt: skip

    def _confirm(self, waiting: Contribution, second: bool, turn: str) -> None:
        wrong, reject = int(turn == "mistype"), turn == "reject"
        actor, minor = self.finance(second), waiting.amount_minor + wrong
        if reject:
            self.act("reject", lambda: services.reject_contribution(waiting, actor=actor, reason="لا"), lawful=second)
            return
        if self.did(
            "confirm",
            lambda: services.confirm_contribution(waiting, amount_minor=minor, actor=actor),
            lawful=second and not wrong,
        ):
            self.books.move(BANK, f"3020/{waiting.reference}", waiting.amount_minor)
            conditions = bool(waiting.sectors) + (waiting.restriction_class in {"ZAK", "WQF"})
            self.gifts.append(
                Gift(
                    waiting.reference, waiting.restriction_class, waiting.received_on, str(waiting.pk), None, conditions
                )
            )
            if str(waiting.pledge_id) in self.promises:
                self._expect_less(self.promises[str(waiting.pledge_id)], waiting.amount_minor)

    # What goes back --------------------------------------------------------------------------------------------------

    @rule(
        place=places,
        percent=st.integers(1, 130),
        second=st.booleans(),
        act=st.sampled_from(["release", "release", "pay", "ask", "decline"]),
    )
    def go_back(self, place: int, percent: int, second: bool, act: str) -> None:
        """Money goes back to its donor: asked by one, released by another, paid."""
        asked = row(
            DonorReturn.objects.filter(state="released" if act == "pay" else "asked").order_by("leaf_id"), place
        )
        if asked is None or act == "ask":
            return self._ask_return(place, percent, self.finance(second))
        actor, source = self.finance(second), f"3020/{asked.contribution.reference}"
        due = f"2220/{asked.contribution.reference}"
        other = asked.asked_by_id != actor.pk
        if act == "decline":
            self.act("decline return", lambda: endings.decline_return(asked, actor=actor, reason="لا"), lawful=other)
        elif act == "release":
            lawful = other and self.books.free(source) >= asked.amount_minor
            if self.did("release return", lambda: endings.release_return(asked, actor=actor), lawful=lawful):
                self.books.move(source, due, asked.amount_minor)
        elif self.did(
            "pay return",
            lambda: endings.pay_return(asked, paid_on=timezone.localdate(), bank_reference="R", actor=actor),
        ):
            self.books.move(due, BANK, asked.amount_minor)
        return None

    def _ask_return(self, place: int, percent: int, actor: Any) -> None:
        gift = nth([one for one in self.gifts if self.books.free(one.source) > 0], place) or self.gifts[0]
        free = self.books.free(gift.source)
        minor = max(free * percent // 100, 1)
        contribution = Contribution.objects.get(reference=gift.reference)
        self.act(
            "ask return", lambda: endings.ask_return(contribution, amount_minor=minor, why="x", actor=actor),
            lawful=minor <= free,
        )  # fmt: skip

    # Calls -----------------------------------------------------------------------------------------------------------

    @rule(place=places, percent=st.integers(1, 120))
    def set_aside(self, place: int, percent: int) -> None:
        """A call is approved, and its money set aside; or the one that was is called off."""
        call = Call.objects.filter(state="board_approved").first()
        if call is not None:
            return self._call_off(call)
        if self.called_once:
            return None
        gift = nth(
            [one for one in self.gifts if one.restriction == "UNR" and self.books.free(one.source) >= LEAST_CALL], place
        )
        if gift is None:
            return None
        free = self.books.free(gift.source)
        minor = max(free * percent // 100, LEAST_CALL)
        contribution = Contribution.objects.get(reference=gift.reference)
        terms = {"envelope_minor": minor, "floor_minor": LEAST_CALL // 2, "ceiling_minor": LEAST_CALL}
        self.called_once = True
        draft = calls.draft_call(contribution=contribution, **terms)
        if self.did("approve call", lambda: calls.approved(draft), lawful=minor <= free):
            self.books.move(gift.source, f"envelope/{draft.reference}/{gift.reference}", minor)
        return None

    def _call_off(self, call: Call) -> None:
        if self.did("cancel call", lambda: call_services.cancel(call, actor=self.board, reason="لا")):
            envelope = Envelope.objects.select_related("contribution").get(call=call)
            source = envelope.contribution.reference
            self.books.move(f"envelope/{call.reference}/{source}", f"3020/{source}", envelope.amount_minor)

    # The books -------------------------------------------------------------------------------------------------------

    @rule(
        place=places, second=st.booleans(),
        act=st.sampled_from(["close", "write", "write", "ask", "unlock", "decline", "lock", "rate"]),
    )  # fmt: skip
    def months(self, place: int, second: bool, act: str) -> None:
        """Months of the books are closed, and opened by two people; nothing is written into a closed one."""
        found = row(Period.objects.order_by("month"), place)
        actor = self.finance(second)
        if act == "rate":
            self._rate(place)
        elif found is None or act == "close":
            self._close_month(actor)
        elif act == "write":
            self._write_into(found.month)
        else:
            self._open(found, act, actor)

    def _rate(self, place: int) -> None:
        units, today = Decimal(100 + place) / 3, timezone.localdate()
        self.act("rate", lambda: ledger.record_rate(
            day=today, base="USD", currency="TRY", units=units, source="B", actor=self.first
        ))  # fmt: skip

    def _close_month(self, actor: Any) -> None:
        month = timezone.localdate().replace(day=1)
        self.act("lock this month", lambda: periods.lock(month, actor=actor), lawful=False)
        if not self.closed_once:
            self.closed_once = True
            self.later(days=32)
            if self.did("lock", lambda: periods.lock(month, actor=actor)):
                self.sealed[month] = invariants.seal(month)

    def _open(self, found: Period, act: str, actor: Any) -> None:
        other = False if found.asked_by_id == actor.pk and found.state == "unlock_asked" else None
        if act == "ask":
            self.act("ask unlock", lambda: periods.ask_unlock(found, actor=actor, reason="x"))
        elif act == "decline":
            self.act("decline unlock", lambda: periods.decline_unlock(found, actor=actor, reason="x"), lawful=other)
        elif act == "unlock" and self.did("unlock", lambda: periods.unlock(found, actor=actor), lawful=other):
            del self.sealed[found.month]
        elif act == "lock" and self.did("lock again", lambda: periods.lock_again(found, actor=actor)):
            self.sealed[found.month] = invariants.seal(found.month)

    def _write_into(self, month: date) -> None:
        if month not in self.sealed:
            return
        before = timezone.make_aware(datetime(month.year, month.month, 25, 12))  # noqa: DTZ001
        draft = _again(Transfer.objects.order_by("id")[0], uuid.uuid4())
        with time_machine.travel(before, tick=False):
            leaf = Leaf.objects.latest("pk")
            refuses(DatabaseError, lambda: ledger.post([draft], leaf=leaf), saying="month is locked")
        Ground.done["write into a closed month, in vain"] += 1

    # Again -----------------------------------------------------------------------------------------------------------

    @rule(place=st.integers(0, 200), act=st.sampled_from(["same", "same", "other", "work"]))
    def again(self, place: int, act: str) -> None:
        """A key comes once more, with the same content or with other; a worker does what it did, once more."""
        moved = Transfer.objects.filter(id__gt=self.since).select_related("debit", "credit", "pending")
        if act == "work":
            self._work_twice()
        elif found := row(moved.order_by("id"), place):
            self._post_again(found, other=act == "other")

    def _post_again(self, found: Transfer, *, other: bool) -> None:
        draft = _again(found, found.key, more=int(other))
        if other:
            refuses(ledger.KeyReused, lambda: ledger.post([draft], leaf=found.leaf))
        else:
            assert ledger.post([draft], leaf=found.leaf)[0].pk == found.pk
        Ground.done["post again"] += 1

    def _work_twice(self) -> None:
        """What was done since it last was done twice; what it did before that, it did twice already."""
        outbox.drain(500)
        done = OutboxMessage.objects.filter(done_at__isnull=False, id__gt=self.owed_since)
        last = done.aggregate(last=Max("id"))["last"]
        done.update(done_at=None)
        outbox.drain(500)
        self.owed_since = last or self.owed_since
        Ground.done["work twice"] += 1


def _again(found: Transfer, key: uuid.UUID, *, more: int = 0) -> TransferDraft:
    return TransferDraft(
        key, found.debit, found.credit, found.amount_minor + more, found.reason, found.kind, found.pending
    )  # fmt: skip
