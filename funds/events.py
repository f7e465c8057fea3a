"""What happens to donors' money before it is promised."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from funds.states import MandateRole, RestrictionClass


@register
class DonorAdded(Event):
    type = "funds.donor.added"
    sentence = _("added the donor")
    kind: str


@register
class DonorChanged(Event):
    type = "funds.donor.changed"
    sentence = _("changed what is known of the donor")
    changed: list[str]


@register
class RepresentativeAdded(Event):
    type = "funds.representative.added"
    needs_second_factor = True
    sentence = _("gave a person the donor's mandate from %(starts_on)s (%(role)s)")
    labels = {"role": MandateRole}
    person: UUID
    starts_on: date
    role: str = MandateRole.LEAD.value


@register
class RepresentativeEnded(Event):
    type = "funds.representative.ended"
    needs_second_factor = True
    sentence = _("ended a person's mandate")
    person: UUID


@register
class PledgeMade(Event):
    type = "funds.pledge.made"
    needs_second_factor = True
    sentence = _("recorded a pledge of %(amount_minor)s")
    donor: UUID
    amount_minor: int
    currency: str


@register
class PledgeSigned(Event):
    type = "funds.pledge.signed"
    needs_second_factor = True
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
    needs_second_factor = True
    sentence = _("recorded that the pledge was withdrawn")


@register
class ContributionRecorded(Event):
    type = "funds.contribution.recorded"
    needs_second_factor = True
    sentence = _(
        "recorded %(amount_minor)s received under the bank reference %(bank_reference)s (%(restriction_class)s)"
    )
    labels = {"restriction_class": RestrictionClass}
    donor: UUID
    amount_minor: int
    currency: str
    restriction_class: str
    bank_reference: str


@register
class ContributionConfirmed(Event):
    type = "funds.contribution.confirmed"
    needs_second_factor = True
    sentence = _("confirmed the contribution as a second person")
    amount_minor: int
    currency: str


@register
class ContributionRejected(Event):
    type = "funds.contribution.rejected"
    needs_second_factor = True
    sentence = _("did not confirm the contribution")
