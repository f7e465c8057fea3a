"""Calls, applications, grants and reports."""

from grants.models.applications import (
    Answer,
    Application,
    ApplicationPartner,
    ApplicationUserObjectPermission,
    BudgetLine,
    EligibilityAnswer,
    Feedback,
    SectionSave,
)
from grants.models.asking import CallQuestion
from grants.models.calls import (
    Call,
    CallDocument,
    Criterion,
    EligibilityQuestion,
    Envelope,
    PlannedSource,
    Question,
    Section,
)
from grants.models.conditions import AwardCondition, ConditionEvidence
from grants.models.grants import Grant, GrantFunding
from grants.models.letters import Letter
from grants.models.pulse import Pulse
from grants.models.reports import Report, ReportLine

__all__ = [
    "Answer",
    "Application",
    "ApplicationPartner",
    "ApplicationUserObjectPermission",
    "AwardCondition",
    "BudgetLine",
    "Call",
    "CallDocument",
    "CallQuestion",
    "ConditionEvidence",
    "Criterion",
    "EligibilityAnswer",
    "EligibilityQuestion",
    "Envelope",
    "Feedback",
    "Grant",
    "GrantFunding",
    "Letter",
    "PlannedSource",
    "Pulse",
    "Question",
    "Report",
    "ReportLine",
    "Section",
    "SectionSave",
]
