"""Tranches of grants, their payments and refunds; files for the bank, and what the bank says back."""

from disbursements.models.channels import PaymentProvider, ProviderScreening
from disbursements.models.conversions import Conversion
from disbursements.models.runs import FundAccount, PaymentRun, PaymentRunLine
from disbursements.models.statements import BankStatement, LineDecision, StatementLine
from disbursements.models.tranches import Approval, ConditionWaiver, DisbursementRequest, Payment, Refund, Tranche
from disbursements.models.vouchers import Voucher, VoucherTry

__all__ = [
    "Approval",
    "BankStatement",
    "ConditionWaiver",
    "Conversion",
    "DisbursementRequest",
    "FundAccount",
    "LineDecision",
    "Payment",
    "PaymentProvider",
    "PaymentRun",
    "PaymentRunLine",
    "ProviderScreening",
    "Refund",
    "StatementLine",
    "Tranche",
    "Voucher",
    "VoucherTry",
]
