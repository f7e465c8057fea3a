"""What axe finds on a page: the helper of every browser test."""

from pathlib import Path
from typing import Any
from weakref import WeakSet

import axe_playwright_python
from django.conf import settings

from accounts.models import User
from tests.factories import accounts

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SEEN = (("ar", "rtl", 360), ("en", "ltr", 1280))
"""Each page as an Arabic phone and as an English desk show it."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


_RUN = """options => window.axe && axe.run(options).then(({ violations }) =>
  violations.map(({ id, help, nodes }) => [id, help, nodes.map(({ target }) => target)]))"""
"""axe in the page that is shown, if it is there; of what it answers, only what is wrong comes through the pipe."""
_brought: WeakSet[Any] = WeakSet()


def bring_axe(page: Any) -> None:
    """Every document that this page opens has axe from now on: half a megabyte goes to the browser once, not once a look."""
    if page not in _brought:
        page.add_init_script(AXE)
        _brought.add(page)


def findings(page: Any, *, contrast: bool = True) -> list[str]:
    """What axe finds wrong on the page as it is shown, one line for each rule with the elements that break it.

    Two thirds of axe's time go into ``contrast``: whoever shows one page several times asks for it once.
    """
    # Of rules that hold, axe need not collect every element; no rule of ours reads style sheets, so it loads none.
    options: dict[str, Any] = {"runOnly": RULES, "reporter": "no-passes", "preload": False}
    if not contrast:
        options["rules"] = {"color-contrast": {"enabled": False}}
    violations = page.evaluate(_RUN, options)
    if violations is None:
        page.evaluate(AXE)
        violations = page.evaluate(_RUN, options)
    return [f"{rule}: {help_} {targets}" for rule, help_, targets in violations]


def direction_and_overflow(page: Any) -> tuple[str, bool]:
    """The direction in which the page is read, and whether it scrolls sideways.

    Asked at once, without a locator: the first one brings a third of a megabyte of playwright's own into each document.
    """
    said, sideways = page.evaluate("[document.documentElement.dir, document.documentElement.scrollWidth > innerWidth]")
    return said, sideways


def look(page: Any, live_server: Any, person: User, urls: list[str]) -> list[str]:
    """What is wrong with the pages that ``person`` opens: side-scrolling, a broken policy, or what axe finds."""
    wrong: list[str] = []
    bring_axe(page)
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.context.clear_cookies()
    accounts.sign_in_browser(page, live_server, person, second_factor=True)
    for turn, (language, direction, width) in enumerate(SEEN):
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.set_viewport_size({"width": width, "height": 800})
        for number, url in enumerate(urls):
            assert page.goto(url).status == 200, url
            said, sideways = direction_and_overflow(page)
            assert said == direction
            if sideways:
                wrong.append(f"{url} scrolls sideways at {width} in {language}")
            found = findings(page, contrast=turn == 0)
            wrong += [f"{url} ({number}) at {width} in {language}: {finding}" for finding in found]
    return wrong
