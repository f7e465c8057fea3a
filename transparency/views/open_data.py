"""The public files as they were written: one address each, compressed, with a tag that tells whether it changed."""

import gzip

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.http import condition

from transparency.models import OpenDataFile
from transparency.selectors import published


def _tag(request: HttpRequest, name: str) -> str | None:
    tag = published.tag_of(name)
    return f'"{tag}"' if tag else None


@condition(etag_func=_tag)
def open_data_file(request: HttpRequest, name: str) -> HttpResponse:
    """The newest version of a file, or 404 before it was written."""
    file = get_object_or_404(OpenDataFile, name=name)
    packed = bytes(file.compressed)
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if takes_gzip else gzip.decompress(packed), content_type=file.content_type)
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Last-Modified"] = http_date(file.made_at.timestamp())
    response["Cache-Control"] = "public, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
