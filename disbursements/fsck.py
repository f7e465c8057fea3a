"""Recomputes what tranches, payments and grants promise."""

from collections.abc import Iterator

from django.db.models import F, Sum

from audit import fsck
from disbursements.models import Conversion, Payment, PaymentProvider, PaymentRun, Tranche
from disbursements.positions import payload_hash
from disbursements.selectors import FileChanged, commission_transfers, file_bytes, paid_by_source, reservations
from disbursements.states import ConversionState, PaymentState, RunState, TrancheState
from grants.models import Grant, GrantFunding
from grants.states import GrantState
from ledger.models import Account, Transfer, TransferKind
from ledger.selectors import balance, balances

_COMMITTED = [GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.TERMINATED, GrantState.CLOSED]


@fsck.check
def schedules_are_whole() -> Iterator[str]:
    """The tranches of every grant in force sum to the grant, and so do its sources."""
    for grant in Grant.objects.filter(state__in=_COMMITTED).order_by("reference"):
        planned = grant.tranches.aggregate(total=Sum("amount_minor"))["total"] or 0
        if planned != grant.amount_minor:
            yield f"grant {grant.reference}: its tranches sum to {planned}, not {grant.amount_minor}"
        funded = grant.funding.aggregate(total=Sum("amount_minor"))["total"] or 0
        if funded != grant.amount_minor:
            yield f"grant {grant.reference}: its sources sum to {funded}, not {grant.amount_minor}"


@fsck.check
def payments_follow_transfers() -> Iterator[str]:
    """Every payment has its reservation, settled when it was confirmed, released when it came back."""
    wanted = {
        PaymentState.PREPARED: None,
        PaymentState.SENT: None,
        PaymentState.CONFIRMED: TransferKind.SETTLE,
        PaymentState.FAILED: TransferKind.VOID,
    }
    for payment in Payment.objects.select_related("tranche", "tranche__grant").order_by("key"):
        kept = reservations(payment)
        total = sum(transfer.amount_minor for transfer in kept)
        if total != payment.amount_minor:
            yield f"payment {payment.key}: {total} reserved of {payment.amount_minor}"
        ends = {getattr(getattr(transfer, "resolution", None), "kind", None) for transfer in kept}
        if ends != {wanted[PaymentState(payment.state)]}:
            yield f"payment {payment.key}: it is “{payment.state}”, its money is not"


@fsck.check
def tranches_follow_payments() -> Iterator[str]:
    """A tranche is sent or received exactly when it has such a payment, of its own amount."""
    pairs = {TrancheState.PAID: PaymentState.SENT, TrancheState.RECEIVED: PaymentState.CONFIRMED}
    for tranche_state, payment_state in pairs.items():
        for tranche in Tranche.objects.filter(state=tranche_state).exclude(payments__state=payment_state):
            yield f"tranche {tranche.pk}: it is “{tranche_state}” without such a payment"
        for payment in Payment.objects.filter(state=payment_state).exclude(tranche__state=tranche_state):
            yield f"payment {payment.key}: it is “{payment_state}”, its tranche is not"
    for payment in Payment.objects.exclude(amount_minor=F("tranche__amount_minor")):
        yield f"payment {payment.key}: its amount is not that of its tranche"


@fsck.check
def payments_were_approved() -> Iterator[str]:
    """Every live payment is for exactly what different people approved."""
    live = Payment.objects.exclude(state=PaymentState.FAILED).select_related("tranche", "maker")
    for payment in live.order_by("key"):
        request = payment.tranche.requests.select_related("bank_account").filter(payload_sha256=payment.payload_sha256)
        stated = request.first()
        if stated is None or payload_hash(payment.tranche, stated) != payment.payload_sha256:
            yield f"payment {payment.key}: it is not what was requested"
        people = payment.tranche.approvals.filter(payload_sha256=payment.payload_sha256).values("approver").distinct()
        if people.count() < 2:
            yield f"payment {payment.key}: fewer than two people approved it"


@fsck.check
def nobody_is_paid_more_than_promised() -> Iterator[str]:
    """What was paid from each source of a grant is at most its frozen share; an ended grant is owed nothing."""
    for grant in Grant.objects.filter(state__in=_COMMITTED).order_by("reference"):
        for funding, paid in paid_by_source(grant):
            if paid > funding.amount_minor:
                yield f"grant {grant.reference}: {paid} paid from {funding.envelope}, {funding.amount_minor} committed"
    closed = list(GrantFunding.objects.filter(grant__state=GrantState.CLOSED).select_related("account", "grant"))
    found = balances(funding.account for funding in closed)
    for funding in closed:
        left = found[funding.account_id].posted_minor
        if left:
            yield f"grant {funding.grant.reference}: closed, yet {left} is still owed on {funding.account.code}"


@fsck.check
def files_for_the_bank_are_unchanged() -> Iterator[str]:
    """Every file for the bank has the bytes that were approved, and orders exactly its payments, each of them sent."""
    for run in PaymentRun.objects.order_by("reference"):
        try:
            content = file_bytes(run)
        except (FileChanged, OSError):
            yield f"file {run.reference}: its bytes are lost or not those that were recorded"
            continue
        for key, state in run.lines.order_by("position").values_list("payment__key", "payment__state"):
            if content.count(f"<EndToEndId>{key}</EndToEndId>".encode()) != 1:
                yield f"file {run.reference}: it does not order {key} once"
            if run.state == RunState.RELEASED and state == PaymentState.PREPARED:
                yield f"file {run.reference}: released, yet {key} is not sent"


@fsck.check
def providers_hold_what_is_on_its_way() -> Iterator[str]:
    """Each provider holds exactly the payments that were handed over and have neither arrived nor come back."""
    for provider in PaymentProvider.objects.order_by("name", "pk"):
        sent = provider.payments.filter(state=PaymentState.SENT).aggregate(total=Sum("amount_minor"))["total"] or 0
        account = Account.objects.filter(code=f"1050/{provider.pk}").first()
        held = balance(account).posted_minor if account else 0
        if held != sent:
            yield f"provider {provider.name}: {held} on its way in the books, {sent} by its payments"
    for payment in Payment.objects.filter(commission_minor__gt=0).order_by("key"):
        kept = sum(one.amount_minor for one in commission_transfers(payment) if one.debit.code.startswith("6050/"))
        if kept != payment.commission_minor:
            yield f"payment {payment.key}: {kept} kept for a commission of {payment.commission_minor}"


@fsck.check
def results_of_exchange_are_booked() -> Iterator[str]:
    """Each confirmed rate has its loss or gain in the books, borne by nobody's restricted money."""
    for one in Conversion.objects.filter(state=ConversionState.CONFIRMED).select_related("payment").order_by("pk"):
        posted = Transfer.objects.filter(leaf=one.leaf)
        lost = posted.filter(debit__code__startswith="7010/").aggregate(total=Sum("amount_minor"))["total"] or 0
        gained = posted.filter(credit__code__startswith="4310/").aggregate(total=Sum("amount_minor"))["total"] or 0
        if lost - gained != one.loss_minor:
            yield f"payment {one.payment.key}: {lost - gained} booked for an exchange loss of {one.loss_minor}"
