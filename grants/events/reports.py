"""Reports: from schedule to acceptance."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

__all__ = [
    "FurtherReportBegun",
    "FurtherReportTakenBack",
    "ReportAccepted",
    "ReportOpened",
    "ReportRescheduled",
    "ReportReturned",
    "ReportScheduled",
    "ReportSubmitted",
    "ReportWaived",
]


@register
class ReportScheduled(Event):
    type = "grants.report.scheduled"
    sentence = _("scheduled the report due on %(due_on)s")
    number: int
    due_on: date


@register
class ReportRescheduled(Event):
    type = "grants.report.rescheduled"
    sentence = _("moved the report from %(old_due)s to %(due_on)s")
    revision: UUID
    old_due: date
    due_on: date
    period_start: date
    period_end: date


@register
class FurtherReportBegun(Event):
    type = "grants.report.further_begun"
    sentence = _("began a further report after report %(number)s")
    number: int
    extra: int


@register
class FurtherReportTakenBack(Event):
    type = "grants.report.further_taken_back"
    sentence = _("took the further report back")


@register
class ReportOpened(Event):
    type = "grants.report.opened"
    sentence = _("the report can be written")


@register
class ReportSubmitted(Event):
    type = "grants.report.submitted"
    sentence = _("submitted the report")
    spent_minor: int
    content_sha256: str


@register
class ReportReturned(Event):
    type = "grants.report.returned"
    sentence = _("returned the report")
    due_on: date
    content_sha256: str


@register
class ReportAccepted(Event):
    type = "grants.report.accepted"
    sentence = _("accepted the report")
    spent_minor: int
    content_sha256: str


@register
class ReportWaived(Event):
    type = "grants.report.waived"
    sentence = _("waived the report")
