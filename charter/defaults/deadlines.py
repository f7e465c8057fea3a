"""The default deadlines (domain specification §3, §4.7), in working days unless their names say otherwise."""

from typing import Final

from charter.schema import Deadlines

_CALLS: Final = {
    "board_approval_days": 5,
    "published_before_open_days": 3,
    "call_open_days": 20,
    "concept_open_days": 15,
    "outage_extension_least_hours": 24,
    "outage_least_hours": 2,
    "outage_window_hours": 48,
    "call_report_days": 10,
    "question_days_before_close": 3,
    "question_answer_days": 2,
}
_RAPID: Final = {
    "rapid_answer_hours": 24,
    "rapid_open_hours": 24,
    "rapid_decision_hours": 24,
    "rapid_total_hours": 72,
    "rapid_payment_hours": 24,
    "rapid_reminder_hours": 4,
    "rapid_alternate_hours": 8,
    "rapid_screening_hours": 4,
    "rapid_declaration_hours": 2,
    "rapid_scoring_hours": 10,
}
_ORGANISATIONS: Final = {
    "due_diligence_days": 10,
    "due_diligence_return_days": 10,
    "capacity_desk_days": 15,
    "capacity_visit_extra_days": 10,
    "passport_days": 5,
    "tier_decision_days": 3,
    "tier_contest_days": 10,
}
_APPLICATIONS: Final = {
    "concept_days": 5,
    "concept_feedback_days": 3,
    "screening_days": 3,
    "completion_days": 3,
    "technical_days": 5,
    "conflict_declaration_days": 1,
    "scoring_days": 5,
    "scoring_alternate_days": 2,
    "meeting_days": 3,
    "meeting_reconvene_days": 2,
    "minutes_days": 2,
    "process_check_days": 2,
    "feedback_days": 5,
    "conditions_days": 5,
    "hearing_days": 5,
    "donor_objection_days": 3,
}
_APPEALS: Final = {
    "appeal_lodge_days": 10,
    "appeal_admissibility_days": 3,
    "appeal_decision_days": 10,
}
_AWARDS: Final = {
    "offer_days": 2,
    "offer_answer_days": 10,
    "offer_reminder_days": 5,
    "agreement_draft_days": 5,
    "agreement_guard_days": 1,
    "partner_signature_days": 5,
    "fund_signature_days": 2,
}
_MONEY: Final = {
    "first_payment_days": 5,
    "request_review_days": 5,
    "request_return_days": 5,
    "approval_days": 2,
    "instruction_days": 1,
    "receipt_confirmation_days": 5,
    "failed_payment_days": 3,
    "refund_response_days": 10,
}
_FOLLOW_UP: Final = {
    "report_review_days": 10,
    "report_return_days": 5,
    "revision_days": 5,
    "bank_change_days": 2,
    "findings_comment_days": 5,
    "management_response_days": 10,
    "suspension_answer_days": 10,
    "closure_target_calendar_days": 120,
}
_COMPLAINTS: Final = {
    "complaint_acknowledgement_days": 2,
    "complaint_triage_days": 3,
    "complaint_answer_days": 15,
    "urgent_complaint_hours": 24,
}


def default_deadlines() -> Deadlines:
    """How long each step may take."""
    return Deadlines(
        **_CALLS,
        **_RAPID,
        **_ORGANISATIONS,
        **_APPLICATIONS,
        **_APPEALS,
        **_AWARDS,
        **_MONEY,
        **_FOLLOW_UP,
        **_COMPLAINTS,
        complaint_follow_up_months=(3, 6),
    )
