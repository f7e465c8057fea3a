"""Organisations that apply, their people, proofs, assessments and bank accounts; lists of sanctions and who is found on them."""

from organisations.models.banking import BankChange, BankChangeAgreement
from organisations.models.capacity import (
    CAPACITY_TEXT_LENGTH,
    CapacityAnswer,
    CapacityContest,
    Improvement,
    ImprovementShowing,
    OutsideAssessment,
    PerformanceRecord,
)
from organisations.models.carried import PassportImport, PassportKey, SignedPassport, TrustedFund
from organisations.models.listing import Listing
from organisations.models.passport import PASSPORT_TEXT_LENGTH, PassportAnswer, PassportItem
from organisations.models.profile import (
    BankAccount,
    CapacityAssessment,
    Organisation,
    Partnership,
    Person,
    RegistrationProof,
)
from organisations.models.screening import (
    HitJudgement,
    ListedEntry,
    OrganisationScreening,
    SanctionsList,
    ScreeningHit,
)

__all__ = [
    "CAPACITY_TEXT_LENGTH",
    "PASSPORT_TEXT_LENGTH",
    "BankAccount",
    "BankChange",
    "BankChangeAgreement",
    "CapacityAnswer",
    "CapacityAssessment",
    "CapacityContest",
    "HitJudgement",
    "Improvement",
    "ImprovementShowing",
    "ListedEntry",
    "Listing",
    "Organisation",
    "OrganisationScreening",
    "OutsideAssessment",
    "Partnership",
    "PassportAnswer",
    "PassportImport",
    "PassportItem",
    "PassportKey",
    "PerformanceRecord",
    "Person",
    "RegistrationProof",
    "SanctionsList",
    "ScreeningHit",
    "SignedPassport",
    "TrustedFund",
]
