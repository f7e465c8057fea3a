"""What changes money, membership, bank details or what the public reads is confirmed with a second factor.

What is not says here why."""

import re

import pytest

from audit import events
from poolfund import access

CONCERNS = re.compile(
    r"^(accounts|disbursements|funds)\.|^organisations\.(person|bank_account|bank_change)\.|^charter\.(network|mandate)\."
    r"|^committees\.(committee|seat)\.|^grants\.(call|envelope|funding|grant)\.|^transparency\."
)
"""Types of events that concern money, membership, bank details or publication."""
EXCUSED = {
    "accounts.invitation.accepted": "who invited has confirmed; who accepts has no factor yet",
    "accounts.invitation.withdrawn": "takes an offer back and gives nothing",
    "accounts.staff_session.closed": "gives a right up",
    "committees.committee.inclusion_missed": "a note to the board: the system",
    "committees.seat.suspended": "follows from a case that two people confirmed: the system",
    "committees.committee.formed": "an empty committee has no members",
    "disbursements.request.made": "asks; approvals, each confirmed, decide",
    "disbursements.tranche.requested": "asks; approvals, each confirmed, decide",
    "disbursements.tranche.returned": "sends a request back; nothing is paid",
    "disbursements.statement.taken": "a file to be read; each decision on its lines is confirmed",
    "disbursements.statement.read": "compares and moves nothing: the system",
    "disbursements.statement.refused": "compares and moves nothing: the system",
    "disbursements.tranche.planned": "follows from the agreement: the system",
    "disbursements.tranche.rescheduled": "follows from an extension whose approval is confirmed: the system",
    "grants.grant.extended": "follows from an approval or a signature, each confirmed: the system",
    "grants.grant.increased": "follows from signatures, each confirmed: the system",
    "disbursements.tranche.fell_due": "follows from the schedule: the system",
    "disbursements.tranche.paid": "follows from the payment: the system",
    "disbursements.tranche.received": "follows from the payment: the system",
    "disbursements.tranche.payment_failed": "follows from the payment: the system",
    "disbursements.voucher.blocked": "follows from wrong codes, each confirmed: the system",
    "disbursements.voucher.voided": "follows from a later voucher or the end of the payment: the system",
    "organisations.bank_change.approved": "follows from the last agreement, which is confirmed: the system",
    "funds.donor.added": "a name; money comes with contributions",
    "funds.donor.changed": "a name; money comes with contributions",
    "funds.pledge.fulfilled": "follows from contributions: the system",
    "funds.pledge.part_received": "follows from contributions: the system",
    "funds.pledge.expired": "its last day passed: the system",
    "funds.pledge.written_off": "follows from the write-off that two people confirmed: the system",
    "funds.gift.begun": "a giver without an account; nothing is paid yet",
    **dict.fromkeys(
        (
            "funds.gift.processing",
            "funds.gift.received",
            "funds.gift.failed",
            "funds.gift.expired",
            "funds.gift.refunded",
            "funds.gift.disputed",
            "funds.gift.lost",
            "funds.card_entry.booked",
            "funds.gift_refund.sent",
            "funds.gift_refund.failed",
            "funds.card_difference.found",
            "funds.certificate.issued",
        ),
        "follows from what Stripe's API shows: the system",
    ),
    "grants.call.cancelled": "an approved one gives money back, and the books ask for it then",
    "grants.call.closed": "its day came: the system",
    "grants.call.completed": "what is left of the money goes back, and the books ask for it then",
    "grants.call.decided": "follows from the last decision: the system",
    "grants.call.drafted": "a draft binds nobody; the board confirms its approval",
    "grants.call.ended_empty": "follows from the last application: the system",
    "grants.call.extended": "for everybody, and no money",
    "grants.call.made_up_for_outage": "the clock does it, for everybody",
    "grants.call.opened": "its day came: the system",
    "grants.call.published": "exactly what the board approved and confirmed",
    "grants.call.review_reopened": "follows from a decision taken back: the system",
    "grants.call.review_started": "hands over and moves nothing",
    "grants.grant.agreement_drafted": "a draft; both signatures are confirmed",
    "grants.grant.award_lapsed": "its day came: the system",
    "grants.grant.offer_accepted": "the signature of the agreement, which binds, is confirmed",
    "grants.grant.offer_lapsed": "its day came: the system",
    "grants.grant.offer_sent": "tells what was decided and confirmed",
    "grants.grant.set_aside": "follows from a decision taken back: the system",
    "transparency.donor_token.revoked": "gives a right up",
    "transparency.history.imported": "runs what a person confirmed, or a command of the operator",
    "transparency.paper.asked": "asks; nobody reads it before approval and publication, each confirmed",
    "transparency.paper.discarded": "nothing is published",
    "transparency.name_consent.taken_back": "tells less; agreeing is confirmed",
    "transparency.paper.drawn": "the worker",
    "transparency.paper.taken_back": "tells less: the system",
    "transparency.safety_review.kept_back": "tells less; clearing is confirmed",
    "transparency.safety_review.opened": "follows from an accepted report: the system",
    "transparency.safety_review.proposed": "nothing is told before a second person confirms",
    "transparency.safety_review.reopened": "tells less: the system",
    "transparency.withholding.begun": "tells less; telling again is confirmed",
    "transparency.withholding.lift_declined": "nothing is told",
    "transparency.withholding.lift_proposed": "asks; nothing is told before the other side confirms",
    "transparency.withholding.reviewed": "nothing is told",
}


def test_what_concerns_money_membership_and_bank_details_is_marked() -> None:
    unmarked = {
        name for name, cls in events.registered().items() if CONCERNS.match(name) and not cls.needs_second_factor
    }
    assert unmarked == set(EXCUSED)


@pytest.mark.parametrize("word", ["add", "end", "invite", "appoint", "confirm", "approve", "release", "pay", "publish"])
def test_addresses_that_sound_like_it_are_marked(word: str) -> None:
    """A second look from the other side: names of pages."""
    excused = {
        "organisations:add_proof", "charter:holiday_add", "charter:holiday_remove", "funds:donor_add",
        "accounts:second_factor_done", "grants:call_publish", "accounts:withdraw_invitation", "organisations:withdraw_invitation",
    }  # fmt: skip
    sounding = {
        name
        for name, row in access.table().items()
        if ":" in name and word in re.split(r"[:_]", name) and "POST" in row.methods and not row.second_factor
    }
    assert sounding - excused == set()
