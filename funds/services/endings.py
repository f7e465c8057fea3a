"""The life of a promise after its signature, and money that goes back to its donor."""

import uuid
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle
from funds import books, events, rules, selectors
from funds.models import Contribution, DonorReturn, Pledge, PledgeDocument, PledgeEstimate, PledgeWriteOff
from funds.services import bank_account
from funds.services.receivables import clear, outstanding_minor
from funds.states import RUNNING_PLEDGES
from kernel.permissions import Refused
from ledger.models import Account
from ledger.services import TransferDraft, open_account, post

DUE_TO_DONORS = "2220"


def invoice_pledge(made: Pledge, *, number: str, due_on: date, actor: User) -> Pledge:
    """Record that the donor was asked for the money."""
    return lifecycle.move(made, events.PledgeInvoiced(number=number, due_on=due_on), actor=actor)


def file_document(made: Pledge, *, title: str, file: Any, actor: User) -> PledgeDocument:
    """Keep a document of the agreement; ``file`` was looked through (`kernel.uploads.UploadField`)."""
    document = PledgeDocument(pledge=made, title=title, file=file, sha256=file.checked.sha256, filed_by=actor)
    event = events.PledgeDocumentFiled(title=title, sha256=document.sha256)
    return lifecycle.create(document, event, actor=actor)


def estimate_pledge(made: Pledge, *, percent: int, actor: User, reason: str) -> PledgeEstimate:
    """Say how likely it is that the pledge arrives; the forecast reckons with it from now on."""
    estimate = PledgeEstimate(pledge=made, percent=percent, estimated_by=actor)
    return lifecycle.create(estimate, events.PledgeEstimated(percent=percent), actor=actor, reason=reason)


@transaction.atomic
def expire_pledges(today: date) -> int:
    """End every promise whose last day has passed; returns how many."""
    ended = 0
    for made in Pledge.objects.filter(state__in=selectors.OPEN_PLEDGES, valid_until__lt=today).order_by("pk"):
        left = made.amount_minor - selectors.received_of(made).minor
        done = lifecycle.move(made, events.PledgeExpired(left_minor=left, currency=made.currency), actor=None)
        clear(done, left, leaf=done.leaf, why=books.PROMISE_ENDED)
        ended += 1
    return ended


# Two people: what will not arrive -----------------------------------------------------------------------------------


@transaction.atomic
def ask_write_off(made: Pledge, *, why: str, actor: User) -> PledgeWriteOff:
    """Ask that what a signed pledge has not brought is given up; raises `Refused`."""
    left = made.amount_minor - selectors.received_of(made).minor
    asked = PledgeWriteOff(pledge=made, amount_minor=left, why=why, asked_by=actor)
    event = events.WriteOffAsked(pledge=made.pk, amount_minor=left, currency=made.currency)
    try:
        with transaction.atomic():
            return lifecycle.create(asked, event, actor=actor)
    except IntegrityError as error:
        raise Refused(_("A write-off of this pledge waits for a second person already.")) from error


@transaction.atomic
def confirm_write_off(asked: PledgeWriteOff, *, actor: User) -> PledgeWriteOff:
    """Agree as a second person: the promise ends, and the books expect nothing more of it. Raises `Refused`."""
    made = Pledge.objects.select_for_update(no_key=True).get(pk=asked.pledge_id)
    if made.state not in RUNNING_PLEDGES or made.amount_minor - selectors.received_of(made).minor != asked.amount_minor:
        raise Refused(_("Meanwhile money arrived or the pledge ended: decline, and look at it again."))
    done = lifecycle.move(asked, events.WriteOffConfirmed(), actor=actor, changes={"decided_by": actor})
    event = events.PledgeWrittenOff(left_minor=done.amount_minor, currency=made.currency)
    made = lifecycle.move(made, event, actor=None)
    clear(made, outstanding_minor(made), leaf=made.leaf, why=books.WRITTEN_OFF)
    return done


def decline_write_off(asked: PledgeWriteOff, *, actor: User, reason: str) -> PledgeWriteOff:
    """The promise stands."""
    return lifecycle.move(
        asked, events.WriteOffDeclined(), actor=actor, reason=reason, changes={"decided_by": actor}
    )  # fmt: skip


# Two people: money that goes back -----------------------------------------------------------------------------------


def ask_return(contribution: Contribution, *, amount_minor: int, why: str, actor: User) -> DonorReturn:
    """Ask that ``amount_minor`` of a contribution goes back to its donor; raises `Refused`."""
    asked = DonorReturn(contribution=contribution, amount_minor=amount_minor, why=why, asked_by=actor)
    event = events.DonorReturnAsked(
        contribution=contribution.reference, amount_minor=amount_minor, currency=contribution.currency
    )
    return lifecycle.create(asked, event, actor=actor)


def _due_account(contribution: Contribution) -> Account:
    return open_account(
        f"{DUE_TO_DONORS}/{contribution.reference}",
        currency=contribution.currency,
        purpose=books.DUE_TO_DONOR(contribution=contribution.reference),
        debits_within_credits=True,
    )


@transaction.atomic
def release_return(asked: DonorReturn, *, actor: User) -> DonorReturn:
    """Let it go as a second person: from now on the fund owes it to the donor.

    Raises `Refused`, also when the contribution has less free by now.
    """
    done = lifecycle.move(asked, events.DonorReturnReleased(), actor=actor, changes={"decided_by": actor})
    source = done.contribution.account
    if source is None:
        raise Refused(_("This money is not confirmed yet."))
    draft = TransferDraft(
        key=rules.due_key(done.pk),
        debit=source,
        credit=_due_account(done.contribution),
        minor=done.amount_minor,
        reason=books.TO_BE_RETURNED(contribution=done.contribution.reference),
    )
    post([draft], leaf=done.leaf)
    return done


def decline_return(asked: DonorReturn, *, actor: User, reason: str) -> DonorReturn:
    """It stays."""
    return lifecycle.move(
        asked, events.DonorReturnDeclined(), actor=actor, reason=reason, changes={"decided_by": actor}
    )  # fmt: skip


@transaction.atomic
def pay_return(released: DonorReturn, *, paid_on: date, bank_reference: str, actor: User) -> DonorReturn:
    """Record that the bank paid it; raises `Refused`."""
    done = lifecycle.move(
        released,
        events.DonorReturnPaid(paid_on=paid_on, bank_reference=bank_reference),
        actor=actor,
        changes={"paid_on": paid_on, "bank_reference": bank_reference, "paid_by": actor},
    )
    draft = TransferDraft(
        key=uuid.uuid5(done.pk, "paid"),
        debit=_due_account(done.contribution),
        credit=bank_account(done.contribution.currency),
        minor=done.amount_minor,
        reason=books.RETURNED(contribution=done.contribution.reference, reference=bank_reference),
    )
    post([draft], leaf=done.leaf)
    return done
