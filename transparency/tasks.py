"""What the worker does for this app: rehearse and run imports, draw charts."""

from typing import Any

from audit import outbox
from transparency.models import HistoryImport
from transparency.services import drawing, importing, runs


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
