"""The money that a partner holds, and what exactly it asks for."""

import hashlib
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.db.models import Sum

from disbursements.models import DisbursementRequest, Payment, Tranche
from disbursements.states import PaymentState
from grants.models import Grant, Report
from grants.states import ReportState
from kernel import identity


@dataclass(frozen=True, slots=True)
class Position:
    """A partner's money in one grant, in minor units: what arrived, what accepted reports say was spent."""

    received_minor: int
    spent_minor: int

    @property
    def unspent_minor(self) -> int:
        """What arrived and is not reported as spent; 0 when the partner spent ahead."""
        return max(self.received_minor - self.spent_minor, 0)


def position(grant: Grant) -> Position:
    """What the partner received and spent so far: payments confirmed, reports accepted."""
    received = Payment.objects.filter(tranche__grant=grant, state=PaymentState.CONFIRMED).aggregate(
        total=Sum("amount_minor")
    )["total"]
    spent = Report.objects.filter(grant=grant, state=ReportState.ACCEPTED).aggregate(total=Sum("spent_minor"))["total"]
    return Position(received or 0, spent or 0)


def current_request(tranche: Tranche) -> DisbursementRequest:
    """The request of the current round; raises `DisbursementRequest.DoesNotExist` before the first.

    Read for the fund itself: what is approved binds the account also where the approver does not see it.
    """
    with identity.system("disbursements.payload"):
        return tranche.requests.select_related("bank_account").get(round=tranche.request_round)


def payload_hash(tranche: Tranche, request: DisbursementRequest) -> str:
    """SHA-256 over RFC 8785 JSON of exactly what is asked for: any later change voids the approvals."""
    content: dict[str, Any] = {
        "tranche": str(tranche.pk),
        "round": request.round,
        "amount_minor": tranche.amount_minor,
        "currency": tranche.currency,
        "account": request.bank_account.fingerprint,
        "received_minor": request.received_minor,
        "spent_minor": request.spent_minor,
        "cash_on_hand_minor": request.cash_on_hand_minor,
        "outstanding_advances_minor": request.outstanding_advances_minor,
        "forecast_minor": request.forecast_minor,
        "note": request.note,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
