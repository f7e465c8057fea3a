"""What changes money, membership or bank details is confirmed with a second factor, or says here why it is not."""

import re

import pytest

from audit import events
from poolfund import access

CONCERNS = re.compile(
    r"^(accounts|disbursements|funds)\.|^organisations\.(person|bank_account)\.|^charter\.(network|mandate)\."
    r"|^committees\.(committee|seat)\.|^grants\.(envelope|funding)\."
)
"""Types of events that concern money, membership or bank details."""
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
    "disbursements.tranche.fell_due": "follows from the schedule: the system",
    "disbursements.tranche.paid": "follows from the payment: the system",
    "disbursements.tranche.received": "follows from the payment: the system",
    "disbursements.tranche.payment_failed": "follows from the payment: the system",
    "funds.donor.added": "a name; money comes with contributions",
    "funds.donor.changed": "a name; money comes with contributions",
    "funds.pledge.fulfilled": "follows from contributions: the system",
}


def test_what_concerns_money_membership_and_bank_details_is_marked() -> None:
    unmarked = {
        name for name, cls in events.registered().items() if CONCERNS.match(name) and not cls.needs_second_factor
    }
    assert unmarked == set(EXCUSED)


@pytest.mark.parametrize("word", ["add", "end", "invite", "appoint", "confirm", "approve", "release", "pay"])
def test_addresses_that_sound_like_it_are_marked(word: str) -> None:
    """A second look from the other side: names of pages."""
    excused = {
        "organisations:add_proof", "charter:holiday_add", "charter:holiday_remove", "funds:donor_add",
        "accounts:second_factor_done", "accounts:withdraw_invitation", "organisations:withdraw_invitation",
        "transparency:history_import_confirm", "transparency:paper_approve",
    }  # fmt: skip
    sounding = {
        name
        for name, row in access.table().items()
        if ":" in name and word in re.split(r"[:_]", name) and "POST" in row.methods and not row.second_factor
    }
    assert sounding - excused == set()
