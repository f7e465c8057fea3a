"""Organisations that apply, their people, proofs, assessments and bank accounts; lists of sanctions and who is found on them."""

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
    "PASSPORT_TEXT_LENGTH",
    "BankAccount",
    "CapacityAssessment",
    "HitJudgement",
    "ListedEntry",
    "Listing",
    "Organisation",
    "OrganisationScreening",
    "Partnership",
    "PassportAnswer",
    "PassportImport",
    "PassportItem",
    "PassportKey",
    "Person",
    "RegistrationProof",
    "SanctionsList",
    "ScreeningHit",
    "SignedPassport",
    "TrustedFund",
]
