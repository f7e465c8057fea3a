"""Writes of donors' money: donors, pledges, contributions, and reservations of what they gave."""

import uuid
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from accounts.models import User
from audit import lifecycle
from audit.models import Leaf
from funds import books, events, selectors
from funds.models import Contribution, Donor, DonorRepresentative, Pledge, Waqf
from funds.selectors import waqfs
from funds.services import receivables
from funds.states import RUNNING_PLEDGES, ContributionState, MandateRole, RestrictionClass
from kernel import codes
from kernel.permissions import Refused
from ledger.models import Account, Transfer
from ledger.services import TransferDraft, open_account, post

BANK = "1010"
"""The fund's bank, by currency (chart of accounts)."""
SOURCE = "3020"
"""Money received, one account for each contribution."""


class RecordedTwice(Refused):
    """The same bank reference of the same donor was recorded before."""

    def __init__(self) -> None:
        super().__init__(_("Money of this donor is recorded under this bank reference already."))


# Donors ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_donor(name: LazyI18nString, *, kind: str, actor: User, withhold_name: bool = False) -> Donor:
    """Add a donor; raises `Refused`."""
    donor = Donor(name=name, kind=kind, withhold_name=withhold_name)
    donor.save(force_insert=True)
    lifecycle.note(donor, events.DonorAdded(kind=kind), actor=actor)
    return donor


@transaction.atomic
def change_donor(donor: Donor, changes: dict[str, Any], *, actor: User) -> Donor:
    """Set ``name``, ``kind`` or ``withhold_name``; raises `Refused`."""
    changed = {name: value for name, value in changes.items() if getattr(donor, name) != value}
    if changed:
        lifecycle.note(donor, events.DonorChanged(changed=sorted(changed)), actor=actor)
        for name, value in changed.items():
            setattr(donor, name, value)
        donor.save(update_fields=list(changed))
    return donor


@transaction.atomic
def add_representative(
    donor: Donor, user: User, *, starts_on: date, actor: User, role: str = MandateRole.LEAD
) -> DonorRepresentative:
    """Let ``user`` see what ``role`` opens of the donor's money and documents from ``starts_on`` on; raises `Refused`."""
    mandate = DonorRepresentative(donor=donor, user=user, starts_on=starts_on, role=role)
    event = events.RepresentativeAdded(person=user.pk, starts_on=starts_on, role=str(role))
    lifecycle.note(mandate, event, actor=actor)
    # After its event: PostgreSQL refuses a mandate that was not recorded as given.
    mandate.save(force_insert=True)
    return mandate


@transaction.atomic
def end_representative(mandate: DonorRepresentative, *, actor: User) -> DonorRepresentative:
    """End a mandate today, or before it begins on its first day; once, raises `Refused`."""
    locked = DonorRepresentative.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    lifecycle.note(locked, events.RepresentativeEnded(person=locked.user_id), actor=actor)
    locked.ends_on = max(timezone.localdate(), locked.starts_on)
    locked.save(update_fields=["ends_on"])
    return locked


# Pledges: shown apart, never cash --------------------------------------------------------------------------------


def pledge(
    donor: Donor, *, amount_minor: int, expected_on: date, actor: User, currency: str = "USD", **terms: Any
) -> Pledge:
    """Record a promise of money; ``terms`` are the fields of `Restricted`. Nothing is posted."""
    made = Pledge(
        donor=donor, amount_minor=amount_minor, currency=currency, expected_on=expected_on, recorded_by=actor, **terms
    )
    event = events.PledgeMade(donor=donor.pk, amount_minor=amount_minor, currency=currency)
    return lifecycle.create(made, event, actor=actor)


@transaction.atomic
def sign_pledge(made: Pledge, *, signed_on: date, actor: User, valid_until: date | None = None) -> Pledge:
    """Record that the donor's agreement is signed: the books expect what has not arrived of it from now on."""
    changes = {"signed_on": signed_on, "valid_until": valid_until}
    signed = lifecycle.move(made, events.PledgeSigned(signed_on=signed_on), actor=actor, changes=changes)
    receivables.recognise(signed, signed.amount_minor - selectors.received_of(signed).minor)
    return signed


def fulfil_pledge(made: Pledge, *, actor: User | None) -> Pledge:
    """Close a signed pledge of which all has arrived; raises `Refused` before that."""
    received = selectors.received_of(made).minor
    return lifecycle.move(made, events.PledgeFulfilled(received_minor=received), actor=actor)


@transaction.atomic
def withdraw_pledge(made: Pledge, *, actor: User, reason: str) -> Pledge:
    """Record that the donor took the promise back: the books expect nothing more of it."""
    ended = lifecycle.move(made, events.PledgeWithdrawn(), actor=actor, reason=reason)
    receivables.clear(ended, ended.amount_minor, leaf=ended.leaf, why=books.PROMISE_ENDED)
    return ended


