"""Writes of organisations; each records its event through the one door."""

from organisations.services.bank import forget_numbers, record_bank_account, retire_bank_account, verify_bank_account
from organisations.services.carrying import ask_for_signature, take
from organisations.services.decisions import (
    decide_eligible,
    find_ineligible,
    record_assessment,
    reinstate,
    suspend,
)
from organisations.services.due_diligence import clear_due_diligence, return_due_diligence, submit_due_diligence
from organisations.services.importing import end_trust, import_passport, trust_fund
from organisations.services.listing import consent_to_register, withdraw_from_register
from organisations.services.partnerships import end_partnership, record_partnership
from organisations.services.passport import accept_item, give_item, judge_item, remind_of_ends, return_item, waive_item
from organisations.services.people import add_invited_person, invite_person, remove_person, withdraw_invitation
from organisations.services.profile import NameTaken, add_proof, change_profile, register

__all__ = [
    "NameTaken",
    "accept_item",
    "add_invited_person",
    "add_proof",
    "ask_for_signature",
    "change_profile",
    "clear_due_diligence",
    "consent_to_register",
    "decide_eligible",
    "end_partnership",
    "end_trust",
    "find_ineligible",
    "forget_numbers",
    "give_item",
    "import_passport",
    "invite_person",
    "judge_item",
    "record_assessment",
    "record_bank_account",
    "record_partnership",
    "register",
    "reinstate",
    "remind_of_ends",
    "remove_person",
    "retire_bank_account",
    "return_due_diligence",
    "return_item",
    "submit_due_diligence",
    "suspend",
    "take",
    "trust_fund",
    "verify_bank_account",
    "waive_item",
    "withdraw_from_register",
    "withdraw_invitation",
]
