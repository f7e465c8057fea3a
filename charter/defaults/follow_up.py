"""The default rules of changes, reports and what is published of grants (domain specification §3.8, §4.4, §6.2)."""

from charter.defaults.units import THOUSAND
from charter.schema import ChangeRules, OverdueSteps, PublicationRules, ReportRules


def default_changes() -> ChangeRules:
    """What a partner changes alone, what it tells, what it asks for."""
    return ChangeRules(
        notify_up_to_percent=15,
        approval_up_to_percent=20,
        staff_change_percent=10,
        cost_extension_most_percent=30,
        no_cost_extension_calendar_days_before_end=14,
        no_cost_extension_simple_months=6,
        reprogramming_above_percent=25,
    )


def default_reports() -> ReportRules:
    """When the final reports are due, light reporting, and what happens when a report is late."""
    return ReportRules(
        final_narrative_months=2,
        final_financial_months=2,
        returns=2,
        light_up_to_minor=20 * THOUSAND,
        light_most_pages=2,
        overdue_calendar_days=OverdueSteps(
            notice=1, signatory=7, tranche_hold=14, tier_review=30, suspension_proposal=60
        ),
    )


def default_publication() -> PublicationRules:
    """How grants are told openly, pooled or withheld."""
    return PublicationRules(
        least_partners=3,
        least_candidates=3,
        delay_days=30,
        band_edges_minor=tuple(edge * THOUSAND for edge in (10, 25, 50, 100, 250, 500)),
        least_uncertainty_percent=20,
        sectors_withheld=("gbv", "protection"),
        review_months=6,
        people_rounded_to=10,
        least_people=10,
        kept_versions=30,
    )
