"""Calls, applications, grants and reports."""

from grants.models.applications import (
    Answer,
    Application,
    ApplicationUserObjectPermission,
    BudgetLine,
    EligibilityAnswer,
    Feedback,
    SectionSave,
)
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
from grants.models.grants import AwardCondition, Grant, GrantFunding
from grants.models.letters import Letter
from grants.models.reports import Report, ReportLine

__all__ = [
    "Answer",
    "Application",
    "ApplicationUserObjectPermission",
    "AwardCondition",
    "BudgetLine",
    "Call",
    "CallDocument",
    "Criterion",
    "EligibilityAnswer",
    "EligibilityQuestion",
    "Envelope",
    "Feedback",
    "Grant",
    "GrantFunding",
    "Letter",
    "PlannedSource",
    "Question",
    "Report",
    "ReportLine",
    "Section",
    "SectionSave",
]
