"""Figures of pages, opened by their readers: what opens adds up, part by part.

One page of figures leads to others, and they lead back: so each is fetched once for its reader, until something is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from django.test import Client
from lxml import html

from kernel.money import Money
from tests.written import written


@dataclass
class Figure:
    """A figure as a page shows it: where it leads, and its words."""

    address: str
    text: str


@dataclass
class Page:
    """What a page said to its reader."""

    status: int
    text: str = ""
    figures: list[Figure] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """What the page of a figure shows as its total."""
    total: Money | None = None
    added: Money | None = None
    """What the page of a figure lists, added up."""
    parts: list[Any] = field(default_factory=list)
    """What is listed and opens in its turn."""


_read: WeakKeyDictionary[Client, tuple[dict[str, int], dict[str, Page]]] = WeakKeyDictionary()
"""What each reader has read, and what was written before."""


def read(client: Client, address: str) -> Page:
    """The page as it is now."""
    now = written()
    before, pages = _read.get(client, ({}, {}))
    if before != now:
        pages = {}
        _read[client] = (now, pages)
    return _page(client, address, pages)


def _page(client: Client, address: str, pages: dict[str, Page]) -> Page:
    if address not in pages:
        pages[address] = _page_of(client.get(address))
    return pages[address]


def _page_of(answer: Any) -> Page:
    page = Page(answer.status_code)
    if page.status == 200:
        page.text = answer.content.decode()
        tree: Any = html.fromstring(answer.content)
        page.figures = [Figure(one.get("href"), one.text_content()) for one in tree.xpath('//*[@class="figure"]')]
        page.shown = [one.text_content() for one in tree.xpath('//*[@class="figure-total"]')]
        page.total = answer.context.get("total")
    if page.shown:
        rows = answer.context["page"].paginator.object_list[:1000]
        made = answer.context.get("made")
        page.added = sum([one.money for one in rows] if made else [money for _transfer, money in rows], _none_of(page))
        page.parts = [one for one in answer.context["page"] if one.url] if made else []
    return page


def _none_of(page: Page) -> Money:
    assert page.total is not None
    return Money(0, page.total.currency)


def opened(client: Client, address: str) -> int:
    """How many figures the page has; each opens into transfers, or into parts, that sum to it."""
    return opening(client, read(client, address).figures)


def opening(client: Client, figures: Iterable[Figure]) -> int:
    """How many figures these are; each opens, and what it is made of opens in turn: where that is a figure, it is the same."""
    [*shown] = figures
    for figure in shown[:1]:
        read(client, figure.address)  # nothing is written from here on
    pages = _read[client][1] if shown else {}
    for figure in shown:
        page = _page(client, figure.address, pages)
        assert page.status == 200, figure.address
        assert page.added == page.total, figure.address
        assert page.shown == [figure.text], figure.address
        for part in page.parts:
            inner = _page(client, part.url, pages)
            assert inner.status == 200, part.url
            assert part.share or inner.total is None or inner.total in {part.money, -part.money}, part.url
    return len(shown)
