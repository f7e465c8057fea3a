"""Pages go over the line compressed: on 2G a page of 30 kB takes five seconds more than one of 6 kB."""

import gzip
import secrets
from collections.abc import Callable
from typing import Final

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from kernel.encodings import reads

LEAST: Final = 600
"""Bytes below which a page fits into one packet anyway."""
KINDS: Final = ("text/", "application/json", "application/manifest+json", "application/xml", "image/svg+xml")
BLUR: Final = 128
"""Most characters of the header that hides how long a compressed page is."""


class CompressionMiddleware:
    """Compresses what is text, by brotli or gzip as the browser says; files travel as they are.

    Who can make a browser ask for a page with a guess in it could read a secret from the page's length (BREACH). The
    CSRF token is masked anew each time, and a header of random length makes lengths say little.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, compressed where that helps."""
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding") or len(response.content) < LEAST:
            return response
        if not response.get("Content-Type", "").startswith(KINDS):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if reads(request, "br"):
            _replace(response, brotli.compress(response.content, quality=5), "br")
        elif reads(request, "gzip"):
            _replace(response, gzip.compress(response.content, compresslevel=6, mtime=0), "gzip")
        return response


def _replace(response: HttpResponse, content: bytes, encoding: str) -> None:
    response.content = content
    response["Content-Encoding"] = encoding
    response["Content-Length"] = str(len(content))
    response["Blur"] = "~" * (1 + secrets.randbelow(BLUR))
    etag = response.get("ETag", "")
    if etag.startswith('"'):
        # The same page in another encoding is only weakly the same.
        response["ETag"] = f"W/{etag}"
