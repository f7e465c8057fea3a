"""What was typed into a report, saving by saving."""

from typing import Any

from grants.merging import last_touch
from grants.models import Report, ReportSave


def last_save(report: Report) -> ReportSave | None:
    """The last saving of a report; None where nobody wrote since it was opened."""
    return ReportSave.objects.filter(report=report).select_related("saved_by").order_by("-version").first()


def answers_at(report: Report, version: int) -> dict[str, Any]:
    """What stood in a report in one version; nothing before the first."""
    rows = ReportSave.objects.filter(report=report, version=version).values_list("answers", flat=True)
    return next(iter(rows), {})


def writer_of(save: ReportSave, name: str) -> str:
    """Who wrote the present text of the field ``name``."""
    version, _tab = last_touch(save.touched, name)
    rows = ReportSave.objects.filter(report=save.report_id, version=version)
    return next(iter(rows.values_list("saved_by__full_name", flat=True)), "")
