"""The public files: a list of them, what their fields mean, and each at its own address with a tag of what it holds."""

import gzip
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from kernel.encodings import reads
from transparency.models import OpenDataFile
from transparency.selectors import open_data as selectors
from transparency.services.open_data.store import LICENCE

SECONDS = 300
"""So long a copy is used without asking again: a file that has to go is soon gone everywhere."""


def open_data(request: HttpRequest) -> HttpResponse:
    """All public files: what they are, how large, of when, and their fingerprints."""
    return render(request, "transparency/open_data.html", {"files": selectors.listed(), "licence": LICENCE})


def open_data_fields(request: HttpRequest) -> HttpResponse:
    """The data dictionary: every field of every file."""
    return render(request, "transparency/open_data_fields.html", {"files": selectors.described()})


def open_data_file(request: HttpRequest, name: str) -> HttpResponse:
    """The newest version of a file, or 404 while there is none."""
    return _answer(request, selectors.find(name))


def open_data_version(request: HttpRequest, day: str, name: str) -> HttpResponse:
    """The version of a day."""
    try:
        return _answer(request, selectors.find(name, date.fromisoformat(day)))
    except ValueError:
        raise Http404 from None


def _answer(request: HttpRequest, file: OpenDataFile | None) -> HttpResponse:
    if file is None:
        raise Http404
    takes_gzip = reads(request, "gzip")
    tag = f'"{file.sha256}{"-gzip" if takes_gzip else ""}"'
    changed = int(file.made_at.timestamp())
    response = get_conditional_response(request, etag=tag, last_modified=changed) or _whole(file, takes_gzip=takes_gzip)
    response["ETag"] = tag
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _whole(file: OpenDataFile, *, takes_gzip: bool) -> HttpResponse:
    content = selectors.packed(file)
    response = HttpResponse(content if takes_gzip else gzip.decompress(content), content_type=file.content_type)
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    return response
