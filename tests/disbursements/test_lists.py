"""Lists cost the same number of queries at three rows and at three hundred, as pages and as files."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit import vault
from disbursements.models import Payment
from funds.models import Donor
from grants.models import Application, Grant
from ledger.models import Account
from ledger.services import TransferDraft, open_account, post
from tests.costs import queries_of
from tests.factories import accounts
from tests.factories import disbursements as money
from tests.factories.accounts import sign_in
from tests.factories.crowds import copies, moved
from tests.factories.funds import confirmed_contribution, made_pledge
from tests.factories.ledger import a_leaf

pytestmark = pytest.mark.django_db

PAGES = [
    "grants:call_list", "grants:pipeline", "disbursements:grant_list", "disbursements:tranche_list",
    "disbursements:payment_list", "disbursements:report_list", "funds:donor_list", "funds:pledge_list",
    "funds:contribution_list", "ledger:trial_balance", "ledger:transfer_list",
]  # fmt: skip
FILES = [f"{name}?format=csv" for name in PAGES[1:]]


def _call(index: int, row: Any) -> None:
    row.reference, row.charter, row.frozen_rules = f"CFP-{uuid.uuid4().hex[:12]}", None, None


def _organisation(index: int, row: Any) -> None:
    row.name_ar = row.name_key = f"جمعية {uuid.uuid4().hex}"
    row.capacity_score = row.tier_rules_version = row.eligible_until = row.assessed_by = None
    row.tier = ""
    row.data_key = vault.key_for(row.pk)


def _grants(payment: Payment, number: int) -> None:
    """Applications, grants, tranches, payments and reports like those of ``payment``, of ``number`` organisations."""
    tranche = payment.tranche
    grant = Grant.objects.get(pk=tranche.grant_id)
    organisations = copies(grant.organisation, number, _organisation)

    def apply(index: int, row: Any) -> None:
        row.organisation, row.reference = organisations[index], f"APP-{uuid.uuid4().hex[:12]}"

    applications = copies(Application.objects.get(pk=grant.application_id), number, apply)
    moved(applications, "submitted")

    def award(index: int, row: Any) -> None:
        row.application, row.organisation = applications[index], organisations[index]
        row.reference = f"GRA-{uuid.uuid4().hex[:12]}"

    awarded = copies(grant, number, award)

    def plan(index: int, row: Any) -> None:
        row.grant, row.number, row.amount_minor = awarded[index], 1, awarded[index].amount_minor

    tranches = copies(tranche, number, plan)

    def prepare(index: int, row: Any) -> None:
        row.tranche, row.key = tranches[index], uuid.uuid4().hex

    copies(payment, number, prepare)

    def schedule(index: int, row: Any) -> None:
        row.grant = awarded[index]

    copies(grant.reports.get(kind="final"), number, schedule)


def _donors_money(source: Any, promised: Any, number: int) -> None:
    Donor.objects.bulk_create([Donor(name=f"Donor {index}", kind=source.donor.kind) for index in range(number)])

    def record(index: int, row: Any) -> None:
        row.reference = row.bank_reference = (
            f"CON-Z{uuid.uuid4().hex[:12]}"  # after the confirmed one, which stays on the first page
        )
        row.account = row.confirmed_by = None

    copies(source, number, record)
    copies(promised, number, lambda index, row: setattr(row, "signed_on", None))


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
    sign_in(client, officer, second_factor=True)

    def grow(number: int) -> None:
        copies(call, number, _call)
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
        return found

    grow(2)
    few = costs()
    grow(297)
    assert costs() == few
