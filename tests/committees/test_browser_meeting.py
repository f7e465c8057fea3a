"""A meeting in nine browsers: a recusal in its middle breaks the majority, an alternate mends it, no vote is lost or doubled."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from accounts.models import User
from audit import outbox
from committees.models import AgendaItem, Meeting, Seat, Vote
from committees.quorum import Check, CheckName
from committees.rules.texts import check_failed
from committees.services import committees as services
from committees.services import panels
from committees.states import Constituency, SeatOffice
from grants.models import Application
from tests.accessibility import findings
from tests.chromium import visitor
from tests.committees.test_pages import at
from tests.factories import accounts
from tests.factories import committees as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NINE = (
    (Constituency.CIVIL_SOCIETY, SeatOffice.CHAIR),
    (Constituency.CIVIL_SOCIETY, SeatOffice.RAPPORTEUR),
    *((Constituency.CIVIL_SOCIETY, SeatOffice.MEMBER),) * 3,
    *((Constituency.EXPERT, SeatOffice.MEMBER),) * 2,
    (Constituency.COMMUNITY, SeatOffice.MEMBER),
    (Constituency.ACADEMIC, SeatOffice.MEMBER),
)
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@dataclass
class Browser:
    """One person at a browser of their own, in Arabic."""

    page: Any
    address: str

    @classmethod
    def of(cls, chromium: Any, live_server: Any, person: User, *, phone: bool) -> "Browser":
        context = visitor(chromium, base_url=live_server.url, locale="ar-SY", viewport=PHONE if phone else DESK)
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "ar", "url": live_server.url}])
        page = context.new_page()
        accounts.sign_in_browser(page, live_server, person, second_factor=True)
        return cls(page, live_server.url)

    def open(self, path: str, status: int = 200) -> "Browser":
        answer = self.page.goto(path)
        assert answer.status == status, (path, answer.status)
        return self

    def press(self, selector: str) -> "Browser":
        with self.page.expect_navigation():
            self.page.click(selector)
        return self

    def choose(self, item: AgendaItem, choice: str) -> "Browser":
        self.open(at("item_vote", item.pk))
        self.page.check(f"[name=choice][value={choice}]")
        return self

    def text(self) -> str:
        return str(self.page.inner_text("main"))


def committee_of_nine() -> tuple[make.Case, Seat]:
    """Everything scored; the nine have declared, the alternate of a member of civil society has not yet."""
    made = make.forming_committee()
    seats = [make.seat(made, constituency, office=office) for constituency, office in NINE]
    alternate = make.alternate(seats[4])
    case = make.opened(1, committee=services.constitute(made, actor=make.officer()))
    (application,) = case.applications
    for holder in case.seats:
        make.declare(holder, application)
    scorers = [(application, case.seats[number]) for number in (2, 3, 5)]
    panels.start_scoring(case.panel, actor=make.officer(), pairs=scorers)
    return make.deliberating(case.fresh()), alternate


@dataclass
class Room:
    """A meeting on one application, and everybody's browser."""

    case: make.Case
    meeting: Meeting
    alternate: Seat
    goes: Seat
    browsers: dict[Seat, Browser]
    chromium: Any
    live_server: Any

    @property
    def application(self) -> Application:
        return self.case.applications[0]

    @property
    def chair(self) -> Browser:
        return self.browsers[self.case.seats[0]]

    @property
    def door(self) -> str:
        return at("meeting_detail", self.meeting.pk)

    @property
    def item(self) -> AgendaItem:
        return AgendaItem.objects.get(meeting=self.meeting)

    @property
    def table(self) -> str:
        return at("item_detail", self.item.pk)

    def acts(self, name: str, thing: Any) -> None:
        """The chair presses the button of an act on the page that is open."""
        self.chair.press(f"form[action='{at(name, thing.pk)}'] button:not(.text-button)")

    def come_in(self) -> None:
        """Everybody comes; the chair opens the meeting and the discussion, and writes down what is voted on."""
        for browser in self.browsers.values():
            browser.open(self.door).press("button[name=presence][value=joined]")
        self.chair.open(self.door)
        self.acts("meeting_open", self.meeting)
        self.chair.open(self.table)
        self.acts("item_discuss", self.item)
        self.chair.page.fill("[name=discussion]", "ناقشت اللجنة الخطة والموازنة.")
        self.acts("item_minute", self.item)

    def one_is_out(self) -> None:
        """In the middle of it a member finds a link: four of eight are no majority, and the vote is refused with the reason."""
        leaving = self.browsers[self.goes].open(self.table)
        leaving.open(at("panel_declare_again", self.case.panel.pk, self.application.pk))
        leaving.page.check("[name=kind][value=hard]")
        leaving.page.select_option("[name=ground]", "employment")
        leaving.press("main form button")
        leaving.open(self.table, 404).open(at("item_vote", self.item.pk), 404).open(self.door)
        assert self.application.organisation.name_ar not in leaving.text()
        assert self.goes.user.full_name in self.chair.open(self.table).text()
        assert self.chair.page.locator(".note.danger").count() == 1
        token = self.chair.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        refused = self.chair.page.request.post(
            at("item_open_vote", self.item.pk),
            form={"csrfmiddlewaretoken": token},
            headers={"Referer": self.live_server.url + self.table},
        )
        with translation.override("ar"):
            assert (
                str(check_failed(Check(CheckName.MAJORITY_ELIGIBLE, passed=False, count=4, of=8, needed=5)))
                in refused.text()
            )
        assert self.item.state == "discussed"

    def alternate_comes(self) -> None:
        """An alternate of the same constituency is called, declares, comes in: the vote can be opened."""
        called = Browser.of(self.chromium, self.live_server, self.alternate.user, phone=True)
        called.open(self.table, 404).open(at("panel_declare", self.case.panel.pk))
        called.page.check("[name$=-kind][value=none]")
        called.press("main form button").open(self.door).press("button[name=presence][value=joined]")
        self.browsers[self.alternate] = called
        assert self.alternate.user.full_name in self.chair.open(self.table).text()
        self.acts("item_open_vote", self.item)
        item = self.item
        assert (item.state, len(item.voters), str(self.goes.pk) in item.voters) == ("voting", 9, False)

    def roll_call(self) -> Browser:
        """One line drops before the vote is sent, one after it, one member sends two; the last has not pressed yet."""
        item = self.item
        before, after, twice, *others, last = (seat for seat in self.browsers if seat != self.goes)
        line_drops_before(self.browsers[before], item, before)
        line_drops_after(self.browsers[after], item, after)
        sends_two(self.browsers[twice], item, twice, self.live_server)
        for seat in others:
            self.browsers[seat].choose(item, "approve").press("main form button")
        assert Vote.objects.filter(item=item).count() == 8
        return self.browsers[last].choose(item, "reject")

    def close(self, late: Browser) -> None:
        """The close is final; who pressed too late is told so. Reasons, minutes, two signatures."""
        self.chair.open(self.table)
        self.acts("item_close_vote", self.item)
        late.press("main form button")
        item = self.item
        assert Vote.objects.filter(item=item).count() == 8
        assert item.tally is not None
        assert (item.state, item.outcome, item.tally["votes"]["approve"]) == ("decided", "approve", 8)
        self.chair.open(at("item_decide", item.pk))
        for name in ("strengths", "weaknesses", "advice"):
            self.chair.page.fill(f"[name={name}]", "سبب مكتوب.")
        self.chair.press("main form button").open(self.door)
        self.acts("meeting_close", self.meeting)
        outbox.drain()
        for seat in self.case.seats[:2]:
            browser = self.browsers[seat].open(at("meeting_sign", self.meeting.pk))
            assert findings(browser.page) == []
            browser.page.check("[name=agree]")
            browser.press("main form button")


