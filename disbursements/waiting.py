"""What a tranche waits for: each condition as an answer with its reason, and how the partner meets it."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disbursements.controls import left_to_spend, may_request_next
from disbursements.models import DisbursementRequest, Tranche
from disbursements.positions import Position, position
from disbursements.states import TrancheState, Waivable
from grants.further_reports import needs_further_reports
from grants.models import Grant, Report
from grants.rules.grants import signs_for
from grants.rules.reports import DONE
from grants.selectors.conditions import holding_tranche
from grants.selectors.grants import rules_of
from grants.states import ConditionBlocks, GrantState, ReportKind, ReportState
from grants.words import listed
from kernel.money import Money, format_money
from kernel.permissions import Allowed, Denied, PermissionResult
from organisations.states import OrganisationState

_S = TrancheState
ASKABLE = (_S.DUE, _S.RETURNED)
"""States in which a tranche may be requested."""
NOT_ASKED_YET = (_S.PLANNED, _S.HELD, *ASKABLE)


def is_waived(tranche: Tranche, condition: Waivable) -> bool:
    """Whether the fund manager waived ``condition`` for this tranche."""
    return any(one.condition == condition for one in tranche.waivers.all())


def waivable(tranche: Tranche) -> list[Waivable]:
    """The unmet conditions of the tranche that the fund manager may waive."""
    if tranche.state not in NOT_ASKED_YET:
        return []
    spent = tranche.retention or (
        bool(enough_is_reported(tranche)) and (not states_spending(tranche) or is_waived(tranche, Waivable.SPENDING))
    )
    answers = {Waivable.SPENDING: spent, Waivable.OVERDUE_REPORT: bool(no_report_is_overdue(tranche))}
    return [condition for condition, answer in answers.items() if not answer]


def is_active(grant: Grant) -> PermissionResult:
    """Whether the grant is active: no money moves while it is suspended or ended, nor while its organisation is suspended."""
    if grant.state != GrantState.ACTIVE:
        return Denied(_("The grant is not active: %(state)s.") % {"state": grant.get_state_display()})
    if grant.organisation.state == OrganisationState.SUSPENDED:
        return Denied(_("The organisation is suspended: no money moves until the suspension ends."))
    return Allowed()


# Falling due -----------------------------------------------------------------------------------------------------


def report_before(tranche: Tranche) -> Report | None:
    """The scheduled report that must be accepted before the tranche; None when the spending is stated in the request.

    Grants that report lightly have no such report (`grants.selectors.grants.is_light`), and neither has a first tranche.
    """
    return tranche.grant.reports.filter(kind=ReportKind.PROGRESS, number=tranche.number - 1, extra=0).first()


def states_spending(tranche: Tranche) -> bool:
    """Whether the partner states in the request what it spent, because no report says it."""
    return tranche.number > 1 and not tranche.retention and report_before(tranche) is None


def has_fallen_due(tranche: Tranche) -> PermissionResult:
    """Whether what the tranche waits for has happened: the signature, the report or tranche before it, the final report."""
    if tranche.retention:
        if tranche.grant.reports.filter(kind=ReportKind.FINAL, state__in=DONE).exists():
            return Allowed()
        return Denied(_("The final report is not accepted yet."))
    report = report_before(tranche)
    if report is None:
        return earlier_are_received(tranche)
    if report.state in DONE:
        return Allowed()
    return Denied(
        _("Report %(number)s is not accepted yet: %(state)s.")
        % {"number": report.label, "state": report.get_state_display()}
    )


def may_fall_due(tranche: Tranche) -> bool:
    """Whether the tranche may be requested from now on, as far as the grant's progress goes."""
    return tranche.grant.state == GrantState.ACTIVE and bool(has_fallen_due(tranche))


# Requests --------------------------------------------------------------------------------------------------------


def earlier_are_received(tranche: Tranche) -> PermissionResult:
    """Whether every earlier tranche arrived or was cancelled: money is asked for in order, what is retained at the end."""
    done = [_S.RECEIVED, _S.CANCELLED]
    before = Q() if tranche.retention else Q(number__lt=tranche.number)
    earlier = tranche.grant.tranches.filter(before, retention=False).exclude(pk=tranche.pk)
    if not earlier.exclude(state__in=done).exists():
        return Allowed()
    return Denied(_("An earlier tranche has not been received yet."))


