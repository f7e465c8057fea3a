"""The rules that a new fund starts with (domain specification §4): a proposal, in force once the networks ratify it.

Every number here may be changed by a later version of the charter; none of them stands anywhere else in the code.
"""

from charter.defaults.capacity import default_capacity
from charter.defaults.committees import default_committee, default_scoring
from charter.defaults.deadlines import default_deadlines
from charter.defaults.follow_up import default_changes, default_publication, default_reports
from charter.defaults.grants import default_budget, default_grant_types, default_organisations
from charter.defaults.money import default_payments, default_reserves
from charter.defaults.passport import default_passport
from charter.defaults.tiers import default_tiers
from charter.defaults.units import CENTS
from charter.schema import (
    AppealRules,
    ApplicationRules,
    CharterRules,
    ExchangeRules,
    Fraction,
    RatificationRules,
    RefundRules,
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
        capacity=default_capacity(),
        grant_types=default_grant_types(),
        applications=ApplicationRules(
            returns_for_completion=1, condition_rounds=2, deleted_draft_kept_calendar_days=90
        ),
        budget=default_budget(),
        changes=default_changes(),
        reports=default_reports(),
        payments=default_payments(),
        refunds=RefundRules(waived_below_minor=50 * CENTS, due_calendar_days=30),
        exchange=ExchangeRules(stays_with_project_up_to_percent=5, fund_share_above_percent=50),
        reserves=default_reserves(),
        appeals=AppealRules(
            panel_members=3, held_envelope_percent=5, replaced_members=Fraction(numerator=2, denominator=5)
        ),
        publication=default_publication(),
        deadlines=default_deadlines(),
        passport=default_passport(),
    )


__all__ = ["default_rules"]
