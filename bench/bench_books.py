"""The books of decades: a million transfers on two thousand accounts, and eight threads that want the same money."""

import random
import statistics
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.roles import Role
from audit.models import Leaf
from bench import Figure, seconds, two_sizes
from charter.calendar import add_months
from ledger import fsck, periods, selectors
from ledger.models import Account, Transfer
from ledger.services import InsufficientFunds, TransferDraft, open_account, post
from poolfund.database.roles import as_owner
from tests.factories import accounts
from tests.factories.ledger import bank, source

SMALL, LARGE = 10_000, 1_000_000
SOURCES, DAYS, LOCKED_MONTHS = 2_000, 1_080, 24
POSTED, ASKED, ROUNDS = 800, 200, 40
BEFORE = "poolfund_bench_small"
"""The copy of the database in which the books stay small."""
THREADS, ATTEMPTS, UNITS, CROSSING_SECONDS = 8, 3_200, 1_000, 60.0

_TRANSFERS = """
INSERT INTO ledger_transfer (key, "group", debit_id, credit_id, amount_minor, currency, kind, reason, facts, leaf_id, posted_at)
SELECT gen_random_uuid(), gen_random_uuid(),
       CASE WHEN n %% 10 < 5 THEN %(bank)s ELSE s.id END, CASE WHEN n %% 10 < 5 THEN s.id ELSE %(bank)s END,
       CASE WHEN n %% 10 < 5 THEN 1000 ELSE 100 END, 'USD', CASE WHEN n %% 10 = 9 THEN 'pend' ELSE 'post' END,
       'bench', '{}', %(leaf)s, now() - interval '1 day' * (%(days)s * (1 - n / %(large)s::float8))
FROM generate_series(%(have)s + 1, %(want)s) n
JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place FROM ledger_account WHERE code LIKE '3020/BENCH-%%') s
  ON s.place = n / 10 %% %(sources)s
"""
"""Of ten transfers of a source five bring money, four spend some, one reserves some."""
_TOTALS = """
UPDATE ledger_account a SET debits_posted = m.dq, debits_pending = m.dp, credits_posted = m.cq, credits_pending = m.cp
FROM (SELECT id, sum(dq) AS dq, sum(dp) AS dp, sum(cq) AS cq, sum(cp) AS cp FROM (
        SELECT debit_id AS id, CASE kind WHEN 'post' THEN amount_minor ELSE 0 END AS dq,
               CASE kind WHEN 'pend' THEN amount_minor ELSE 0 END AS dp, 0 AS cq, 0 AS cp FROM ledger_transfer
        WHERE reason = 'bench'
        UNION ALL SELECT credit_id, 0, 0, CASE kind WHEN 'post' THEN amount_minor ELSE 0 END,
               CASE kind WHEN 'pend' THEN amount_minor ELSE 0 END FROM ledger_transfer
        WHERE reason = 'bench') sides GROUP BY id) m
WHERE m.id = a.id
"""


def measure() -> Iterator[Figure]:
    """Posting, reading and checking at ten thousand and at a million transfers; then the races."""
    leaf = accounts.appointment(accounts.user(), "auditor").leaf
    place = bank("1010/BENCH")
    for number in range(SOURCES):
        source(f"3020/BENCH-{number:04}")
    _fill(SMALL, place, leaf)
    with two_sizes.twin(BEFORE):
        _fill(LARGE, place, leaf)
        _lock_months()
        yield from _both_sizes(place, leaf)
    yield Figure("books", "transfers in groups of 20", _posted_a_second(place, leaf, together=20), "per second")
    yield from _reading(place)
    yield from _last_money(place, leaf)
    yield from _crossing(leaf)
    yield Figure("books", "findings of fsck after all", len(fsck.findings()), "", expected=0)


def _fill(want: int, place: Account, leaf: Leaf) -> None:
    """So many transfers as years would leave behind, and the totals that PostgreSQL would have kept of them."""
    # Other measurements in this database have books of their own.
    have = Transfer.objects.filter(reason="bench").count()
    values: dict[str, Any] = {
        "bank": place.pk, "leaf": leaf.pk, "days": DAYS, "large": LARGE, "have": have, "want": want, "sources": SOURCES,
    }  # fmt: skip
    tables = ("ledger_transfer", "ledger_account")
    with as_owner() as owner, transaction.atomic(), owner.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(_TRANSFERS, values)
        cursor.execute(_TOTALS)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ledger_transfer, ledger_account")


def _lock_months() -> None:
    officer, first = accounts.officer(Role.FINANCE_OFFICER), min(selectors.months_to_lock())
    for number in range(LOCKED_MONTHS):
        periods.lock(add_months(first, number), actor=officer)


def _draft(debit: Account, credit: Account, minor: int = 1) -> TransferDraft:
    return TransferDraft(uuid.uuid4(), debit, credit, minor, "bench")


