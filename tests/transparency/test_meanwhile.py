"""What is withheld while a release, a report or a file is being written is in none of them afterwards: real threads."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from audit import outbox
from tests.attacker import Secret, words_found
from tests.factories.awards import programme_officer
from tests.factories.transparency import bird, withhold
from tests.threads import Beside
from transparency.models import OpenDataFile, PublicPaper, ReleasedGrant
from transparency.services import open_data, papers, releasing
from transparency.states import PaperState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database("fund_of_full_reports")]


def later() -> date:
    return timezone.localdate() + timedelta(days=70)


@contextmanager
def stopped(row: Any) -> Iterator[None]:
    """Whoever wants to change or point to the row waits until the end."""
    with transaction.atomic():
        type(row).objects.select_for_update().get(pk=row.pk)
        yield


def waiting_for_a_lock(how_many: int) -> None:
    """Return when so many connections to this database wait for another."""
    for _turn in range(1000):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0] >= how_many:
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


def test_what_is_withheld_while_it_is_being_told_is_not_told_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month is released, a report is drawn, files are written: each meets a withholding half-way."""
    assert releasing.release_due(later()) == 0, "nothing was signed"
    grants = [bird(number) for number in range(4)]
    hidden = grants[0]

    with stopped(grants[-1]):
        releaser = Beside(lambda: releasing.release_due(later()))
        waiting_for_a_lock(1)
        withholder = Beside(lambda: withhold(hidden, "name"))
        waiting_for_a_lock(2)
    releaser.come()
    withholder.come()
    row = ReleasedGrant.objects.get(grant=hidden)
    assert (row.name_ar, row.amount_minor) == ("", None)

    hidden = grants[3]
    assert ReleasedGrant.objects.get(grant=hidden).name_latin == "Bird3q"
    learned = LazyI18nString({"ar": "تعلّمنا.", "en": "We learned."})
    paper = papers.ask(year=timezone.localdate().year, learned=learned, actor=programme_officer())
    with stopped(paper):
        drawer = Beside(lambda: papers.draw(paper.pk))
        waiting_for_a_lock(1)
        withholder = Beside(lambda: withhold(hidden, "place"))
        waiting_for_a_lock(2)
    drawer.come()
    withholder.come()
    paper.refresh_from_db()
    assert (paper.state, paper.figures) == (PaperState.TAKEN_BACK, {})
    assert PublicPaper.objects.filter(state=PaperState.ASKED, version=2).exists()

    # The writer has read what is told, and makes files of it.
    turns = iter([lambda: withhold(grants[2], "name")])

    def meanwhile(_told: Any) -> list[Any]:
        if act := next(turns, None):
            Beside(act).come()
        return []

    monkeypatch.setattr(open_data, "WRITERS", (*open_data.WRITERS, meanwhile))
    open_data.write_all()
    assert words_found(_stored(), [_named(2)]) == []
    outbox.drain()
    assert words_found(_stored(), [_named(2)]) == []
    assert words_found(_stored(), [_named(3)]) == ["Bird3q", "عصفور3ق"]


def _named(number: int) -> Secret:
    return Secret("o", 0, nameless=True, words=(f"Bird{number}q", f"عصفور{number}ق"))


def _stored() -> dict[str, bytes]:
    return {one.name: gzip.decompress(bytes(one.compressed)) for one in OpenDataFile.objects.all()}
