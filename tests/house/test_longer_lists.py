"""Every further list of the fund asks the database as often for three hundred rows as for three.

The rows are copies of those that stand in the database with a row of every table.
"""

import itertools
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from tests.costs import queries_of
from tests.factories import accounts
from tests.factories.many import copies

pytestmark = [pytest.mark.django_db, pytest.mark.database("canaries")]

FEW, MANY = 3, 300


def new(length: int = 30) -> Any:
    """A word that nothing else bears."""
    return lambda _number: uuid.uuid4().hex[:length]


_numbers = itertools.count(1_000)


def a_day(_number: int) -> date:
    """A day that no other row has."""
    return timezone.localdate() + timedelta(days=next(_numbers))


LISTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "accountability:complaint_list": (
        "accountability.Complaint",
        Role.FUND_MANAGER,
        {"reference": new(20), "code_sha256": new(32)},
    ),
    "audit:erasure_list": ("audit.Erasure", Role.ADMINISTRATOR, {}),
    "charter:holiday_list": ("charter.Holiday", Role.AUDITOR, {"day": a_day}),
    "committees:committee_list": ("committees.Committee", Role.FUND_MANAGER, {}),
    "disbursements:statement_list": ("disbursements.BankStatement", Role.FINANCE_OFFICER, {"sha256": new(32)}),
    "disbursements:difference_list": ("disbursements.StatementLine", Role.FINANCE_OFFICER, {"fingerprint": new(32)}),
    "grants:place_list": ("grants.Place", Role.FUND_MANAGER, {"code": new(12)}),
    "ledger:rate_list": (
        "ledger.ReferenceRate",
        Role.FINANCE_OFFICER,
        {"recorded_at": lambda _number: timezone.now(), "day": a_day},
    ),
    "transparency:history_import_list": ("transparency.HistoryImport", Role.PROGRAMME_OFFICER, {}),
    "transparency:paper_list": (
        "transparency.PublicPaper",
        Role.PROGRAMME_OFFICER,
        {"version": lambda _number: next(_numbers)},
    ),
    "transparency:withholding_list": ("transparency.Withholding", Role.PROGRAMME_OFFICER, {}),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_asks_no_more(name: str) -> None:
    label, role, changed = LISTS[name]
    row = apps.get_model(label)._base_manager.order_by("-pk")[0]
    holder = accounts.administrator() if role == Role.ADMINISTRATOR else accounts.officer(role)
    client = accounts.browser_of(holder, "ar")

    def read() -> None:
        answer = client.get(reverse(name))
        assert answer.status_code == 200, answer.status_code

    read()
    copies(row, FEW, **changed)
    few = queries_of(read)
    copies(row, MANY - FEW, **changed)
    assert queries_of(read) == few
