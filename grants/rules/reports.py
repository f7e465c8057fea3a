"""Who may do what with a report."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.events import Event
from audit.rules import rule_for, system_only
from charter import stored
from grants import events
from grants.fingerprints import is_what_was_read, report_sha256
from grants.further_reports import is_needed
from grants.models import Grant, Report
from grants.rules.grants import signs_for
from grants.states import GrantState, ReportState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.rules import is_person_of

DONE = (ReportState.ACCEPTED, ReportState.WAIVED)
"""A report on which nobody has anything more to do."""

rule_for(events.ReportScheduled)(system_only)


@rule_for(events.ReportOpened)
def may_open_report(report: Report, *, actor: Any, event: Event) -> PermissionResult:
    """The calendar opens a report; the partner may begin earlier, one report after the other."""
    if actor is None:
        return Allowed()
    return all_of(is_person_of(actor, report.grant.organisation), earlier_are_written(report))


def before(report: Report) -> Q:
    """The reports of the same grant that come before this one."""
    return Q(number__lt=report.number) | Q(number=report.number, extra__lt=report.extra)


def earlier_are_written(report: Report) -> PermissionResult:
    """Whether every report before this one was submitted, accepted or waived."""
    open_ones = [ReportState.SCHEDULED, ReportState.OPEN, ReportState.RETURNED]
    if report.grant.reports.filter(before(report), state__in=open_ones).exists():
        return Denied(_("An earlier report is not written yet."))
    return Allowed()


@rule_for(events.FurtherReportBegun)
def may_begin_further(report: Report, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """People of the organisation, between two scheduled reports, while something waits for what they would report."""
    grant = report.grant
    return all_of(
        is_person_of(actor, grant.organisation), is_running(grant), no_report_is_under_way(grant), is_needed(grant)
    )


def is_running(grant: Grant) -> PermissionResult:
    """Whether the grant is active."""
    if grant.state == GrantState.ACTIVE:
        return Allowed()
    return Denied(_("The grant is not active: %(state)s.") % {"state": grant.get_state_display()})


def no_report_is_under_way(grant: Grant) -> PermissionResult:
    """Whether one report at least is done, none is being written or reviewed, and the final one is still to come."""
    reports = list(grant.reports.order_by("number", "extra"))
    busy = [one for one in reports if one.state not in {ReportState.SCHEDULED, *DONE}]
    if busy:
        return Denied(
            _("Report %(number)s is not finished: %(state)s. State your spending there.")
            % {"number": busy[0].label, "state": busy[0].get_state_display()}
        )
    if not any(one.state in DONE for one in reports) or not any(one.state == ReportState.SCHEDULED for one in reports):
        return Denied(_("A further report comes between two reports of the schedule."))
    return Allowed()


@rule_for(events.FurtherReportTakenBack)
def may_take_back(report: Report, *, actor: Any, event: Event) -> PermissionResult:
    """People of the organisation take back what they began of their own wish."""
    if not report.extra:
        return Denied(_("The agreement asks for this report."))
    return is_person_of(actor, report.grant.organisation)


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
def may_return_report(report: Report, *, actor: Any, event: Any) -> PermissionResult:
    """A programme officer returns exactly what was read, as often as the charter allows."""
    most = stored.rules_of(report.grant.frozen_rules).reports.returns
    if report.returns >= most:
        return Denied(_("The report was returned %(count)s times already; decide on it.") % {"count": most})
    return all_of(
        may_hold(actor, Role.PROGRAMME_OFFICER), is_what_was_read(event.content_sha256, report_sha256(report))
    )


@rule_for(events.ReportAccepted)
def may_accept_report(report: Report, *, actor: Any, event: Any) -> PermissionResult:
    """A programme officer accepts exactly what was read, and is not of the organisation; earlier reports come first."""
    if is_person_of(actor, report.grant.organisation):
        return Denied(_("You belong to this organisation: another officer judges its report."))
    earlier = report.grant.reports.filter(before(report)).exclude(state__in=DONE)
    if earlier.exists():
        return Denied(_("An earlier report is not accepted yet."))
    return all_of(
        may_hold(actor, Role.PROGRAMME_OFFICER), is_what_was_read(event.content_sha256, report_sha256(report))
    )


@rule_for(events.ReportWaived)
def may_waive_report(report: Report, *, actor: Any, event: Event) -> PermissionResult:
    """The fund manager waives, with a reason."""
    return may_hold(actor, Role.FUND_MANAGER)
