"""Vouchers of cash payments: the code is on the paper alone, works once and in time, and few wrong ones block it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import lifecycle, rules
from audit.fsck_projection import rows_say_what_their_leaves_say
from disbursements import papers
from disbursements import voucher_events as events
from disbursements.models import Payment, Tranche, Voucher, VoucherTry
from disbursements.services import payments, vouchers
from disbursements.states import VoucherState
from kernel import identity
from kernel.permissions import Allowed, Refused
from tests.factories import accounts, awards, disbursements, funds

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def cash_payment() -> Payment:
    """A payment that an exchange hands over, on its way."""
    tranche = disbursements.approved_tranche(tier="L")
    funds.confirmed_contribution(5_000_00)
    provider = disbursements.approved_provider(
        most_payment_minor=tranche.amount_minor, most_open_minor=tranche.amount_minor
    )
    made = payments.prepare_payment(tranche, actor=awards.finance_officers()[0], provider=provider)
    return disbursements.sent_payment(made)


def drawn(payment: Payment) -> tuple[Voucher, str]:
    return vouchers.issue_voucher(payment, actor=awards.signatory(payment.tranche.grant))


@pytest.mark.parametrize("typed", ["7k3qf-2xm9o", "٧K3QF2XM90", " 7K3QF 2XM9O ", "7K3QF2XM90"])
def test_a_code_is_read_as_it_is_told(typed: str) -> None:
    assert vouchers.normalised(typed) == "7K3QF2XM90"


def test_the_code_confirms_the_payment_once() -> None:
    payment = cash_payment()
    officer, signatory = awards.finance_officers()[0], awards.signatory(payment.tranche.grant)
    with pytest.raises(Refused):
        vouchers.issue_voucher(payment, actor=officer)
    first, lost = drawn(payment)
    voucher, code = drawn(payment)
    first.refresh_from_db()
    assert (first.state, voucher.state) == (VoucherState.VOID, VoucherState.ISSUED)
    assert code.replace("-", "") not in voucher.code_digest
    with pytest.raises(vouchers.WrongCode):
        vouchers.redeem(payment, code=lost, actor=officer)
    with pytest.raises(Refused):
        vouchers.redeem(payment, code=code, actor=signatory)
    with pytest.raises(Refused):
        payments.confirm_payment(payment, received_on=timezone.localdate(), fee_minor=0, actor=officer)
    confirmed = vouchers.redeem(payment, code=code.lower(), actor=officer)
    assert (confirmed.state, confirmed.confirmed_by) == ("confirmed", officer)
    assert Tranche.objects.get(pk=confirmed.tranche_id).state == "received"
    with pytest.raises(Refused):
        vouchers.redeem(payment, code=code, actor=officer)
    with pytest.raises(Refused):
        drawn(payment)
    assert list(rows_say_what_their_leaves_say()) == []


def test_wrong_codes_are_kept_and_block_it() -> None:
    payment = cash_payment()
    voucher, code = drawn(payment)
    officer = awards.finance_officers()[0]
    for _again in range(voucher.tries):
        with pytest.raises(vouchers.WrongCode):
            vouchers.redeem(payment, code="00000-00000", actor=officer)
    voucher.refresh_from_db()
    assert (voucher.state, VoucherTry.objects.count()) == (VoucherState.BLOCKED, voucher.tries)
    with pytest.raises(Refused):
        vouchers.redeem(payment, code=code, actor=officer)
    assert drawn(payment)[0].state == VoucherState.ISSUED
    with identity.person(accounts.user().pk):
        assert (Voucher.objects.count(), VoucherTry.objects.count()) == (0, 0)
    with identity.person(awards.signatory(payment.tranche.grant).pk):
        assert Voucher.objects.count() == 2


def test_one_person_enters_few_codes_in_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    payment = cash_payment()
    _voucher, code = drawn(payment)
    cache.clear()
    monkeypatch.setattr("kernel.limits.counted", lambda *_words, most: False)
    with pytest.raises(Refused):
        vouchers.redeem(payment, code=code, actor=awards.finance_officers()[0])


def test_after_its_days_it_is_worth_nothing_in_the_database_too(monkeypatch: pytest.MonkeyPatch) -> None:
    payment = cash_payment()
    voucher, code = drawn(payment)
    officer = awards.finance_officers()[0]
    with time_machine.travel(voucher.expires_at + timedelta(minutes=1)):
        with pytest.raises(Refused):
            vouchers.redeem(payment, code=code, actor=officer)
        monkeypatch.setitem(rules._rules, events.VoucherRedeemed, lambda _one, **_words: Allowed())
        with pytest.raises(DatabaseError, match="worth nothing"), transaction.atomic():
            lifecycle.move(voucher, events.VoucherRedeemed(), actor=officer, changes={"redeemed_by": officer})


def test_a_payment_that_came_back_or_went_by_bank_has_no_voucher() -> None:
    payment = cash_payment()
    voucher, _code = drawn(payment)
    payments.fail_payment(payment, reason="لم يُسلّم", actor=awards.finance_officers()[0])
    voucher.refresh_from_db()
    assert voucher.state == VoucherState.VOID


def _client(person: Any) -> Client:
    client = Client()
    accounts.sign_in(client, person, second_factor=True)
    return client


def test_the_pages_and_the_paper() -> None:
    payment = cash_payment()
    payee, officer = _client(awards.signatory(payment.tranche.grant)), _client(awards.finance_officers()[0])
    issue, enter = (reverse(f"disbursements:voucher_{name}", args=[payment.pk]) for name in ("issue", "redeem"))
    assert officer.get(issue).status_code == 403
    assert officer.get(enter).status_code == 403
    assert payee.get(issue).status_code == 200
    assert issue in payee.get(reverse("disbursements:payment_detail", args=[payment.pk])).content.decode()
    for language in ("ar", "en"):
        paper = payee.post(issue, {"language": language})
        assert paper["Content-Type"] == "application/pdf"
        assert "no-store" in paper["Cache-Control"]
    with pikepdf.open(BytesIO(b"".join(paper) if paper.streaming else paper.content)) as pdf:
        assert len(pdf.pages) == 1
    assert payee.post(enter, {"code": "x"}).status_code == 403
    assert officer.post(enter, {"code": "00000-00000"}).status_code == 200
    assert VoucherTry.objects.count() == 1
    _voucher, code = drawn(payment)
    assert papers.voucher(_voucher, code, "ar").startswith(b"%PDF")
    assert officer.post(enter, {"code": code}).status_code == 302
    payment.refresh_from_db()
    assert payment.state == "confirmed"
