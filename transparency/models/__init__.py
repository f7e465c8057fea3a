"""What the public is told, of this fund and of others before it."""

from transparency.models.alerts import DonorAlerts
from transparency.models.consent import NameConsent
from transparency.models.editions import DashboardChart, DashboardEdition, FundChart, FundEdition
from transparency.models.history import (
    AllocationSource,
    HistoryAllocation,
    HistoryContribution,
    HistoryFile,
    HistoryImport,
    HistoryLocation,
    HistoryProblem,
    HistoryProject,
    HistoryResult,
    HistoryRow,
    PartnerKind,
)
from transparency.models.papers import PublicPaper
from transparency.models.release import OpenDataFile, ReleaseBatch, ReleasedGrant, ReleasedPool
from transparency.models.safety import SafetyReview
from transparency.models.search import FoundKind, SearchRow
from transparency.models.tokens import DonorToken
from transparency.models.withholding import Withholding

__all__ = [
    "AllocationSource",
    "DashboardChart",
    "DashboardEdition",
    "DonorAlerts",
    "DonorToken",
    "FoundKind",
    "FundChart",
    "FundEdition",
    "HistoryAllocation",
    "HistoryContribution",
    "HistoryFile",
    "HistoryImport",
    "HistoryLocation",
    "HistoryProblem",
    "HistoryProject",
    "HistoryResult",
    "HistoryRow",
    "NameConsent",
    "OpenDataFile",
    "PartnerKind",
    "PublicPaper",
    "ReleaseBatch",
    "ReleasedGrant",
    "ReleasedPool",
    "SafetyReview",
    "SearchRow",
    "Withholding",
]
