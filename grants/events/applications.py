"""Applications: from draft to decision."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

__all__ = [
    "ApplicationApproved",
    "ApplicationApprovedWithConditions",
    "ApplicationCameLate",
    "ApplicationCompleted",
    "ApplicationDeferred",
    "ApplicationFoundEligible",
    "ApplicationLapsed",
    "ApplicationRejected",
    "ApplicationReopened",
    "ApplicationReturned",
    "ApplicationSentBack",
    "ApplicationStarted",
    "ApplicationSubmitted",
    "ApplicationWaitlisted",
    "ApplicationWithdrawn",
    "ConceptNoteKept",
    "ConceptNoteNotShortlisted",
    "ConceptNoteSent",
    "ConceptNoteSentBack",
    "ConceptNoteShortlisted",
    "DeliberationStarted",
    "FeedbackSent",
    "FileAttached",
    "FileRemoved",
    "IneligibilityConfirmed",
    "IneligibilityOverturned",
    "IneligibilityProposed",
    "LetterSent",
    "ReviewAccessGiven",
    "ReviewAccessRemoved",
    "ScoringStarted",
]


@register
class ApplicationStarted(Event):
    type = "grants.application.started"
    sentence = _("started the application")
    call: UUID
    organisation: UUID


@register
class ApplicationSubmitted(Event):
    type = "grants.application.submitted"
    sentence = _("submitted the application with receipt %(receipt)s")
    receipt: str
    content_sha256: str
    requested_minor: int


@register
class ConceptNoteSent(Event):
    type = "grants.application.concept_sent"
    sentence = _("sent the concept note with receipt %(receipt)s")
    receipt: str
    content_sha256: str


@register
class ConceptNoteKept(Event):
    """The concept note is kept as it was sent."""

    type = "grants.concept_note.kept"
    sentence = _("kept the concept note as it was sent")
    content_sha256: str


@register
class ConceptNoteShortlisted(Event):
    type = "grants.application.shortlisted"
    sentence = _("was invited to write the full proposal, with a mean of %(panel_mean)s of 100")
    panel_mean: str


@register
class ConceptNoteNotShortlisted(Event):
    type = "grants.application.not_shortlisted"
    sentence = _("was not invited to write the full proposal, with a mean of %(panel_mean)s of 100")
    panel_mean: str


@register
class ApplicationCameLate(Event):
    type = "grants.application.came_late"
    sentence = _("tried to submit after the deadline of %(due)s")
    due: str


@register
class FileAttached(Event):
    """A file came; an answer may name it from now on."""

    type = "grants.application.file_attached"
    sentence = _("attached a file to the question %(question)s")
    file: UUID
    question: str
    sha256: str


@register
class FileRemoved(Event):
    """A file that no answer names any more was removed before anything was submitted."""

    type = "grants.application.file_removed"
    sentence = _("removed a file from the question %(question)s")
    file: UUID
    question: str
    sha256: str


@register
class ApplicationReturned(Event):
    type = "grants.application.returned"
    sentence = _("returned the application for completion until %(due)s")
    due: str
    items: list[str]


@register
class ApplicationCompleted(Event):
    type = "grants.application.completed"
    sentence = _("sent the completed application back")
    content_sha256: str
    requested_minor: int


@register
class ApplicationFoundEligible(Event):
    type = "grants.application.found_eligible"
    sentence = _("found the application complete and eligible")
    checklist: dict[str, bool]


@register
class IneligibilityProposed(Event):
    type = "grants.application.ineligibility_proposed"
    sentence = _("proposed that the application is not eligible")
    checklist: dict[str, bool]


@register
class IneligibilityConfirmed(Event):
    type = "grants.application.ineligibility_confirmed"
    sentence = _("confirmed as a second officer that the application is not eligible")


@register
class IneligibilityOverturned(Event):
    type = "grants.application.ineligibility_overturned"
    sentence = _("found as a second officer that the application is eligible")


@register
class ScoringStarted(Event):
    type = "grants.application.scoring_started"
    sentence = _("the application went to its scorers")
    scorers: int


@register
class DeliberationStarted(Event):
    type = "grants.application.deliberation_started"
    sentence = _("the scores are in; the application goes before the committee")
    panel_mean: str


@register
class ApplicationApproved(Event):
    type = "grants.application.approved"
    sentence = _("approved the application for %(amount_minor)s")
    amount_minor: int


@register
class ApplicationApprovedWithConditions(Event):
    type = "grants.application.approved_with_conditions"
    sentence = _("approved the application with conditions for %(amount_minor)s")
    amount_minor: int
    conditions: list[str | dict[str, str | int]]


@register
class ApplicationWaitlisted(Event):
    type = "grants.application.waitlisted"
    sentence = _("put the application on the waiting list at rank %(rank)s")
    rank: int


@register
class ApplicationRejected(Event):
    type = "grants.application.rejected"
    sentence = _("rejected the application with written reasons")


@register
class ApplicationDeferred(Event):
    type = "grants.application.deferred"
    sentence = _("deferred the application to the next meeting")


@register
class ApplicationReopened(Event):
    type = "grants.application.reopened"
    sentence = _("took the decision back; the application is before the committee again")


@register
class ApplicationWithdrawn(Event):
    type = "grants.application.withdrawn"
    sentence = _("withdrew the application")


@register
class ApplicationSentBack(Event):
    type = "grants.application.sent_back"
    sentence = _("the application goes back to be evaluated anew after an appeal")


@register
class ConceptNoteSentBack(Event):
    type = "grants.concept_note.sent_back"
    sentence = _("the concept note is judged anew after an appeal")


@register
class ApplicationLapsed(Event):
    type = "grants.application.lapsed"
    sentence = _("the application lapsed because its time ran out")


@register
class FeedbackSent(Event):
    type = "grants.application.feedback_sent"
    sentence = _("sent the reasons by criterion to the organisation")
    outcome: str = ""
    panel_mean: str = ""
    criteria: list[dict[str, Any]] = []
    strengths: str = ""
    weaknesses: str = ""
    advice: str = ""
    appeal_until: date | None = None
    """Letters recorded before their words were committed to say nothing in these fields."""


@register
class LetterSent(Event):
    type = "grants.letter.sent"
    sentence = _("sent letter %(letter)s about the decision to the organisation")
    letter: str
    application: UUID
    outcome: str
    sha256: str


@register
class ReviewAccessGiven(Event):
    type = "grants.review_access.given"
    sentence = _("opened the application to a reader until %(until)s")
    reader: UUID
    until: str


@register
class ReviewAccessRemoved(Event):
    type = "grants.review_access.removed"
    sentence = _("closed the application to a reader")
    reader: UUID