# Contributions ---------------------------------------------------------------------------------------------------


def record_contribution(
    donor: Donor,
    *,
    amount_minor: int,
    received_on: date,
    bank_reference: str,
    actor: User,
    currency: str = "USD",
    pledge: Pledge | None = None,
    pool: Account | None = None,
    **terms: Any,
) -> Contribution:
    """Record money that arrived at the bank; it is in the books only after `confirm_contribution` by another person.

    ``pool``: it is gathered from gifts by card instead. ``terms`` are the fields of `Restricted`, and ``waqf`` when it is the
    capital or the yield of one; yield serves what the latest deed says and nothing else. Raises `RecordedTwice`, `Refused`, and ValueError
    for a class whose condition is not given.
    """
    waqf: Waqf | None = terms.get("waqf")
    if waqf is not None and terms.get("restriction_class") == RestrictionClass.WAQF_YIELD:
        terms |= waqfs.served_by(waqf)
    contribution = Contribution(
        reference=codes.reference("CON", received_on.year),
        donor=donor,
        pledge=pledge,
        amount_minor=amount_minor,
        currency=currency,
        received_on=received_on,
        bank_reference=bank_reference,
        recorded_by=actor,
        pool=pool,
        **terms,
    )
    event = events.ContributionRecorded(
        donor=donor.pk,
        amount_minor=amount_minor,
        currency=currency,
        restriction_class=contribution.terms.restriction.value,
        bank_reference=bank_reference,
    )
    try:
        return lifecycle.create(contribution, event, actor=actor)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if constraint == "bank_reference_once_per_donor":
            raise RecordedTwice from error
        raise


def bank_account(currency: str) -> Account:
    """The fund's bank account of a currency; it cannot be overdrawn."""
    return open_account(
        f"{BANK}/{currency}", currency=currency, purpose=books.BANK(currency=currency), credits_within_debits=True
    )


@transaction.atomic
def confirm_contribution(contribution: Contribution, *, amount_minor: int, actor: User) -> Contribution:
    """Confirm as a second person that the bank statement shows ``amount_minor``, and put it into the books.

    Opens the contribution's own source account, which cannot be overdrawn. Raises `Refused`.
    """
    account = open_account(
        f"{SOURCE}/{contribution.reference}",
        currency=contribution.currency,
        purpose=books.SOURCE(contribution=contribution.reference),
        debits_within_credits=True,
    )
    event = events.ContributionConfirmed(amount_minor=amount_minor, currency=contribution.currency)
    changes = {"confirmed_by": actor, "account": account}
    done = lifecycle.move(contribution, event, actor=actor, changes=changes)
    receipt = TransferDraft(
        key=uuid.uuid5(done.pk, "receipt"),
        debit=done.pool or bank_account(done.currency),
        credit=account,
        minor=done.amount_minor,
        reason=books.RECEIVED(contribution=done.reference, reference=done.bank_reference),
    )
    post([receipt], leaf=done.leaf)
    _credit_pledge(done)
    return done


def _credit_pledge(contribution: Contribution) -> None:
    """What arrived of a signed pledge is expected no more; the last part fulfils it."""
    if contribution.pledge_id is None:
        return
    made = Pledge.objects.select_for_update(no_key=True).get(pk=contribution.pledge_id)
    if made.state not in RUNNING_PLEDGES:
        return
    receivables.clear(made, contribution.amount_minor, leaf=contribution.leaf, why=books.PROMISE_KEPT)
    received = selectors.received_of(made).minor
    if received >= made.amount_minor:
        fulfil_pledge(made, actor=None)
    else:
        lifecycle.move(made, events.PledgePartReceived(received_minor=received, currency=made.currency), actor=None)


def reject_contribution(contribution: Contribution, *, actor: User, reason: str) -> Contribution:
    """Say that the bank statement does not show this money."""
    return lifecycle.move(contribution, events.ContributionRejected(), actor=actor, reason=reason)


def reserve(
    contribution: Contribution, amount_minor: int, *, into_account: Account, key: uuid.UUID, leaf: Leaf
) -> Transfer:
    """Move ``amount_minor`` of a confirmed contribution into ``into_account`` (a call's envelope) for the act of ``leaf``.

    Raises `ledger.services.InsufficientFunds` when less is free, `Refused` before the money is confirmed. The same
    ``key`` reserves once.
    """
    if contribution.state != ContributionState.CONFIRMED or contribution.account is None:
        raise Refused(_("This money is not confirmed yet."))
    draft = TransferDraft(
        key=key,
        debit=contribution.account,
        credit=into_account,
        minor=amount_minor,
        reason=books.INTO_ENVELOPE(contribution=contribution.reference),
    )
    return post([draft], leaf=leaf)[0]
