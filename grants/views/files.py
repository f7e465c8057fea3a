"""Files of the fund, handed to those who may have them."""

from typing import Any, TypeVar

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)


def attachment(file: Any, name: str) -> HttpResponseBase:
    """A stored PDF as a download that no proxy keeps; 404 while it is being drawn."""
    if not file:
        raise Http404
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    return private(response)


def private(response: R) -> R:
    """The response, kept by nobody between us and the reader."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def pdf_attachment(data: bytes, name: str) -> HttpResponse:
    """A PDF drawn for this reader, as a download."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


def json_attachment(data: bytes, name: str) -> HttpResponse:
    """Canonical JSON as a download."""
    response = HttpResponse(data, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)
