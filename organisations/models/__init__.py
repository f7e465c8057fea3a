"""Organisations that apply, their people, proofs, assessments and bank accounts; lists of sanctions and who is found on them."""

from organisations.models.profile import (
    PASSPORT_TEXT_LENGTH,
    BankAccount,
    CapacityAssessment,
    Organisation,
    Partnership,
    PassportAnswer,
    PassportItem,
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
    "PASSPORT_TEXT_LENGTH",
    "BankAccount",
    "CapacityAssessment",
    "HitJudgement",
    "ListedEntry",
    "Organisation",
    "OrganisationScreening",
    "Partnership",
    "PassportAnswer",
    "PassportItem",
    "Person",
    "RegistrationProof",
    "SanctionsList",
    "ScreeningHit",
]
