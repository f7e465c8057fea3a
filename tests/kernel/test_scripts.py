"""The one script, in a real browser: it only adds, counts as the server counts, and loses nothing that was typed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from kernel.texts import count_characters
from tests.accessibility import bring_axe, findings
from tests.kernel import gallery

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "static"
SITE = "https://fund.example"
DRAFT = """<form method="post" action="/out" data-forget><button id="out">out</button></form><script src="/static/js/fund.js" defer></script>"""


class Site:
    """A small site in memory: pages by path, static files from the source, and what was posted."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.posted: list[str] = []
        self.down = False

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("#")[0]
        if route.request.method == "POST":
            self.posted.append(path)
            route.abort() if self.down else route.fulfill(status=204)
        elif path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        else:
            route.fulfill(body=self.pages.get(path, ""), content_type="text/html; charset=utf-8")


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def site(browser_page: Page) -> Site:
    made = Site()
    browser_page.route("**/*", made.answer)
    browser_page.goto(f"{SITE}/")
    return made


def gallery_page(site: Site, page: Page, language: str = "ar") -> None:
    with translation.override(language):
        site.pages["/gallery"] = render_to_string("_pieces/gallery.html", gallery.sample())
    page.goto(f"{SITE}/gallery")


@pytest.mark.parametrize(
    "text",
    ["الحيّ بلا ماء", "سطر\nسطر آخر\n\n", "  spaces  ", "e\u0301 and 😀", "tabs\t \nand more", "a\u200bb\u202ec", ""],
)
def test_the_counter_counts_what_the_server_counts(site: Site, browser_page: Page, text: str) -> None:
    gallery_page(site, browser_page, "en")
    browser_page.fill("#id_need", text)
    shown = browser_page.text_content("[data-count=id_need]")
    assert shown == f"Characters: {count_characters(text)} of 2,000"


def test_the_counter_says_when_the_limit_is_passed(site: Site, browser_page: Page) -> None:
    gallery_page(site, browser_page)
    browser_page.fill("#id_title", "ح" * 121)
    assert browser_page.text_content("[data-count=id_title]") == "عدد الأحرف: 121 من 120"
    assert "over" in (browser_page.get_attribute("[data-count=id_title]", "class") or "")
    assert len(browser_page.input_value("#id_title")) == 121, "nothing is cut off"


def test_a_form_with_errors_begins_at_their_summary(site: Site, browser_page: Page) -> None:
    gallery_page(site, browser_page)
    assert browser_page.evaluate("document.activeElement.id") == "errors"
    browser_page.click("#errors a[href='#id_email']")
    assert browser_page.evaluate("document.activeElement.id") == "id_email"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_no_page_scrolls_sideways(site: Site, browser_page: Page, width: int, language: str) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    gallery_page(site, browser_page, language)
    assert browser_page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    # Every two of these choices meet once.
    [(360, "ar", "light"), (1280, "ar", "dark"), (360, "en", "dark"), (1280, "en", "light")],
)
def test_axe_finds_nothing_on_any_piece(
    site: Site, browser_page: Page, width: int, language: str, scheme: Literal["light", "dark"]
) -> None:
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.set_viewport_size({"width": width, "height": 800})
    gallery_page(site, browser_page, language)
    assert findings(browser_page) == []


def test_axe_finds_what_is_wrong_whether_it_was_there_before_the_page_or_came_later(
    site: Site, browser_page: Page
) -> None:
    site.pages["/faulty"] = "<!doctype html><html lang=en><title>t</title><main><h1>h</h1><img id=bare src=/x></main>"
    browser_page.goto(f"{SITE}/faulty")
    (later,) = findings(browser_page)
    assert later.startswith("image-alt: ")
    assert later.endswith("[['#bare']]")
    bring_axe(browser_page)
    browser_page.goto(f"{SITE}/faulty")
    assert browser_page.evaluate("typeof axe") == "object"
    assert findings(browser_page) == [later]


def test_every_target_is_large_enough_for_a_thumb(site: Site, browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 800})
    gallery_page(site, browser_page)
    targets = (
        "button, .button, .chips a, .nav a, label.choice, select, textarea, "
        "main input:not([type=checkbox], [type=radio], [type=hidden])"
    )
    small = browser_page.evaluate(
        """targets => [...document.querySelectorAll(targets)]
        .map(target => [target.textContent.trim() || target.id, target.getBoundingClientRect().height])
        .filter(([, height]) => height < 43.5)""",
        targets,
    )
    assert small == []


def test_signing_out_forgets_the_drafts_of_the_device(site: Site, browser_page: Page) -> None:
    site.pages["/form"] = DRAFT
    browser_page.goto(f"{SITE}/form")
    browser_page.evaluate("""localStorage.setItem("draft:/other", "{}"); localStorage.setItem("else", "stays")""")
    browser_page.click("#out")
    assert browser_page.evaluate("Object.keys(localStorage)") == ["else"]


def test_a_form_is_sent_once_however_often_it_is_pressed(site: Site, browser_page: Page) -> None:
    site.pages["/form"] = (
        '<form method="post" action="/pay"><button id="pay">pay</button></form><script src="/static/js/fund.js" defer></script>'
    )
    browser_page.goto(f"{SITE}/form")
    browser_page.click("#pay")
    browser_page.click("#pay")
    assert site.posted == ["/pay"]


def test_a_roll_call_says_its_sums(site: Site, browser_page: Page) -> None:
    rows = "".join(
        f'<label><input type="radio" name="s{seat}" value="{value}">{word}</label>'
        for seat in range(3)
        for value, word in (("y", "yes"), ("n", "no"))
    )
    site.pages["/vote"] = (
        f'<div data-roll-call>{rows}<p data-roll-call-sum></p></div><script src="/static/js/fund.js" defer></script>'
    )
    browser_page.goto(f"{SITE}/vote")
    for name, value in (("s0", "y"), ("s1", "n"), ("s2", "y")):
        browser_page.check(f"[name={name}][value={value}]")
    assert browser_page.text_content("[data-roll-call-sum]") == "yes: 2 · no: 1"
