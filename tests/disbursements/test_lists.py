"""Lists cost the same number of queries at three rows and at three hundred, as pages and as files."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from disbursements.models import Payment
from funds.models import Donor
from grants.models import Application, Grant
from ledger.models import Account
from ledger.services import TransferDraft, open_account, post
from tests.costs import queries_of
from tests.factories import accounts
from tests.factories import disbursements as money
from tests.factories.accounts import sign_in
from tests.factories.funds import confirmed_contribution, made_pledge
from tests.factories.ledger import a_leaf
from tests.factories.many import copies, moved

pytestmark = pytest.mark.django_db

PAGES = [
    "grants:call_list", "grants:pipeline", "disbursements:grant_list", "disbursements:tranche_list",
    "disbursements:payment_list", "disbursements:report_list", "funds:donor_list", "funds:pledge_list",
    "funds:contribution_list", "ledger:trial_balance", "ledger:transfer_list",
]  # fmt: skip
FILES = [f"{name}?format=csv" for name in PAGES[1:]]
SUMS = [
    "disbursements:grants_figure", "disbursements:tranches_figure", "disbursements:payments_figure",
    "funds:contribution_sum", "funds:pledge_sum",
]  # fmt: skip
"""What a list sums to in a currency, opened into its rows."""


def _new(prefix: str) -> Callable[[int], str]:
    """References that nothing else bears."""
    return lambda _number: f"{prefix}-{uuid.uuid4().hex[:12]}"


def _grants(payment: Payment, number: int) -> None:
    """Applications, grants, tranches, payments and reports like those of ``payment``, of ``number`` organisations."""
    tranche = payment.tranche
    grant = Grant.objects.get(pk=tranche.grant_id)
    unassessed = {"capacity_score": None, "tier": "", "tier_rules_version": None, "eligible_until": None}
    organisations = copies(
        grant.organisation, number, name_ar=_new("جمعية"), name_key=_new("جمعية"), assessed_by=None, **unassessed
    )
    applications = copies(
        Application.objects.get(pk=grant.application_id), number, organisation=organisations.__getitem__, reference=_new("APP")
    )  # fmt: skip
    moved(applications, "submitted")
    # No list reads the charter that a grant was signed under.
    plain = {"reference": _new("GRA"), "frozen_rules": {}}
    awarded = copies(
        grant, number, application=applications.__getitem__, organisation=organisations.__getitem__, **plain
    )
    tranches = copies(tranche, number, grant=awarded.__getitem__, number=1, amount_minor=grant.amount_minor)
    copies(payment, number, tranche=tranches.__getitem__, key=_new("PAY"))
    copies(grant.reports.get(kind="final"), number, grant=awarded.__getitem__)


def _donors_money(source: Any, promised: Any, number: int) -> None:
    Donor.objects.bulk_create([Donor(name=f"Donor {index}", kind=source.donor.kind) for index in range(number)])
    # After the confirmed one, which stays on the first page.
    unconfirmed = {"account": None, "confirmed_by": None}
    copies(source, number, reference=_new("CON-Z"), bank_reference=_new("CON-Z"), **unconfirmed)
    copies(promised, number, signed_on=None)


def _books(number: int) -> None:
    Account.objects.bulk_create(
        [Account(code=f"9000/{uuid.uuid4().hex}", currency="USD", purpose="many") for _ in range(number)]
    )
    one, other = (open_account(f"9100/{side}", currency="USD", purpose="many") for side in ("a", "b"))
    drafts = [TransferDraft(uuid.uuid4(), one, other, 1, "many") for _ in range(min(number, 60))]
    post(drafts, leaf=a_leaf())


def test_lists_ask_as_many_questions_at_300_rows_as_at_3() -> None:
    payment = money.prepared_payment(tier="L")
    contribution = confirmed_contribution()
    promised = made_pledge()
    call = payment.tranche.grant.call
    client = Client()
    officer = accounts.officer(Role.FUND_MANAGER)

    def grow(number: int) -> None:
        copies(call, number, reference=_new("CFP"), charter=None, frozen_rules=None)
        _grants(payment, number)
        _donors_money(contribution, promised, number)
        _books(number)

    def read(url: str) -> None:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert b"".join(answer)

    def costs() -> dict[str, int]:
        found = {}
        for name in PAGES + FILES:
            view, _, query = name.partition("?")
            url = f"{reverse(view)}?{query}" if query else reverse(view)
            found[name] = queries_of(lambda url=url: read(url))
        for name in SUMS:
            url = reverse(name, args=["USD"])
            found[name] = queries_of(lambda url=url: read(url))
        return found

    # Time stands still: a session writes down now and then that it was used.
    with time_machine.travel(timezone.now(), tick=False):
        sign_in(client, officer, second_factor=True)
        grow(2)
        few = costs()
        grow(297)
        assert costs() == few
