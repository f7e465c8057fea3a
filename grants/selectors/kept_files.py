"""Files of applications that were kept as long as the charter says: what is due to be erased, by two people, one by one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KT
from django.utils import timezone

from audit.states import ErasureState
from charter.calendar import add_months
from charter.schema.grants import ApplicationRules
from charter.selectors import end_of_day
from grants.models import Attachment, Call, Grant
from grants.states import ApplicationState, GrantState
from kernel import identity

Months = tuple[int, int]
"""How long the files of a call are kept: without a grant, and after the end of one."""

_A, _G = ApplicationState, GrantState
ENDED = (_A.NOT_SHORTLISTED, _A.INELIGIBLE, _A.REJECTED, _A.WAITLISTED, _A.WITHDRAWN, _A.LAPSED)
"""Where an application ended without a grant."""
CAME_TO_NOTHING = (_G.DECLINED, _G.LAPSED, _G.SET_ASIDE)
OVER = (_G.CLOSED, _G.TERMINATED)


@dataclass(frozen=True, slots=True)
class PastFile:
    """A file that should not be here any more, and the last day on which it was needed."""

    file: Attachment
    kept_until: date


def _months_of(calls: Iterable[UUID] | None = None) -> dict[UUID, Months]:
    """What the rules that were frozen into each call say; a call from before these numbers keeps by their defaults."""
    names = ("files_kept_months", "files_kept_after_grant_months")
    usual = [int(ApplicationRules.model_fields[name].default) for name in names]
    rows = Call.objects.filter(applications__attachments__erased_at__isnull=True).distinct()
    rows = rows if calls is None else rows.filter(pk__in=calls)
    said = rows.values_list("pk", *(KT(f"frozen_rules__applications__{name}") for name in names))
    return {
        pk: (int(without) if without else usual[0], int(after) if after else usual[1]) for pk, without, after in said
    }


def _kept() -> QuerySet[Any]:
    """Files of what is over, with the moment of its end and whether it came to a grant; none that is being erased."""
    grants = Grant.objects.filter(application=OuterRef("application")).order_by("-moved_at")
    bound = grants.filter(state__in=OVER)
    over = Q(application__state__in=ENDED) | Q(
        Exists(grants), application__state__in=(_A.APPROVED, _A.APPROVED_WITH_CONDITIONS)
    )
    ended = Case(
        When(application__state__in=ENDED, then=F("application__moved_at")),
        default=Subquery(grants.values("moved_at")[:1]),
    )
    return (
        Attachment.objects.filter(over, ~Exists(grants.exclude(state__in=[*OVER, *CAME_TO_NOTHING])), erased_at=None)
        .exclude(erasures__state=ErasureState.PROPOSED)
        .annotate(granted=Exists(bound), ended_at=ended)
    )


def _past(today: date) -> QuerySet[Any]:
    by_months: dict[Months, list[UUID]] = defaultdict(list)
    for pk, months in _months_of().items():
        by_months[months].append(pk)
    late = Q(pk__in=[])
    for (without, after), calls in by_months.items():
        for granted, number in ((False, without), (True, after)):
            last = end_of_day(add_months(today, -number) - timedelta(days=1))
            late |= Q(application__call__in=calls, granted=granted, ended_at__lte=last)
    return _kept().filter(late).select_related("application", "question").order_by("ended_at", "pk")


@identity.system("grants.file_erasures")
def number_past(today: date | None = None) -> int:
    """How many files were kept as long as they may be."""
    return _past(today or timezone.localdate()).count()


@identity.system("grants.file_erasures")
def past(first: int, last: int, today: date | None = None) -> list[PastFile]:
    """Those files from ``first`` up to ``last``, the oldest first, without a word of what they are called or say."""
    rows: list[Any] = list(_past(today or timezone.localdate())[first:last])
    months = _months_of({one.application.call_id for one in rows})
    return [
        PastFile(one, add_months(timezone.localdate(one.ended_at), months[one.application.call_id][one.granted]))
        for one in rows
    ]
