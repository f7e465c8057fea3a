"""Every further list of the fund asks the database as often for three hundred rows as for three.

The rows are copies of those that stand in the database with a row of every table.
"""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.witnesses import registry
from committees.models import Appeal, ConflictCase, Panel, Seat
from committees.states import PanelState
from funds.services import cards
from grants.models import Application
from grants.states import ApplicationState
from organisations import services
from tests.costs import queries_of
from tests.disbursements.test_statement_files import camt, entry
from tests.disbursements.test_statements import given
from tests.factories import accounts, disbursements
from tests.factories.many import copies, moved
from tests.factories.sealing import witness_key
from tests.organisations.test_carried import OTHER, OTHER_JWKS

pytestmark = [pytest.mark.django_db, pytest.mark.database("canaries")]

FEW, MANY = 3, 300


def new(length: int = 30) -> Any:
    """A word that nothing else bears."""
    return lambda _number: uuid.uuid4().hex[:length]


_numbers = itertools.count(1_000)


def a_day(_number: int) -> date:
    """A day that no other row has."""
    return timezone.localdate() + timedelta(days=next(_numbers))


def newest(label: str) -> Any:
    """A row of the table."""
    return apps.get_model(label)._base_manager.order_by("-pk")[0]


@dataclass(frozen=True)
class OfOthers:
    """Each row is of another thing of the table, copies of one that stands there with something ``changed``."""

    label: str
    changed: dict[str, Any]

    def made(self) -> Callable[[int], Any]:
        rows = iter(copies(newest(self.label), MANY, **made(self.changed)))
        return lambda _number: next(rows)


def made(changed: dict[str, Any]) -> dict[str, Any]:
    """What is changed in copies, with the other things made: once for each test, when its database is there."""
    return {name: value.made() if isinstance(value, OfOthers) else value for name, value in changed.items()}


ORGANISATIONS = OfOthers("organisations.Organisation", {"name_key": new()})
REPORTS = OfOthers("grants.Report", {"number": lambda _number: next(_numbers)})
LISTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "accountability:complaint_list": (
        "accountability.Complaint",
        Role.FUND_MANAGER,
        {"reference": new(20), "code_sha256": new(32)},
    ),
    "audit:erasure_list": ("audit.Erasure", Role.ADMINISTRATOR, {}),
    "charter:holiday_list": ("charter.Holiday", Role.AUDITOR, {"day": a_day}),
    "committees:alert_list": (
        "committees.Alert",
        Role.FUND_MANAGER,
        {"reference": new(20), "organisation": ORGANISATIONS, "call": None},
    ),
    "committees:committee_list": ("committees.Committee", Role.FUND_MANAGER, {}),
    "disbursements:statement_list": ("disbursements.BankStatement", Role.FINANCE_OFFICER, {"sha256": new(32)}),
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
    "transparency:safety_list": ("transparency.SafetyReview", Role.PROGRAMME_OFFICER, {"report": REPORTS}),
    "transparency:withholding_list": ("transparency.Withholding", Role.PROGRAMME_OFFICER, {}),
}


ASKED = {"disbursements:difference_list": "?whose=all", "grants:place_list": "?text=cnry"}
"""Lists that show something when they are asked for it."""
PUBLISHED = {"transparency:paper_list": ("drawn", "approved", "published")}
"""Lists of what was moved on through these states."""


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_asks_no_more(name: str) -> None:
    label, role, changed = LISTS[name]
    holds(reverse(name) + ASKED.get(name, ""), role, newest(label), made(changed), states=PUBLISHED.get(name, ()))


def holds(address: str, role: str, row: Any, changed: dict[str, Any], *, states: tuple[str, ...] = ()) -> None:
    """The list at the address shows copies of ``row`` to a holder of the office, many with as many queries as few."""
    holder = accounts.administrator() if role == Role.ADMINISTRATOR else accounts.officer(role)
    client = accounts.browser_of(holder, "ar")

    def more(number: int) -> None:
        found = copies(row, number, **changed)
        for state in states:
            moved(found, state)

    with transaction.atomic():
        alone = _shown(client, address)
        more(FEW)
        few = queries_of(lambda: _shown(client, address))
        assert _shown(client, address) > alone, "the copies stand in it"
        more(MANY - FEW)
        assert queries_of(lambda: _shown(client, address)) == few
        transaction.set_rollback(True)  # what is looked at when work ends does not count here: copies are not whole


