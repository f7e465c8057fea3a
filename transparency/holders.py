"""On which grounds people take home the record of an act that they did not do themselves (`audit.holders`).

Votes, scores, declarations, recusals and who reads what have no ground at all: nobody but their author opens them.
"""

from typing import Any, Final

from accounts.roles import Role
from accounts.selectors import has_role
from audit import events
from audit.holders import audited, ground
from audit.models import RecordedEvent
from disbursements.models import Payment, Tranche
from funds.models import Contribution
from funds.rules import donors_of
from grants.models import Grant, Letter
from grants.selectors.applications import own
from organisations.rules.people import memberships_of

APPLICANTS: Final = tuple(
    f"grants.application.{act}"
    for act in (
        "approved", "approved_with_conditions", "completed", "concept_sent", "deferred", "feedback_sent",
        "found_eligible", "ineligibility_confirmed", "ineligibility_overturned", "lapsed", "not_shortlisted", "rejected",
        "returned", "shortlisted", "submitted", "waitlisted", "withdrawn",
    )
)  # fmt: skip
PARTNERS: Final = tuple(
    f"grants.grant.{act}"
    for act in (
        "agreement_countersigned", "agreement_drafted", "agreement_signed", "awarded", "closed", "offer_accepted",
        "offer_declined", "offer_lapsed", "offer_sent", "resumed", "suspended", "terminated",
    )
)  # fmt: skip
PAYEES: Final = tuple(f"disbursements.payment.{act}" for act in ("confirmed", "failed", "sent"))
INSTALMENTS: Final = tuple(
    f"disbursements.tranche.{act}" for act in ("held", "paid", "received", "released", "returned")
)
DONORS: Final = tuple(f"funds.contribution.{act}" for act in ("confirmed", "recorded", "rejected"))

AUDITED_APPS: Final = ("charter", "disbursements", "funds", "grants")
AUDITED: Final = (
    "committees.decision.",
    "committees.meeting.",
    "committees.minutes.",
    "committees.committee.",
    "audit.",
)
PRIVATE: Final = ("grants.review_access.", "funds.representative.", "charter.ratification.", "charter.mandate.")
"""Who reads, who represents, who voted: the auditor sees the result and its proof, not the person."""


def _is_audited(kind: str) -> bool:
    return (kind.partition(".")[0] in AUDITED_APPS or kind.startswith(AUDITED)) and not kind.startswith(PRIVATE)


def audited_kinds() -> tuple[str, ...]:
    """Types of event that auditors examine: money, calls, grants, charter, decisions; no single vote or score."""
    return tuple(kind for kind in events.registered() if _is_audited(kind))


@ground(*APPLICANTS)
def of_the_applicant(user: Any, event: RecordedEvent) -> bool:
    """People of the organisation that applied."""
    return own(user).filter(pk=event.subject_id).exists()


@ground("grants.letter.sent")
def of_the_addressee(user: Any, event: RecordedEvent) -> bool:
    """People of the organisation to which the letter was written."""
    return Letter.objects.filter(pk=event.subject_id, application__in=own(user)).exists()


@ground(*PARTNERS)
def of_the_partner(user: Any, event: RecordedEvent) -> bool:
    """People of the organisation that holds the grant."""
    return Grant.objects.filter(pk=event.subject_id, organisation__in=list(memberships_of(user))).exists()


@ground(*PAYEES)
def of_the_payee(user: Any, event: RecordedEvent) -> bool:
    """People of the organisation that was paid."""
    mine = list(memberships_of(user))
    return Payment.objects.filter(pk=event.subject_id, tranche__grant__organisation__in=mine).exists()


@ground(*INSTALMENTS)
def of_the_tranche(user: Any, event: RecordedEvent) -> bool:
    """People of the organisation to which the tranche is owed."""
    return Tranche.objects.filter(pk=event.subject_id, grant__organisation__in=list(memberships_of(user))).exists()


@ground(*DONORS)
def of_the_donor(user: Any, event: RecordedEvent) -> bool:
    """Representatives of the donor who gave the contribution."""
    return Contribution.objects.filter(pk=event.subject_id, donor__in=donors_of(user)).exists()


def of_the_auditor(user: Any, event: RecordedEvent) -> bool:
    """Auditors of the fund."""
    return has_role(user, Role.AUDITOR)


def register() -> None:
    """Let auditors hold what they examine; called when every app has registered its events."""
    kinds = audited_kinds()
    audited(*kinds)
    ground(*kinds)(of_the_auditor)
