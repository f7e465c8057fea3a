"""The default risk tiers (domain specification §4.1 d)."""

from charter.defaults.units import THOUSAND, words
from charter.schema import AuditSelection, Demotion, Frequency, Promotion, Reporting, TierCode, TierRules


def _entry_tier() -> TierRules:
    return TierRules(
        name=words("مستوى الدخول", "Entry", "Destpêk"),
        score_from=None,
        score_to=None,
        yearly_ceiling_minor=15 * THOUSAND,
        total_ceiling_minor=30 * THOUSAND,
        longest_months=24,
        last_year_spend_percent=None,
        splits={"12": (70, 30), "24": (40, 30, 20, 10)},
        retention_percent=0,
        reporting=Reporting(
            narrative_every_months=None,
            narrative_most_pages=2,
            mid_term_call=True,
            financial="receipts_summary",
            financial_most_per_year=None,
        ),
        visits=Frequency(times=1, per="year"),
        spot_checks=Frequency(times=0, per="year"),
        audit=AuditSelection(always_above_minor=30 * THOUSAND, one_in=None, sample_percent=0, host_audited=True),
        overhead_percent=10,
        promotion=Promotion(to="H", index_from=None, closed_grants=1),
        demotion=None,
    )


def _high_tier() -> TierRules:
    return TierRules(
        name=words("مخاطر مرتفعة", "High risk", "Metirsiya bilind"),
        score_from=40,
        score_to=59,
        yearly_ceiling_minor=60 * THOUSAND,
        total_ceiling_minor=120 * THOUSAND,
        longest_months=24,
        last_year_spend_percent=100,
        splits={"12": (50, 30, 20), "24": (30, 25, 25, 20)},
        retention_percent=10,
        reporting=Reporting(
            narrative_every_months=3,
            narrative_most_pages=1,
            mid_term_call=False,
            financial="per_tranche",
            financial_most_per_year=None,
        ),
        visits=Frequency(times=2, per="year"),
        spot_checks=Frequency(times=2, per="year"),
        audit=AuditSelection(always_above_minor=50 * THOUSAND, one_in=None, sample_percent=0, host_audited=False),
        overhead_percent=10,
        promotion=Promotion(to="M", index_from=60, closed_grants=1),
        demotion=Demotion(to="on_hold", index_below=40),
    )


def _medium_tier() -> TierRules:
    return TierRules(
        name=words("مخاطر متوسطة", "Medium risk", "Metirsiya navîn"),
        score_from=60,
        score_to=79,
        yearly_ceiling_minor=150 * THOUSAND,
        total_ceiling_minor=450 * THOUSAND,
        longest_months=36,
        last_year_spend_percent=150,
        splits={"12": (60, 40), "24": (35, 30, 35), "36": (25, 20, 20, 20, 15)},
        retention_percent=5,
        reporting=Reporting(
            narrative_every_months=6,
            narrative_most_pages=None,
            mid_term_call=False,
            financial="per_tranche",
            financial_most_per_year=None,
        ),
        visits=Frequency(times=1, per="year"),
        spot_checks=Frequency(times=1, per="year"),
        audit=AuditSelection(always_above_minor=100 * THOUSAND, one_in=2, sample_percent=0, host_audited=False),
        overhead_percent=10,
        promotion=Promotion(to="L", index_from=80, closed_grants=2),
        demotion=Demotion(to="H", index_below=55),
    )


def _low_tier() -> TierRules:
    return TierRules(
        name=words("مخاطر منخفضة", "Low risk", "Metirsiya nizm"),
        score_from=80,
        score_to=100,
        yearly_ceiling_minor=250 * THOUSAND,
        total_ceiling_minor=750 * THOUSAND,
        longest_months=36,
        last_year_spend_percent=200,
        splits={"12": (80, 20), "24": (50, 50), "36": (35, 35, 30)},
        retention_percent=0,
        reporting=Reporting(
            narrative_every_months=12,
            narrative_most_pages=None,
            mid_term_call=False,
            financial="per_tranche",
            financial_most_per_year=2,
        ),
        visits=Frequency(times=1, per="grant"),
        spot_checks=Frequency(times=1, per="grant"),
        audit=AuditSelection(always_above_minor=250 * THOUSAND, one_in=None, sample_percent=25, host_audited=False),
        overhead_percent=10,
        promotion=None,
        demotion=Demotion(to="M", index_below=75),
    )


def default_tiers() -> dict[TierCode, TierRules]:
    """Entry, high, medium and low risk."""
    return {"E": _entry_tier(), "H": _high_tier(), "M": _medium_tier(), "L": _low_tier()}
