"""Imports as fund staff see them."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from transparency import rules
from transparency.models import HistoryImport, HistoryProblem

PROBLEMS_SHOWN = 200


def visible_to(user: Any) -> QuerySet[HistoryImport]:
    """Imports that ``user`` may see: all for those who may import, none for others."""
    imports = HistoryImport.objects.select_related("started_by", "confirmed_by")
    return imports if rules.may_import_history(user) else imports.none()


def listed_for(user: Any) -> QuerySet[HistoryImport]:
    """`visible_to` with the number of rows read, for the list."""
    return visible_to(user).annotate(rows=Sum("files__rows"))


def waiting_for(user: Any) -> QuerySet[HistoryImport]:
    """Uploads of ``user`` that were rehearsed and wait for a yes."""
    waiting = visible_to(user).filter(started_by=user, checked_at__isnull=False)
    return waiting.filter(confirmed_at__isnull=True, failed_at__isnull=True)


def broken_for(user: Any) -> list[HistoryImport]:
    """Uploads of ``user`` of the last week that broke down and can be begun again."""
    lately = visible_to(user).filter(
        started_by=user, finished_at__isnull=True, uploaded_at__gte=timezone.now() - timedelta(days=7)
    )
    return [run for run in lately if run.stage == "broken"]


def first_problems(run: HistoryImport) -> list[HistoryProblem]:
    """The first problems of an import, bad rows before doubts."""
    return list(run.problems.all()[:PROBLEMS_SHOWN])


def all_problems(run: HistoryImport) -> QuerySet[HistoryProblem]:
    """Every problem of an import."""
    return run.problems.all()
