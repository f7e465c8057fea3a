"""Who reads partners' reports for safety: two people of the secretariat, neither of whom has a part in the report."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from kernel.permissions import Denied, PermissionResult, all_of
from organisations.rules.people import is_outsider
from transparency import safety_events as events
from transparency.models import SafetyReview
from transparency.withholding_rules import READERS, SECRETARIAT

rule_for(events.SafetyReviewOpened, events.SafetyReviewReopened)(system_only)


def _has_no_part(review: SafetyReview, actor: Any) -> PermissionResult:
    if actor is not None and actor.pk == review.written_by_id:
        return Denied(_("You sent this report in: others read it for safety."))
    return is_outsider(actor, review.report.grant.organisation)


@rule_for(events.ClearanceProposed, events.ReportKeptBack)
def may_read_for_safety(review: SafetyReview, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers and the fund manager, who never were of the organisation and did not send the report."""
    return all_of(may_hold(actor, *SECRETARIAT), _has_no_part(review, actor))


@rule_for(events.ReportCleared)
def may_clear(review: SafetyReview, *, actor: Any, event: Any = None) -> PermissionResult:
    """A second of them, for exactly what the first proposed."""
    if actor is not None and actor.pk == review.proposed_by_id:
        return Denied(_("You read it first: a second person clears it."))
    if event is not None and event.shown_sha256 != review.shown_sha256:
        return Denied(_("What donors would read has changed. Read it again."))
    return may_read_for_safety(review, actor=actor)


def reads_reviews(user: Any) -> bool:
    """Whether the navigation offers the safety reviews: the secretariat, and auditors who look on."""
    return bool(user.is_authenticated and may_hold(user, *READERS))
