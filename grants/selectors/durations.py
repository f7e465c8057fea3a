"""The calendar days that the charter binds a kind of grant by: the latest first day, the day of the one short report."""

from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, ExpressionWrapper, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.models import RecordedEvent
from charter.calendar import add_months
from grants import events
from grants.models import Grant, Report
from grants.rules.calls import UNSIGNED
from grants.selectors import grants
from kernel.permissions import Allowed, Denied, PermissionResult
from kernel.pieces.words import day_in_words


def _frozen_days(name: str, grant: str = "") -> Cast:
    """A number of days that the frozen charter has for the grant's kind; NULL where it binds nothing."""
    path = (Value("grant_types"), F(f"{grant}call__grant_type"), Value(name))
    text = Func(F(f"{grant}frozen_rules"), *path, function="jsonb_extract_path_text")
    return Cast(text, IntegerField())


def _start_by() -> "ExpressionWrapper[Any]":
    """The day of the award and the charter's days; NULL where they bind nothing."""
    made = RecordedEvent.objects.filter(subject_id=OuterRef("pk"), type=events.GrantAwarded.type).order_by("at")
    awarded = TruncDate(Subquery(made.values("at")[:1]))
    days = _frozen_days("start_calendar_days")
    return ExpressionWrapper(awarded + days, output_field=DateField())


def start_by(grant: Grant) -> date | None:
    """The latest day on which the grant begins (domain: rapid window); None where its kind is not bound."""
    found = Grant.objects.filter(pk=grant.pk).annotate(start_by=_start_by())
    return found.values_list("start_by", flat=True).first()


def latest_start(grant: Grant) -> date | None:
    """The latest first day that can still be agreed: today, once the charter's day has passed."""
    day = start_by(grant)
    return None if day is None else max(day, timezone.localdate())


def begins_in_time(grant: Grant, starts_on: date) -> PermissionResult:
    """Whether a first day is not later than the charter allows, or today where that day has passed."""
    latest = latest_start(grant)
    if latest is None or starts_on <= latest:
        return Allowed()
    day = day_in_words(latest, language=get_language() or "en")
    return Denied(_("A grant of this kind begins on %(day)s at the latest.") % {"day": day})


def late_to_start(found: QuerySet[Grant], today: date) -> list[tuple[Grant, date]]:
    """Those of ``found`` whose latest first day passed before both sides signed, each with that day."""
    unsigned = found.filter(state__in=UNSIGNED).select_related("organisation")
    late = unsigned.annotate(start_by=_start_by()).filter(start_by__lt=today).order_by("start_by", "pk")
    return [(one, one.start_by) for one in late]


def should_have_begun(grant: Grant) -> date | None:
    """The latest first day of a grant that is not signed by both sides, once it has passed."""
    day = start_by(grant) if grant.state in UNSIGNED else None
    return day if day is not None and day < timezone.localdate() else None


def final_report_due(grant: Grant, ends_on: date) -> date:
    """When the final report of a grant that ends on ``ends_on`` is due."""
    days = grants.kind_of(grant).report_calendar_days
    if days is None:
        return add_months(ends_on, grants.rules_of(grant).reports.final_narrative_months)
    return ends_on + timedelta(days=days)


def late_short_reports(found: QuerySet[Report], today: date) -> QuerySet[Report]:
    """Those of ``found`` that are the one short report of a grant, and past their day."""
    owed: Any = found.filter(state__in=grants.OWED, due_on__lt=today)
    return owed.alias(days=_frozen_days("report_calendar_days", "grant__")).filter(days__isnull=False)
