"""Who orders payments from the bank, and which payments a file may order."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.events import Event
from audit.rules import rule_for
from disbursements import events
from disbursements.iso20022.latin import is_bank_text
from disbursements.models import FundAccount, Payment, PaymentRun, PaymentRunLine
from disbursements.rules.tranches import is_payable
from disbursements.states import PaymentState, RunState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.banking import looks_like_iban
from organisations.models import BankAccount


@rule_for(events.FundAccountRecorded)
def may_record_fund_account(account: FundAccount, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer records the fund's own account from the bank's letter."""
    return may_hold(actor, Role.FINANCE_OFFICER)


@rule_for(events.RunPrepared)
def may_prepare_run(run: PaymentRun, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer prepares a file for the bank."""
    return may_hold(actor, Role.FINANCE_OFFICER)


@rule_for(events.RunReleased)
def may_release_run(run: PaymentRun, *, actor: Any, event: Any) -> PermissionResult:
    """Another person than the maker, of exactly the file that was shown; each payment's own rule is asked as well."""
    if actor is not None and actor.pk == run.maker_id:
        return Denied(_("You prepared this file; another person releases it."))
    if event.file_sha256 != run.sha256:
        return Denied(_("This is not the file that you were shown. Please read it again."))
    return may_hold(actor, Role.FINANCE_OFFICER, Role.FUND_MANAGER)


@rule_for(events.RunDiscarded)
def may_discard_run(run: PaymentRun, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """Finance or the fund manager discards a file that is not released."""
    return may_hold(actor, Role.FINANCE_OFFICER, Role.FUND_MANAGER)


def may_be_ordered(payment: Payment, account: FundAccount) -> PermissionResult:
    """Whether a file from ``account`` may order the payment: prepared, free, payable, in letters that banks carry."""
    if payment.state != PaymentState.PREPARED:
        return Denied(_("The payment is not waiting any more: %(state)s.") % {"state": payment.get_state_display()})
    if payment.provider is not None:
        return Denied(
            _("The payment goes through %(provider)s, not by bank transfer.") % {"provider": payment.provider}
        )
    if payment.currency != account.currency:
        return Denied(
            _("The payment is in %(payment)s, the fund's account in %(account)s.")
            % {"payment": payment.currency, "account": account.currency}
        )
    return all_of(
        stands_in_no_other_run(payment),
        is_payable(payment.bank_account, payment.tranche.grant),
        has_bank_letters(payment.bank_account),
    )


def stands_in_no_other_run(payment: Payment) -> PermissionResult:
    """Whether no live file orders the payment."""
    line = (
        PaymentRunLine.objects.filter(payment=payment)
        .exclude(run__state=RunState.DISCARDED)
        .select_related("run")
        .first()
    )
    if line is None:
        return Allowed()
    return Denied(_("The payment stands in the file %(run)s already.") % {"run": line.run.reference})


def has_bank_letters(account: BankAccount) -> PermissionResult:
    """Whether banks can carry the holder's name, and find the bank: by an IBAN, or by its name in Latin letters."""
    if not is_bank_text(account.holder_latin):
        return Denied(_("The account holder's name is not written in Latin letters; banks abroad cannot carry it."))
    if not looks_like_iban(account.number) and not is_bank_text(account.bank):
        return Denied(
            _("The account has no IBAN, and its bank is not named in Latin letters. Ask for the account anew.")
        )
    return Allowed()
