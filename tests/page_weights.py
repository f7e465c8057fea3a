"""What pages weigh on the line: walked as a person walks them, from her work along every link."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve

from kernel.access import Audience
from poolfund import access

FIRST_ROUND_TRIP = 14_600
"""Bytes that the first round trip of TCP brings: HTML and styles, compressed."""
WHOLE_PAGE = 45_000
"""Bytes of a page with its scripts and pictures."""
ROOMS = ("grants", "organisations", "disbursements", "committees", "notices", "accounts", "accountability")
"""Apps whose pages an organisation's people meet; besides, those of their account and their work."""
MANY = {
    "grants:application_part": 30,
    "grants:application_detail": 3,
    "organisations:section": 10,
    "disbursements:tranche_detail": 4,
}
"""How many pages of a view are weighed where they differ in more than their rows; of any other view one."""
_LINK = re.compile(rb'<a [^>]*href="(/[^"#]*)')
_NAMED = re.compile(rb'[" ](/static/[^" ?]+\.(?:js|css|svg|png|ico|woff2?))')


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes over the line of one page, and the page itself."""

    path: str
    view: str
    first: int
    whole: int
    html: bytes = field(repr=False)


def weight(html: bytes) -> tuple[int, int]:
    """Bytes of a page with its styles; and with all that it names, compressed as they are sent."""
    named = {address.decode() for address in _NAMED.findall(html)}
    alone = len(brotli.compress(html, quality=5))
    styles = sum(_sent(address) for address in named if address.endswith(".css"))
    return alone + styles, alone + sum(_sent(address) for address in named)


@cache
def _sent(address: str) -> int:
    """Bytes of a static file; files are compressed once, when the image is made."""
    found = finders.find(address.removeprefix(settings.STATIC_URL))
    assert isinstance(found, str), address
    return len(brotli.compress(Path(found).read_bytes(), quality=11))


def walked(client: Client, *beginnings: str) -> list[Weight]:
    """Every page of an applicant to which links lead: of each view one page, or as many as it has forms."""
    waiting, seen, views = deque(beginnings), set(beginnings), Counter[str]()
    weights = []
    while waiting:
        path = waiting.popleft()
        view = _view(path)
        html = b"" if views[view] >= MANY.get(view, 1) else _page(client, path)
        if html:
            views[view] += 1
            weights.append(Weight(path, view, *weight(html), html))
            links = dict.fromkeys(unescape(link.decode()) for link in _LINK.findall(html))
            waiting.extend(link for link in links if link not in seen and _view(link))
            seen.update(links)
    return weights


def _page(client: Client, path: str) -> bytes:
    """A page as it is shown; nothing for a file, or for what is not shown."""
    answer: Any = client.get(path)
    body = bytes(answer.getvalue())
    return body if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") else b""


def _view(path: str) -> str:
    """The name of the view behind an address; empty for what no applicant reads."""
    try:
        name = resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""
    row, (room, colon, _rest) = access.table()[name], name.partition(":")
    return name if row.audience != Audience.ROLE and row.formats == {"html"} and (room in ROOMS or not colon) else ""
