"""Two hours of 2G: Chromium at 50 kbit/s with 600 ms there and back, against the web server of production."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import sync_playwright

from bench import Figure
from bench.served import Server, served
from grants.models import Application
from poolfund.management.commands.screenshots import CHROMIUM
from tests.factories import accounts, grants
from tests.page_weights import FIRST_ROUND_TRIP, WHOLE_PAGE, walked

BYTES_A_SECOND, ROUND_TRIP_MS = 50_000 / 8, 600
READABLE, SAVED = 4.0, 3.0
PATIENCE_MS = 60_000
TIMES = 3
COOKIE = "__Host-session"
LANGUAGES = ("ar", "en", "ku")
SAID = {"first": "HTML and styles", "whole": "with all that it names"}
Opened = Callable[[], AbstractContextManager[Any]]
HOSTS = override_settings(ALLOWED_HOSTS=["testserver", "localhost"])


def measure() -> Iterator[Figure]:
    """Weights of every page that an applicant reaches; then what her eyes wait for."""
    application = grants.complete_application()
    writer = grants.preparer(application.organisation)
    yield from _weights(writer)
    with served(tls=True) as server:
        yield from _seen(server, application, writer)


# Weights --------------------------------------------------------------------------------------------------------------


def _weights(writer: Any) -> Iterator[Figure]:
    """Every page of hers to which links lead from her work, in three languages."""
    client, pages = Client(), []
    accounts.sign_in(client, writer)
    with HOSTS:
        for language in LANGUAGES:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            pages += [(one, language) for one in walked(client, "/work/")]
    for name, size, limit in (
        ("first", attrgetter("first"), FIRST_ROUND_TRIP),
        ("whole", attrgetter("whole"), WHOLE_PAGE),
    ):
        heaviest, language = max(pages, key=lambda page: size(page[0]))
        note = f"the heaviest of {len(pages)}: {heaviest.view} in {language}"
        yield Figure("slow_line", f"an applicant's page, {SAID[name]}", size(heaviest), "bytes", limit, note=note)


# What eyes wait for ---------------------------------------------------------------------------------------------------


def _seen(server: Server, application: Application, writer: Any) -> Iterator[Figure]:
    client = Client()
    accounts.sign_in(client, writer)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        opened = partial(_slow, browser, server.url, session)
        yield from _readings(opened, application)
        yield from _savings(opened, application)
        browser.close()


@contextmanager
def _slow(browser: Any, url: str, session: str) -> Iterator[Any]:
    """A page of a browser that was never here, on the thin line."""
    context = browser.new_context(
        base_url=url, locale="ar-SY", viewport={"width": 360, "height": 740}, ignore_https_errors=True
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": COOKIE, "value": session, "url": url, "secure": True}])
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    thin = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND, "latency": ROUND_TRIP_MS}
    line.send("Network.emulateNetworkConditions", {"offline": False, **thin})
    yield page
    context.close()


def _readings(opened: Opened, application: Application) -> Iterator[Figure]:
    part = [("grants:application_part", [application.pk, key]) for key in ("eligibility", "basics", "need", "budget")]
    pages = {
        "the fund's home": "/",
        "a call with all its questions": reverse("grants:call_detail", args=[application.call_id]),
        "the list of pages of an application": reverse("grants:application_detail", args=[application.pk]),
        "the last look before submitting": reverse("grants:application_submit", args=[application.pk]),
        **{f"a page of the form: {args[1]}": reverse(name, args=args) for name, args in part},
    }
    for name, path in pages.items():
        read = sorted(_read(opened, path) for _ in range(TIMES))
        seconds, sent = read[TIMES // 2]
        note = f"{sent:,} bytes in all; the middle of {TIMES}, the slowest {read[-1][0]:.1f} s"
        yield Figure("slow_line", f"text to read: {name}", seconds, "s", READABLE, note=note)


def _read(opened: Opened, path: str) -> tuple[float, int]:
    """Seconds to the first text of a page, and bytes of all that came with it."""
    with opened() as page:
        page.goto(path, wait_until="load")
        sent = page.evaluate("performance.getEntries().reduce((sum, one) => sum + (one.transferSize || 0), 0)")
        return float(page.evaluate(_PAINTED)), int(sent)


_PAINTED = """() => new Promise((done) => new PerformanceObserver((list, watch) => {
  for (const paint of list.getEntriesByName('first-contentful-paint')) { watch.disconnect(); done(paint.startTime / 1000); }
}).observe({ type: 'paint', buffered: true }))"""
"""Seconds from the wish to see a page to its first text."""


_PRESSED = """() => new Promise((done, failed) => {
  const began = performance.now(), line = document.querySelector('.saved'), button = document.querySelector('.form-actions .button');
  new MutationObserver(() => { if (line.dataset.now === 'saved') done((performance.now() - began) / 1000); })
    .observe(line, { attributes: true, childList: true });
  setTimeout(() => failed(new Error(`not saved: ${line.dataset.now} ${line.textContent}`)), 60000);
  document.querySelector('[name=q-need]').value += ' نص جديد كتبته على هاتف في دير الزور.';
  button.click();
})"""


def _savings(opened: Opened, application: Application) -> Iterator[Figure]:
    path = reverse("grants:application_part", args=[application.pk, "need"])
    with opened() as page:
        page.goto(path)
        page.wait_for_selector("form[data-ready]", state="attached")
        yield Figure("slow_line", "a section saved after pressing save", page.evaluate(_PRESSED), "s", SAVED)
    with opened() as page:
        yield from _without_scripts(page, path)


def _without_scripts(page: Any, path: str) -> Iterator[Figure]:
    """As a browser without scripts: the button sends the page, and the next one says that it is saved."""
    page.route("**/*.js", lambda route: route.abort())
    page.goto(path)
    page.fill("[name=q-need]", "نص كُتب دون برامج في المتصفح")
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.click(".form-actions .button")
    taken = sent.value.request.timing["responseStart"] / 1000
    yield Figure("slow_line", "the same without scripts: taken by the fund", taken, "s", SAVED)
    page.wait_for_load_state("load")
    note = "from the answer on; a round trip more than the other page"
    yield Figure(
        "slow_line", "the same without scripts: the next page is read", float(page.evaluate(_PAINTED)), "s", note=note
    )
