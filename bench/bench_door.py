"""How many recorded acts a second go through the one door."""

import statistics
import threading
from collections.abc import Iterator
from time import perf_counter

from django.db import connections

from accounts import services
from accounts.models import User
from accounts.roles import Role
from bench import Figure, seconds
from tests.factories import accounts

ROUNDS = 200
THREADS = 4


def measure() -> Iterator[Figure]:
    """Opening and closing staff sessions: two acts, each with its lock, rule, leaf, event and opening."""
    people = [accounts.administrator(), *(accounts.officer(Role.ADMINISTRATOR) for _ in range(THREADS - 1))]
    services.close_expired()
    taken = _rounds(people[0], ROUNDS)
    yield Figure("door", "acts through the door, one thread", 2 * ROUNDS / sum(taken), "per second")
    yield Figure("door", "one act, median", statistics.median(taken) * 500, "ms")
    yield Figure("door", f"acts through the door, {THREADS} threads", _together(people), "per second")


def _open_and_close(person: User) -> None:
    session = services.open_staff_session(person, reason="measuring")
    services.close_staff_session(session, actor=person)


def _rounds(person: User, count: int) -> list[float]:
    _open_and_close(person)
    return [seconds(lambda: _open_and_close(person)) for _ in range(count)]


def _together(people: list[User]) -> float:
    def work(person: User) -> None:
        try:
            _rounds(person, ROUNDS // THREADS)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 2 * ROUNDS / (perf_counter() - start)
