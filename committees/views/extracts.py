"""The board's extracts of minutes."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from committees.selectors import extracts
from committees.services import minutes
from committees.views.base import fetch
from kernel.downloads import private_file

MOST_MEETINGS = 200
"""The list shows the latest."""


def extract_list(request: HttpRequest) -> HttpResponse:
    """Closed meetings with the state of their minutes."""
    meetings = list(extracts.extracts_visible_to(request.user)[:MOST_MEETINGS])
    return render(request, "committees/extract_list.html", {"lines": extracts.lines(meetings)})


def meeting_extract(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One extract as PDF, in the reader's language where it is Arabic or English."""
    meeting = fetch(extracts.extracts_visible_to(request.user), pk)
    language = "en" if get_language() == "en" else "ar"
    content = minutes.extract_for(request.user, meeting, language=language)
    return private_file(content, f"decisions-{meeting.held_at:%Y-%m-%d}.pdf")
