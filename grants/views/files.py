"""Files of the fund, handed to those who may have them."""

from typing import Any

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from kernel.downloads import PDF, private


def attachment(file: Any, name: str) -> HttpResponseBase:
    """A stored PDF as a download that no proxy keeps; 404 while it is being drawn."""
    if not file:
        raise Http404
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=PDF)
    return private(response)
