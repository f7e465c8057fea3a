"""Payments in another currency: three rates, gain and loss in the books, never from restricted money, and the hundredfold jump."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import rules
from disbursements import fsck
from disbursements.conversion_events import ConversionConfirmed
from disbursements.conversions import Gaps, realised, shared_minor
from disbursements.models import Conversion, Payment
from disbursements.selectors.fund_statement import Line, fund_statement
from disbursements.services import conversions
from disbursements.services.payments import fail_payment
from disbursements.states import ConversionState
from kernel import identity
from kernel.money import Money
from kernel.permissions import Allowed, Refused
from ledger.models import Account, Transfer
from ledger.selectors import balance
from ledger.services import record_rate
from tests.factories import accounts, awards, disbursements, funds

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def test_realised_rate_and_gaps() -> None:
    assert realised(Money(9_100_00, "EUR"), Money(10_000_00, "USD")) == Decimal("0.910000")
    assert Gaps.of(Decimal("0.91"), reference=Decimal("0.92"), contract=Decimal("0.9")) == Gaps(
        Decimal("-1.09"), Decimal("1.11")
    )


@pytest.mark.parametrize(("gap", "shared"), [("-3", 0), ("-5", 0), ("-7", 100_00), ("7", -100_00), ("0", 0)])
def test_what_the_charter_shares_above_its_percent(gap: str, shared: int) -> None:
    assert shared_minor(10_000_00, Decimal(gap), up_to_percent=5, share_percent=50) == shared


def bulletin(currency: str = "EUR", units: str = "0.92", series: str = "") -> None:
    record_rate(
        day=timezone.localdate(), base="USD", currency=currency, units=Decimal(units), source="نشرة تجريبية 12", series=series,
        actor=awards.finance_officers()[0],
    )  # fmt: skip


def recorded(payment: Payment, *, charged: int, **fields: Any) -> Conversion:
    values = {"currency": "EUR", "series": "", "contract_units": Decimal("0.9"), "paid_out_minor": 9_000_00, **fields}
    return conversions.record_conversion(payment, charged_minor=charged, actor=awards.finance_officers()[0], **values)


def test_loss_and_gain_reach_their_accounts_and_the_statement() -> None:
    funds.confirmed_contribution(50_000_00)
    bulletin()
    payment = disbursements.confirmed_payment(tier="L")
    kept = balance(Account.objects.get(code="1010/USD")).posted_minor
    first, second = awards.finance_officers()[:2]
    conversion = recorded(payment, charged=payment.amount_minor + 40_00)
    refusals: list[Callable[[], Any]] = [
        lambda: recorded(payment, charged=1),
        lambda: conversions.confirm_conversion(conversion, actor=first),
        lambda: conversions.confirm_conversion(conversion, actor=awards.signatory(payment.tranche.grant)),
    ]
    for refused in refusals:
        with pytest.raises(Refused):
            refused()
    confirmed = conversions.confirm_conversion(conversion, actor=second)
    assert confirmed.state == ConversionState.CONFIRMED
    assert balance(Account.objects.get(code="1010/USD")).posted_minor == kept - 40_00
    said = Transfer.objects.filter(leaf=confirmed.leaf)
    assert {one.facts["grant"] for one in said} == {payment.tranche.grant.reference}
    assert {row.restriction: row.lines[Line.EXCHANGE].minor for row in statement()}["UNR"] == -40_00
    assert list(fsck.results_of_exchange_are_booked()) == []


def statement() -> list[Any]:
    today = timezone.localdate()
    return fund_statement(today, today)


def test_gains_are_kept_and_bear_the_next_loss_first() -> None:
    bulletin()
    payment = disbursements.confirmed_payment(tier="L")
    second = awards.finance_officers()[1]
    gained = conversions.confirm_conversion(recorded(payment, charged=payment.amount_minor - 30_00), actor=second)
    kept = Account.objects.get(code="3011/USD")
    assert balance(kept).posted_minor == 30_00
    assert conversions._bearers(20_00, "USD") == [(kept, 20_00)]
    assert list(fsck.results_of_exchange_are_booked()) == []
    with pytest.raises(Refused):
        conversions.withdraw_conversion(gained, reason="x", actor=second)


def test_restricted_money_bears_no_loss() -> None:
    bulletin()
    payment = disbursements.confirmed_payment(tier="L")
    free = Account.objects.get(code="1010/USD")
    conversion = recorded(payment, charged=payment.amount_minor + 10_000_000_00)
    with pytest.raises(Refused, match="خسارة الصرف"):
        conversions.confirm_conversion(conversion, actor=awards.finance_officers()[1])
    assert balance(free).posted_minor >= 0
    assert Conversion.objects.get().state == ConversionState.RECORDED


def test_a_rate_follows_its_payment(monkeypatch: pytest.MonkeyPatch) -> None:
    bulletin()
    prepared = disbursements.prepared_payment(tier="L")
    with pytest.raises(Refused):
        recorded(prepared, charged=1)
    sent = disbursements.sent_payment(prepared)
    with pytest.raises(Refused):
        recorded(sent, charged=1, currency="TRY")
    conversion = recorded(sent, charged=sent.amount_minor)
    with pytest.raises(Refused):
        conversions.confirm_conversion(conversion, actor=awards.finance_officers()[1])
    with monkeypatch.context() as patched:
        patched.setitem(rules._rules, ConversionConfirmed, lambda _one, **_words: Allowed())
        with pytest.raises(DatabaseError, match="has not arrived"), transaction.atomic():
            conversions.confirm_conversion(conversion, actor=awards.finance_officers()[1])
    fail_payment(sent, reason="أعاده المصرف", actor=awards.finance_officers()[0])
    conversion.refresh_from_db()
    assert conversion.state == ConversionState.WITHDRAWN


def test_the_pages_and_the_hundredfold_jump() -> None:
    bulletin("SYP", "110", series="new")
    payment = disbursements.confirmed_payment(tier="L")
    first, second = awards.finance_officers()[:2]
    maker, other = Client(), Client()
    accounts.sign_in(maker, first, second_factor=True)
    accounts.sign_in(other, second, second_factor=True)
    page = reverse("disbursements:conversion_record", args=[payment.pk])
    units = payment.amount_minor / 100
    said = {
        "currency": "SYP", "series": "new", "contract_units": "11000", "paid_out_minor": f"{units * 11_000:.2f}",
        "charged_minor": f"{units:.2f}",
    }  # fmt: skip
    jumped = maker.post(page, said)
    assert set(jumped.context["form"].errors) == {"paid_out_minor", "contract_units"}
    missing = maker.post(page, {**said, "series": ""})
    assert "series" in missing.context["form"].errors
    right = {**said, "contract_units": "110", "paid_out_minor": f"{units * 109:.2f}"}
    assert maker.post(page, right).status_code == 302
    shown = maker.get(reverse("disbursements:payment_detail", args=[payment.pk])).content.decode()
    assert "-0.91" in shown
    confirm = reverse("disbursements:conversion_confirm", args=[payment.pk])
    assert maker.get(confirm).status_code == 403
    assert other.post(confirm).status_code == 302
    assert Conversion.objects.get().confirmed_by == second
    partner = Client()
    accounts.sign_in(partner, awards.signatory(payment.tranche.grant), second_factor=True)
    assert partner.get(page).status_code == 403
    assert "109" in partner.get(reverse("disbursements:payment_detail", args=[payment.pk])).content.decode()
    with identity.person(accounts.user().pk):
        assert Conversion.objects.count() == 0
