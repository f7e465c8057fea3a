"""What the worker does for this app: rehearse and run imports, draw charts, release grants to the public."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task

from audit import outbox
from transparency.models import HistoryImport
from transparency.services import (
    alerts,
    drawing,
    drawing_own,
    importing,
    indexing,
    open_data,
    papers,
    releasing,
    runs,
    safety,
)


@outbox.handler(runs.CHECK)
def check_import(payload: dict[str, Any]) -> None:
    """Rehearse an upload."""
    runs.check(HistoryImport.objects.get(pk=payload["run"]))


@outbox.handler(runs.RUN)
def run_import(payload: dict[str, Any]) -> None:
    """Do a confirmed import."""
    runs.execute(HistoryImport.objects.get(pk=payload["run"]))


@outbox.handler(importing.DRAW)
def draw_dashboard(_payload: dict[str, Any]) -> None:
    """Draw the public charts anew."""
    drawing.draw_dashboard()


@outbox.handler(drawing_own.DRAW_FUND)
def draw_fund(_payload: dict[str, Any]) -> None:
    """Draw what has changed of the fund's own charts: of many acts in a row the last one draws."""
    if not outbox.another_waits(drawing_own.DRAW_FUND):
        drawing_own.draw_fund()


@outbox.handler(open_data.FORGOTTEN)
def write_open_data(_payload: dict[str, Any]) -> None:
    """Write the public files anew: something is told otherwise than before."""
    open_data.write_all()


@outbox.handler(alerts.ALERT)
def tell_donors(payload: dict[str, Any]) -> None:
    """Tell the people of donors what happened with their money."""
    alerts.tell(payload)


@outbox.handler(papers.DRAW_PAPER)
def draw_paper(payload: dict[str, Any]) -> None:
    """Draw a public report that was asked for."""
    papers.draw(UUID(payload["paper"]))


@shared_task(name="transparency.release_grants", ignore_result=True)
def release_grants() -> None:
    """Tell the public of the months that are due, and write the public files; a second scheduler finds the lease taken."""
    releasing.release_due()
    safety.open_missing()
    alerts.tell_of_late_reports()
    drawing_own.draw_fund()
    open_data.write_all()
    indexing.index_all()


SCHEDULE: dict[str, tuple[Any, timedelta]] = {"release grants": (release_grants, timedelta(hours=6))}
