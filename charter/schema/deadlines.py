"""The deadlines in one place (domain specification §3, §4.7).

``…_days`` are working days; ``…_calendar_days``, ``…_hours`` and ``…_months`` say what they are.
"""

from typing import Self

from pydantic import model_validator

from charter.schema.base import Count, Rules


class Deadlines(Rules):
    """How long each step may take."""

    # calls
    board_approval_days: Count
    published_before_open_days: Count
    call_open_days: Count
    concept_open_days: Count
    outage_extension_least_hours: Count
    outage_least_hours: Count
    """An outage longer than this …"""
    outage_window_hours: Count
    """… in so many hours before a closing puts it off by as long, at least by the hours above."""
    call_report_days: Count
    question_days_before_close: Count
    """Questions about a call are taken until so many working days before it closes."""
    question_answer_days: Count
    # the rapid window: from an alert to the answer of the panel on call, to proposals, to the selection, to the payment
    rapid_answer_hours: Count
    rapid_open_hours: Count
    rapid_decision_hours: Count
    rapid_total_hours: Count
    rapid_payment_hours: Count
    # inside it
    rapid_reminder_hours: Count
    """A member on call who is silent is reminded after these hours …"""
    rapid_alternate_hours: Count
    """… and another is called in the place after these."""
    rapid_screening_hours: Count
    rapid_declaration_hours: Count
    rapid_scoring_hours: Count
    # organisations
    due_diligence_days: Count
    due_diligence_return_days: Count
    capacity_desk_days: Count
    capacity_visit_extra_days: Count
    passport_days: Count
    tier_decision_days: Count
    tier_contest_days: Count
    # applications
    concept_days: Count
    concept_feedback_days: Count
    screening_days: Count
    completion_days: Count
    technical_days: Count
    conflict_declaration_days: Count
    scoring_days: Count
    scoring_alternate_days: Count
    meeting_days: Count
    meeting_reconvene_days: Count
    minutes_days: Count
    process_check_days: Count
    feedback_days: Count
    conditions_days: Count
    hearing_days: Count
    donor_objection_days: Count
    # appeals
    appeal_lodge_days: Count
    appeal_admissibility_days: Count
    appeal_decision_days: Count
    # awards
    offer_days: Count
    offer_answer_days: Count
    offer_reminder_days: Count
    agreement_draft_days: Count
    agreement_guard_days: Count
    partner_signature_days: Count
    fund_signature_days: Count
    # money
    first_payment_days: Count
    request_review_days: Count
    request_return_days: Count
    approval_days: Count
    instruction_days: Count
    receipt_confirmation_days: Count
    failed_payment_days: Count
    refund_response_days: Count
    # reports, visits, changes
    report_review_days: Count
    report_return_days: Count
    revision_days: Count
    bank_change_days: Count
    findings_comment_days: Count
    management_response_days: Count
    suspension_answer_days: Count
    closure_target_calendar_days: Count
    # complaints
    complaint_acknowledgement_days: Count
    complaint_triage_days: Count
    complaint_answer_days: Count
    urgent_complaint_hours: Count
    complaint_follow_up_months: tuple[Count, ...]
    """Months after the answer to a restricted complaint when whoever complained is asked about revenge."""

    @model_validator(mode="after")
    def _rapid(self) -> Self:
        if self.rapid_answer_hours + self.rapid_open_hours + self.rapid_decision_hours > self.rapid_total_hours:
            raise ValueError("the stages of the rapid window together last no longer than the whole of it")
        if (
            self.rapid_screening_hours + self.rapid_declaration_hours + self.rapid_scoring_hours
            > self.rapid_decision_hours
        ):
            raise ValueError("screening, declarations and scores of the rapid window fit into its decision")
        if not self.rapid_reminder_hours <= self.rapid_alternate_hours <= self.rapid_answer_hours:
            raise ValueError("who is silent on call is reminded, then replaced, before the answer is due")
        return self
