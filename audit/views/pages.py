"""The log's public pages: what it is and how it stands, how to verify a receipt, and where witnesses hand in."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.views.decorators.csrf import csrf_exempt

from audit.notes import MOST_BYTES
from audit.witnesses import asking, standing
from kernel.permissions import Refused

PLAIN: Final = "text/plain; charset=utf-8"
_LENGTH: Final = re.compile("[0-9]{1,9}")
TOOLS: Final = ("verify_receipt.py", "fund_witness.py")


def about(request: HttpRequest) -> HttpResponse:
    """Origin, keys, addresses, witnesses, and how old the last checkpoint with a quorum is."""
    context = {
        "standing": standing.standing(),
        "policy": standing.policy().text(),
        "prefix": settings.SITE_URL + iri_to_uri(reverse("audit:about")),
        "tools": TOOLS,
    }
    return render(request, "audit/about.html", context)


def policy(request: HttpRequest) -> HttpResponse:
    """What the fund asks verifiers to trust, as c2sp.org/tlog-policy."""
    response = HttpResponse(standing.policy().text(), content_type=PLAIN)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def verify(request: HttpRequest) -> HttpResponse:
    """Verify a receipt in the browser; without scripts the page explains the one-file verifier."""
    return render(request, "audit/verify.html", {"policy": standing.policy().text(), "tools": TOOLS})


@cache
def _source(name: str) -> bytes:
    return (Path(settings.BASE_DIR) / "tools" / name).read_bytes()


def tool(request: HttpRequest, name: str) -> HttpResponse:
    """One of the stand-alone files, as it is."""
    if name not in TOOLS:
        raise Http404
    response = HttpResponse(_source(name), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@csrf_exempt
def cosignatures(request: HttpRequest) -> HttpResponse:
    """Take in a cosigned checkpoint from a witness that works by itself; its signature is its leave to do so."""
    length = request.headers.get("Content-Length", "")
    if not _LENGTH.fullmatch(length) or int(length) > MOST_BYTES:
        return HttpResponse("too long\n", status=413, content_type=PLAIN)
    try:
        kept = asking.accept(request.body.decode())
    except UnicodeDecodeError:
        return HttpResponse("not text\n", status=400, content_type=PLAIN)
    except Refused as refusal:
        return HttpResponse(f"{refusal.reason}\n", status=422, content_type=PLAIN)
    return HttpResponse(f"{len(kept)}\n", content_type=PLAIN)
