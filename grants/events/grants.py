"""Grants: from award to closure."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

__all__ = [
    "AgreementCountersigned",
    "AgreementDrafted",
    "AgreementSigned",
    "AwardSetAside",
    "ConditionMet",
    "FundingCommitted",
    "GrantAwarded",
    "GrantClosed",
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
class AwardSetAside(Event):
    type = "grants.grant.set_aside"
    sentence = _("set the award aside: its decision was reopened")


@register
class ConditionMet(Event):
    type = "grants.condition.met"
    sentence = _("closed the condition “%(condition)s”")
    condition: str


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
