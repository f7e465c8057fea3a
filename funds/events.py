"""What happens to donors' money before it is promised."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class PledgeMade(Event):
    type = "funds.pledge.made"
    sentence = _("recorded a pledge of %(amount_minor)s")
    donor: UUID
    amount_minor: int
    currency: str


@register
class PledgeSigned(Event):
    type = "funds.pledge.signed"
    sentence = _("recorded the signed agreement of the pledge")
    signed_on: date


@register
class PledgeFulfilled(Event):
    type = "funds.pledge.fulfilled"
    sentence = _("the pledge was received in full")
    received_minor: int


@register
class PledgeWithdrawn(Event):
    type = "funds.pledge.withdrawn"
    sentence = _("recorded that the pledge was withdrawn")


@register
class ContributionRecorded(Event):
    type = "funds.contribution.recorded"
    sentence = _("recorded money received under the bank reference %(bank_reference)s")
    donor: UUID
    amount_minor: int
    currency: str
    restriction_class: str
    bank_reference: str


@register
class ContributionConfirmed(Event):
    type = "funds.contribution.confirmed"
    sentence = _("confirmed the contribution as a second person")
    amount_minor: int
    currency: str


@register
class ContributionRejected(Event):
    type = "funds.contribution.rejected"
    sentence = _("did not confirm the contribution")
