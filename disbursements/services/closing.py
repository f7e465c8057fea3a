"""Closing: what was not spent comes back to the source it came from; what was not paid is promised no more."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit import lifecycle
from audit.models import Leaf
from disbursements import books, controls, events
from disbursements.models import Payment, Refund
from disbursements.positions import position
from disbursements.selectors import funding_in_use_order, open_tranches, paid_by_source
from disbursements.services.payments import clear_refund_of_advances, fail_payment
from disbursements.services.tranches import cancel
from disbursements.states import PaymentState
from funds.services import bank_account
from grants.models import Grant, GrantFunding
from grants.selectors.envelopes import place_of_return
from grants.selectors.grants import rules_of
from grants.services import closure
from kernel.money import Money, format_money
from kernel.permissions import Refused
from ledger.services import TransferDraft, post


@transaction.atomic
def compute_refund(grant: Grant, *, disallowed_minor: int, actor: Any) -> Refund:
    """Compute what the partner gives back (minor units); below the charter's minimum it is waived at once.

    Raises `Refused` when more is disallowed than was spent, and when it was computed before.
    """
    grant = Grant.objects.select_for_update(of=("self",), no_key=True).get(pk=grant.pk)
    rules = rules_of(grant).refunds
    now = position(grant)
    if disallowed_minor > now.spent_minor:
        spent = format_money(Money(now.spent_minor, grant.currency), get_language() or settings.LANGUAGE_CODE)
        raise Refused(_("No more can be refused than was spent: %(spent)s.") % {"spent": spent})
    computed = controls.refund(now.received_minor, now.spent_minor, disallowed_minor=disallowed_minor, rules=rules)
    refund = Refund(
        grant=grant,
        unspent_minor=computed.unspent_minor,
        disallowed_minor=computed.disallowed_minor,
        amount_minor=computed.computed_minor,
        due_on=timezone.localdate() + timedelta(days=rules.due_calendar_days),
        computed_by=actor,
    )
    lifecycle.create(
        refund,
        events.RefundComputed(
            unspent_minor=refund.unspent_minor,
            disallowed_minor=refund.disallowed_minor,
            amount_minor=refund.amount_minor,
        ),
        actor=actor,
    )
    if computed.owed_minor:
        return refund
    waived = lifecycle.move(refund, events.RefundWaived(amount_minor=refund.amount_minor), actor=None)
    clear_refund_of_advances(grant, minor=waived.unspent_minor, leaf=waived.leaf)
    return waived


def record_refund(refund: Refund, *, received_on: date, bank_reference: str, actor: Any) -> Refund:
    """A finance officer saw the refund in the bank statement."""
    return lifecycle.move(
        refund,
        events.RefundReceived(amount_minor=refund.amount_minor, bank_reference=bank_reference),
        actor=actor,
        changes={"received_on": received_on, "bank_reference": bank_reference, "received_by": actor},
    )


@transaction.atomic
def confirm_refund(refund: Refund, *, actor: Any) -> Refund:
    """A second person confirms; the money returns to the sources that the grant used last."""
    settled = lifecycle.move(
        refund,
        events.RefundConfirmed(amount_minor=refund.amount_minor),
        actor=actor,
        changes={"confirmed_by": actor},
    )
    _return_to_sources(settled)
    clear_refund_of_advances(settled.grant, minor=settled.unspent_minor, leaf=settled.leaf)
    return settled


def _return_to_sources(refund: Refund) -> None:
    """Refunds go back to the same source and class (domain §5.3, invariant 7): the source used last first."""
    left, drafts = refund.amount_minor, []
    for funding, paid in reversed(paid_by_source(refund.grant)):
        part = min(left, paid)
        if part > 0:
            drafts.append(
                TransferDraft(
                    uuid5(refund.pk, f"return:{funding.pk}"),
                    bank_account(refund.grant.currency),
                    _source(funding),
                    part,
                    books.REFUND(grant=refund.grant.reference),
                )
            )
            left -= part
    post(drafts, leaf=refund.leaf)


def _source(funding: GrantFunding) -> Any:
    account = place_of_return(funding.envelope)
    if account is None:
        raise ValueError(f"{funding.envelope.contribution} has no account")
    return account


@transaction.atomic
def close_grant(grant: Grant, *, actor: Any) -> Grant:
    """Close the grant: cancel what is still planned, give unpaid money back to its sources, close.

    Raises `Refused` naming the report, refund or payment that is still open.
    """
    refund = Refund.objects.filter(grant=grant).first()
    refunded = refund.amount_minor if refund is not None and refund.state == "settled" else 0
    closed = closure.close(grant, spent_minor=position(grant).spent_minor, refunded_minor=refunded, actor=actor)
    cancel_open_tranches(closed, leaf=closed.leaf)
    return closed


def cancel_open_tranches(grant: Grant, *, leaf: Leaf) -> None:
    """Cancel every tranche that has no payment on its way, and release what the fund owed for it to the sources."""
    for payment in Payment.objects.filter(tranche__grant=grant, state=PaymentState.PREPARED).order_by("pk"):
        fail_payment(payment, reason=_("The grant has ended."), actor=None)
    for tranche in open_tranches(grant).exclude(payments__state__in=[PaymentState.PREPARED, PaymentState.SENT]):
        cancel(tranche, reason="", actor=None)
    drafts = [
        TransferDraft(
            uuid5(grant.pk, f"decommit:{funding.pk}:{leaf.pk}"),
            funding.account,
            _source(funding),
            owed,
            books.NOT_PAID_ANY_MORE(grant=grant.reference),
        )
        for funding, owed in funding_in_use_order(grant)
        if owed > 0
    ]
    post(drafts, leaf=leaf)
