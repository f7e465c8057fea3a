"""The public page of how long an ordinary call took, beside what the charter had promised."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from transparency import kept_words
from transparency.selectors import kept_times


def call_times(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Each stage of a decided call: promised working days, how often they were kept, the middle and the longest."""
    call = get_object_or_404(kept_times.decided_calls(), pk=pk)
    rows = kept_words.lines(kept_times.kept_of_call(call))
    return render(request, "transparency/call_times.html", {"call": call, "rows": rows})