def a_gift() -> Any:
    return cards.begin(amount_minor=50_00, currency="USD", purpose="general", name="سلمى", email="", language="ar")


def a_key(number: int) -> str:
    return str(witness_key(f"w{number}-{next(_numbers)}.example").verifier)


def a_witness() -> Any:
    return registry.register(name="w", group="donors", verifier_key=a_key(0), url="", actor=accounts.administrator())


def a_line() -> Any:
    return given(camt(entry("1.00", reference="B1"))).lines.get()


def a_trusted_fund() -> Any:
    manager = accounts.officer(Role.FUND_MANAGER)
    return services.trust_fund(name="صندوق آخر (مثال)", issuer=OTHER, keys=OTHER_JWKS, actor=manager)


BEGUN: dict[str, tuple[Callable[[], Any], str, dict[str, Any]]] = {
    "audit:witness_list": (a_witness, Role.ADMINISTRATOR, {"verifier_key": a_key}),
    "disbursements:difference_list": (a_line, Role.FINANCE_OFFICER, {"fingerprint": new(32)}),
    "disbursements:run_list": (disbursements.prepared_run, Role.FINANCE_OFFICER, {"reference": new(20)}),
    "funds:gift_list": (a_gift, Role.FINANCE_OFFICER, {"reference": new(20)}),
    "organisations:trusted_funds": (a_trusted_fund, Role.PROGRAMME_OFFICER, {"issuer": new()}),
}
"""Lists whose rows must be real: a key, an amount in a currency, the hash of a file."""


@pytest.mark.database("active_grant")
@pytest.mark.parametrize("name", BEGUN)
def test_a_long_list_of_what_is_real_asks_no_more(name: str) -> None:
    begin, role, changed = BEGUN[name]
    holds(reverse(name) + ASKED.get(name, ""), role, begin(), changed, states=PUBLISHED.get(name, ()))


def _shown(client: Client, address: str) -> int:
    """How long the page is."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return len(answer.content)


def an_appeal(application: Application) -> Any:
    told: dict[str, Any] = {
        "grounds": ["arithmetic"],
        "statement": "سُجّلت درجة غير المكتوبة.",
        "lodged_at": timezone.now(),
    }
    return Appeal(application=application, lodged_by=accounts.user(), **told)


def a_case(application: Application) -> Any:
    seat = Seat.objects.filter(committee=application.call.panel.committee)[0]
    people = {"reported_by": accounts.user(), "owner": accounts.user()}
    return ConflictCase(application=application, seat=seat, ground="financial", found="سجلّ المجلس", **people)


ABOUT: dict[str, tuple[Callable[[Application], Any], dict[str, Any]]] = {
    "committees:appeal_list": (an_appeal, {"reference": new(20)}),
    "committees:case_list": (a_case, {}),
}


@pytest.mark.database("deliberating")
@pytest.mark.parametrize("name", ABOUT)
def test_a_long_list_about_applications_asks_no_more(name: str) -> None:
    like, changed = ABOUT[name]
    application = Application.objects.filter(state=ApplicationState.DELIBERATION)[0]
    others = copies(application, MANY, organisation=ORGANISATIONS.made(), reference=new(20))
    for state in ("submitted", "eligible"):
        moved(others, state)
    rows = iter(others)
    holds(reverse(name), Role.FUND_MANAGER, like(application), {"application": lambda _number: next(rows), **changed})


@pytest.mark.database("deliberating")
def test_a_long_waiting_list_asks_no_more() -> None:
    panel = Panel.objects.get(state=PanelState.DELIBERATING)
    row = Application.objects.filter(call=panel.call, state=ApplicationState.DELIBERATION)[0]
    places = itertools.count(1)
    changed = made({"organisation": ORGANISATIONS, "reference": new(20)})
    changed |= {"waiting_rank": lambda _number: next(places), "waiting_until": a_day(0)}
    client = accounts.browser_of(accounts.officer(Role.FUND_MANAGER), "ar")
    address = reverse("committees:waiting_list", args=[panel.pk])

    def wait(number: int) -> None:
        waiting = copies(row, number, **changed)
        for state in ("submitted", "eligible", "scoring", "deliberation", "waitlisted"):
            moved(waiting, state)

    wait(FEW)
    few = queries_of(lambda: _shown(client, address))
    short = _shown(client, address)
    wait(MANY - FEW)
    assert queries_of(lambda: _shown(client, address)) == few
    assert _shown(client, address) > 50 * short / FEW
