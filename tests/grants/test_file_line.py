"""A file over a bad line, from a phone in Arabic: five cuts and a killed tab, by our script and by the official tus client."""

import contextlib
import hashlib
import random
import socket
import threading
import time
from collections.abc import Iterator
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
BYTES_PER_SECOND = 3_000_000
PHONE = {"width": 360, "height": 740}
TUS_CLIENT = Path(__file__).parents[1] / "vendor" / "tus-js-client" / "tus.min.js"
FIVE_MEGABYTES = files.PDF + b"%" + random.Random(1).randbytes(2_500_000).hex().encode() + b"\n%%EOF\n"
OFFICIAL = """
([address, token, text]) => {
  const upload = new tus.Upload(new File([text], "plan.pdf", { type: "application/pdf" }), {
    endpoint: address, metadata: { field: "plan", filename: "plan.pdf" }, chunkSize: 100000, retryDelays: [0, 100, 200, 400, 800],
    headers: { "X-CSRFToken": token }, storeFingerprintForResuming: false, onError: (error) => { window.sent = error.message; },
    onProgress: (sent, all) => { window.sent = sent / all; },
    onSuccess: () => { window.kept = upload.url.split("/").at(-2); },
  });
  upload.start();
}
"""


class Line:
    """A thin line between the phone and the fund, which can be cut: every connection ends in the middle of what it carries."""

    def __init__(self, fund: str) -> None:
        self.fund = ("localhost", int(fund.rpartition(":")[2]))
        self.down = False
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
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with source, target:
            with contextlib.suppress(OSError):
                while data := source.recv(16_384):
                    time.sleep(len(data) / BYTES_PER_SECOND)
                    target.sendall(data)
            # Closing alone tells the other end nothing while the thread of the other direction still listens to it.
            for one in (source, target):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self.open -= {source, target}

    def cut(self) -> None:
        self.down = True
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


def choose(page: Page, data: bytes) -> None:
    file: Any = {"name": "خطة المشروع.pdf", "mimeType": "application/pdf", "buffer": data}
    page.set_input_files("[name=file-plan]", file)


def until(page: Page, holds: str) -> None:
    """Wait for an expression; the pages' policy forbids Playwright's own way."""
    late = time.monotonic() + 30
    while time.monotonic() < late:
        if page.evaluate(holds):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{holds}; sent: {page.evaluate('window.sent')}")


def arrived(page: Page, percent: int) -> None:
    until(page, f"document.querySelector('[data-field=plan] progress').value >= {percent}")


def test_five_megabytes_arrive_over_a_line_that_is_cut_five_times(chromium: Any, live_server: Any, line: Line) -> None:
    application = make.draft_application(asked_for(FORM))
    page = opened(page_at(chromium, live_server, line, application), application)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert findings(page) == []
    choose(page, FIVE_MEGABYTES)
    for cut in range(4):
        arrived(page, 5 + 15 * cut)
        line.cut()
        expect(status(page, "waiting")).to_be_attached()
        line.mend()
        expect(status(page, "sending")).to_be_attached()
    # The fifth time the tab is killed: chosen again, the file goes on where it stopped.
    arrived(page, 60)
    page = opened(page, application)
    choose(page, FIVE_MEGABYTES)
    arrived(page, 55)
    assert page.evaluate("document.querySelector('[data-field=plan] progress').value") >= 55
    expect(status(page, "here")).to_be_attached()
    expect(page.locator(".form > .saved[data-now=saved]")).to_be_attached()
    stored = Attachment.objects.get(application=application)
    with stored.file.open() as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == hashlib.sha256(FIVE_MEGABYTES).hexdigest() == stored.sha256
    page.reload()
    expect(page.locator("[data-field=plan] .kept a")).to_have_text("خطة المشروع.pdf")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    choose(page, b"MZ this is a program")
    expect(page.locator("[data-field=plan] [role=status]")).to_contain_text("PDF")
    _the_official_client(page, line, application)
    page.context.close()


def _the_official_client(page: Page, line: Line, application: Application) -> None:
    page.evaluate(TUS_CLIENT.read_text(encoding="utf-8"))
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    text = (files.PDF + b"%" + b"0123456789" * 60_000 + b"\n%%EOF\n").decode()
    page.evaluate(OFFICIAL, [f"/grants/applications/{application.pk}/edit/papers/files/", token, text])
    until(page, "window.sent > 0.3")
    line.cut()
    page.wait_for_timeout(150)
    line.mend()
    until(page, "window.kept")
    stored = Attachment.objects.get(pk=page.evaluate("window.kept"))
    assert stored.sha256 == hashlib.sha256(text.encode()).hexdigest()
