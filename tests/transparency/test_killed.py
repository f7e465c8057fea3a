"""A worker is killed in the middle of an import: the person reads so, and begins it again."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.roles import Role
from audit import outbox
from poolfund.database.testing import TestDatabases
from tests.factories import accounts as people
from tests.factories import transparency as make
from transparency.models import HistoryImport, HistoryProject
from transparency.services import runs

WORKER = "import django; django.setup(); from audit import outbox; outbox.drain()"
PATIENCE = 60


@pytest.mark.waits
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_broken_import_that_is_begun_again(databases: TestDatabases) -> None:
    officer = people.officer(Role.PROGRAMME_OFFICER)
    files = [(name, BytesIO(content)) for name, content in make.whole_fund().files.items()]
    run = runs.start_from_uploads(files, actor=officer, skip_bad_rows=False)
    where = connection.settings_dict
    url = f"postgresql://{where['USER']}:{where['PASSWORD']}@/{databases.name}?host={quote(where['HOST'], safe='')}"
    surroundings = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "poolfund.settings.local"}
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The worker begins, and waits here for as long as the test wants.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [runs.lock_name(run)])
        worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=settings.BASE_DIR, env=surroundings)
        try:
            until = time.monotonic() + PATIENCE
            while not HistoryImport.objects.get(pk=run.pk).begun:
                assert worker.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait(PATIENCE)
    run.refresh_from_db()
    assert (run.stage, run.begun) == ("checking", 1)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert run.stage == "broken"
        runs.repeat(run, actor=officer)
        outbox.drain()
        run.refresh_from_db()
        assert run.stage == "checked"
    assert not HistoryProject.objects.exists()
