"""Threads that want the same money."""

import uuid
from collections.abc import Callable

import pytest

from ledger import fsck, selectors
from ledger.models import Transfer
from ledger.services import InsufficientFunds, TransferDraft, post
from tests.factories.ledger import a_leaf, funded, moved, source
from tests.threads import ends

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_reserve_the_last_money_and_one_wins() -> None:
    account, to, leaf = funded(10_000), source(), a_leaf()

    def reserve() -> str:
        post([TransferDraft(uuid.uuid4(), debit=account, credit=to, minor=6_000, reason="x", kind="pend")], leaf=leaf)
        return "reserved"

    assert ends([reserve] * 10) == [InsufficientFunds.__name__] * 9 + ["reserved"]
    assert selectors.balance(account).available_minor == 4_000
    assert fsck.findings() == []


def test_the_same_key_ten_times_is_one_transfer() -> None:
    account, to, leaf, key = funded(10_000), source(), a_leaf(), uuid.uuid4()

    def pay() -> str:
        return str(post([TransferDraft(key, debit=account, credit=to, minor=6_000, reason="x")], leaf=leaf)[0].pk)

    assert len(set(ends([pay] * 10))) == 1
    assert Transfer.objects.filter(key=key).count() == 1


def test_settling_and_releasing_at_once_ends_it_once() -> None:
    account, to, leaf = funded(10_000), source(), a_leaf()
    hold = moved(8_000, debit=account, credit=to, kind="pend")

    def settle() -> str:
        post([TransferDraft.settle(hold, key=uuid.uuid4(), reason="x")], leaf=leaf)
        return "ended"

    def void() -> str:
        post([TransferDraft.void(hold, key=uuid.uuid4(), reason="x")], leaf=leaf)
        return "ended"

    assert ends([settle, void] * 3) == ["IntegrityError"] * 5 + ["ended"]
    assert fsck.findings() == []


def test_crossing_transfers_do_not_deadlock() -> None:
    first, second, leaf = funded(10_000), funded(10_000), a_leaf()

    def move(debit: object, credit: object) -> Callable[[], str]:
        def act() -> str:
            for _ in range(5):
                post([TransferDraft(uuid.uuid4(), debit=debit, credit=credit, minor=1, reason="x")], leaf=leaf)  # type: ignore[arg-type]
            return "done"

        return act

    assert ends([move(first, second), move(second, first)] * 4) == ["done"] * 8
    assert selectors.balance(first).available_minor == 10_000
