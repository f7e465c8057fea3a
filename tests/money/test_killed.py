"""Payments while the web server and the worker are killed: each is instructed once, the books balance, nothing is stuck.

`python -m bench killed` does the same with 200 payments.
"""

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from poolfund.database.testing import TestDatabases
from tests.factories import disbursements as made
from tests.factories.perils import survive

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database("active_grant"),
    pytest.mark.slow,
    pytest.mark.waits,
]
ROUNDS = 4


def test_payments_survive_killed_processes(databases: TestDatabases, tmp_path: Path) -> None:
    where = connection.settings_dict
    url = f"postgresql://{where['USER']}:{where['PASSWORD']}@/{databases.name}?host={quote(where['HOST'], safe='')}"
    surroundings = {**os.environ, "DATABASE_URL": url, "POOLFUND_LOCAL": str(tmp_path)}
    end = survive([made.approved_tranche()], ROUNDS, surroundings, seed=5)
    assert end.wrong == []
    assert end.payments == ROUNDS
    assert end.killed["web"] > 1
