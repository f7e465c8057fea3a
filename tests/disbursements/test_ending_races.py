"""Acts that meet an ending grant: whoever comes first wins, and the other is refused."""

import pytest
from django.utils import timezone

from audit import fsck
from disbursements.services import payments
from disbursements.states import PaymentState, TrancheState
from grants.services import closure
from kernel.permissions import Refused
from tests.factories import awards, files
from tests.factories import disbursements as made
from tests.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_end_of_a_grant_never_takes_back_a_payment_that_was_sent() -> None:
    """Whoever comes first wins: sent and still on its way, or stopped before it was sent."""
    payment = made.prepared_payment()
    grant, checker, board = payment.tranche.grant, awards.finance_officers()[1], awards.board_member()

    def send() -> None:
        payments.send_payment(
            payment, slip=files.pdf(), bank_reference="TRX-9", sent_on=timezone.localdate(), actor=checker
        )

    sent, _ended = together([send, lambda: closure.terminate(grant, actor=board, reason="توقف العمل")], Refused)
    payment.refresh_from_db()
    expected = PaymentState.FAILED if isinstance(sent, Refused) else PaymentState.SENT
    assert payment.state == expected
    assert list(fsck.findings()) == []


def test_a_payment_is_not_prepared_while_its_grant_ends() -> None:
    tranche = made.approved_tranche()
    maker, board = awards.finance_officers()[0], awards.board_member()
    acts = [
        lambda: payments.prepare_payment(tranche, actor=maker),
        lambda: closure.terminate(tranche.grant, actor=board, reason="توقف العمل"),
    ]
    _prepared, ended = together(acts, Refused)
    assert not isinstance(ended, Refused), ended
    tranche.refresh_from_db()
    assert tranche.state == TrancheState.CANCELLED
    assert not tranche.payments.filter(state=PaymentState.PREPARED).exists()
    assert list(fsck.findings()) == []
