"""Colleagues write one report: changed fields are brought together, as on the pages of an application (`grants.merging`)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from grants.merging import Sent, merge
from grants.models import Report, ReportSave
from grants.rules.reports import may_write
from grants.selectors import report_drafts as drafts
from grants.services.applications import kept_text
from grants.services.reports import save_report
from kernel.permissions import require

Read = Callable[[Report, Mapping[str, Any]], dict[str, Any]]
"""What of the texts of a report can be read, as `save_report` takes it."""


@transaction.atomic
def write(
    report: Report,
    sent: Mapping[str, Sent],
    *,
    shown: Mapping[str, str],
    read: Read,
    tab: str,
    actor: Any,
    base: int | None = None,
) -> tuple[ReportSave, list[str]]:
    """Keep the fields that changed as a new version, and take over what can be read; the fields in which both texts stand.

    ``shown`` names the fields, with what they say while nobody wrote. ``base`` is the version of a page that was sent
    whole. Of a field in which somebody else wrote since, nothing is overwritten. Raises `Refused`.
    """
    tab = tab.replace("\x00", "")
    locked = (
        Report.objects.select_for_update(of=("self",), no_key=True)
        .select_related("grant__organisation")
        .get(pk=report.pk)
    )
    require(may_write(locked, actor=actor))
    current = drafts.last_save(locked)
    now, touched, version = (current.answers, current.touched, current.version) if current else (shown, {}, 0)
    fields = {name: Sent(_plain(one.value), one.seen) for name, one in sent.items() if name in shown}
    before = None if base is None or base >= version else {**shown, **drafts.answers_at(locked, base)}
    merged = merge(now, touched, fields, tab=tab, base=before)
    if current is not None and not merged.changed:
        return current, merged.conflicts
    saved = ReportSave.objects.create(
        report=locked,
        version=version + 1,
        answers=merged.answers,
        touched={**touched, **{name: [version + 1, tab] for name in merged.changed}},
        tab=tab,
        saved_by=actor,
    )
    save_report(locked, actor=actor, **read(locked, merged.answers))
    return saved, merged.conflicts


def _plain(value: Any) -> str:
    return kept_text(" ".join(value) if isinstance(value, list) else value)
