"""The money that a partner holds, and what exactly it asks for."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rfc8785
from django.db.models import QuerySet, Sum

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


def positions(grants: Iterable[UUID]) -> dict[UUID, Position]:
    """What partners received and spent so far, by grant: payments confirmed, reports accepted; two queries."""
    wanted = list(grants)
    received = _sums(
        Payment.objects.filter(tranche__grant__in=wanted, state=PaymentState.CONFIRMED),
        "tranche__grant",
        "amount_minor",
    )
    spent = _sums(Report.objects.filter(grant__in=wanted, state=ReportState.ACCEPTED), "grant", "spent_minor")
    return {pk: Position(received.get(pk, 0), spent.get(pk, 0)) for pk in wanted}


def _sums(rows: QuerySet[Any], by: str, of: str) -> dict[UUID, int]:
    return {row[by]: int(row["total"]) for row in rows.order_by().values(by).annotate(total=Sum(of))}


def position(grant: Grant) -> Position:
    """What the partner received and spent so far in one grant."""
    return positions([grant.pk])[grant.pk]


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
