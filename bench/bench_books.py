"""How many transfers a second the books take, on one hot account and on separate ones."""

import uuid
from collections.abc import Iterator
from time import perf_counter

from bench import Figure
from ledger.services import TransferDraft, open_account, post
from tests.factories import accounts

TRANSFERS = 400


def measure() -> Iterator[Figure]:
    """Transfers one by one (each its own transaction), and in groups of twenty."""
    leaf = accounts.appointment(accounts.user(), "auditor").leaf
    bank = open_account("bench/bank", currency="USD", purpose="bench")
    fund = open_account("bench/fund", currency="USD", purpose="bench")

    def draft() -> TransferDraft:
        return TransferDraft(uuid.uuid4(), bank, fund, 100, "bench")

    start = perf_counter()
    for _ in range(TRANSFERS):
        post([draft()], leaf=leaf)
    yield Figure(
        "books", "transfers on one pair of accounts, one by one", TRANSFERS / (perf_counter() - start), "per second"
    )
    start = perf_counter()
    for _ in range(TRANSFERS // 20):
        post([draft() for _ in range(20)], leaf=leaf)
    yield Figure(
        "books",
        "transfers on one pair of accounts, in groups of 20",
        TRANSFERS / (perf_counter() - start),
        "per second",
    )
