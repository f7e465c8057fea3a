"""Any sequence of postings, reservations, settlements, releases, repetitions and vandalism keeps the books whole."""

import contextlib
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from audit.models import Leaf
from ledger import fsck, selectors
from ledger.models import Account, Transfer
from ledger.services import InsufficientFunds, TransferDraft, open_account, post
from tests.factories.ledger import a_leaf, bank, source

pytestmark = pytest.mark.django_db

amounts = st.integers(min_value=1, max_value=500)
places = st.integers(min_value=0, max_value=3)


class Books(RuleBasedStateMachine):
    """A model in plain numbers beside the real books: restricted accounts 1–3, the bank 0."""

    holds = Bundle("holds")
    drafts = Bundle("drafts")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.leaf: Leaf = a_leaf()
        self.accounts: list[Account] = [bank("1010/MACHINE"), *(source(f"3020/M{n}") for n in (1, 2, 3))]
        self.outside = open_account("4010/MACHINE", currency="USD", purpose="Outside")
        self.posted = [0, 0, 0, 0]
        self.held = [0, 0, 0, 0]

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def _post(self, draft: TransferDraft) -> Transfer | None:
        try:
            return post([draft], leaf=self.leaf)[0]
        except InsufficientFunds:
            return None

    @rule(target=drafts, place=st.integers(1, 3), minor=amounts)
    def receive(self, place: int, minor: int) -> TransferDraft:
        draft = TransferDraft(uuid.uuid4(), self.accounts[0], self.accounts[place], minor, "in")
        assert self._post(draft) is not None
        self.posted[0] += minor
        self.posted[place] += minor
        return draft

    @rule(place=st.integers(1, 3), minor=amounts)
    def pay(self, place: int, minor: int) -> None:
        fits = minor <= self.posted[place] - self.held[place]
        done = self._post(TransferDraft(uuid.uuid4(), self.accounts[place], self.outside, minor, "out"))
        assert (done is not None) == fits
        if fits:
            self.posted[place] -= minor

    @rule(target=holds, place=st.integers(1, 3), minor=amounts)
    def reserve(self, place: int, minor: int) -> tuple[int, Transfer | None]:
        fits = minor <= self.posted[place] - self.held[place]
        done = self._post(TransferDraft(uuid.uuid4(), self.accounts[place], self.outside, minor, "hold", "pend"))
        assert (done is not None) == fits
        if fits:
            self.held[place] += minor
        return place, done

    @rule(hold=consumes(holds), share=st.integers(1, 100))
    def settle(self, hold: tuple[int, Transfer | None], share: int) -> None:
        place, pending = hold
        if pending is None:
            return
        minor = max(1, pending.amount_minor * share // 100)
        post([TransferDraft.settle(pending, key=uuid.uuid4(), reason="settle", minor=minor)], leaf=self.leaf)
        self.held[place] -= pending.amount_minor
        self.posted[place] -= minor
        self._ends_once(pending)

    @rule(hold=consumes(holds))
    def release(self, hold: tuple[int, Transfer | None]) -> None:
        place, pending = hold
        if pending is None:
            return
        post([TransferDraft.void(pending, key=uuid.uuid4(), reason="void")], leaf=self.leaf)
        self.held[place] -= pending.amount_minor
        self._ends_once(pending)

    def _ends_once(self, pending: Transfer) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            post([TransferDraft.void(pending, key=uuid.uuid4(), reason="again")], leaf=self.leaf)

    @rule(draft=drafts)
    def repeat(self, draft: TransferDraft) -> None:
        assert self._post(draft) is not None

    @rule(
        statement=st.sampled_from(
            [
                "UPDATE ledger_transfer SET amount_minor = amount_minor + 1",
                "DELETE FROM ledger_transfer",
                "UPDATE ledger_account SET credits_posted = credits_posted + 1",
                "UPDATE ledger_account SET debits_within_credits = false",
            ]
        )
    )
    def vandalise(self, statement: str) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    @rule(place=st.integers(1, 3), minor=amounts)
    def crash(self, place: int, minor: int) -> None:
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            self._post(TransferDraft(uuid.uuid4(), self.accounts[0], self.accounts[place], minor, "in"))
            raise ZeroDivisionError

    @invariant()
    def books_are_whole(self) -> None:
        assert fsck.findings() == []
        found = selectors.balances(self.accounts)
        assert [found[a.pk].posted_minor for a in self.accounts] == self.posted
        assert [found[a.pk].reserved_minor for a in self.accounts] == self.held


def test_any_sequence_keeps_the_books(request: Any) -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
