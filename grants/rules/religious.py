"""Zakat and the yield of waqfs: who justifies a line, and who agrees by a scholar's opinion."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for
from charter import stored
from charter.schema.money import ZakatRules
from grants import events
from grants.models import Application, ReligiousBasis
from grants.states import ApplicationState, ReligiousClass
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.rules.people import is_outsider

_A = ApplicationState
UNDECIDED = frozenset({_A.ELIGIBLE, _A.SCORING, _A.DELIBERATION, _A.DEFERRED, _A.WAITLISTED})
"""States in which the money of an award is not yet chosen, and the budget is fixed."""


def zakat_rules(application: Application) -> ZakatRules:
    """Whom zakat reaches and what it pays, by the charter of the call."""
    return stored.rules_of(application.call.frozen_rules or {}).zakat


def is_undecided(application: Application) -> PermissionResult:
    """Whether a justification can still matter to the award."""
    if application.state in UNDECIDED:
        return Allowed()
    return Denied(_("Lines are justified after the screening and before the decision."))


def may_justify(application: Application, *, actor: Any) -> PermissionResult:
    """A programme officer who never belonged to the organisation, between the screening and the decision."""
    return all_of(
        may_hold(actor, Role.PROGRAMME_OFFICER), is_outsider(actor, application.organisation), is_undecided(application)
    )


@rule_for(events.BasisProposed)
def may_propose_basis(basis: ReligiousBasis, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_justify`, for a cost that reaches recipients of a class that the charter names."""
    rules = zakat_rules(basis.application)
    zakat = basis.restriction == ReligiousClass.ZAKAT
    if zakat and (basis.line.category not in rules.cost_categories or basis.line.purpose):
        return Denied(_("Zakat pays what reaches its recipients themselves: this is not such a cost by the charter."))
    if zakat and basis.recipients not in rules.recipients:
        return Denied(_("The charter does not name this class of recipients."))
    return may_justify(basis.application, actor=actor)


@rule_for(events.BasisApproved, events.BasisDeclined)
def may_decide_basis(basis: ReligiousBasis, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager, who did not write it and never belonged to the organisation."""
    if actor is not None and actor.pk == basis.proposed_by_id:
        return Denied(_("You wrote this justification; another person decides on it."))
    return all_of(
        may_hold(actor, Role.FUND_MANAGER),
        is_outsider(actor, basis.application.organisation),
        is_undecided(basis.application),
    )
