"""Reading the rate of a payment in another currency."""

from typing import Any

from django.db.models import QuerySet

from disbursements.conversions import shared_minor
from disbursements.models import Conversion, Payment
from disbursements.states import ConversionState
from grants.selectors.grants import rules_of


def conversions_of(payment: Payment) -> QuerySet[Conversion]:
    """The rate of a payment in another currency, as long as it is not taken back; none or one."""
    found = Conversion.objects.filter(payment=payment).exclude(state=ConversionState.WITHDRAWN)
    return found.select_related("reference", "recorded_by", "confirmed_by", "payment__tranche__grant__organisation")


def conversion_shown(payment: Payment) -> dict[str, Any]:
    """The rate of a payment for its page, and what the fund bears of the partner's loss (negative: takes of its gain) by the charter."""
    found = conversions_of(payment).first()
    if found is None:
        return {"conversion": None}
    rules = rules_of(payment.tranche.grant).exchange
    share = shared_minor(
        payment.amount_minor, found.gaps.to_contract,
        up_to_percent=rules.stays_with_project_up_to_percent, share_percent=rules.fund_share_above_percent,
    )  # fmt: skip
    return {"conversion": found, "share": share}
