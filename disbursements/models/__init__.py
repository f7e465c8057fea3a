"""Tranches of grants, their payments and refunds; payment runs for the bank."""

from disbursements.models.runs import FundAccount, PaymentRun, PaymentRunLine
from disbursements.models.tranches import Approval, ConditionWaiver, DisbursementRequest, Payment, Refund, Tranche

__all__ = [
    "Approval",
    "ConditionWaiver",
    "DisbursementRequest",
    "FundAccount",
    "Payment",
    "PaymentRun",
    "PaymentRunLine",
    "Refund",
    "Tranche",
]
