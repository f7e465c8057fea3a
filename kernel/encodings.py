"""Which compressions a browser reads (RFC 9110 §12.5.3)."""

import re
from typing import Final

from django.http import HttpRequest

_NEVER: Final = re.compile(r"q=0(\.0{0,3})?")
"""The weight by which a browser refuses a compression."""


def reads(request: HttpRequest, coding: str) -> bool:
    """Whether the browser that asks reads what is compressed by ``coding``, such as ``gzip`` or ``br``.

    What it names itself counts before what it says of all the rest by ``*``.
    """
    said = {}
    for part in request.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(","):
        name, _semicolon, weight = part.partition(";")
        said[name] = not _NEVER.fullmatch(weight)
    return said.get(coding, said.get("*", False))
