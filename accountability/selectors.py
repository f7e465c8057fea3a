"""Reading complaints: by whom they wait for, by the code of who complained, and as numbers for everybody."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accountability.codes import fingerprint
from accountability.models import Complaint, RevengeCheck
from accountability.rules import visible_complaints
from accountability.states import ComplaintState
from charter.selectors import rules_to_begin_with, working_deadline
from kernel import identity

HALF_YEAR = 6


def visible_to(user: Any) -> QuerySet[Complaint]:
    """Complaints that the person may read."""
    return Complaint.objects.filter(visible_complaints(user)).select_related("handler", "data_key")


def open_for(user: Any) -> QuerySet[Complaint]:
    """Those that wait to be taken up or answered, by the clock."""
    return visible_to(user).exclude(state=ComplaintState.ANSWERED).order_by("-state", "answer_by", "pk")


def to_ask(user: Any) -> list[tuple[date, Complaint]]:
    """Answered ones after which the charter's day has come to ask about revenge, with that day, the oldest first."""
    rows = visible_to(user).filter(state=ComplaintState.ANSWERED).annotate(asked=Count("follow_ups"))
    left = rows.filter(follow_up_on__len__gt=F("asked")).prefetch_related("follow_ups")
    due = [(day, one) for one in left if (day := next_to_ask(one)) is not None and day <= timezone.localdate()]
    return sorted(due, key=lambda pair: (pair[0], pair[1].pk))


def next_to_ask(complaint: Complaint) -> date | None:
    """The next day on which the fund asks about revenge."""
    number = len(complaint.follow_ups.all())
    return complaint.follow_up_on[number] if number < len(complaint.follow_up_on) else None


def follow_ups_of(complaint: Complaint) -> list[RevengeCheck]:
    """What was heard about revenge, in the order of asking."""
    return list(complaint.follow_ups.select_related("data_key", "author"))


def ask_by(day: date) -> datetime:
    """When the fund must have asked, had it to begin on ``day``."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return working_deadline(start, rules_to_begin_with().deadlines.complaint_acknowledgement_days)


def answered_for(user: Any) -> QuerySet[Complaint]:
    """Those that are answered, the latest first."""
    return visible_to(user).filter(state=ComplaintState.ANSWERED).order_by("-answered_at", "pk")


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a page shows it."""

    by_fund: bool
    at: datetime
    text: str


def messages_of(complaint: Complaint) -> list[Said]:
    """What was written in a complaint, the oldest first."""
    rows = complaint.messages.select_related("data_key").order_by("recorded_at", "pk")
    return [Said(one.author_id is not None, one.recorded_at, one.text) for one in rows]


@dataclass(frozen=True, slots=True)
class Followed:
    """A complaint as who complained reads it."""

    complaint: Complaint
    text: str
    answer: str
    messages: list[Said]
    asked_again: date | None


@identity.system("accountability.follow")
def by_code(typed: str) -> Followed | None:
    """The complaint whose code somebody typed; None when there is none."""
    key = fingerprint(typed)
    found = Complaint.objects.select_related("data_key").filter(code_sha256=key).first() if key else None
    return Followed(found, found.text, found.answer, messages_of(found), next_to_ask(found)) if found else None


class Step(StrEnum):
    """What the charter promises a day for."""

    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise of the charter: within how many working days, and how often it was kept where its time has come."""

    step: Step
    promised: int
    due: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Complaints of the half years that are over: by category, and how the clocks were kept."""

    until: date
    by_category: dict[str, int]
    clocks: tuple[Clock, ...] = ()


def half_year_of(day: date) -> date:
    """The first day of the half year that a day lies in."""
    return day.replace(month=1 if day.month <= HALF_YEAR else HALF_YEAR + 1, day=1)


@identity.system("accountability.numbers")
def numbers(today: date | None = None) -> Numbers:
    """What can be counted in public. It moves twice a year, so that nobody sees that somebody has just complained."""
    until = half_year_of(today or timezone.localdate())
    end = timezone.make_aware(datetime.combine(until, time.min))
    told = Complaint.objects.filter(received_at__lt=end).order_by()
    counts = dict(sorted(told.values_list("category").annotate(number=Count("pk"))))
    return Numbers(until, counts, _clocks(told, end))


def _clocks(told: QuerySet[Complaint], end: datetime) -> tuple[Clock, ...]:
    rules = rules_to_begin_with().deadlines
    steps = {
        Step.ACKNOWLEDGED: ("acknowledged_at", "acknowledge_by", rules.complaint_acknowledgement_days),
        Step.ASSIGNED: ("assigned_at", "assign_by", rules.complaint_triage_days),
        Step.ANSWERED: ("answered_at", "answer_by", rules.complaint_answer_days),
    }
    sums: dict[str, Any] = {}
    for step, (reached, promised, _days) in steps.items():
        due = Q(**{f"{promised}__lt": end})
        sums[step] = Count("pk", filter=due)
        sums[f"{step}_in_time"] = Count("pk", filter=due & Q(**{f"{reached}__lte": F(promised)}))
    counts = told.aggregate(**sums)
    return tuple(Clock(step, days, counts[step], counts[f"{step}_in_time"]) for step, (_at, _by, days) in steps.items())
