"""Reports: scheduled with the agreement, opened by the calendar, written by the partner, reviewed by the fund."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import lifecycle
from charter.selectors import working_deadline
from grants import events, reasons
from grants.fingerprints import NARRATIVE, report_sha256
from grants.models import Grant, Report, ReportLine
from grants.reporting import Period, reporting_periods
from grants.rules.reports import DONE, may_begin_further, may_write
from grants.selectors.durations import final_report_due
from grants.selectors.grants import reported_parts, rules_of
from grants.selectors.revisions import budget_in_force
from grants.states import GrantState, ReportKind, ReportState
from kernel.permissions import require


def schedule_reports(grant: Grant) -> list[Report]:
    """Schedule a progress report before every tranche after the first, and the final report after the end.

    A grant that reports lightly (`grants.selectors.grants.is_light`) owes the final report alone.
    """
    if grant.starts_on is None or grant.ends_on is None:
        raise ValueError(f"{grant.reference} has no agreed dates")
    periods = reporting_periods(
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        months=grant.months,
        parts=reported_parts(grant),
        final_due=final_report_due(grant, grant.ends_on),
    )
    return [_schedule(grant, period) for period in periods]


def _schedule(grant: Grant, period: Period) -> Report:
    report = Report(
        grant=grant,
        number=period.number,
        kind=period.kind,
        period_start=period.start,
        period_end=period.end,
        due_on=period.due_on,
    )
    lifecycle.create(report, events.ReportScheduled(number=period.number, due_on=period.due_on), actor=None)
    _add_lines(report)
    return report


def _add_lines(report: Report) -> None:
    ReportLine.objects.bulk_create(
        [
            ReportLine(report=report, category=category, budget_minor=minor)
            for category, minor in budget_in_force(report.grant).items()
        ]
    )


def open_report(report: Report, *, actor: Any) -> Report:
    """Open a report for writing: by the calendar (``actor`` None) or earlier, when the partner wants to write it."""
    return lifecycle.move(report, events.ReportOpened(), actor=actor)


def open_due_reports(today: date) -> int:
    """Open every scheduled report whose period has ended; returns how many."""
    running = [GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.TERMINATED]
    due = Report.objects.filter(state=ReportState.SCHEDULED, period_end__lte=today, grant__state__in=running)
    opened = 0
    for report in due.order_by("pk"):
        try:
            open_report(report, actor=None)
        except lifecycle.IllegalMove:
            continue  # the partner opened it a moment ago
        opened += 1
    return opened


@transaction.atomic
def begin_further_report(grant: Grant, *, actor: Any) -> Report:
    """Someone of the organisation begins a further progress report, open to be written at once.

    It covers the days since the last report, and is due with the next report of the schedule. Raises `Refused`.
    """
    grant = Grant.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=grant.pk)
    report = Report(grant=grant, kind=ReportKind.PROGRESS)
    require(may_begin_further(report, actor=actor))
    last = grant.reports.filter(state__in=DONE).order_by("-number", "-extra")[0]
    following = grant.reports.filter(state=ReportState.SCHEDULED).order_by("number", "extra")[0]
    report.number, report.extra = last.number, last.extra + 1
    report.period_start = _day_after(last)
    report.period_end = _until_today(report)
    report.due_on = following.due_on
    lifecycle.create(report, events.FurtherReportBegun(number=report.number, extra=report.extra), actor=actor)
    _add_lines(report)
    return open_report(report, actor=actor)


def _day_after(last: Report) -> date:
    """From when a further report counts: the end of the last period, or the day on which it was sent before its end."""
    following = last.period_end + timedelta(days=1)
    return min(following, timezone.localdate(last.submitted_at)) if last.submitted_at else following


def _until_today(report: Report) -> date:
    return max(timezone.localdate(), report.period_start + timedelta(days=1))


def take_back_report(report: Report, *, actor: Any) -> Report:
    """The organisation does not send the further report that it began. Raises `Refused`."""
    return lifecycle.move(report, events.FurtherReportTakenBack(), actor=actor)


@transaction.atomic
def save_report(
    report: Report, *, narrative: dict[str, Any], spent: dict[str, int], explanations: dict[str, str], actor: Any
) -> Report:
    """Keep what the partner wrote so far: narrative fields, and spending by category in minor units.

    Raises `Refused` when the report is not open to ``actor``.
    """
    locked = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    require(may_write(locked, actor=actor))
    for name in NARRATIVE:
        if name in narrative:
            setattr(locked, name, narrative[name])
    lines = list(locked.lines.all())
    for line in lines:
        line.spent_minor = spent.get(line.category, line.spent_minor)
        line.explanation = explanations.get(line.category, line.explanation)
    ReportLine.objects.bulk_update(lines, ["spent_minor", "explanation"])
    locked.spent_minor = sum(line.spent_minor for line in lines)
    locked.save(update_fields=[*NARRATIVE, "spent_minor"])
    return locked


@transaction.atomic
def submit_report(report: Report, *, actor: Any) -> Report:
    """The signatory submits the report; a further one covers the days until today. `Refused` says what is missing."""
    report = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    if report.extra:
        report.period_end = _until_today(report)
    return lifecycle.move(
        report,
        events.ReportSubmitted(spent_minor=report.spent_minor, content_sha256=report_sha256(report)),
        actor=actor,
        changes={
            "submitted_by": actor,
            "submitted_at": timezone.now(),
            "return_note": "",
            "period_end": report.period_end,
        },
    )


@transaction.atomic
def return_report(report: Report, *, note: str, content_sha256: str, actor: Any) -> Report:
    """A programme officer returns the report with what to mend, at most as often as the charter allows.

    ``content_sha256`` is the hash of what the officer read; `Refused` when the report says something else by now.
    """
    note = reasons.given(note)
    report = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    due = working_deadline(timezone.now(), rules_of(report.grant).deadlines.report_return_days)
    return lifecycle.move(
        report,
        events.ReportReturned(due_on=timezone.localdate(due), content_sha256=content_sha256),
        actor=actor,
        reason=note,
        changes={
            "return_note": note,
            "returns": report.returns + 1,
            "reviewed_by": actor,
            "due_on": timezone.localdate(due),
        },
    )


@transaction.atomic
def accept_report(report: Report, *, content_sha256: str, actor: Any, reason: str = "") -> Report:
    """A programme officer accepts the report; the next tranche may be requested (a reaction of disbursements).

    ``content_sha256`` is the hash of what the officer read; `Refused` when the report says something else by now.
    """
    report = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    return lifecycle.move(
        report,
        events.ReportAccepted(spent_minor=report.spent_minor, content_sha256=content_sha256),
        actor=actor,
        reason=reason,
        changes={"reviewed_by": actor},
    )


def waive_report(report: Report, *, actor: Any, reason: str) -> Report:
    """The fund manager waives a report that is not needed, with a reason."""
    reason = reasons.given(reason)
    return lifecycle.move(report, events.ReportWaived(), actor=actor, reason=reason)


def review_due(report: Report) -> datetime:
    """Until when the fund promised to review a submitted report."""
    start = report.submitted_at or timezone.now()
    return working_deadline(start, rules_of(report.grant).deadlines.report_review_days)
