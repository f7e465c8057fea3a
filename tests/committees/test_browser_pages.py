"""Pages of the decision in Chromium, from the list of reviews to the appeal: axe in Arabic and English, and the keyboard."""

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit import outbox
from committees.models import Vote
from committees.services import alerts, appeals, meetings, votes
from committees.states import AppealChoice
from grants.models import Letter
from grants.services import conditions
from tests.accessibility import SEEN, bring_axe, direction_and_overflow, findings
from tests.committees.test_appeals import lodged, office
from tests.committees.test_pages import at
from tests.factories import accounts, awards, grants
from tests.factories import committees as make
from tests.factories import rapid as window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINKS = ("partnerships", "partnership_record")
CONTROL = "main form :is(input:not([type=hidden]), select, textarea, button)"
"""Where somebody types or chooses: the keyboard comes there on every page that has it."""


class Walk:
    """One browser in which several people look at pages one after the other."""

    def __init__(self, page: Any, live_server: Any) -> None:
        self.page = page
        self.address = live_server.url
        self.live_server = live_server
        self.wrong: list[str] = []
        bring_axe(page)

    def sign_in(self, person: User | None) -> None:
        self.page.context.clear_cookies()
        if person is not None:
            accounts.sign_in_browser(self.page, self.live_server, person, second_factor=True)

    def speak(self, language: str) -> None:
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.address}
        self.page.context.add_cookies([cookie])

    def look(self, person: User | None, *urls: str) -> None:
        """Note what axe finds and what runs over the edge; the keyboard comes to the page's form."""
        self.sign_in(person)
        for turn, (language, direction, width) in enumerate(SEEN):
            self.speak(language)
            self.page.set_viewport_size({"width": width, "height": 800})
            for url in urls:
                assert self.page.goto(url).status == 200, url
                said, sideways = direction_and_overflow(self.page)
                assert said == direction
                if sideways:
                    self.wrong.append(f"{url} scrolls sideways at {width} in {language}")
                found = findings(self.page, contrast=turn == 0)
                self.wrong += [f"{url} at {width} in {language}: {finding}" for finding in found]
                if direction == "rtl" and self.page.evaluate("one => document.querySelector(one) !== null", CONTROL):
                    self.tab_to(CONTROL)

    def tab_to(self, selector: str) -> None:
        """Press Tab until the focus is there; every stop on the way shows where it is."""
        for _stop in range(60):
            self.page.keyboard.press("Tab")
            outline, there = self.page.evaluate(
                "selector => [getComputedStyle(document.activeElement).outlineStyle, document.activeElement.matches(selector)]",
                selector,
            )
            assert outline != "none"
            if there:
                return
        raise AssertionError(f"the keyboard never comes to {selector}")


def grants_page(name: str, key: Any) -> str:
    return reverse(f"grants:{name}", args=[key])


@pytest.mark.database("deliberating")
def test_from_the_reviews_to_the_appeal(page: Any, live_server: Any) -> None:
    walk, case = Walk(page, live_server), make.deliberating(number=1)
    application, officer = case.applications[0], make.officer()
    links = [reverse(f"organisations:{one}", args=[application.organisation_id]) for one in LINKS]
    lists = [at("review_list"), at("waiting_list", case.panel.pk), at("panel_scorers", case.panel.pk, application.pk)]
    walk.look(officer, *lists, *links)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, application)
    rooms = [at("meeting_detail", meeting.pk), at("item_detail", item.pk), at("item_vote", item.pk)]
    walk.look(case.chair, *rooms, at("application_review", case.panel.pk, application.pk), at("my_scores"))
    with_the_keyboard_alone(walk, case, at("item_vote", item.pk))
    voted = {one.seat_id for one in Vote.objects.filter(item=item)}
    make.vote(item, {seat: "reject" for seat in case.seats if seat.pk not in voted})
    item = votes.close_voting(item, actor=case.chair).item
    walk.look(case.chair, at("item_decide", item.pk))
    votes.record_decision(item, make.reasons("خطر على العاملين لا حلّ له الآن."), actor=case.chair)
    meetings.close_meeting(meeting, actor=case.chair)
    walk.look(case.chair, at("meeting_sign", meeting.pk))
    outbox.drain()
    assert Letter.objects.filter(application=application).exists()
    signatory = grants.signatory(application.organisation)
    own = [grants_page("application_detail", application.pk), grants_page("application_feedback", application.pk)]
    walk.look(signatory, *own, at("appeal_form", application.pk), reverse("work"))
    office()
    appeal = lodged(case.fresh())
    walk.look(signatory, at("appeal_list"), at("appeal_detail", appeal.pk))
    board = accounts.officer(Role.BOARD_MEMBER)
    walk.look(board, at("appeal_detail", appeal.pk), at("appeal_refuse", appeal.pk), at("extract_list"))
    appeal = appeals.admit(appeal, actor=board)
    first, *others = [one.user for one in appeal.panel.select_related("user")]
    walk.look(first, at("appeal_detail", appeal.pk))
    for judge in (first, *others):
        appeals.vote(appeal, AppealChoice.DISMISS, actor=judge)
    walk.look(first, at("appeal_decide", appeal.pk))
    walk.look(None, at("appeals_published"), reverse("transparency:call_times", args=[case.call.pk]))
    assert walk.wrong == []


def with_the_keyboard_alone(walk: Walk, case: make.Case, url: str) -> None:
    """A member votes without a mouse, in Arabic."""
    walk.sign_in(case.seats[1].user)
    walk.speak("ar")
    walk.page.goto(url)
    walk.tab_to("[name=choice]")
    walk.page.keyboard.press("ArrowDown")
    chosen = walk.page.evaluate("document.activeElement.value")
    walk.tab_to("main form button")
    with walk.page.expect_navigation():
        walk.page.keyboard.press("Enter")
    assert [one.choice for one in Vote.objects.filter(seat=case.seats[1])] == [chosen]


def test_the_rapid_window_from_the_alert_to_the_answer(page: Any, live_server: Any) -> None:
    walk = Walk(page, live_server)
    alert = window.raised()
    member, second, _third = window.panel_of(alert)
    signatory = window.signatory(alert.organisation)
    walk.look(signatory, *(at(one) for one in ("alert_list", "alert_form")))
    walk.look(signatory, *(at(one, alert.pk) for one in ("alert_detail", "alert_withdraw")))
    walk.look(member.user, at("alert_declare", alert.pk))
    alerts.declare(alert, second, kind="none", actor=second.user)
    walk.look(second.user, at("alert_detail", alert.pk), at("alert_answer", alert.pk))
    rotas = [at("rota_list"), at("rota_form", alert.rota.committee_id), at("rota_withdraw", alert.rota_id)]
    walk.look(make.officer(), at("alert_list"), *rotas)
    walk.look(None, reverse("transparency:rapid_window"))
    assert walk.wrong == []


@pytest.mark.database("fund")
def test_conditions_of_an_award(page: Any, live_server: Any) -> None:
    walk, grant = Walk(page, live_server), awards.accepted_grant(conditions=["سياسة حماية موقّعة"])
    condition = grant.conditions.get()

    def of(name: str) -> str:
        return reverse(f"disbursements:condition_{name}", args=[condition.pk])

    walk.look(awards.signatory(grant), of("detail"), of("answer"))
    condition = conditions.answer(condition, text="أرفقنا النسخة", file=None, actor=awards.signatory(grant))
    walk.look(awards.programme_officer(), *(of(one) for one in ("detail", "meet", "return")))
    assert walk.wrong == []
