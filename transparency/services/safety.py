"""Safety reviews of partners' reports: opened by the system, cleared by two people, kept back by one."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from audit import lifecycle
from charter.calendar import add_months
from charter.selectors import rules_to_begin_with
from grants.models import Grant, Report
from kernel import identity
from kernel.texts import clean_text
from transparency import safety_events as events
from transparency.models import SafetyReview
from transparency.selectors import safety as selectors
from transparency.selectors.documents import shown_sha256
from transparency.states import ReportPart, SafetyState


def open_review(report: Report) -> SafetyReview:
    """An accepted report waits for its first reader."""
    review = SafetyReview(report=report, written_by_id=report.submitted_by_id)
    return lifecycle.create(review, events.SafetyReviewOpened(), actor=None)


@identity.system("transparency.safety")
def open_missing() -> int:
    """Open a review for every accepted report that has none, such as those of before; returns how many."""
    return len([open_review(report) for report in selectors.unread()])


def propose(
    review: SafetyReview, *, hidden_parts: Iterable[str], hidden_words: Iterable[str], actor: Any
) -> SafetyReview:
    """Say as a first reader what donors may read: the report without these parts and words. Raises `Refused`."""
    parts = [part for part in ReportPart.values if part in set(hidden_parts)]
    words = sorted({clean_text(word).strip() for word in hidden_words} - {""})
    shown = shown_sha256(review.report, hidden_parts=parts, hidden_words=words)
    changes = {
        "hidden_parts": parts, "hidden_words": words, "shown_sha256": shown,
        "proposed_by": actor, "cleared_by": None, "reason": "", "review_on": None,
    }  # fmt: skip
    event = events.ClearanceProposed(hidden_parts=parts, shown_sha256=shown)
    return lifecycle.move(review, event, actor=actor, changes=changes)


def clear(review: SafetyReview, *, shown_sha256: str, actor: Any) -> SafetyReview:
    """Consent as a second reader to exactly what was read. Raises `Refused`."""
    event = events.ReportCleared(shown_sha256=shown_sha256)
    return lifecycle.move(review, event, actor=actor, changes={"cleared_by": actor})


def keep_back(review: SafetyReview, *, reason: str, actor: Any) -> SafetyReview:
    """Donors do not read it from this moment, whatever was said before. Raises `Refused`."""
    said = clean_text(reason).strip()
    review_on = add_months(timezone.localdate(), rules_to_begin_with().publication.review_months)
    event = events.ReportKeptBack(review_on=review_on)
    changes = {"reason": said, "review_on": review_on, "cleared_by": None}
    return lifecycle.move(review, event, actor=actor, reason=said, changes=changes)


@identity.system("transparency.safety")
def reopen(grant: Grant) -> None:
    """More is withheld of the grant now: what was cleared or proposed is read again first."""
    changes = {"proposed_by": None, "cleared_by": None, "shown_sha256": ""}
    for review in SafetyReview.objects.filter(
        report__grant=grant, state__in=[SafetyState.PROPOSED, SafetyState.CLEARED]
    ):
        lifecycle.move(review, events.SafetyReviewReopened(), actor=None, changes=changes)
