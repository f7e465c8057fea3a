"""Grants: from award to closure."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

__all__ = [
    "AgreementCountersigned",
    "AgreementDrafted",
    "AgreementSigned",
    "AwardLapsed",
    "AwardSetAside",
    "ConditionAnswered",
    "ConditionEvidenceGiven",
    "ConditionExtended",
    "ConditionMet",
    "ConditionReturned",
    "ConditionSet",
    "ConditionWaived",
    "FundingCommitted",
    "GrantAwarded",
    "GrantClosed",
    "GrantExtended",
    "GrantIncreased",
    "GrantResumed",
    "GrantSuspended",
    "GrantTerminated",
    "OfferAccepted",
    "OfferDeclined",
    "OfferLapsed",
    "OfferSent",
]


@register
class GrantAwarded(Event):
    type = "grants.grant.awarded"
    needs_second_factor = True
    sentence = _("awarded %(amount_minor)s for %(months)s months")
    application: UUID
    amount_minor: int
    currency: str
    months: int


@register
class OfferSent(Event):
    type = "grants.grant.offer_sent"
    sentence = _("sent the offer, open until %(due)s")
    due: str


@register
class OfferAccepted(Event):
    type = "grants.grant.offer_accepted"
    sentence = _("accepted the offer")


@register
class OfferDeclined(Event):
    type = "grants.grant.offer_declined"
    needs_second_factor = True
    sentence = _("declined the offer")


@register
class OfferLapsed(Event):
    type = "grants.grant.offer_lapsed"
    sentence = _("the offer lapsed because its time ran out")


@register
class AwardLapsed(Event):
    type = "grants.grant.award_lapsed"
    sentence = _("the award lapsed: a condition before the signature was not met in time")


@register
class AwardSetAside(Event):
    type = "grants.grant.set_aside"
    sentence = _("set the award aside: its decision was reopened")


@register
class ConditionSet(Event):
    type = "grants.condition.set"
    sentence = _("set a condition of the award: %(text)s")
    grant: UUID
    text: str
    blocks: str
    tranche: int | None
    due: date


@register
class ConditionEvidenceGiven(Event):
    type = "grants.condition.evidence_given"
    sentence = _("put evidence to a condition")
    condition: UUID
    round: int
    sha256: str


@register
class ConditionAnswered(Event):
    type = "grants.condition.answered"
    sentence = _("answered the condition, round %(round)s")
    round: int


@register
class ConditionReturned(Event):
    type = "grants.condition.returned"
    sentence = _("returned the answer to the condition")


@register
class ConditionMet(Event):
    type = "grants.condition.met"
    sentence = _("closed the condition “%(condition)s”")
    condition: str


@register
class ConditionWaived(Event):
    type = "grants.condition.waived"
    needs_second_factor = True
    sentence = _("waived the condition “%(condition)s”")
    condition: str


@register
class ConditionExtended(Event):
    type = "grants.condition.extended"
    sentence = _("gave the condition more time, until %(due)s")
    due: date


@register
class AgreementDrafted(Event):
    type = "grants.grant.agreement_drafted"
    sentence = _("drew up the agreement")
    sha256_ar: str
    sha256_en: str
    starts_on: date
    ends_on: date


@register
class AgreementSigned(Event):
    type = "grants.grant.agreement_signed"
    needs_second_factor = True
    sentence = _("signed the agreement for the partner")
    sha256_ar: str
    sha256_en: str


@register
class AgreementCountersigned(Event):
    type = "grants.grant.agreement_countersigned"
    needs_second_factor = True
    sentence = _("countersigned the agreement for the fund")
    sha256_ar: str
    sha256_en: str


@register
class FundingCommitted(Event):
    type = "grants.funding.committed"
    needs_second_factor = True
    sentence = _("committed %(amount_minor)s of contribution %(contribution)s to the grant")
    contribution: str
    amount_minor: int


@register
class GrantExtended(Event):
    type = "grants.grant.extended"
    sentence = _("the grant ends on %(ends_on)s instead of %(old_end)s")
    revision: UUID
    old_end: date
    ends_on: date


@register
class GrantIncreased(Event):
    type = "grants.grant.increased"
    sentence = _("the grant comes to %(amount_minor)s instead of %(old_minor)s")
    revision: UUID
    old_minor: int
    amount_minor: int


@register
class GrantSuspended(Event):
    type = "grants.grant.suspended"
    needs_second_factor = True
    sentence = _("suspended the grant")


@register
class GrantResumed(Event):
    type = "grants.grant.resumed"
    needs_second_factor = True
    sentence = _("ended the suspension of the grant")


@register
class GrantTerminated(Event):
    type = "grants.grant.terminated"
    needs_second_factor = True
    sentence = _("terminated the grant")


@register
class GrantClosed(Event):
    type = "grants.grant.closed"
    needs_second_factor = True
    sentence = _("closed the grant: %(spent_minor)s spent, %(refunded_minor)s given back")
    spent_minor: int
    refunded_minor: int
