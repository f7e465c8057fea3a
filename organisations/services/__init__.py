"""Writes of organisations; each records its event through the one door."""

from organisations.services.bank import forget_numbers, record_bank_account, retire_bank_account, verify_bank_account
from organisations.services.bank_changes import agree as agree_to_bank_change
from organisations.services.bank_changes import call_back, refuse_change, withdraw_change
from organisations.services.capacity import (
    OwnAnswer,
    agree_improvement,
    answer_section,
    as_uuid,
    give_outside,
    judge_improvement,
    read_outside,
    recognise_outside,
    refuse_outside,
    review_capacity,
    show_improvement,
)
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
from organisations.services.tiers import change_tier, contest, dismiss_contest, take_performance, uphold_contest

__all__ = [
    "NameTaken",
    "OwnAnswer",
    "accept_item",
    "add_invited_person",
    "add_proof",
    "agree_improvement",
    "agree_to_bank_change",
    "answer_section",
    "as_uuid",
    "ask_for_signature",
    "call_back",
    "change_profile",
    "change_tier",
    "clear_due_diligence",
    "consent_to_register",
    "contest",
    "decide_eligible",
    "dismiss_contest",
    "end_partnership",
    "end_trust",
    "find_ineligible",
    "forget_numbers",
    "give_item",
    "give_outside",
    "import_passport",
    "invite_person",
    "judge_improvement",
    "judge_item",
    "read_outside",
    "recognise_outside",
    "record_assessment",
    "record_bank_account",
    "record_partnership",
    "refuse_change",
    "refuse_outside",
    "register",
    "reinstate",
    "remind_of_ends",
    "remove_person",
    "retire_bank_account",
    "return_due_diligence",
    "return_item",
    "review_capacity",
    "show_improvement",
    "submit_due_diligence",
    "suspend",
    "take",
    "take_performance",
    "trust_fund",
    "uphold_contest",
    "verify_bank_account",
    "waive_item",
    "withdraw_change",
    "withdraw_from_register",
    "withdraw_invitation",
]
