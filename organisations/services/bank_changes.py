"""Changes of bank details: what looked odd, the call back on the number of the file, the agreement of others, the pause."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import lifecycle, vault
from audit.sealed import opened_or
from audit.selectors import records_about
from charter.selectors import charter_in_force, working_deadline
from kernel.permissions import require
from organisations import bank_events, bank_warnings, banking, events, rules
from organisations.bank_watch import money_is_near
from organisations.models import BankAccount, BankChange, BankChangeAgreement, Organisation, Person
from organisations.states import BankAccountState, BankWarning, PersonRole, VerificationChannel

PHONE = "organisations.bank_change.number"
"""Purpose of the digest by which the record names the number that was called."""


def request_change(account: BankAccount, *, replaces: BankAccount | None, actor: User, reason: str) -> BankChange:
    """Ask that ``account``, which is recorded, takes the place of ``replaces`` or comes beside it. Raises `Refused`.

    From now on nothing is paid to the account that it replaces, until the change has ended.
    """
    payments, organisation = charter_in_force().rules, account.organisation
    if replaces is not None:
        # Waits for a payment that is just being sent there, and lets the next one see the change.
        replaces = BankAccount.objects.select_for_update(no_key=True).get(pk=replaces.pk)
    change = BankChange(
        organisation=organisation,
        account=account,
        replaces=replaces,
        data_key=account.data_key,
        file_number=opened_or(organisation, "phone", ""),
        warnings=[str(one) for one in what_is_odd(account, replaces, actor=actor)],
        approvers=payments.payments.bank_details_approvers,
        due=working_deadline(timezone.now(), payments.deadlines.bank_change_days),
        requested_by=actor,
    )
    event = bank_events.BankChangeRequested(fingerprint=account.fingerprint, warnings=change.warnings)
    return lifecycle.create(change, event, actor=actor, reason=reason)


def what_is_odd(account: BankAccount, replaces: BankAccount | None, *, actor: User) -> list[BankWarning]:
    """What an officer should look into before money goes to ``account``."""
    organisation, days = account.organisation, charter_in_force().rules.payments.bank_change_near_days
    near, today = timedelta(days=days), timezone.localdate()
    signs = Person.objects.filter(organisation=organisation, user=actor, role=PersonRole.SIGNATORY)
    odd = {
        BankWarning.LAST_MINUTE: money_is_near(organisation, today + near),
        BankWarning.CONTACT_CHANGED: _changed_phone(organisation, timezone.now() - near),
        BankWarning.NEW_SIGNATORY: not signs.filter(starts_on__lte=today - near).exists(),
        BankWarning.KNOWN_ELSEWHERE: _is_known_elsewhere(account),
        BankWarning.OTHER_HOLDER: bank_warnings.names_another(account.holder_latin, organisation.name_latin),
    }
    if replaces is not None and not replaces.is_erased:
        odd[BankWarning.NEAR_NUMBER] = bank_warnings.are_near(account.number, replaces.number)
        odd[BankWarning.OTHER_COUNTRY] = bank_warnings.is_elsewhere(account.number, replaces.number)
    return [one for one in BankWarning if odd.get(one)]


def _changed_phone(organisation: Organisation, since: datetime) -> bool:
    changes = records_about(organisation, events.OrganisationProfileChanged.type, since=since)
    return any("phone" in record["after"] for record in changes)


def _is_known_elsewhere(account: BankAccount) -> bool:
    found = vault.indexes(banking.NUMBER, banking.normalised_number(account.number))
    return BankAccount.objects.filter(number_index__in=found).exclude(organisation=account.organisation).exists()


@transaction.atomic
def call_back(
    change: BankChange,
    *,
    channel: str,
    spoke_with: User,
    called_at: datetime,
    fingerprint: str,
    actor: User,
    reason: str,
) -> BankChange:
    """Record that an officer asked the organisation itself: whom, when, how. The number called is that of the file.

    Raises `Refused` for a way on which nobody answers, for a person who is not of the organisation, for other details.
    """
    require(rules.has_answered(change, spoke_with))
    by_call = channel == VerificationChannel.CALL
    event = bank_events.BankChangeCalledBack(
        fingerprint=fingerprint,
        channel=channel,
        called_at=called_at.astimezone(UTC).isoformat(),
        number_digest=vault.digest(change.data_key, PHONE, change.file_number) if by_call else "",
    )
    changes = {"called_by": actor, "called_at": called_at, "spoke_with": spoke_with, "channel": channel}
    return lifecycle.move(change, event, actor=actor, reason=reason, changes=changes)


@transaction.atomic
def agree(change: BankChange, *, fingerprint: str, actor: User, reason: str = "") -> BankChange:
    """Another person agrees; with the last one that the charter asks for, the account is usable after its pause.

    The account that it replaces is retired at once: what was approved for it is asked for anew. Raises `Refused`.
    """
    held = BankChange.objects.select_for_update(no_key=True).get(pk=change.pk)
    agreement = BankChangeAgreement(change=held, agreed_by=actor, fingerprint=fingerprint)
    lifecycle.create(agreement, bank_events.BankChangeAgreed(fingerprint=fingerprint), actor=actor, reason=reason)
    if 1 + held.agreements.count() < held.approvers:
        return held
    approved = lifecycle.move(held, bank_events.BankChangeApproved(), actor=None)
    hours = charter_in_force().rules.payments.bank_details_cooling_hours
    approved.account = lifecycle.move(
        approved.account,
        events.BankAccountVerified(fingerprint=fingerprint, channel=approved.channel),
        actor=actor,
        changes={"verified_by": actor, "usable_from": timezone.now() + timedelta(hours=hours)},
    )
    if approved.replaces is not None:
        approved.replaces = _retired(approved.replaces)
    return approved


@transaction.atomic
def refuse_change(change: BankChange, *, reason: str, actor: User) -> BankChange:
    """The fund does not pay to the new account; the old one stays in use."""
    refused = lifecycle.move(change, bank_events.BankChangeRefused(), actor=actor, reason=reason)
    refused.account = _retired(refused.account)
    return refused


@transaction.atomic
def withdraw_change(change: BankChange, *, reason: str, actor: User) -> BankChange:
    """A signatory takes the change back, perhaps one that somebody else forged."""
    withdrawn = lifecycle.move(change, bank_events.BankChangeWithdrawn(), actor=actor, reason=reason)
    withdrawn.account = _retired(withdrawn.account)
    return withdrawn


def _retired(account: BankAccount) -> BankAccount:
    if account.state == BankAccountState.RETIRED:
        return account
    return lifecycle.move(account, events.BankAccountRetired(), actor=None)
