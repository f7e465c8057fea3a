"""The house: passwords, the queue, start and growth of the database."""

from collections.abc import Iterator
from contextlib import nullcontext
from unittest import mock

import psycopg
from django.contrib.auth.hashers import check_password, make_password
from django.core.management import call_command
from django.db import connections
from kombu.connection import Connection

from bench import Figure, seconds, spread
from poolfund import embedded
from poolfund.celery import app
from poolfund.management.commands import migrate

MESSAGES = 100
PASSWORDS = 10


def measure() -> Iterator[Figure]:
    """All figures of the house."""
    yield from passwords()
    yield from queue()
    yield from migrations()


def passwords() -> Iterator[Figure]:
    """What one sign-in costs."""
    known = make_password("a long enough password")
    middle, slow = spread([seconds(lambda: check_password("a long enough password", known)) for _ in range(PASSWORDS)])
    yield Figure("house", "check one password (argon2id 48 MiB), median", middle * 1000, "ms", limit=400)
    yield Figure("house", "check one password, 95th percentile", slow * 1000, "ms")


def queue() -> Iterator[Figure]:
    """A message from publisher to consumer, one at a time, through PostgreSQL."""
    with Connection(app.conf.broker_url, transport_options=app.conf.broker_transport_options) as connection:
        box = connection.SimpleQueue("poolfund_bench")

        def pass_one() -> None:
            box.put({"look": "outbox"}, serializer="json")
            box.get(timeout=10).ack()

        pass_one()
        middle, slow = spread([seconds(pass_one) for _ in range(MESSAGES)])
        box.queue.delete()
        box.close()
    yield Figure("house", "a message through the queue, median", middle * 1000, "ms", limit=250)
    yield Figure("house", "a message through the queue, 95th percentile", slow * 1000, "ms")


def migrations() -> Iterator[Figure]:
    """An empty database migrated in our quick way and in Django's own, in one run."""
    quick = seconds(_migrate_anew)
    with mock.patch.object(migrate, "quick_states", nullcontext):
        plain = seconds(_migrate_anew)
    yield Figure("house", "migrate an empty embedded database", quick, "s", limit=90)
    yield Figure("house", "the same as Django does it", plain, "s", note=f"x {plain / quick:.1f}")


def _migrate_anew() -> None:
    connections.close_all()
    with psycopg.connect(
        embedded.LOCAL.conninfo(user=embedded.SUPERUSER, database="postgres"), autocommit=True
    ) as admin:
        admin.execute(f'DROP DATABASE "{embedded.DATABASE}" WITH (FORCE)'.encode())
    embedded.provision(embedded.LOCAL)
    call_command("migrate", verbosity=0, interactive=False)
