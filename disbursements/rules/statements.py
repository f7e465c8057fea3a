"""Who gives statements to be read, and who decides on their open lines."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold, offices_of
from audit.events import Event
from audit.rules import rule_for, system_only
from disbursements import events
from disbursements.models import BankStatement, LineDecision, Payment, StatementLine
from disbursements.states import LineDirection, LineVerdict, PaymentState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of

rule_for(events.StatementRead, events.StatementRefused)(system_only)


@rule_for(events.StatementTaken)
def may_take_statement(statement: BankStatement, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer gives the bank's file."""
    return may_hold(actor, Role.FINANCE_OFFICER)


def is_open(line: StatementLine) -> PermissionResult:
    """Whether nothing matched the line and nobody has settled it."""
    settled = line.decisions.exclude(verdict=LineVerdict.HANDED_OVER).exists()
    if settled or line.payment_id is not None or line.contribution_id is not None:
        return Denied(_("This line is settled already."))
    return Allowed()


@rule_for(events.LineDecided)
def may_decide_line(decision: LineDecision, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer decides on an open line, with what fits it."""
    return all_of(may_hold(actor, Role.FINANCE_OFFICER), is_open(decision.line), _fits(decision))


def _fits(decision: LineDecision) -> PermissionResult:
    line = decision.line
    if decision.verdict == LineVerdict.HANDED_OVER:
        return _takes_it_over(decision)
    if decision.verdict == LineVerdict.EXPLAINED:
        return Allowed() if decision.note.strip() else Denied(_("Write what the line is."))
    if decision.verdict == LineVerdict.RETURNED:
        return Allowed() if line.direction != LineDirection.OUT else Denied(_("This line went out; nothing came back."))
    if decision.payment is not None:
        return _is_its_payment(line, decision.payment)
    given = decision.contribution or decision.refund
    if line.direction != LineDirection.IN or given is None:
        return Denied(_("Money that came in is a contribution or a refund."))
    return Allowed()


def _takes_it_over(decision: LineDecision) -> PermissionResult:
    if decision.owner is not None and Role.FINANCE_OFFICER in offices_of(decision.owner):
        return Allowed()
    return Denied(_("Hand it over to a finance officer."))


def _is_its_payment(line: StatementLine, payment: Payment) -> PermissionResult:
    if line.direction != LineDirection.OUT or line.currency != payment.currency:
        return Denied(_("The line is not money that went out in the currency of the payment."))
    if payment.state == PaymentState.PREPARED:
        return Denied(_("The payment is not sent yet."))
    taken = LineDecision.objects.filter(payment=payment, verdict=LineVerdict.MATCHED)
    if taken.exists() or StatementLine.objects.filter(payment=payment).exists():
        return Denied(_("The payment left the bank in another line already. Was it paid twice?"))
    return Allowed()
