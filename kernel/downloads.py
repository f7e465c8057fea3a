"""Files for one reader: nobody between us and that reader keeps a copy."""

from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

R = TypeVar("R", bound=HttpResponseBase)

PDF = "application/pdf"


def private(response: R) -> R:
    """The response, kept by nobody between us and the reader."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def private_file(content: bytes, name: str, kind: str = PDF) -> HttpResponse:
    """``content`` as a download called ``name``; ``kind`` is its media type."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return private(response)
