"""The same act on two databases in turns, so that a machine that grows slower or faster meanwhile does so to both."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time

import psycopg
from django.conf import settings
from django.db import connection, connections

from poolfund import embedded
from poolfund.database import roles


@contextmanager
def twin(name: str) -> Iterator[None]:
    """A copy of the database as it stands now; it is dropped at the end. Nobody else may be connected while it is made."""
    connections.close_all()
    here, user = connection.settings_dict["NAME"], connection.settings_dict["USER"]
    owner = roles.owner_settings()["USER"]
    assert settings.EMBEDDED_SERVER is not None  # the bench prepares it
    administrator = str(settings.EMBEDDED_SERVER.conninfo(user=embedded.SUPERUSER, database="postgres"))
    with psycopg.connect(administrator, autocommit=True) as session:
        for statement in (
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{here}" OWNER "{owner}" STRATEGY FILE_COPY',
            f'GRANT CONNECT ON DATABASE "{name}" TO "{user}"',
        ):
            session.execute(statement.encode())
    try:
        yield
    finally:
        connections.close_all()
        with psycopg.connect(administrator, autocommit=True) as session:
            session.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def working_in(name: str) -> Iterator[None]:
    """Django's connection is to the database ``name``, warm, and afterwards to the one before."""
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        connection.ensure_connection()
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def backend_seconds() -> float:
    """Processor time of PostgreSQL's process behind Django's connection so far; 0 where the system does not tell."""
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else 0.0


@dataclass
class Readings:
    """What the rounds of one database took, in seconds each."""

    clock: list[float] = field(default_factory=list)
    backend: list[float] = field(default_factory=list)
    python: list[float] = field(default_factory=list)

    def take(self, act: Callable[[], object]) -> None:
        """One round."""
        before = perf_counter(), backend_seconds(), process_time()
        act()
        self.python.append(process_time() - before[2])
        self.clock.append(perf_counter() - before[0])
        self.backend.append(backend_seconds() - before[1])


def in_turns(first: str, second: str, act: Callable[[], object], *, rounds: int) -> tuple[Readings, Readings]:
    """``act`` so often in each database, in pairs whose order alternates; each begins with an act that is not counted."""
    readings = {first: Readings(), second: Readings()}
    for number in range(rounds):
        for name in (first, second) if number % 2 == 0 else (second, first):
            with working_in(name):
                act()
                readings[name].take(act)
    return readings[first], readings[second]


def ratio(before: list[float], after: list[float]) -> tuple[float, float, float]:
    """Median of the ratios of the pairs, and their quartiles; zeros where nothing was measured."""
    pairs = [two / one for one, two in zip(before, after, strict=True) if one > 0]
    if len(pairs) < 2:
        return 0.0, 0.0, 0.0
    low, middle, high = statistics.quantiles(pairs, n=4)
    return middle, low, high
