"""`screenshots`: the main pages of the demonstration, by name, as a phone and a desk see them."""

import json
import re
from argparse import ArgumentParser
from pathlib import Path
from shutil import which
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from poolfund.demo.tour import STOPS, Stop
from poolfund.demo_sign_in import SignInLink
from poolfund.management.commands.demo import PLAYED, free_port, wait_for_web, web_process
from poolfund.processes import Household

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Programs that can drive pages, the quickest first: Debian's headless shell needs half of Chromium's time."""
CHROMIUM = next(filter(None, map(which, BROWSERS)), None)
"""The first of them that this machine has."""
WIDTHS = {"phone": (360, 740), "desk": (1280, 900)}
PAGES_EACH = 6
"""How many pages of the navigation are taken for each part."""


class Command(BaseCommand):
    """Serve the played demonstration and walk the tour: each page by its name, in both widths."""

    help = "Screenshots of the main pages into screenshots/ (make screenshots); play the demonstration first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, in which language and colours, which pages, and whether to take every part's navigation as well."""
        parser.add_argument("--into", type=Path, default=settings.BASE_DIR / "screenshots")
        parser.add_argument("--language", default="ar")
        parser.add_argument("--dark", action="store_true", help="in the dark scheme")
        parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this page of the tour")
        parser.add_argument("--fold", action="store_true", help="only what is seen without scrolling")
        parser.add_argument("--navigation", action="store_true", help="also what each part has in its navigation")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take all of them, or say what is missing."""
        server = settings.EMBEDDED_SERVER
        if not settings.DEMO or server is None or CHROMIUM is None:
            raise CommandError("needs Chromium and the demonstration's own database: `make screenshots`")
        record = server.root / PLAYED
        if not record.exists():
            raise CommandError("nothing was played yet: run `make demo` first, and end it")
        links = [SignInLink(**link) for link in json.loads(record.read_text(encoding="utf-8"))]
        server.ensure_running()
        household = Household(server.root / "demo", {"DEMO": "1"})
        try:
            port = free_port(0)
            web_process(household, port)
            wait_for_web(household, port)
            self._take(CHROMIUM, f"http://127.0.0.1:{port}", links, options)
        finally:
            household.end()
            connections.close_all()
            server.leave()

    def _take(self, program: str, address: str, links: list[SignInLink], options: dict[str, Any]) -> None:
        from playwright.sync_api import sync_playwright

        options["into"].mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for width, (across, down) in WIDTHS.items():
                for person in self._people(links, options):
                    context = browser.new_context(
                        base_url=address,
                        locale=options["language"],
                        color_scheme="dark" if options["dark"] else "light",
                        viewport={"width": across, "height": down},
                    )
                    self._walk(context.new_page(), person, links, width, options)
                    context.close()
            browser.close()

    def _people(self, links: list[SignInLink], options: dict[str, Any]) -> list[str]:
        found = [stop.person for stop in self._stops(options)]
        if options["navigation"]:
            found += [_key(link) for link in links]
        return list(dict.fromkeys(found))

    def _stops(self, options: dict[str, Any]) -> list[Stop]:
        return [stop for stop in STOPS if not options["only"] or stop.name in options["only"]]

    def _walk(self, page: Any, person: str, links: list[SignInLink], width: str, options: dict[str, Any]) -> None:
        """All stops of one person, then the pages of the navigation."""
        landed = "/"
        if person:
            path = next((link.path for link in links if _key(link) == person), None)
            if path is None:
                raise CommandError(f"the played fund has no link for {person}: play it anew (make demo FRESH=1)")
            page.goto(path)
            landed = _path_of(page)
        for stop in (stop for stop in self._stops(options) if stop.person == person):
            page.goto(stop.start or landed)
            self._follow(page, stop)
            self._shoot(page, f"{stop.name}-{width}.png", options)
        if options["navigation"]:
            page.goto(landed)
            for number, path in enumerate(_navigation(page)):
                page.goto(path)
                self._shoot(page, f"nav-{person or 'anyone'}-{number:02d}-{_plain(path)}-{width}.png", options)

    def _follow(self, page: Any, stop: Stop) -> None:
        for step in stop.way:
            pattern = re.compile(re.escape(step).replace(re.escape("*"), "[0-9a-f-]{36}"))
            link = next(filter(pattern.search, _links(page)), None)
            if link is None:
                raise CommandError(f"{stop.name}: {_path_of(page)} has no link to {step}")
            page.goto(link)

    def _shoot(self, page: Any, name: str, options: dict[str, Any]) -> None:
        page.screenshot(path=options["into"] / name, full_page=not options["fold"])
        self.stdout.write(name)


def _key(link: SignInLink) -> str:
    return link.email.partition("@")[0]


def _path_of(page: Any) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)


def _links(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "main a[href^='/']", "links => links.map(link => link.getAttribute('href'))"
    )
    return found


def _navigation(page: Any) -> list[str]:
    """The page one lands on, then those of its navigation."""
    found = page.eval_on_selector_all("nav a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys([_path_of(page), *found[:PAGES_EACH]]))


def _plain(text: str) -> str:
    """A file name of what people read."""
    return re.sub(r"[^\w]+", "-", text).strip("-").lower()[:40] or "home"
