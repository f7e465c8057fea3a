"""Nothing is paid to an account while its change is being checked, nor to a new one before its pause is over."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from disbursements import reactions
from disbursements.rules import is_payable
from kernel.permissions import Allowed, Refused
from organisations import services
from organisations.states import BankWarning
from tests.factories import awards, disbursements
from tests.factories import organisations as made

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def test_an_open_change_holds_what_is_prepared_and_a_refusal_lets_it_go() -> None:
    payment = disbursements.prepared_payment(tier="L")
    grant = payment.tranche.grant
    change = made.bank_change(grant.organisation)
    assert BankWarning.LAST_MINUTE in change.warnings
    assert not is_payable(payment.bank_account, grant)
    with pytest.raises(Refused, match="تنتظر الدفعات"):
        disbursements.sent_payment(payment)
    services.refuse_change(change, reason="لا جواب", actor=awards.manager())
    assert disbursements.sent_payment(payment).state == "sent"


def test_after_the_change_neither_the_old_account_nor_the_new_one_is_paid_yet() -> None:
    payment = disbursements.prepared_payment(tier="L")
    grant = payment.tranche.grant
    made.agreed(made.called_back(made.bank_change(grant.organisation)))
    for account in grant.organisation.bank_accounts.all():
        assert not is_payable(account, grant)
    with pytest.raises(Refused):
        disbursements.sent_payment(payment)


@pytest.mark.parametrize("approved", [False, True])
def test_the_database_holds_it_too(approved: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = disbursements.prepared_payment(tier="L")
    change = made.bank_change(payment.tranche.grant.organisation)
    if approved:
        made.agreed(made.called_back(change))
    why = "nothing may be paid" if approved else "being checked"
    monkeypatch.setattr("disbursements.rules.tranches.is_payable", lambda _account, _grant: Allowed())
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        disbursements.sent_payment(payment)


def test_money_is_near_only_while_tranches_wait() -> None:
    grant = awards.active_grant(tier="L")
    assert reactions.pays_soon(grant.organisation, timezone.localdate() + timedelta(days=14))
    assert not reactions.pays_soon(made.eligible_organisation("E"), timezone.localdate())
