"""Changes of bank details: the organisation asks, one officer calls back, others agree; nobody does two of these."""

from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from accounts.selectors import has_role
from audit.events import Event
from audit.rules import rule_for, system_only
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import bank_events as events
from organisations.models import BankAccount, BankChange, BankChangeAgreement, Organisation, Person
from organisations.rules.bank import BANK_READERS, OPEN_CHANGES
from organisations.rules.people import is_outsider, is_person_of, memberships_of, people_today
from organisations.states import SPOKEN, BankChangeState, PersonRole, VerificationChannel

rule_for(events.BankChangeApproved)(system_only)

AGREEING: Final = (Role.FINANCE_OFFICER, Role.FUND_MANAGER)


def is_later(account: BankAccount) -> bool:
    """Whether the organisation had another account that money could go to: then this one is a change."""
    earlier = BankAccount.objects.filter(organisation_id=account.organisation_id, usable_from__isnull=False)
    return earlier.exclude(pk=account.pk).exists()


def bank_changes_seen_by(user: Any) -> Q:
    """Changes that ``user`` may read: all for offices that read bank details, else those of organisations one signs for."""
    if has_role(user, *BANK_READERS):
        return Q()
    signing = [pk for pk, role in memberships_of(user).items() if role == PersonRole.SIGNATORY]
    return Q(organisation__in=signing)


def may_ask_for_change(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """A signatory of the organisation."""
    return is_person_of(actor, organisation, PersonRole.SIGNATORY)


@rule_for(events.BankChangeRequested)
def may_request_change(change: BankChange, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A signatory asks, for an account that is in use at most once at a time."""
    replaced = change.replaces
    if replaced is not None and replaced.organisation_id != change.organisation_id:
        return Denied(_("This is not an account of the organisation."))
    if replaced is not None and replaced.changes.filter(state__in=OPEN_CHANGES).exists():
        return Denied(_("A change of this account is being checked already."))
    return may_ask_for_change(change.organisation, actor=actor)


@rule_for(events.BankChangeCalledBack)
def may_call_back(change: BankChange, *, actor: Any, event: Any = None) -> PermissionResult:
    """A finance officer who did not ask asks a person of the organisation back, on the number of the file or face to face."""
    answer = all_of(may_hold(actor, Role.FINANCE_OFFICER), has_no_part(change, actor))
    return (
        answer
        if event is None or not answer
        else all_of(answer, is_the_account(change, event), is_spoken(change, event))
    )


def is_spoken(change: BankChange, event: Any) -> PermissionResult:
    """Whether the way is one on which a person answers; a call needs the number of the file."""
    if event.channel not in SPOKEN:
        return Denied(_("Say how you spoke with the organisation: a letter is not enough."))
    if event.channel == VerificationChannel.CALL and not change.file_number:
        return Denied(_("The file had no telephone number: speak with the organisation by video or at a visit."))
    return Allowed()


def may_have_answered(change: BankChange) -> Q:
    """Who of the organisation may have answered: its people of today who belonged to it before the change was asked for."""
    return people_today() & Q(
        organisation=change.organisation_id, starts_on__lte=timezone.localdate(change.leaf.created_at)
    )


def has_answered(change: BankChange, person: Any) -> PermissionResult:
    """Whether ``person`` may be the one with whom the officer spoke."""
    if Person.objects.filter(may_have_answered(change), user=person).exists():
        return Allowed()
    return Denied(_("Speak with a person of the organisation who belonged to it before the change was asked for."))


@rule_for(events.BankChangeAgreed)
def may_agree(agreement: BankChangeAgreement, *, actor: Any, event: Any = None) -> PermissionResult:
    """A finance officer or the fund manager who neither asked nor called back, after the call, to exactly these details."""
    change = agreement.change
    if change.state != BankChangeState.CALLED_BACK:
        return Denied(_("The organisation was not called back, or the change has ended."))
    if actor is not None and actor.pk == change.called_by_id:
        return Denied(_("You called the organisation back: another person agrees."))
    if actor is not None and change.agreements.filter(agreed_by=actor).exists():
        return Denied(_("You agreed already; the next one is another person."))
    answer = all_of(may_hold(actor, *AGREEING), has_no_part(change, actor))
    return answer if event is None or not answer else is_the_account(change, event)


@rule_for(events.BankChangeRefused)
def may_refuse_change(change: BankChange, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer or the fund manager who did not ask."""
    return all_of(may_hold(actor, *AGREEING), has_no_part(change, actor))


@rule_for(events.BankChangeWithdrawn)
def may_withdraw_change(change: BankChange, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """Any signatory of the organisation, who may be the first to notice a forged request."""
    return may_ask_for_change(change.organisation, actor=actor)


def has_no_part(change: BankChange, actor: Any) -> PermissionResult:
    """Whether the person neither asked for the change nor belongs to the organisation."""
    if actor is not None and actor.pk == change.requested_by_id:
        return Denied(_("You asked for this change: others check it."))
    return is_outsider(actor, change.organisation)


def is_the_account(change: BankChange, event: Any) -> PermissionResult:
    """Whether the details are those that the page showed."""
    if event.fingerprint == change.account.fingerprint:
        return Allowed()
    return Denied(_("The details are not those that you were shown. Look at them again."))


def is_not_being_changed(account: BankAccount) -> PermissionResult:
    """Whether no change of the account is open: until it has ended nothing is paid there."""
    if account.changes.filter(state__in=OPEN_CHANGES).exists():
        return Denied(_("The organisation asked to change this account: payments wait until that is checked."))
    return Allowed()
