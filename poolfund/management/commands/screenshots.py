"""`screenshots`: the main pages of the demonstration, in Arabic, as a phone and a desk see them."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from poolfund.demo_sign_in import SignInLink
from poolfund.management.commands.demo import PLAYED, free_port, wait_for_web, web_process
from poolfund.processes import Household

WIDTHS = {"phone": (360, 740), "desk": (1280, 900)}
PAGES_EACH = 6
"""How many pages of the navigation are taken for each part."""


class Command(BaseCommand):
    """Serve the played demonstration, sign in as each of its people, follow the navigation."""

    help = "Screenshots of the main pages into screenshots/ (make screenshots); play the demonstration first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, in which language, and which pages besides those of the navigation."""
        parser.add_argument("--into", type=Path, default=settings.BASE_DIR / "screenshots")
        parser.add_argument("--language", default="ar")
        parser.add_argument("--also", action="append", default=[], metavar="PATH", help="one more page, for every part")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take all of them, or say what is missing."""
        server = settings.EMBEDDED_SERVER
        browser = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
        if not settings.DEMO or server is None or browser is None:
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
            self._take(browser, f"http://127.0.0.1:{port}", links, options)
        finally:
            household.end()
            connections.close_all()
            server.leave()

    def _take(self, program: str, address: str, links: list[SignInLink], options: dict[str, Any]) -> None:
        from playwright.sync_api import sync_playwright

        options["into"].mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for part, start in [("anyone", "/"), *((link.title, link.path) for link in links)]:
                for width, (across, down) in WIDTHS.items():
                    context = browser.new_context(
                        base_url=address, locale=options["language"], viewport={"width": across, "height": down}
                    )
                    page = context.new_page()
                    page.goto(start)
                    for number, path in enumerate(self._paths(page, options["also"])):
                        page.goto(path)
                        name = f"{_plain(part)}-{number:02d}-{_plain(path) or 'home'}-{width}.png"
                        page.screenshot(path=options["into"] / name, full_page=True)
                        self.stdout.write(name)
                    context.close()
            browser.close()

    def _paths(self, page: Any, also: list[str]) -> Iterator[str]:
        """The page one lands on, then those of its navigation, then what was asked for."""
        landed = re.sub(r"^https?://[^/]+", "", page.url)
        found = page.eval_on_selector_all("nav a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
        yield from dict.fromkeys([landed, *found[:PAGES_EACH], *also])


def _plain(text: str) -> str:
    """A file name of what people read."""
    return re.sub(r"[^\w]+", "-", text).strip("-").lower()[:40]
