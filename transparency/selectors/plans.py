"""Plans, people and sub-grants of openly told grants, as the public may read them: by month, rounded, by kind."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth

from audit.models import RecordedEvent
from charter.schema import PublicationRules
from disbursements.events import TranchePlanned
from disbursements.models import Tranche
from disbursements.states import TrancheState
from grants.models import Report
from grants.states import ReportState
from transparency.models import ReleasedGrant
from transparency.release.told import rounded_people
from transparency.selectors import additions, sub_grants

FIELDS: Final = ("planned", "people_planned", "people_reached", "passed_on")
"""What of the released table this module fills."""


def by_grant(until: date, publication: PublicationRules) -> Callable[[object], dict[str, Any]]:
    """For each openly told grant what is told of its plans and people; eight queries at most, whatever their number."""
    planned, reached, passed_on = _schedules(until), _reached(until), sub_grants.by_grant()
    expected = dict(_open().values_list("grant", "grant__application__people_reached"))

    def told(grant: object) -> dict[str, Any]:
        people = (_people(one, publication) for one in (expected.get(grant), reached.get(grant)))
        return dict(zip(FIELDS, (planned.get(grant, {}), *people, passed_on.get(grant, {})), strict=True))

    return told


def _open() -> Any:
    return ReleasedGrant.objects.filter(amount_minor__isnull=False)


def _people(count: int | None, publication: PublicationRules) -> int | None:
    return rounded_people(count, step=publication.people_rounded_to, least=publication.least_people)


def _schedules(until: date) -> dict[object, dict[str, int]]:
    """What falls due in each month by the schedules of agreements, and by extensions as far as they are told."""
    tranches = Tranche.objects.exclude(state=TrancheState.CANCELLED)
    planned = _by_month(tranches.filter(grant__in=_open().values("grant")))
    # Asked after the tranches were read: whoever has one of an extension that is not told yet is among these.
    growing = additions.not_told_yet(until) & planned.keys()
    if growing:
        was_planned = RecordedEvent.objects.filter(
            type=TranchePlanned.type, subject_id=OuterRef("pk"), at__lt=additions.begin_of(until)
        )
        told = _by_month(tranches.filter(Exists(was_planned), grant__in=growing))
        planned |= {grant: told.get(grant, {}) for grant in growing}
    return planned


def _by_month(tranches: QuerySet[Tranche]) -> dict[object, dict[str, int]]:
    planned: dict[object, dict[str, int]] = defaultdict(dict)
    months = tranches.annotate(month=TruncMonth("due_on")).values_list("grant", "month").order_by("month")
    for grant, month, total in months.annotate(total=Sum("amount_minor")):
        planned[grant][month.isoformat()] = total
    return planned


def _reached(until: date) -> dict[object, int]:
    """What the last accepted report of a period before ``until`` says."""
    rows = Report.objects.filter(
        grant__in=_open().values("grant"),
        state=ReportState.ACCEPTED,
        people_reached__isnull=False,
        period_end__lt=until,
    )
    latest: dict[object, int] = {}
    for grant, people in rows.order_by("number", "extra").values_list("grant", "people_reached"):
        latest[grant] = people or 0
    return latest