def _posted_a_second(place: Account, leaf: Leaf, *, together: int = 1) -> float:
    account = Account.objects.get(code="3020/BENCH-0000")
    began = perf_counter()
    for _ in range(POSTED // together):
        post([_draft(place, account) for _ in range(together)], leaf=leaf)
    return POSTED / (perf_counter() - began)


def _both_sizes(place: Account, leaf: Leaf) -> Iterator[Figure]:
    """Posting at both sizes in turns. Where clock and processor differ, the machine had other work to do."""

    def act() -> None:
        account = Account.objects.get(code="3020/BENCH-0000")
        for _ in range(POSTED // ROUNDS):
            post([_draft(place, account)], leaf=leaf)

    here = str(connection.settings_dict["NAME"])
    small, large = two_sizes.in_turns(BEFORE, here, act, rounds=ROUNDS)
    for size, one in ((SMALL, small), (LARGE, large)):
        each = POSTED // ROUNDS / statistics.median(one.clock)
        spent = 1000 * statistics.median(one.backend) / (POSTED // ROUNDS)
        note = f"{spent:.2f} ms of PostgreSQL's processor each"
        yield Figure("books", f"transfers one by one, at {size:,}", each, "per second", note=note)
    for name, limit, before, after in (
        ("time of one, against the time at the beginning", 1.25, small.clock, large.clock),
        ("PostgreSQL's processor for one, against the beginning", 1.25, small.backend, large.backend),
        ("Python's processor for one, against the beginning", None, small.python, large.python),
    ):
        middle, low, high = two_sizes.ratio(before, after)
        note = f"median of {ROUNDS} pairs, half of them within {low:.2f} and {high:.2f}"
        yield Figure("books", name, middle, "times", limit=limit, note=note)


def _reading(place: Account) -> Iterator[Figure]:
    chosen = random.Random(5).sample(list(Account.objects.filter(code__startswith="3020/BENCH")), ASKED)
    for name, asked in (("the bank's", [place] * ASKED), ("a source's", chosen)):
        taken = [seconds(lambda one=one: selectors.balance(one)) * 1000 for one in asked]  # type: ignore[misc]
        worst = statistics.quantiles(taken, n=100)[-1]
        yield Figure(
            "books",
            f"{name} balance, 99th percentile",
            worst,
            "ms",
            limit=5,
            note=f"median {statistics.median(taken):.1f}",
        )
    yield Figure("books", "trial balance", seconds(selectors.trial_balance), "s", limit=2)
    past = timezone.localdate().replace(day=1)
    back = seconds(lambda: selectors.trial_balance(add_months(past, -12)))
    yield Figure("books", "trial balance as of a year ago", back, "s")
    yield Figure("books", f"fsck of the books, {LOCKED_MONTHS} months locked", seconds(fsck.findings), "s", limit=60)


# Threads --------------------------------------------------------------------------------------------------------------


def _threads(act: Callable[[int], object], *, until: Callable[[int], bool]) -> Counter[str]:
    """How acts of eight threads ended; each thread acts on while ``until`` (of its number of acts) is not reached."""
    ended: Counter[str] = Counter()
    alone, begin = threading.Lock(), threading.Barrier(THREADS)

    def work(number: int) -> None:
        own: Counter[str] = Counter()
        begin.wait(CROSSING_SECONDS)
        try:
            while not until(sum(own.values())):
                try:
                    act(number)
                    own["done"] += 1
                except Exception as error:  # noqa: BLE001 -- what it was is the figure
                    own[type(error).__name__] += 1
        finally:
            connections.close_all()
            with alone:
                ended.update(own)

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10 * CROSSING_SECONDS)
    ended["never ended"] = sum(thread.is_alive() for thread in threads)
    return +ended


def _last_money(place: Account, leaf: Leaf) -> Iterator[Figure]:
    account = source("3020/LAST")
    post([_draft(place, account, UNITS)], leaf=leaf)
    began = perf_counter()
    ended = _threads(
        lambda _number: post([_draft(account, place)], leaf=leaf),
        until=lambda done: done == ATTEMPTS // THREADS,
    )
    note = f"{ATTEMPTS / (perf_counter() - began):.0f} attempts a second"
    yield Figure(
        "books", f"of {ATTEMPTS:,} attempts by {THREADS} threads succeed", ended["done"], "", expected=UNITS, note=note
    )
    others = {name: times for name, times in ended.items() if name not in {"done", InsufficientFunds.__name__}}
    yield Figure(
        "books",
        "ended otherwise than done or for want of money",
        sum(others.values()),
        "",
        expected=0,
        note=str(others or ""),
    )
    left = selectors.balance(account).available_minor
    yield Figure("books", "money left", left, "units", expected=0)


def _crossing(leaf: Leaf) -> Iterator[Figure]:
    """Two accounts, four threads that move from the first to the second, four that move back."""
    first, second = (open_account(f"1010/CROSSING-{n}", currency="USD", purpose="bench") for n in (1, 2))
    over = perf_counter() + CROSSING_SECONDS

    def cross(number: int) -> None:
        post([_draft(first, second) if number % 2 else _draft(second, first)], leaf=leaf)

    ended = _threads(cross, until=lambda _done: perf_counter() > over)
    done = ended.pop("done")
    yield Figure("books", f"opposite transfers in {CROSSING_SECONDS:.0f} s", done, "")
    yield Figure(
        "books", "of them deadlocked or failed", sum(ended.values()), "", expected=0, note=str(dict(ended) or "")
    )
