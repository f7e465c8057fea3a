"""Bank accounts: one records, another verifies through a second channel."""

from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from accounts.selectors import has_role
from audit.rules import rule_for
from kernel.permissions import Allowed, Denied, PermissionResult, all_of, any_of
from organisations import events
from organisations.models import BankAccount, BankChange, Organisation
from organisations.rules.people import is_outsider, is_person_of, person_role
from organisations.states import BankChangeState, PersonRole, VerificationChannel

BANK_READERS: Final = (Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)
"""Offices that see bank details."""
OPEN_CHANGES: Final = (BankChangeState.REQUESTED, BankChangeState.CALLED_BACK)
"""States of a change that has not ended."""


def _signatory_or_finance(account: BankAccount, actor: Any) -> PermissionResult:
    return any_of(
        may_hold(actor, Role.FINANCE_OFFICER),
        is_person_of(actor, account.organisation, PersonRole.SIGNATORY),
    )


def may_see_bank_accounts(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """Signatories of the organisation, finance, the fund manager and auditors."""
    if has_role(actor, *BANK_READERS) or person_role(actor, organisation) == PersonRole.SIGNATORY:
        return Allowed()
    return Denied(_("Bank details are for the organisation's signatories and for finance."))


@rule_for(events.BankAccountRecorded)
def may_record_account(account: BankAccount, *, actor: Any, event: Any = None) -> PermissionResult:
    """A signatory of the organisation, or a finance officer who has the details in writing; later accounts: see `bank_changes`."""
    return _signatory_or_finance(account, actor)


@rule_for(events.BankAccountVerified)
def may_verify_account(account: BankAccount, *, actor: Any, event: Any = None) -> PermissionResult:
    """A finance officer who did not record it and does not belong to the organisation; exactly the recorded details."""
    changed = BankChange.objects.filter(account=account).first()
    if changed is not None:
        return _follows_its_change(changed)
    officer = may_hold(actor, Role.FINANCE_OFFICER)
    if not officer:
        return officer
    if account.recorded_by_id == actor.pk:
        return Denied(_("You recorded this account: another finance officer verifies it."))
    if event is not None and event.channel not in VerificationChannel.values:
        return Denied(_("Say through which second channel the organisation confirmed the details."))
    if event is not None and event.fingerprint != account.fingerprint:
        return Denied(_("The details are not those that you were shown. Look at them again."))
    return all_of(is_outsider(actor, account.organisation), Allowed())


def _follows_its_change(change: BankChange) -> PermissionResult:
    if change.state == BankChangeState.APPROVED:
        return Allowed()
    return Denied(_("This account is a change of bank details: it is called back, and others agree."))


@rule_for(events.BankAccountRetired)
def may_retire_account(account: BankAccount, *, actor: Any, event: Any = None) -> PermissionResult:
    """A signatory of the organisation, or a finance officer; the system, when a change has ended. Open changes end first."""
    if BankChange.objects.filter(Q(account=account) | Q(replaces=account), state__in=OPEN_CHANGES).exists():
        return Denied(_("A change of this account is being checked: it must end first."))
    if actor is None:
        return Allowed()
    return _signatory_or_finance(account, actor)
