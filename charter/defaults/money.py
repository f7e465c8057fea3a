"""The default rules of payments and reserves (domain specification §3.7, §5.7)."""

from charter.defaults.units import THOUSAND
from charter.schema import PaymentRules, ReserveRules


def default_payments() -> PaymentRules:
    """When the next tranche falls due, who approves it, and how bank details change."""
    return PaymentRules(
        next_tranche_spent_percent=70,
        approvals=2,
        third_approval_above_minor=50 * THOUSAND,
        screening_oldest_hours=24,
        bank_details_approvers=2,
        bank_details_cooling_hours=48,
        in_transit_alarm_days=15,
    )


def default_reserves() -> ReserveRules:
    """What is kept back of the fund's money, and from which share of one donor an alarm is given."""
    return ReserveRules(
        reserve_from_percent=10,
        reserve_to_percent=15,
        loss_reserve_percent=2,
        running_costs_most_percent=10,
        donor_concentration_alarm_percent=50,
    )