def enough_is_reported(
    tranche: Tranche, now: Position | None = None, *, by_report: bool | None = None
) -> PermissionResult:
    """Whether accepted reports show the charter's share of the money received as spent (domain: ≥ 70 %).

    What a request itself states is judged with the request (`enough_is_stated`). ``now`` and ``by_report`` (whether a
    report comes before the tranche) spare the look into the database.
    """
    if by_report is None:
        by_report = report_before(tranche) is not None
    if tranche.number == 1 or not (tranche.retention or by_report):
        return Allowed()
    now = now or position(tranche.grant)
    if tranche.retention:
        if now.spent_minor > now.received_minor:
            return Allowed()
        return Denied(_("All that was spent is paid already; the retained part is not needed."))
    return _enough(tranche, now.received_minor, now.spent_minor)


def enough_is_stated(request: DisbursementRequest) -> PermissionResult:
    """Whether the request states the charter's share as spent; for tranches after the first that are no retention."""
    tranche = request.tranche
    if tranche.number == 1 or tranche.retention:
        return Allowed()
    return _enough(tranche, request.received_minor, request.spent_minor)


def _enough(tranche: Tranche, received_minor: int, spent_minor: int) -> PermissionResult:
    rules = rules_of(tranche.grant).payments
    if may_request_next(received_minor, spent_minor, rules) or is_waived(tranche, Waivable.SPENDING):
        return Allowed()
    left = Money(left_to_spend(received_minor, spent_minor, rules), tranche.currency)
    return Denied(
        _("%(share)s %% of the money received must be spent and reported first; %(left)s is missing.")
        % {"share": rules.next_tranche_spent_percent, "left": format_money(left, get_language() or "ar")}
    )


def conditions_are_met(tranche: Tranche) -> PermissionResult:
    """Whether no open condition of the award holds the tranche."""
    grant = tranche.grant
    if not any(one.blocks == ConditionBlocks.TRANCHE and not one.is_closed for one in grant.conditions.all()):
        return Allowed()
    last = max(one.number for one in grant.tranches.all())
    holding = holding_tranche(grant, tranche.number, last=last)
    if not holding:
        return Allowed()
    return Denied(
        _("A condition of the award is open: %(conditions)s") % {"conditions": listed(one.text for one in holding)}
    )


def no_report_is_overdue(tranche: Tranche) -> PermissionResult:
    """Whether no report of the grant is past its due day by the charter's days for a hold."""
    days = rules_of(tranche.grant).reports.overdue_calendar_days.tranche_hold
    latest = timezone.localdate() - timedelta(days=days)
    late = tranche.grant.reports.filter(state__in=[ReportState.OPEN, ReportState.RETURNED], due_on__lt=latest)
    if not late.exists() or is_waived(tranche, Waivable.OVERDUE_REPORT):
        return Allowed()
    return Denied(_("A report is overdue by more than %(days)s days.") % {"days": days})


# In words --------------------------------------------------------------------------------------------------------


def unmet(tranche: Tranche) -> list[PermissionResult]:
    """Every condition that keeps the tranche from being requested now, each once, in the order in which they are met."""
    if tranche.state not in NOT_ASKED_YET:
        return [Denied(_("This tranche cannot be requested now: %(state)s.") % {"state": tranche.get_state_display()})]
    answers = [is_active(tranche.grant), _is_not_held(tranche)]
    if tranche.state not in ASKABLE:
        answers.append(has_fallen_due(tranche))
    answers += [
        conditions_are_met(tranche),
        earlier_are_received(tranche),
        enough_is_reported(tranche),
        no_report_is_overdue(tranche),
    ]
    return list({str(answer.reason): answer for answer in answers if not answer}.values())


def unmet_for(tranche: Tranche, actor: Any) -> list[PermissionResult]:
    """What keeps ``actor`` from requesting the tranche: its conditions, and a signatory's authority."""
    found = unmet(tranche)
    signs = signs_for(tranche.grant, actor)
    return found if signs else [*found, signs]


def _is_not_held(tranche: Tranche) -> PermissionResult:
    if tranche.state != _S.HELD:
        return Allowed()
    return Denied(_("The fund holds this tranche: %(reason)s") % {"reason": tranche.hold_reason})


@needs_further_reports
def a_tranche_waits_for_spending(grant: Grant) -> PermissionResult:
    """Whether a tranche could be requested if only more spending were reported."""
    for tranche in grant.tranches.filter(state__in=ASKABLE, retention=False):
        if not enough_is_reported(tranche) and earlier_are_received(tranche):
            return Allowed()
    return Denied(_("No tranche waits for more spending now; the next report comes with its period."))
