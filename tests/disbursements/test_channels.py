"""Payments through licensed providers: registered by two people, within licence and limits, booked at every step."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit import fsck
from disbursements.models import Payment, PaymentProvider
from disbursements.selectors import held_by, payments_to_order
from disbursements.services import channels, payments
from kernel.permissions import Refused
from ledger.models import Account
from ledger.selectors import balance, trial_balance
from tests.disbursements.test_pages import visitor
from tests.factories import awards as made
from tests.factories import disbursements as money
from tests.factories.funds import confirmed_contribution
from tests.threads import ends

pytestmark = pytest.mark.django_db
AMOUNT = 10_000_00


def page(name: str, *args: Any) -> str:
    return reverse(f"disbursements:{name}", args=args)


def posted(code: str) -> int:
    return balance(Account.objects.get(code=code)).posted_minor


def carried(provider: PaymentProvider, **wishes: Any) -> Payment:
    """A payment prepared to go through ``provider``."""
    tranche = money.approved_tranche(**{"tier": "L", "amount_minor": 12_500_00, **wishes})
    return payments.prepare_payment(tranche, actor=made.finance_officers()[0], provider=provider)


def test_a_payment_goes_through_a_provider_and_its_commission_is_booked() -> None:
    gift = confirmed_contribution(amount_minor=1_000_00)
    provider = money.approved_provider()
    payment = carried(provider)
    before = posted("1010/USD")
    assert (payment.channel, payment.amount_minor) == ("exchange", AMOUNT)
    assert payment.commission_minor == 150_00 + 5_00
    assert gift.account is not None
    assert balance(gift.account).available_minor == 1_000_00 - 155_00
    assert not payments_to_order(made.finance_officers()[0]).exists(), "no file for the bank orders it"
    sent = money.sent_payment(payment)
    assert held_by(provider).minor == AMOUNT
    assert posted("1010/USD") == before - AMOUNT
    assert list(fsck.findings()) == []
    money.confirmed_payment(sent)
    assert held_by(provider).minor == 0
    assert posted("1010/USD") == before - AMOUNT - 155_00
    assert (posted("6050/USD"), posted("3090/USD")) == (155_00, 155_00)
    assert all(trial.balanced for trial in trial_balance())
    assert list(fsck.findings()) == []


def test_what_came_back_from_a_provider_is_paid_by_another_way() -> None:
    gift = confirmed_contribution(amount_minor=1_000_00)
    provider = money.approved_provider()
    prepared = carried(provider)
    before = posted("1010/USD")
    sent = money.sent_payment(prepared)
    failed = payments.fail_payment(sent, reason="أغلق الصرّاف", actor=made.finance_officers()[0])
    assert (held_by(provider).minor, posted("1010/USD")) == (0, before)
    assert gift.account is not None
    assert balance(gift.account).available_minor == 1_000_00
    again = payments.prepare_payment(failed.tranche, actor=made.finance_officers()[0])
    assert (again.channel, again.commission_minor) == ("bank", 0)
    money.confirmed_payment(money.sent_payment(again))
    assert posted("1010/USD") == before - AMOUNT
    assert list(fsck.findings()) == []


def test_the_register_is_kept_by_two_people_after_a_search() -> None:
    provider = money.proposed_provider()
    manager, officer = made.manager(), made.finance_officers()[0]
    for actor in (manager, officer):
        with pytest.raises(Refused):
            channels.approve_provider(provider, actor=actor)
    channels.screen_provider(provider, outcome="found", lists="UN", actor=officer)
    with pytest.raises(Refused):
        channels.approve_provider(provider, actor=manager)
    money.screened(provider)
    approved = channels.approve_provider(provider, actor=manager)
    assert (approved.state, approved.approved_by) == ("approved", manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentProvider.objects.filter(pk=provider.pk).update(most_payment_minor=10**9)
    late = money.screened(money.proposed_provider(licence_until=timezone.localdate() - timedelta(days=1)))
    with pytest.raises(Refused):
        channels.approve_provider(late, actor=manager)


def test_limits_licence_coverage_and_lists_refuse_with_a_reason() -> None:
    confirmed_contribution(amount_minor=1_000_00)
    tranche = money.approved_tranche(tier="L", amount_minor=12_500_00)
    officer = made.finance_officers()[0]

    def refused(provider: PaymentProvider) -> str:
        with pytest.raises(Refused) as found, transaction.atomic():
            payments.prepare_payment(tranche, actor=officer, provider=provider)
        return str(found.value.reason)

    assert "9,999" in refused(money.approved_provider(most_payment_minor=9_999_00)).replace("٬", ",")
    assert "EUR" in refused(money.approved_provider(currency="EUR"))
    assert refused(money.approved_provider(governorates=["SY14"]))
    assert refused(money.proposed_provider())
    assert "155" not in refused(money.screened(money.approved_provider(), "found"))
    provider = money.approved_provider()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert "24" in refused(provider)
    with time_machine.travel(timezone.now() + timedelta(days=301)):
        money.screened(provider)
        assert provider.licence_until.isoformat() in refused(provider)
    assert refused(channels.suspend_provider(provider, reason="شكوى", actor=officer))
    dear = money.approved_provider(commission_fixed_minor=5_000_00)
    assert refused(dear), "no money is free for such a commission"
    assert Payment.objects.count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(channel="exchange", amount_minor=1)


def test_the_pages_keep_the_register_and_offer_it() -> None:
    confirmed_contribution(amount_minor=1_000_00)
    officer, manager = visitor(made.finance_officers()[0]), visitor(made.manager())
    terms = {
        "channel": "wallet", "name": "Example Wallet", "name_ar": "محفظة المثال", "licence_number": "W-7",
        "licensed_by": "الجهة", "licence_until": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "governorates": ["SY02", "SY07"], "currency": "USD", "most_payment_minor": "20000", "most_open_minor": "10",
        "commission_basis_points": "150", "commission_fixed_minor": "0",
    }  # fmt: skip
    wrong = officer.post(page("provider_new"), terms | {"name": "محفظة", "channel": "bank"})
    assert set(wrong.context["form"].errors) == {"name", "channel", "most_open_minor"}
    assert officer.post(page("provider_new"), terms | {"most_open_minor": "30000"}).status_code == 302
    provider = PaymentProvider.objects.get()
    assert officer.get(page("provider_approve", provider.pk)).status_code == 403
    search = {"outcome": "clear", "lists": "UN, EU, UK, OFAC", "note": ""}
    assert officer.post(page("provider_screen", provider.pk), search).status_code == 302
    assert manager.post(page("provider_approve", provider.pk)).status_code == 302
    assert "1.5" in manager.get(page("provider_detail", provider.pk)).content.decode()
    assert provider.name_ar in manager.get(page("provider_list")).content.decode()
    tranche = money.approved_tranche(tier="L", amount_minor=12_500_00)
    assert provider.name_ar in officer.get(page("payment_prepare", tranche.pk)).content.decode()
    assert officer.post(page("payment_prepare", tranche.pk), {"provider": "x"}).status_code == 200
    assert officer.post(page("payment_prepare", tranche.pk), {"provider": provider.pk}).status_code == 302
    payment = Payment.objects.get()
    assert payment.provider == provider
    partner = visitor(made.signatory(tranche.grant))
    assert provider.name_ar in partner.get(page("payment_detail", payment.pk)).content.decode()
    assert partner.get(page("provider_detail", provider.pk)).status_code == 403
    assert manager.post(page("provider_suspend", provider.pk), {"reason": "مراجعة"}).status_code == 302
    assert manager.post(page("provider_resume", provider.pk), {"reason": "انتهت"}).status_code == 302
    assert manager.post(page("provider_retire", provider.pk), {"reason": "انتهى العقد"}).status_code == 302
    assert manager.get(page("provider_suspend", provider.pk)).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_provider_never_holds_more_than_it_may_at_once() -> None:
    confirmed_contribution(amount_minor=1_000_00)
    provider = money.approved_provider(most_payment_minor=AMOUNT, most_open_minor=AMOUNT + 1)
    waiting = [carried(provider), carried(provider)]

    def send(payment: Payment) -> str:
        money.sent_payment(payment)
        return "sent"

    outcomes = ends([lambda one=one: send(one) for one in waiting])  # type: ignore[misc]
    assert outcomes.count("sent") == 1
    assert held_by(provider).minor == AMOUNT
    with pytest.raises(Refused):
        send(Payment.objects.get(state="prepared"))
    assert list(fsck.findings()) == []
