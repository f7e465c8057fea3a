"""Calls: from strategy to report."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

__all__ = [
    "CallApproved",
    "CallCancelled",
    "CallClosed",
    "CallCompleted",
    "CallDecided",
    "CallDrafted",
    "CallEndedEmpty",
    "CallExtended",
    "CallMadeUpForOutage",
    "CallOpened",
    "CallPublished",
    "EnvelopeReserved",
    "ReviewReopened",
    "ReviewStarted",
]


@register
class CallDrafted(Event):
    type = "grants.call.drafted"
    sentence = _("drafted the call")
    reference: str


@register
class CallApproved(Event):
    type = "grants.call.approved"
    needs_second_factor = True
    sentence = _("approved the call for the board under version %(charter_version)s of the charter")
    charter_version: int
    rules_sha256: str
    envelope_minor: int
    content_sha256: str


@register
class EnvelopeReserved(Event):
    type = "grants.envelope.reserved"
    needs_second_factor = True
    sentence = _("reserved %(amount_minor)s of contribution %(contribution)s for the call")
    contribution: str
    amount_minor: int
    currency: str


@register
class CallPublished(Event):
    type = "grants.call.published"
    sentence = _("published the call")
    opens_at: str
    closes_at: str


@register
class CallOpened(Event):
    type = "grants.call.opened"
    sentence = _("the call opened")


@register
class CallExtended(Event):
    type = "grants.call.extended"
    sentence = _("extended the call for everybody to %(closes_at)s")
    closes_at: str
    previous: str


@register
class CallMadeUpForOutage(Event):
    type = "grants.call.made_up_for_outage"
    sentence = _("extended the call for everybody to %(closes_at)s after an outage from %(began)s to %(ended)s")
    closes_at: str
    previous: str
    began: str
    ended: str


@register
class CallClosed(Event):
    type = "grants.call.closed"
    sentence = _("the call closed with %(submitted)s applications")
    submitted: int


@register
class ReviewStarted(Event):
    type = "grants.call.review_started"
    sentence = _("handed the call to the committee")


@register
class CallDecided(Event):
    type = "grants.call.decided"
    sentence = _("all applications of the call are decided")


@register
class ReviewReopened(Event):
    type = "grants.call.review_reopened"
    sentence = _("reopened the review: a decision of the call was taken back")


@register
class CallCompleted(Event):
    type = "grants.call.completed"
    sentence = _("completed the call")


@register
class CallEndedEmpty(Event):
    type = "grants.call.ended_empty"
    sentence = _("the call ended: no application is left that could be funded")


@register
class CallCancelled(Event):
    type = "grants.call.cancelled"
    sentence = _("cancelled the call")
