"""Calls, applications, grants and reports."""

from grants.models.applications import (
    Answer,
    Application,
    ApplicationUserObjectPermission,
    BudgetLine,
    EligibilityAnswer,
    SectionSave,
)
from grants.models.asking import CallQuestion
from grants.models.attachments import Attachment, Upload, UploadPiece
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
from grants.models.colleagues import PartComment
from grants.models.concepts import ConceptNote
from grants.models.conditions import AwardCondition, ConditionEvidence
from grants.models.erasures import FileErasure
from grants.models.feedback import Feedback
from grants.models.grants import Grant, GrantFunding
from grants.models.letters import Letter
from grants.models.logframe import ExpectedResult, Indicator
from grants.models.partners import ApplicationPartner
from grants.models.places import Place
from grants.models.pulse import Pulse
from grants.models.religious import ReligiousBasis
from grants.models.reports import Report, ReportLine, ReportSave
from grants.models.revisions import RevisedAmount, Revision, RevisionConsent

__all__ = [
    "Answer",
    "Application",
    "ApplicationPartner",
    "ApplicationUserObjectPermission",
    "Attachment",
    "AwardCondition",
    "BudgetLine",
    "Call",
    "CallDocument",
    "CallQuestion",
    "ConceptNote",
    "ConditionEvidence",
    "Criterion",
    "EligibilityAnswer",
    "EligibilityQuestion",
    "Envelope",
    "ExpectedResult",
    "Feedback",
    "FileErasure",
    "Grant",
    "GrantFunding",
    "Indicator",
    "Letter",
    "PartComment",
    "Place",
    "PlannedSource",
    "Pulse",
    "Question",
    "ReligiousBasis",
    "Report",
    "ReportLine",
    "ReportSave",
    "RevisedAmount",
    "Revision",
    "RevisionConsent",
    "Section",
    "SectionSave",
    "Upload",
    "UploadPiece",
]
