"""Reading extensions: how much time and money were added, and how the days to come move."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from grants.extensions import Decider, Stretch, budget_with, decider, most_to_add, new_end
from grants.models import Grant, Report, ReportLine, Revision
from grants.selectors.durations import final_report_due
from grants.selectors.grants import rules_of
from grants.selectors.revisions import budget_in_force
from grants.selectors.signed import signed_minor
from grants.states import ReportKind, ReportState, RevisionState
from kernel import identity


def extensions_of(grant: Grant) -> QuerySet[Revision]:
    """The extensions of the grant that are in force, the first one first."""
    return grant.revisions.filter(state=RevisionState.EFFECTIVE, months__gt=0).order_by("leaf_id")


@identity.system("grants.months_added")
def months_added(grant: Grant) -> int:
    """How many months its extensions in force add to what was signed."""
    return int(extensions_of(grant).aggregate(total=Sum("months"))["total"] or 0)


@identity.system("grants.months_added")
def months_added_by_grant() -> dict[Any, int]:
    """The same of every grant that was extended, by key; one query."""
    rows = Revision.objects.filter(state=RevisionState.EFFECTIVE, months__gt=0).order_by().values_list("grant")
    return dict(rows.annotate(total=Sum("months")))


@identity.system("grants.signed_end")
def signed_end(grant: Grant) -> date | None:
    """The last day as the agreement says it, whatever was added since."""
    first = extensions_of(grant).first()
    return first.old_end if first else grant.ends_on


def end_after(grant: Grant, months: int) -> date:
    """The last day of the grant after ``months`` more. Raises ValueError for a grant without days, and for no month."""
    if grant.ends_on is None:
        raise ValueError(f"{grant.reference} has no agreed days")
    return new_end(grant.ends_on, months)


def needs_committee(grant: Grant, months: int) -> bool:
    """Whether ``months`` more, with those of earlier extensions, are the committee's to agree to."""
    return decider(months, months_added(grant), rules_of(grant).changes) is Decider.COMMITTEE


def room_minor(grant: Grant) -> int:
    """How much extensions may still add to the grant, in minor units."""
    signed = signed_minor(grant)
    return most_to_add(signed, grant.amount_minor - signed, rules_of(grant).changes)


def budget_after(grant: Grant, more: Mapping[str, int]) -> dict[str, int]:
    """The budget in force with ``more`` (minor units by category of direct costs) and the indirect cost that goes with it."""
    return budget_with(more, budget_in_force(grant), indirect=ReportLine.INDIRECT)


@identity.system("grants.stretch_of")
def stretch_of(revision: Revision) -> Stretch:
    """How the days of the grant move: from today on, or from the last day that a report under way covers."""
    if revision.ends is None:
        raise ValueError(f"{revision} moves no days")
    old_end, last_day = revision.ends
    begun = revision.grant.reports.exclude(state=ReportState.SCHEDULED).values_list("period_end", flat=True)
    fixed = max([timezone.localdate(), *begun])
    return Stretch(min(fixed, old_end), old_end, last_day)


@dataclass(frozen=True, slots=True)
class ReportMove:
    """A report to come, with its days after the extension."""

    report: Report
    start: date
    end: date
    due_on: date


@identity.system("grants.report_moves")
def report_moves(revision: Revision) -> list[ReportMove]:
    """The scheduled reports whose days move, in their order; each period still begins where the one before it ends."""
    stretch, moves = stretch_of(revision), list[ReportMove]()
    ended: dict[date, date] = {}
    for report in revision.grant.reports.filter(state=ReportState.SCHEDULED).order_by("number", "extra"):
        end = stretch.day(min(report.period_end, stretch.old_end))
        before = ended.get(report.period_start - timedelta(days=1))
        start = before + timedelta(days=1) if before else report.period_start
        ended[report.period_end] = end
        move = ReportMove(report, start, end, _due(report, end))
        if (start, end, move.due_on) != (report.period_start, report.period_end, report.due_on):
            moves.append(move)
    return moves


def _due(report: Report, end: date) -> date:
    if report.kind == ReportKind.FINAL:
        return final_report_due(report.grant, end)
    return end + (report.due_on - report.period_end)
