"""A file over a bad line, from a phone in Arabic: five cuts and a killed tab, by our script and by the official tus client."""

import contextlib
import hashlib
import random
import socket
import threading
import time
from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from grants.models import Application, Attachment
from tests.accessibility import findings
from tests.factories import files
from tests.factories import grants as make
from tests.factories.accounts import sign_in_browser
from tests.factories.forms import asked_for
from tests.grants.test_attachments import FORM

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PORTION = 50_000
"""Bytes that the line lets through between two looks at the page."""
PHONE = {"width": 360, "height": 740}
TUS_CLIENT = Path(__file__).parents[1] / "vendor" / "tus-js-client" / "tus.min.js"
FIVE_MEGABYTES = files.PDF + b"%" + random.Random(1).randbytes(2_500_000).hex().encode() + b"\n%%EOF\n"
OFFICIAL = """
([address, token, text]) => {
  const upload = new tus.Upload(new File([text], "plan.pdf", { type: "application/pdf" }), {
    endpoint: address, metadata: { field: "plan", filename: "plan.pdf" }, chunkSize: 100000, retryDelays: [0, 100, 200, 400, 800, 1600, 3200],
    headers: { "X-CSRFToken": token }, storeFingerprintForResuming: false, onError: (error) => { window.sent = error.message; },
    onShouldRetry: () => { window.cut = true; return true; },
    onProgress: (sent, all) => { window.sent = sent / all; },
    onSuccess: () => { window.kept = upload.url.split("/").at(-2); },
  });
  upload.start();
}
"""


class Line:
    """A line between the phone and the fund, which can be cut: every connection ends in the middle of what it carries.

    It can be held: of what the phone sends no more comes through than was let through, however slow who looks on is.
    """

    def __init__(self, fund: str) -> None:
        self.fund = ("localhost", int(fund.rpartition(":")[2]))
        self.down = False
        self.cuts = 0
        self.room: float = inf
        self.changed = threading.Condition()
        self.open: set[socket.socket] = set()
        self.door = socket.create_server(("localhost", 0))
        self.url = f"http://localhost:{self.door.getsockname()[1]}"
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                phone, _address = self.door.accept()
            except OSError:
                return
            if self.down:
                phone.close()
                continue
            fund = socket.create_connection(self.fund)
            self.open |= {phone, fund}
            for source, target in ((phone, fund), (fund, phone)):
                threading.Thread(target=self._carry, args=(source, target, source is phone), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        cuts = self.cuts
        with source, target:
            with contextlib.suppress(OSError):
                while data := source.recv(16_384):
                    if up:
                        self._wait_for_room(len(data), cuts)
                    target.sendall(data)
            # Closing alone tells the other end nothing while the thread of the other direction still listens to it.
            for one in (source, target):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self.open -= {source, target}

    def _wait_for_room(self, size: int, cuts: int) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.room > 0 or self.cuts != cuts)
            self.room -= size
            if self.cuts != cuts:
                raise ConnectionAbortedError

    def let(self, room: float) -> None:
        """From now on so many bytes come through, the rest waits."""
        with self.changed:
            self.room = room
            self.changed.notify_all()

    def cut(self) -> None:
        self.down = True
        with self.changed:
            self.cuts += 1
            self.changed.notify_all()
        for one in list(self.open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.down = False

    def close(self) -> None:
        self.cut()
        self.door.close()


@pytest.fixture
def line(live_server: Any) -> Iterator[Line]:
    line = Line(live_server.url)
    yield line
    line.close()


def page_at(chromium: Any, live_server: Any, line: Line, application: Application) -> Page:
    context = chromium.new_context(base_url=line.url, locale="ar-SY", viewport=PHONE)
    page: Page = context.new_page()
    sign_in_browser(page, live_server, make.preparer(application.organisation))
    return page


def opened(page: Page, application: Application) -> Page:
    """The page of papers in a new tab; the old one was killed."""
    context = page.context
    page.close()
    fresh = context.new_page()
    fresh.goto(f"/grants/applications/{application.pk}/edit/papers/")
    expect(fresh.locator("form[data-ready]")).to_be_attached()
    return fresh


def status(page: Page, word: str) -> Locator:
    return page.locator(f"[data-field=plan] [role=status][data-now={word}]")


def choose(page: Page, folder: Path, data: bytes) -> None:
    """Choose a file of this device: the browser reads it from the disk, as a phone does."""
    (folder / "خطة المشروع.pdf").write_bytes(data)
    page.set_input_files("[name=file-plan]", folder / "خطة المشروع.pdf")


def until(page: Page, line: Line, holds: str) -> None:
    """Let through a little at a time until an expression holds; then nothing more comes through, and nothing ends by itself."""
    late = time.monotonic() + 60
    while not page.evaluate(holds):
        assert time.monotonic() < late, f"{holds}; sent: {page.evaluate('window.sent')}"
        line.let(PORTION)
        page.wait_for_timeout(20)
    line.let(0)


NOW = "document.querySelector('[data-field=plan] [role=status]').dataset.now"


def arrived(page: Page, line: Line, percent: int) -> None:
    bar = "document.querySelector('[data-field=plan] progress').value"
    until(page, line, f"{NOW} === 'sending' && {bar} >= {percent}")


def test_five_megabytes_arrive_over_a_line_that_is_cut_five_times(
    chromium: Any, live_server: Any, line: Line, tmp_path: Path
) -> None:
    application = make.draft_application(asked_for(FORM))
    page = opened(page_at(chromium, live_server, line, application), application)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert findings(page) == []
    choose(page, tmp_path, FIVE_MEGABYTES)
    for cut in range(4):
        arrived(page, line, 5 + 15 * cut)
        line.cut()
        expect(status(page, "waiting")).to_be_attached()
        line.mend()
        until(page, line, f"{NOW} === 'sending'")
    # The fifth time the tab is killed, what was on its way is lost: chosen again, the file goes on where it stopped.
    arrived(page, line, 60)
    line.cut()
    page.close()
    line.mend()
    line.let(inf)
    page = opened(page, application)
    line.let(PORTION)
    choose(page, tmp_path, FIVE_MEGABYTES)
    arrived(page, line, 55)
    line.let(inf)
    expect(status(page, "here")).to_be_attached()
    expect(page.locator(".form > .saved[data-now=saved]")).to_be_attached()
    stored = Attachment.objects.get(application=application)
    with stored.file.open() as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == hashlib.sha256(FIVE_MEGABYTES).hexdigest() == stored.sha256
    page.reload()
    expect(page.locator("[data-field=plan] .kept a")).to_have_text("خطة المشروع.pdf")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    choose(page, tmp_path, b"MZ this is a program")
    expect(page.locator("[data-field=plan] [role=status]")).to_contain_text("PDF")
    _the_official_client(page, line, application)
    page.context.close()


def _the_official_client(page: Page, line: Line, application: Application) -> None:
    page.evaluate(TUS_CLIENT.read_text(encoding="utf-8"))
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    text = (files.PDF + b"%" + b"0123456789" * 60_000 + b"\n%%EOF\n").decode()
    page.evaluate(OFFICIAL, [f"/grants/applications/{application.pk}/edit/papers/files/", token, text])
    until(page, line, "window.sent > 0.3")
    line.cut()
    until(page, line, "window.cut")
    line.mend()
    until(page, line, "window.kept")
    line.let(inf)
    stored = Attachment.objects.get(pk=page.evaluate("window.kept"))
    assert stored.sha256 == hashlib.sha256(text.encode()).hexdigest()
