"""Months of the books: locked, opened again by two people, and as they stood."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.roles import Role
from kernel.permissions import Refused
from ledger import fsck, periods, selectors
from ledger.models import Period, Transfer
from tests.factories import accounts
from tests.factories.accounts import sign_in
from tests.factories.ledger import bank, funded, moved, source

pytestmark = pytest.mark.django_db
OCTOBER = datetime(2026, 10, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _backdated(like: Transfer) -> None:
    """What a forger would do: copy a transfer into October by SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO ledger_transfer (key, "group", debit_id, credit_id, amount_minor, currency, kind, reason, leaf_id, posted_at)'
            ' SELECT %s, "group", debit_id, credit_id, 1, currency, kind, reason, leaf_id, posted_at'
            " FROM ledger_transfer WHERE id = %s",
            [uuid.uuid4(), like.pk],
        )


@pytest.fixture
def books() -> Any:
    with time_machine.travel(OCTOBER, tick=False):
        first = moved(7_00, debit=funded(10_000), credit=source("2010/GRA-X/CON-X"))
    with time_machine.travel(NOVEMBER, tick=False):
        moved(1_00, debit=source("2010/GRA-X/CON-X"), credit=bank())
        yield first


def test_a_locked_month_takes_nothing_until_two_people_open_it(books: Transfer) -> None:
    one, other = accounts.officer(Role.FINANCE_OFFICER), accounts.officer(Role.FUND_MANAGER)
    assert [str(month) for month in selectors.months_to_lock()] == ["2026-10-01"]
    period = periods.lock(timezone.localdate(books.posted_at), actor=one)
    assert (selectors.months_to_lock(), period.transfers) == ([], Transfer.objects.filter(posted_at__month=10).count())
    with pytest.raises(Refused, match="before"):
        periods.lock(period.month, actor=one)
    with pytest.raises(Refused, match="over"):
        periods.lock(timezone.localdate(), actor=one)
    with pytest.raises(DatabaseError, match="its month is locked"), transaction.atomic():
        _backdated(books)
    periods.ask_unlock(period, actor=one, reason="فاتورة نسيناها")
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        _backdated(books)
    with pytest.raises(Refused, match="second person"):
        periods.unlock(period, actor=one)
    with pytest.raises(DatabaseError), transaction.atomic():
        Period.objects.update(state="open", decided_by=one)
    periods.unlock(period, actor=other)
    _backdated(books)
    again = periods.lock_again(period, actor=other)
    assert again.transfers == period.transfers + 1
    assert again.sha256 != period.sha256
    assert list(fsck.locked_months_stand()) == []
    assert periods.ask_unlock(again, actor=other, reason="مرة أخرى").decided_by is None
    assert periods.decline_unlock(again, actor=one, reason="لا").state == "locked"


def test_fsck_finds_what_slipped_into_a_locked_month(books: Transfer) -> None:
    period = periods.lock(timezone.localdate(books.posted_at), actor=accounts.officer(Role.FINANCE_OFFICER))
    periods.ask_unlock(period, actor=accounts.officer(Role.FUND_MANAGER), reason="سبب")
    period = periods.unlock(period, actor=accounts.officer(Role.FINANCE_OFFICER))
    _backdated(books)
    assert list(fsck.locked_months_stand()) == [], "an open month may change"
    locked = periods.lock_again(period, actor=accounts.officer(Role.FINANCE_OFFICER))
    assert selectors.month_sealed(locked.month) == (locked.transfers, locked.sha256)
    assert selectors.month_sealed(locked.month)[1] != period.sha256


def test_the_trial_balance_as_it_stood(books: Transfer) -> None:
    (october,) = selectors.trial_balance(timezone.localdate(books.posted_at))
    (now,) = selectors.trial_balance()
    owed = [
        row.balance.posted_minor for trial in (october, now) for row in trial.rows if row.account.code[:4] == "2010"
    ]
    assert owed == [7_00, 6_00]
    assert october.balanced
    assert now.balanced
    about = selectors.transfers(about="GRA-X")
    assert {one.amount_minor for one in about} == {7_00, 1_00}


def test_pages(books: Transfer) -> None:
    clients = {}
    for role in (Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR):
        clients[role] = Client(headers={"accept-language": "en"})
        sign_in(clients[role], accounts.officer(role), second_factor=True)
    first, second, auditor = clients.values()
    assert first.post(reverse("ledger:period_lock"), {"month": "2026-11-01"}).status_code == 200
    assert first.post(reverse("ledger:period_lock"), {"month": "2026-10-01"}).status_code == 302
    period = Period.objects.get()

    def at(act: str) -> str:
        return reverse("ledger:period_act", args=[period.pk, act])

    assert first.post(at("ask"), {"reason": ""}).status_code == 200
    assert first.post(at("ask"), {"reason": "سبب"}).status_code == 302
    assert "You asked" in first.post(at("open")).content.decode()
    assert auditor.post(at("open")).status_code == 403
    assert second.get(at("forge")).status_code == 404
    assert second.post(at("open")).status_code == 302
    page = auditor.get(reverse("ledger:period_list")).content.decode()
    assert "opened again" in page
    assert "Lock the month again" not in page
    shown = auditor.get(reverse("ledger:trial_balance"), {"until": "2026-10-31"})
    assert shown.context["form"].day().month == 10
    listed = auditor.get(reverse("ledger:transfer_list"), {"about": "GRA-X"})
    assert listed.context["page"].paginator.count == 2
