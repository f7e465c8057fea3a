"""What happens to donors' money before it is promised."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from funds.states import DifferenceKind, MandateRole, Purpose, RestrictionClass


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
class PledgeInvoiced(Event):
    type = "funds.pledge.invoiced"
    needs_second_factor = True
    sentence = _("asked the donor for the money with invoice %(number)s, due on %(due_on)s")
    number: str
    due_on: date


@register
class PledgePartReceived(Event):
    type = "funds.pledge.part_received"
    sentence = _("%(received_minor)s of the pledge has been received so far")
    received_minor: int
    currency: str


@register
class PledgeExpired(Event):
    type = "funds.pledge.expired"
    sentence = _("the pledge expired; %(left_minor)s of it did not arrive")
    left_minor: int
    currency: str


@register
class PledgeWrittenOff(Event):
    type = "funds.pledge.written_off"
    sentence = _("%(left_minor)s of the pledge is written off")
    left_minor: int
    currency: str


@register
class PledgeDocumentFiled(Event):
    type = "funds.pledge_document.filed"
    needs_second_factor = True
    sentence = _("filed a document of the agreement: %(title)s")
    title: str
    sha256: str


@register
class WaqfAdded(Event):
    type = "funds.waqf.added"
    needs_second_factor = True
    sentence = _("recorded the waqf %(name)s")
    donor: UUID
    name: str


@register
class WaqfDeedFiled(Event):
    type = "funds.waqf_deed.filed"
    needs_second_factor = True
    sentence = _("filed the deed of %(deeded_on)s, nazir %(nazir)s")
    waqf: UUID
    deeded_on: date
    nazir: str
    sha256: str


@register
class PledgeEstimated(Event):
    type = "funds.pledge_estimate.made"
    needs_second_factor = True
    sentence = _("thinks that the pledge arrives with %(percent)s %% likelihood")
    percent: int


@register
class WriteOffAsked(Event):
    type = "funds.write_off.asked"
    needs_second_factor = True
    sentence = _("asked to write %(amount_minor)s of the pledge off")
    pledge: UUID
    amount_minor: int
    currency: str


@register
class WriteOffConfirmed(Event):
    type = "funds.write_off.confirmed"
    needs_second_factor = True
    sentence = _("agreed to the write-off as a second person")


@register
class WriteOffDeclined(Event):
    type = "funds.write_off.declined"
    needs_second_factor = True
    sentence = _("declined the write-off")


@register
class DonorReturnAsked(Event):
    type = "funds.donor_return.asked"
    needs_second_factor = True
    sentence = _("asked to give %(amount_minor)s of contribution %(contribution)s back to the donor")
    contribution: str
    amount_minor: int
    currency: str


@register
class DonorReturnReleased(Event):
    type = "funds.donor_return.released"
    needs_second_factor = True
    sentence = _("released the return to the donor as a second person")


@register
class DonorReturnDeclined(Event):
    type = "funds.donor_return.declined"
    needs_second_factor = True
    sentence = _("declined the return to the donor")


@register
class DonorReturnPaid(Event):
    type = "funds.donor_return.paid"
    needs_second_factor = True
    sentence = _("recorded that the donor was paid back on %(paid_on)s under %(bank_reference)s")
    paid_on: date
    bank_reference: str


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


# Gifts by card and bank debit: no name or address of a giver stands in an event ------------------------------------


@register
class GiftBegun(Event):
    type = "funds.gift.begun"
    sentence = _("began a gift of %(amount_minor)s (%(purpose)s)")
    labels = {"purpose": Purpose}
    amount_minor: int
    currency: str
    purpose: str


@register
class GiftProcessing(Event):
    type = "funds.gift.processing"
    sentence = _("the giver's bank is asked for the gift")


@register
class GiftReceived(Event):
    type = "funds.gift.received"
    sentence = _("Stripe holds %(amount_minor)s of the gift")
    amount_minor: int
    currency: str


@register
class GiftFailed(Event):
    type = "funds.gift.failed"
    sentence = _("the bank refused the gift")


@register
class GiftExpired(Event):
    type = "funds.gift.expired"
    sentence = _("the gift was not paid in time")


@register
class GiftRefunded(Event):
    type = "funds.gift.refunded"
    sentence = _("the gift went back to the giver")


@register
class GiftDisputed(Event):
    type = "funds.gift.disputed"
    sentence = _("the card's holder disputes the gift")


@register
class GiftLost(Event):
    type = "funds.gift.lost"
    sentence = _("the bank took the gift back")


@register
class CardEntryBooked(Event):
    type = "funds.card_entry.booked"
    sentence = _("entered a movement of %(amount_minor)s at Stripe into the books")
    amount_minor: int
    fee: int
    currency: str
    kind: str
    stripe_id: str


@register
class PayoutArrived(Event):
    type = "funds.payout.arrived"
    needs_second_factor = True
    sentence = _("saw a payout of Stripe in the bank statement: %(amount_minor)s")
    amount_minor: int
    currency: str
    arrived_on: date


@register
class GiftRefundAsked(Event):
    type = "funds.gift_refund.asked"
    needs_second_factor = True
    sentence = _("asked to give %(amount_minor)s of the gift back")
    gift: UUID
    amount_minor: int
    currency: str


@register
class GiftRefundReleased(Event):
    type = "funds.gift_refund.released"
    needs_second_factor = True
    sentence = _("released the refund as a second person")


@register
class GiftRefundDeclined(Event):
    type = "funds.gift_refund.declined"
    needs_second_factor = True
    sentence = _("declined the refund")


@register
class GiftRefundSent(Event):
    type = "funds.gift_refund.sent"
    sentence = _("Stripe took the refund")
    stripe_id: str


@register
class GiftRefundFailed(Event):
    type = "funds.gift_refund.failed"
    sentence = _("the refund was refused")


@register
class DifferenceFound(Event):
    type = "funds.card_difference.found"
    sentence = _("found a difference between Stripe and the books: %(kind)s")
    labels = {"kind": DifferenceKind}
    kind: str
    about: str
    currency: str
    expected: int
    found: int


@register
class DifferenceExplained(Event):
    type = "funds.card_difference.explained"
    needs_second_factor = True
    sentence = _("explained the difference")


@register
class CertificateIssued(Event):
    type = "funds.certificate.issued"
    sentence = _("certified what a giver gave in %(year)s")
    year: int
    reference: str
    gifts: int
    sums: dict[str, int]
