"""Who may do what with a report."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.events import Event
from audit.rules import rule_for, system_only
from charter.schema import CharterRules
from grants import events
from grants.models import Report
from grants.rules.grants import signs_for
from grants.states import ReportState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.rules import is_person_of

rule_for(events.ReportScheduled)(system_only)


@rule_for(events.ReportOpened)
def may_open_report(report: Report, *, actor: Any, event: Event) -> PermissionResult:
    """The calendar opens a report; the partner may begin earlier, one report after the other."""
    if actor is None:
        return Allowed()
    return all_of(is_person_of(actor, report.grant.organisation), earlier_are_written(report))


def earlier_are_written(report: Report) -> PermissionResult:
    """Whether every report before this one was submitted, accepted or waived."""
    open_ones = [ReportState.SCHEDULED, ReportState.OPEN, ReportState.RETURNED]
    if report.grant.reports.filter(number__lt=report.number, state__in=open_ones).exists():
        return Denied(_("An earlier report is not written yet."))
    return Allowed()


def may_write(report: Report, *, actor: Any) -> PermissionResult:
    """Everyone of the organisation writes, while the report is open or returned."""
    person = is_person_of(actor, report.grant.organisation)
    if person and report.state not in {ReportState.OPEN, ReportState.RETURNED}:
        return Denied(_("This report cannot be changed now: %(state)s.") % {"state": report.get_state_display()})
    return person


def is_complete(report: Report) -> PermissionResult:
    """Whether the narrative is written and the number of people is given."""
    missing = [
        str(report._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in ("achieved", "did_not_work", "participation")
        if not getattr(report, name).strip()
    ]
    if report.people_reached is None:
        missing.append(str(report._meta.get_field("people_reached").verbose_name))
    if not missing:
        return Allowed()
    return Denied(_("Still to be filled in: %(fields)s.") % {"fields": "، ".join(missing)})


@rule_for(events.ReportSubmitted)
def may_submit_report(report: Report, *, actor: Any, event: Event) -> PermissionResult:
    """The signatory submits a complete report."""
    return all_of(signs_for(report.grant, actor), is_complete(report), earlier_are_written(report))


@rule_for(events.ReportReturned)
def may_return_report(report: Report, *, actor: Any, event: Event) -> PermissionResult:
    """A programme officer returns a report, as often as the charter allows."""
    most = CharterRules.model_validate(report.grant.frozen_rules).reports.returns
    if report.returns >= most:
        return Denied(_("The report was returned %(count)s times already; decide on it.") % {"count": most})
    return may_hold(actor, Role.PROGRAMME_OFFICER)


@rule_for(events.ReportAccepted)
def may_accept_report(report: Report, *, actor: Any, event: Event) -> PermissionResult:
    """A programme officer accepts, who does not belong to the organisation; the earlier reports come first."""
    if is_person_of(actor, report.grant.organisation):
        return Denied(_("You belong to this organisation: another officer judges its report."))
    before = report.grant.reports.filter(number__lt=report.number).exclude(
        state__in=[ReportState.ACCEPTED, ReportState.WAIVED]
    )
    if before.exists():
        return Denied(_("An earlier report is not accepted yet."))
    return may_hold(actor, Role.PROGRAMME_OFFICER)


@rule_for(events.ReportWaived)
def may_waive_report(report: Report, *, actor: Any, event: Event) -> PermissionResult:
    """The fund manager waives, with a reason."""
    return may_hold(actor, Role.FUND_MANAGER)
