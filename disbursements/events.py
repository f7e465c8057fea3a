"""What happens to tranches, approvals, payments and refunds."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from disbursements.states import ApprovalKind, Channel, Exemption, LineVerdict, Screening, Waivable


@register
class TranchePlanned(Event):
    type = "disbursements.tranche.planned"
    sentence = _("planned tranche %(number)s of %(amount_minor)s for %(due_on)s")
    number: int
    amount_minor: int
    due_on: date


@register
class TrancheRescheduled(Event):
    type = "disbursements.tranche.rescheduled"
    sentence = _("moved the tranche from %(old_due)s to %(due_on)s")
    revision: UUID
    old_due: date
    due_on: date


@register
class TrancheFellDue(Event):
    type = "disbursements.tranche.fell_due"
    sentence = _("the tranche fell due")


@register
class DisbursementRequested(Event):
    type = "disbursements.request.made"
    sentence = _("requested the tranche: %(spent_percent)s %% of the money received is spent")
    spent_percent: int
    cash_on_hand_minor: int
    payload_sha256: str


@register
class TrancheRequested(Event):
    type = "disbursements.tranche.requested"
    sentence = _("requested the tranche")
    request: UUID


@register
class TrancheReturned(Event):
    type = "disbursements.tranche.returned"
    sentence = _("returned the request")


@register
class ApprovalGiven(Event):
    type = "disbursements.approval.given"
    needs_second_factor = True
    sentence = _("approved the tranche (%(kind)s)")
    labels = {"kind": ApprovalKind}
    tranche: UUID
    kind: str
    payload_sha256: str


@register
class ProgrammeApproved(Event):
    type = "disbursements.tranche.programme_approved"
    needs_second_factor = True
    sentence = _("approved the tranche for the programme")
    payload_sha256: str


@register
class FinanceApproved(Event):
    type = "disbursements.tranche.finance_approved"
    needs_second_factor = True
    sentence = _("approved the tranche for finance")
    payload_sha256: str


@register
class ConditionWaived(Event):
    type = "disbursements.tranche.condition_waived"
    needs_second_factor = True
    sentence = _("waived a condition of the tranche: %(condition)s")
    labels = {"condition": Waivable}
    tranche: UUID
    condition: str


@register
class TrancheHeld(Event):
    type = "disbursements.tranche.held"
    needs_second_factor = True
    sentence = _("held the tranche")


@register
class TrancheReleased(Event):
    type = "disbursements.tranche.released"
    needs_second_factor = True
    sentence = _("released the tranche")


@register
class TrancheCancelled(Event):
    type = "disbursements.tranche.cancelled"
    needs_second_factor = True
    sentence = _("cancelled the tranche")


@register
class PaymentPrepared(Event):
    type = "disbursements.payment.prepared"
    needs_second_factor = True
    sentence = _("prepared the payment")
    amount_minor: int
    currency: str
    account_fingerprint: str


@register
class PaymentAttested(Event):
    type = "disbursements.payment.attested"
    needs_second_factor = True
    sentence = _("drew the attestation of the payment for the bank: %(exemption)s")
    labels = {"exemption": Exemption}
    exemption: str
    citation: str


@register
class PaymentSent(Event):
    type = "disbursements.payment.sent"
    needs_second_factor = True
    sentence = _("released the payment with bank reference %(bank_reference)s")
    bank_reference: str
    slip_sha256: str


@register
class PaymentConfirmed(Event):
    type = "disbursements.payment.confirmed"
    needs_second_factor = True
    sentence = _("confirmed that %(received_minor)s arrived on %(received_on)s")
    received_minor: int
    received_on: date
    fee_minor: int


@register
class PaymentFailed(Event):
    type = "disbursements.payment.failed"
    needs_second_factor = True
    sentence = _("recorded that the bank gave the payment back")


@register
class TranchePaid(Event):
    type = "disbursements.tranche.paid"
    sentence = _("the payment of the tranche was sent")
    payment: UUID


@register
class TrancheReceived(Event):
    type = "disbursements.tranche.received"
    sentence = _("the partner received the tranche")
    payment: UUID


@register
class TranchePaymentFailed(Event):
    type = "disbursements.tranche.payment_failed"
    sentence = _("the payment of the tranche failed; it can be paid again")
    payment: UUID


@register
class RefundComputed(Event):
    type = "disbursements.refund.computed"
    needs_second_factor = True
    sentence = _("computed the refund: %(amount_minor)s")
    unspent_minor: int
    disallowed_minor: int
    amount_minor: int


@register
class RefundReceived(Event):
    type = "disbursements.refund.received"
    needs_second_factor = True
    sentence = _("recorded the refund as received under %(bank_reference)s")
    amount_minor: int
    bank_reference: str


@register
class RefundConfirmed(Event):
    type = "disbursements.refund.confirmed"
    needs_second_factor = True
    sentence = _("confirmed the refund as a second person")
    amount_minor: int


@register
class RefundWaived(Event):
    type = "disbursements.refund.waived"
    needs_second_factor = True
    sentence = _("waived the refund below the charter's minimum")
    amount_minor: int


@register
class FundAccountRecorded(Event):
    type = "disbursements.fund_account.recorded"
    needs_second_factor = True
    sentence = _("recorded the fund's account in %(currency)s from which payments are ordered")
    currency: str
    fingerprint: str


@register
class RunPrepared(Event):
    type = "disbursements.run.prepared"
    needs_second_factor = True
    sentence = _("prepared the file for the bank: %(count)s payments, %(total_minor)s")
    count: int
    total_minor: int
    currency: str
    file_sha256: str


@register
class RunReleased(Event):
    type = "disbursements.run.released"
    needs_second_factor = True
    sentence = _("released exactly this file to the bank")
    file_sha256: str


@register
class RunDiscarded(Event):
    type = "disbursements.run.discarded"
    needs_second_factor = True
    sentence = _("discarded the file; it does not go to the bank")


@register
class StatementTaken(Event):
    type = "disbursements.statement.taken"
    sentence = _("gave a file of the bank to be read")
    file_sha256: str


@register
class StatementRead(Event):
    type = "disbursements.statement.read"
    sentence = _("the file of the bank was read: %(entries)s entries, %(lines_new)s new lines")
    entries: int
    lines_new: int
    lines_known: int


@register
class StatementRefused(Event):
    type = "disbursements.statement.refused"
    sentence = _("the file of the bank could not be read")
    code: str
    detail: str


@register
class LineDecided(Event):
    type = "disbursements.line.decided"
    needs_second_factor = True
    sentence = _("decided on a line of the bank: %(verdict)s")
    labels = {"verdict": LineVerdict}
    line: UUID
    verdict: str
    owner: UUID | None
    payment: UUID | None
    contribution: UUID | None
    refund: UUID | None


@register
class ProviderProposed(Event):
    type = "disbursements.provider.proposed"
    needs_second_factor = True
    sentence = _("proposed the provider for payments (%(channel)s), licensed until %(licence_until)s")
    labels = {"channel": Channel}
    channel: str
    licence_until: date


@register
class ProviderScreened(Event):
    type = "disbursements.provider.screened"
    needs_second_factor = True
    sentence = _("searched the provider in %(lists)s: %(outcome)s")
    labels = {"outcome": Screening}
    provider: UUID
    outcome: str
    lists: str


@register
class ProviderApproved(Event):
    type = "disbursements.provider.approved"
    needs_second_factor = True
    sentence = _("approved the provider as a second person")


@register
class ProviderSuspended(Event):
    type = "disbursements.provider.suspended"
    needs_second_factor = True
    sentence = _("suspended the provider")


@register
class ProviderResumed(Event):
    type = "disbursements.provider.resumed"
    needs_second_factor = True
    sentence = _("let payments go through the provider again")


@register
class ProviderRetired(Event):
    type = "disbursements.provider.retired"
    needs_second_factor = True
    sentence = _("ended the use of the provider")
