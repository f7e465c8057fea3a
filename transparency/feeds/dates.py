"""The dates of calls as a calendar (RFC 5545): when each opens, and the hour at which it closes."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from grants.models import Call
from kernel.templatetags.fund import fund_name

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
REFRESH: Final = timedelta(hours=12)


def calendar(language: str, calls: list[Call]) -> bytes:
    """The calendar in ``language``."""
    with override(language):
        made = Calendar()
        made.add("prodid", f"-//{settings.FUND_ID}//poolfund//{language.upper()}")
        made.add("version", "2.0")
        name = _("Calls – %(fund)s") % {"fund": fund_name()}
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        for call in calls:
            made.add_component(_event(call, "opens", call.opens_at, _("Opens: %(title)s")))
            if call.concept_closes_at is not None:
                title = _("Concept notes until this hour: %(title)s")
                made.add_component(_event(call, "concepts", call.concept_closes_at, title))
            made.add_component(_event(call, "closes", call.closes_at, _("Closes: %(title)s")))
        return bytes(made.to_ical())


def _event(call: Call, what: str, moment: datetime, title: str) -> Event:
    event = Event()
    event.add("uid", f"{call.pk}-{what}@{settings.FUND_ID.partition('/')[0]}")
    event.add("dtstamp", call.moved_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", call.moved_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", moment.astimezone(UTC).replace(microsecond=0))
    event.add("summary", title % {"title": call.title})
    event.add("description", str(call.summary))
    event.add("url", settings.SITE_URL + reverse("grants:call_detail", args=[call.pk]))
    event.add("transp", "TRANSPARENT")
    return event
