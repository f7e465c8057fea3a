"""One evening in Arabic on a phone: the line is cut, the tab dies, two colleagues write at once; nothing typed is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Locator, Page, expect

from grants.models import Application, SectionSave
from grants.selectors import parts
from tests.chromium import visitor
from tests.factories import grants as make
from tests.factories.accounts import sign_in_browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}


class Writer:
    """A person of the organisation at a phone: `open` again after the tab was killed."""

    def __init__(self, chromium: Any, live_server: Any, application: Application, person: Any) -> None:
        self.application, self.line = application, live_server.url
        self.context: BrowserContext = visitor(chromium, base_url=live_server.url, locale="ar-SY", viewport=PHONE)
        self.page: Page = self.context.new_page()
        sign_in_browser(self.page, live_server, person)

    def open(self, key: str = "") -> None:
        """A page of the application, in a new tab; the old one is killed without being asked."""
        self.page.close()
        self.page = self.context.new_page()
        where = f"edit/{key}/" if key else ""
        self.page.goto(f"/grants/applications/{self.application.pk}/{where}")
        if key:
            expect(self.page.locator("form[data-ready]")).to_be_attached()

    def write(self, name: str, text: str) -> None:
        """Type; what the line said before is no answer to this."""
        self.page.evaluate("delete document.querySelector('.saved').dataset.now")
        self.page.fill(f"[name=q-{name}]", text)

    def line_says(self, word: str) -> None:
        expect(self.page.locator(f".saved[data-now={word}]")).to_be_attached()

    def text(self, name: str) -> Locator:
        return self.page.locator(f"[name=q-{name}]")


@pytest.fixture
def two(chromium: Any, live_server: Any) -> Iterator[tuple[Writer, Writer]]:
    application = make.draft_application()
    people = make.preparer(application.organisation), make.signatory(application.organisation)
    one, other = (Writer(chromium, live_server, application, person) for person in people)
    yield one, other
    one.context.close()
    other.context.close()


def kept(application: Application, key: str) -> dict[str, Any]:
    save = parts.last_save(application, key)
    return save.answers if save else {}


def arrived(writer: Writer, key: str, name: str, text: str) -> None:
    """The server holds it: a killed tab's last breath may bring it before the new page does, which then says nothing."""
    for _ in range(150):
        if kept(writer.application, key).get(name) == text:
            return
        writer.page.wait_for_timeout(200)
    raise AssertionError(f"{name} did not reach the server")


def test_an_application_is_written_over_a_bad_line(two: tuple[Writer, Writer]) -> None:
    one, other = two
    one.open()
    assert one.page.locator("html").get_attribute("dir") == "rtl"
    one.page.click("[data-device-on]")
    _all_pages_are_kept(one)

    _cut_and_killed(one)
    _cut_in_the_middle_of_a_page(one)
    _cut_and_opened_with_the_line(one)
    _two_colleagues(one, other)
    _nothing_is_left_after_signing_out(one)


def _all_pages_are_kept(one: Writer) -> None:
    count = one.page.locator("[data-keep-pages] a").count()
    assert count >= 5
    for _ in range(150):
        kept_ones = one.page.evaluate(
            "async () => (await (await caches.open('fund-pages')).keys()).map(key => key.url)"
        )
        if sum("/edit/" in address for address in kept_ones) == count:
            return
        one.page.wait_for_timeout(100)
    raise AssertionError(f"only these are kept: {kept_ones}")


def _cut_and_killed(one: Writer) -> None:
    # First cut, and the tab is killed: the page opens without a line, with all that was typed.
    one.open("need")
    one.write("need", "بئر الحي")
    one.line_says("saved")
    one.context.set_offline(True)
    one.write("need", "بئر الحي معطلة منذ سنة")
    one.line_says("kept")
    one.open("budget")  # kept with the others when the device was asked, never read since
    one.open("need")
    expect(one.text("need")).to_have_value("بئر الحي معطلة منذ سنة")
    one.line_says("kept")
    one.context.set_offline(False)
    one.line_says("saved")
    assert kept(one.application, "need")["need"] == "بئر الحي معطلة منذ سنة"


def _cut_in_the_middle_of_a_page(one: Writer) -> None:
    # A page whose second half never comes: what the device kept of it is shown, by the worker's own code.
    one.page.add_script_tag(url="/sw.js")
    shown = one.page.evaluate(
        """async () => {
            const half = new ReadableStream({
                start(page) { page.enqueue(new TextEncoder().encode("<p>hal")); },
                pull(page) { page.error(new TypeError("cut")); },
            });
            fetch = async () => new Response(half, { headers: { "kept-for": "somebody" } });
            return (await fresh(new Request(location.href), false)).text();
        }"""
    )
    assert 'name="q-need"' in shown


def _cut_and_opened_with_the_line(one: Writer) -> None:
    # Second cut on another page: killed again, opened when the line is back.
    one.open("basics")
    one.context.set_offline(True)
    one.write("title", "ماء نظيف")
    one.page.check("[name=q-governorates] >> nth=0")
    one.line_says("kept")
    one.page.close()
    one.context.set_offline(False)
    one.open("basics")
    expect(one.text("title")).to_have_value("ماء نظيف")
    arrived(one, "basics", "title", "ماء نظيف")
    assert len(kept(one.application, "basics")["governorates"]) == 1


def _two_colleagues(one: Writer, other: Writer) -> None:
    # A colleague writes another field of the same page, then the same one; third cut meanwhile.
    one.open("need")
    other.open("need")
    other.write("participation", "اجتمعت لجنة الحي")
    other.line_says("saved")
    one.context.set_offline(True)
    one.write("need", "نص الأولى")
    one.line_says("kept")
    other.write("need", "نص الثانية")
    other.line_says("saved")
    one.page.click(".form-actions .button")  # pressed without a line: the page stays, nothing is lost
    expect(one.text("need")).to_have_value("نص الأولى")
    one.context.set_offline(False)
    one.line_says("changed")
    expect(one.text("participation")).to_have_value("اجتمعت لجنة الحي")
    expect(one.page.locator("[data-theirs]")).to_have_text("نص الثانية")
    assert kept(one.application, "need")["need"] == "نص الثانية"
    one.page.click("[data-mine]")
    one.line_says("saved")
    assert kept(one.application, "need") == {"need": "نص الأولى", "participation": "اجتمعت لجنة الحي"}
    assert "نص الثانية" in {row.answers["need"] for row in SectionSave.objects.filter(section_key="need")}


def _nothing_is_left_after_signing_out(one: Writer) -> None:
    # Whoever signs out leaves nothing on the device.
    one.page.click(".who form button")
    one.page.wait_for_url(lambda address: settings.LOGIN_URL not in address and "/edit/" not in address)
    left = "Promise.all([caches.keys(), indexedDB.databases(), navigator.serviceWorker.getRegistrations()]).then(all => all.flat().length)"
    assert one.page.evaluate(f"() => {left}") == 0
    assert one.page.evaluate("localStorage.length") == 0
