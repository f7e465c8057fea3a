"""How an extension moves the days of a grant: worked out before it counts, read from the record afterwards."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from audit import log
from audit.models import RecordedEvent
from disbursements.events import TrancheRescheduled
from disbursements.models import Tranche
from disbursements.states import TrancheState
from grants.events import GrantExtended, ReportRescheduled
from grants.models import Revision
from grants.selectors.extensions import report_moves, stretch_of
from grants.states import RevisionState
from kernel import identity


@dataclass(frozen=True, slots=True)
class MovedDay:
    """What moves, in words, from which day to which."""

    what: str
    before: date
    after: date


@identity.system("disbursements.tranche_moves")
def tranche_moves(revision: Revision) -> list[tuple[Tranche, date]]:
    """The planned tranches whose days move, with their new days."""
    stretch = stretch_of(revision)
    planned = revision.grant.tranches.filter(state__in=[TrancheState.PLANNED, TrancheState.HELD]).order_by("number")
    moves = [(tranche, stretch.day(min(tranche.due_on, stretch.old_end))) for tranche in planned]
    return [(tranche, day) for tranche, day in moves if day > tranche.due_on]


def moved_days(revision: Revision) -> list[MovedDay]:
    """The days that the extension moves: end, reports, tranches; none once it is rejected or taken back."""
    if revision.state == RevisionState.EFFECTIVE:
        return _recorded(revision)
    if revision.has_ended or revision.ends is None:
        return []
    reports = [
        MovedDay(_report(move.report.label), move.report.due_on, move.due_on)
        for move in report_moves(revision)
        if move.due_on != move.report.due_on
    ]
    tranches = [MovedDay(_tranche(one.number), one.due_on, day) for one, day in tranche_moves(revision)]
    return [MovedDay(_("End of the grant"), *revision.ends), *reports, *tranches]


def _report(label: str) -> str:
    return _("Report %(number)s, due on") % {"number": label}


def _tranche(number: int) -> str:
    return _("Tranche %(number)s, planned for") % {"number": number}


@identity.system("disbursements.moved_days")
def _recorded(revision: Revision) -> list[MovedDay]:
    grant = revision.grant
    named = {
        grant.pk: _("End of the grant"),
        **{one.pk: _report(one.label) for one in grant.reports.all()},
        **{one.pk: _tranche(one.number) for one in grant.tranches.all()},
    }
    types = [GrantExtended.type, ReportRescheduled.type, TrancheRescheduled.type]
    rows = RecordedEvent.objects.filter(subject_id__in=named, type__in=types, leaf__opening__isnull=False)
    every = [(row.subject_id, log.opened(row.leaf.opening)["event"]) for row in rows.select_related("leaf__opening")]
    said = {subject: event for subject, event in every if event["revision"] == str(revision.pk)}
    days = [
        (what, event.get("old_end") or event["old_due"], event.get("ends_on") or event["due_on"])
        for subject, what in named.items()
        if (event := said.get(subject))
    ]
    return [MovedDay(what, date.fromisoformat(old), date.fromisoformat(new)) for what, old, new in days if old != new]
