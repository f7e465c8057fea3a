"""Payments: reserved on the grant's sources, released by a second person, confirmed by the partner or given back."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from audit import lifecycle
from audit.models import Leaf
from charter.selectors import working_deadline
from disbursements import books, events
from disbursements.models import Payment, PaymentProvider, Tranche
from disbursements.positions import current_request, payload_hash, position
from disbursements.selectors import funding_in_use_order, reservation_key, reservations
from disbursements.services import channels, conversions
from disbursements.states import Channel, PaymentState
from funds.services import bank_account
from grants import reasons
from grants.models import Grant, GrantFunding
from grants.selectors.grants import rules_of
from kernel.codes import reference
from ledger.models import Account, TransferKind
from ledger.selectors import balance
from ledger.services import TransferDraft, open_account, post


def _hold_grant(tranche_id: UUID) -> None:
    """Wait for whoever suspends or ends the grant; a grant is always locked before its tranches and payments."""
    Grant.objects.select_for_update(of=("self",), no_key=True).get(tranches=tranche_id)


def hold_grants(payments: Iterable[UUID]) -> None:
    """Lock the grants of ``payments`` in the order of their ids, before any of their tranches and payments."""
    held = Grant.objects.filter(tranches__payments__in=list(payments)).values("pk")
    list(Grant.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=held).order_by("pk"))


@transaction.atomic
def prepare_payment(tranche: Tranche, *, actor: Any, provider: PaymentProvider | None = None) -> Payment:
    """A finance officer prepares the payment; the money is reserved on the grant's sources until it is settled.

    It goes by bank transfer, or through ``provider``, whose commission the fund pays beside it. Raises `Refused` when
    approvals are missing, the account is not payable, or the provider may not carry it.
    """
    _hold_grant(tranche.pk)
    tranche = Tranche.objects.select_for_update(no_key=True).get(pk=tranche.pk)
    request = current_request(tranche)
    payment = Payment(
        tranche=tranche,
        key=reference("PAY", timezone.localdate().year),
        amount_minor=tranche.amount_minor,
        currency=tranche.currency,
        bank_account=request.bank_account,
        channel=Channel.BANK if provider is None else provider.channel,
        provider=provider,
        commission_minor=0 if provider is None else provider.commission_of(tranche.amount_minor),
        maker=actor,
        payload_sha256=payload_hash(tranche, request),
    )
    lifecycle.create(
        payment,
        events.PaymentPrepared(
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            account_fingerprint=request.bank_account.fingerprint,
        ),
        actor=actor,
    )
    _reserve(payment)
    channels.hold_commission(payment)
    return payment


def _parts(grant: Grant, minor: int) -> list[tuple[GrantFunding, int]]:
    """How an amount is taken from the grant's sources: the first committed to its end before the next."""
    parts = []
    for funding, available in funding_in_use_order(grant):
        part = min(minor, available)
        if part > 0:
            parts.append((funding, part))
            minor -= part
    if minor:
        raise ValueError(f"{grant.reference}: its sources do not cover the payment")
    return parts


def _reserve(payment: Payment) -> None:
    grant = payment.tranche.grant
    bank = bank_account(payment.currency)
    post(
        [
            TransferDraft(
                reservation_key(payment, funding.pk),
                funding.account,
                bank,
                part,
                books.PAYMENT(payment=payment.key),
                TransferKind.PEND,
            )
            for funding, part in _parts(grant, payment.amount_minor)
        ],
        leaf=payment.leaf,
    )


@transaction.atomic
def send_payment(payment: Payment, *, slip: Any, bank_reference: str, sent_on: date, actor: Any) -> Payment:
    """Another person releases the payment and keeps the bank's slip; the partner confirms within the charter's days."""
    _hold_grant(payment.tranche_id)
    sha256 = hashlib.sha256(slip.read()).hexdigest()
    slip.seek(0)
    name = payment.slip.field.generate_filename(payment, slip.name or "slip")
    sent = lifecycle.move(
        payment,
        events.PaymentSent(bank_reference=bank_reference, slip_sha256=sha256),
        actor=actor,
        changes={
            "checker": actor,
            "sent_on": sent_on,
            "bank_reference": bank_reference,
            "slip": name,
            "slip_sha256": sha256,
        },
    )
    _keep(sent.slip.storage, name, slip)
    channels.hand_over(sent)
    _tranche_is_paid(sent)
    return sent


def send_in_run(payment: Payment, *, reference: str, file_sha256: str, actor: Any) -> Payment:
    """The payment leaves with its run's file, which stands for the bank's slip; asked by the run's release."""
    sent = lifecycle.move(
        payment,
        events.PaymentSent(bank_reference=reference, slip_sha256=file_sha256),
        actor=actor,
        changes={
            "checker": actor,
            "sent_on": timezone.localdate(),
            "bank_reference": reference,
            "slip_sha256": file_sha256,
        },
    )
    _tranche_is_paid(sent)
    return sent


