"""The rules that a new fund starts with (domain specification §4): a proposal, in force once the networks ratify it.

Every number here may be changed by a later version of the charter; none of them stands anywhere else in the code.
"""

from charter.defaults.committees import default_committee, default_scoring
from charter.defaults.deadlines import default_deadlines
from charter.defaults.grants import default_budget, default_grant_types, default_organisations
from charter.defaults.passport import default_passport
from charter.defaults.tiers import default_tiers
from charter.defaults.units import CENTS, THOUSAND
from charter.schema import (
    AppealRules,
    ApplicationRules,
    ChangeRules,
    CharterRules,
    ExchangeRules,
    Fraction,
    OverdueSteps,
    PaymentRules,
    PublicationRules,
    RatificationRules,
    RefundRules,
    ReportRules,
    ReserveRules,
)


def default_rules() -> CharterRules:
    """The whole default charter, in US dollars."""
    return CharterRules(
        currency="USD",
        ratification=RatificationRules(share=Fraction(numerator=2, denominator=3), minimum=3),
        committee=default_committee(),
        scoring=default_scoring(),
        tiers=default_tiers(),
        organisations=default_organisations(),
        grant_types=default_grant_types(),
        applications=ApplicationRules(
            returns_for_completion=1, condition_rounds=2, deleted_draft_kept_calendar_days=90
        ),
        budget=default_budget(),
        changes=ChangeRules(
            notify_up_to_percent=15,
            approval_up_to_percent=20,
            staff_change_percent=10,
            cost_extension_most_percent=30,
            no_cost_extension_calendar_days_before_end=14,
            no_cost_extension_simple_months=6,
            reprogramming_above_percent=25,
        ),
        reports=ReportRules(
            final_narrative_months=2,
            final_financial_months=2,
            returns=2,
            light_up_to_minor=20 * THOUSAND,
            light_most_pages=2,
            overdue_calendar_days=OverdueSteps(
                notice=1, signatory=7, tranche_hold=14, tier_review=30, suspension_proposal=60
            ),
        ),
        payments=PaymentRules(
            next_tranche_spent_percent=70,
            approvals=2,
            third_approval_above_minor=50 * THOUSAND,
            screening_oldest_hours=24,
            bank_details_approvers=2,
            bank_details_cooling_hours=48,
            in_transit_alarm_days=15,
        ),
        refunds=RefundRules(waived_below_minor=50 * CENTS, due_calendar_days=30),
        exchange=ExchangeRules(stays_with_project_up_to_percent=5, fund_share_above_percent=50),
        reserves=ReserveRules(
            reserve_from_percent=10,
            reserve_to_percent=15,
            loss_reserve_percent=2,
            running_costs_most_percent=10,
            donor_concentration_alarm_percent=50,
        ),
        appeals=AppealRules(
            panel_members=3, held_envelope_percent=5, replaced_members=Fraction(numerator=2, denominator=5)
        ),
        publication=PublicationRules(
            least_partners=3,
            least_candidates=3,
            delay_days=30,
            band_edges_minor=tuple(edge * THOUSAND for edge in (10, 25, 50, 100, 250, 500)),
            least_uncertainty_percent=20,
            sectors_withheld=("gbv", "protection"),
            review_months=6,
        ),
        deadlines=default_deadlines(),
        passport=default_passport(),
    )


__all__ = ["default_rules"]