def line_drops_before(browser: Browser, item: AgendaItem, seat: Seat) -> None:
    """Nothing was sent, so nothing is recorded; it is sent when the line is back."""
    browser.choose(item, "approve").page.context.set_offline(True)
    browser.page.click("main form button")
    browser.page.wait_for_url("chrome-error://**")
    assert not Vote.objects.filter(seat=seat).exists()
    browser.page.context.set_offline(False)
    browser.choose(item, "approve").press("main form button")


def line_drops_after(browser: Browser, item: AgendaItem, seat: Seat) -> None:
    """The vote arrived, its answer did not: it is recorded, and the page says so when it opens again."""

    def cut(route: Any) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    browser.choose(item, "approve").page.route("**/vote/", cut)
    browser.page.click("main form button")
    browser.page.wait_for_url("chrome-error://**")
    assert Vote.objects.filter(seat=seat).count() == 1
    browser.page.unroute("**/vote/")
    browser.open(at("item_vote", item.pk))
    assert browser.page.locator("[name=choice]").count() == 0


def sends_two(browser: Browser, item: AgendaItem, seat: Seat, live_server: Any) -> None:
    """From two tabs, the other choice in the second: the first one stands."""
    second = Browser(browser.choose(item, "approve").page.context.new_page(), live_server.url).choose(item, "reject")
    browser.press("main form button")
    second.press("main form button")
    assert [one.choice for one in Vote.objects.filter(seat=seat)] == ["approve"]


def test_nine_browsers_one_recusal_one_alternate_one_decision(page: Any, live_server: Any) -> None:
    case, alternate = committee_of_nine()
    chromium = page.context.browser
    nine = {
        seat: Browser.of(chromium, live_server, seat.user, phone=number % 2 == 1)
        for number, seat in enumerate(case.seats)
    }
    assert len(nine) == 9
    # A member of civil society without an office who did not score.
    goes, meeting = case.seats[4], make.called_meeting(case)
    room = Room(case, meeting, alternate, goes, nine, chromium, live_server)
    room.come_in()
    room.one_is_out()
    room.alternate_comes()
    room.close(room.roll_call())
    assert Meeting.objects.get(pk=meeting.pk).state == "signed"
    assert Application.objects.get(pk=room.application.pk).state == "approved"
    for browser in room.browsers.values():
        browser.page.context.close()
