"""Complaints that wait to be taken up, assigned, answered or asked after, by the charter's clocks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accountability.models import Complaint
from accountability.rules import handles_some
from accountability.selectors import ask_by, open_for, to_ask
from accountability.states import ComplaintState
from kernel.work import WorkItem, source


@source
def complaints(user: Any) -> Iterator[WorkItem]:
    """For those who may read each; never a word of what it says."""
    if not handles_some(user):
        return
    for one in open_for(user):
        yield _item(one, _title(one), one.due)
    for day, one in to_ask(user):
        yield _item(one, _("Ask about revenge after a complaint"), ask_by(day))


def _title(complaint: Complaint) -> Any:
    if complaint.state == ComplaintState.RECEIVED:
        return _("Take a complaint up")
    return _("Answer a complaint") if complaint.handler_id else _("Say who looks into a complaint")


def _item(complaint: Complaint, title: Any, due: datetime) -> WorkItem:
    url = reverse("accountability:complaint_detail", args=[complaint.pk])
    return WorkItem(title=title, url=url, kind=_("Complaints"), due=due, detail=complaint.reference)
