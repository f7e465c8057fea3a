"""The shape of the charter: frozen, validated rules as data. Plain Python without Django.

Amounts are minor units of the charter's currency, shares whole percent, deadlines working days unless named otherwise.
"""

from charter.schema.base import Fraction, Rules, Words
from charter.schema.capacity import (
    CapacityQuestionRules,
    CapacityRules,
    CapacitySectionKey,
    CapacitySectionRules,
)
from charter.schema.committees import (
    CommitteeRules,
    ConflictRules,
    ConstituencyRules,
    DecisionRules,
    InclusionTargets,
    QuorumRules,
    TermRules,
)
from charter.schema.deadlines import Deadlines
from charter.schema.grants import (
    ApplicationRules,
    BudgetRules,
    CategoryCode,
    ChangeRules,
    GrantType,
    GrantTypeKey,
    OrganisationRules,
    OverdueSteps,
    ReportRules,
    SizeBand,
)
from charter.schema.money import (
    AppealRules,
    ExchangeRules,
    ForecastRules,
    GivingRules,
    LogRules,
    PaymentRules,
    RatificationRules,
    RefundRules,
    ReserveRules,
    ZakatRules,
)
from charter.schema.passport import PassportItemRules, PassportRules
from charter.schema.publication import PublicationRules
from charter.schema.rules import TIER_ORDER, CharterRules, differences, flatten, problems
from charter.schema.scoring import (
    AssignmentRules,
    CalibrationRules,
    ConceptRules,
    Criterion,
    Portfolio,
    ScoringRules,
    TieBreak,
)
from charter.schema.tiers import (
    FIRST_TRANCHE_MOST_PERCENT,
    AuditSelection,
    Demotion,
    Frequency,
    Promotion,
    Reporting,
    TierCode,
    TierRules,
)

__all__ = [
    "FIRST_TRANCHE_MOST_PERCENT",
    "TIER_ORDER",
    "AppealRules",
    "ApplicationRules",
    "AssignmentRules",
    "AuditSelection",
    "BudgetRules",
    "CalibrationRules",
    "CapacityQuestionRules",
    "CapacityRules",
    "CapacitySectionKey",
    "CapacitySectionRules",
    "CategoryCode",
    "ChangeRules",
    "CharterRules",
    "CommitteeRules",
    "ConceptRules",
    "ConflictRules",
    "ConstituencyRules",
    "Criterion",
    "Deadlines",
    "DecisionRules",
    "Demotion",
    "ExchangeRules",
    "ForecastRules",
    "Fraction",
    "Frequency",
    "GivingRules",
    "GrantType",
    "GrantTypeKey",
    "InclusionTargets",
    "LogRules",
    "OrganisationRules",
    "OverdueSteps",
    "PassportItemRules",
    "PassportRules",
    "PaymentRules",
    "Portfolio",
    "Promotion",
    "PublicationRules",
    "QuorumRules",
    "RatificationRules",
    "RefundRules",
    "ReportRules",
    "Reporting",
    "ReserveRules",
    "Rules",
    "ScoringRules",
    "SizeBand",
    "TermRules",
    "TieBreak",
    "TierCode",
    "TierRules",
    "Words",
    "ZakatRules",
    "differences",
    "flatten",
    "problems",
]