def _tranche_is_paid(sent: Payment) -> None:
    due = working_deadline(timezone.now(), rules_of(sent.tranche.grant).deadlines.receipt_confirmation_days)
    lifecycle.move(sent.tranche, events.TranchePaid(payment=sent.pk), actor=None, changes={"step_due": due})


def _keep(storage: Storage, name: str, slip: Any) -> None:
    """Store the slip once its payment is released; a refused release leaves no file behind."""
    if (kept := storage.save(name, slip)) != name:
        storage.delete(kept)
        raise FileExistsError(name)


@transaction.atomic
def confirm_payment(payment: Payment, *, received_on: date, fee_minor: int, actor: Any) -> Payment:
    """The partner confirms what arrived; the books settle the payment."""
    confirmed = lifecycle.move(
        payment,
        events.PaymentConfirmed(
            received_minor=payment.amount_minor - fee_minor, received_on=received_on, fee_minor=fee_minor
        ),
        actor=actor,
        changes={
            "received_minor": payment.amount_minor - fee_minor,
            "fee_minor": fee_minor,
            "received_on": received_on,
            "confirmed_by": actor,
        },
    )
    post(
        [
            TransferDraft.settle(
                pending,
                key=uuid5(confirmed.pk, f"settle:{pending.pk}"),
                reason=books.PAYMENT_ARRIVED(payment=confirmed.key),
            )
            for pending in reservations(confirmed)
        ],
        leaf=confirmed.leaf,
    )
    channels.end_commission(confirmed, paid=True)
    lifecycle.move(
        confirmed.tranche, events.TrancheReceived(payment=confirmed.pk), actor=None, changes={"step_due": None}
    )
    _book_advance(confirmed)
    return confirmed


@transaction.atomic
def fail_payment(payment: Payment, *, reason: str, actor: Any) -> Payment:
    """The bank gave the money back: the reservation ends, and the tranche can be paid again without new approvals."""
    payment = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    was_sent = payment.state == PaymentState.SENT
    failed = lifecycle.move(payment, events.PaymentFailed(), actor=actor, reason=reasons.given(reason))
    post(
        [
            TransferDraft.void(
                pending, key=uuid5(failed.pk, f"void:{pending.pk}"), reason=books.PAYMENT_CAME_BACK(payment=failed.key)
            )
            for pending in reservations(failed)
        ],
        leaf=failed.leaf,
    )
    channels.end_commission(failed, paid=False)
    conversions.end_conversions(failed)
    if was_sent:
        channels.take_back(failed)
        due = working_deadline(timezone.now(), rules_of(failed.tranche.grant).deadlines.failed_payment_days)
        lifecycle.move(
            failed.tranche, events.TranchePaymentFailed(payment=failed.pk), actor=None, changes={"step_due": due}
        )
    return failed


# What the partner holds: a memo beside the books (domain §5.5: 1210 advances to partners, cleared by accepted reports).


def _advance_accounts(grant: Grant) -> tuple[Account, Account]:
    advance = open_account(
        f"1210/{grant.reference}",
        currency=grant.currency,
        purpose=books.HELD_BY_PARTNER(grant=grant.reference),
        credits_within_debits=True,
    )
    contra = open_account(
        f"1219/{grant.reference}", currency=grant.currency, purpose=books.COUNTERPART(grant=grant.reference)
    )
    return advance, contra


def _book_advance(payment: Payment) -> None:
    grant = payment.tranche.grant
    advance, contra = _advance_accounts(grant)
    draft = TransferDraft(
        uuid5(payment.pk, "advance"),
        advance,
        contra,
        payment.amount_minor,
        books.HELD_AFTER_PAYMENT(payment=payment.key),
    )
    post([draft], leaf=payment.leaf)
    clear_advances(grant, leaf=payment.leaf)


def clear_advances(grant: Grant, *, leaf: Leaf) -> None:
    """Clear of the partner's advances what accepted reports say was spent, never more than it holds."""
    advance, contra = _advance_accounts(grant)
    now = position(grant)
    held = balance(advance).available_minor
    cleared = now.received_minor - held
    spent = min(now.spent_minor, now.received_minor) - cleared
    if spent > 0:
        draft = TransferDraft(
            uuid5(grant.pk, f"clear:{leaf.pk}"), contra, advance, spent, books.SPENDING_ACCEPTED(grant=grant.reference)
        )
        post([draft], leaf=leaf)


def clear_refund_of_advances(grant: Grant, *, minor: int, leaf: Leaf) -> None:
    """Unspent money that came back is no longer held by the partner."""
    if minor > 0:
        advance, contra = _advance_accounts(grant)
        draft = TransferDraft(
            uuid5(grant.pk, f"refund:{leaf.pk}"),
            contra,
            advance,
            minor,
            books.UNSPENT_CAME_BACK(grant=grant.reference),
        )
        post([draft], leaf=leaf)
