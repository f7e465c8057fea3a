"""Feeds, calendar and sitemap: valid by their standards, in every language, and only what everybody may read."""

from datetime import UTC
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from lxml import etree

from grants.models import Call
from tests.factories import funds
from tests.factories import grants as factory
from transparency.feeds.places import NAMESPACE, PAGES

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGES = ("ar", "en", "ku")


@pytest.fixture(scope="module")
def _calls(standing: None) -> list[Call]:
    """A published call with signs that formats must escape, an open one, a draft."""
    contribution = funds.confirmed_contribution(1_000_000_00)
    title = factory.words("مياه؛ صحة، & <تعليم>\\", "Water; health, & <schools>\\")
    return [
        factory.open_call(contribution=contribution),
        factory.published_call(contribution=contribution, title=title),
        factory.draft_call(contribution=contribution, title=factory.words("مسودة سرية", "Secret draft")),
    ]


@pytest.fixture
def calls(_calls: list[Call], db: None) -> list[Call]:
    return _calls


def fetched(name: str, *args: str, kind: str) -> Any:
    answer = Client().get(reverse(f"transparency:{name}", args=args))
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, kind)
    assert "Secret draft" not in answer.content.decode()
    assert "مسودة سرية" not in answer.content.decode()
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_has_all_that_atom_demands(calls: list[Call], language: str) -> None:
    feed = etree.fromstring(fetched("feed_news", language, kind="application/atom+xml").content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    for element in [feed, *feed.findall(f"{ATOM}entry")]:
        assert len(element.findall(f"{ATOM}id")) == len(element.findall(f"{ATOM}title")) == 1
        assert element.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert parse_datetime(element.findtext(f"{ATOM}updated")).tzinfo is not None
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith(f"/feeds/{language}/news.atom")
    found = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert sorted(found) == sorted(f"urn:uuid:{call.pk}" for call in calls[:2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_says_when_each_call_opens_and_closes(calls: list[Call], language: str) -> None:
    body = fetched("calls_calendar", language, kind="text/calendar").content
    assert b"\r\n" in body
    assert max(map(len, body.split(b"\r\n"))) <= 75
    read = icalendar.Calendar.from_ical(body)
    events = {str(event["uid"]).partition("@")[0]: event for event in read.walk("VEVENT")}
    assert set(events) == {f"{call.pk}-{what}" for call in calls[:2] for what in ("opens", "closes")}
    closes = events[f"{calls[1].pk}-closes"]
    assert closes.decoded("dtstart") == calls[1].closes_at.astimezone(UTC).replace(microsecond=0)
    assert str(calls[1].title.localize(language)) in str(closes["summary"])
    assert {"dtstamp", "url", "description"} <= {name.lower() for name in closes}


def test_other_languages_have_no_feed(calls: list[Call]) -> None:
    for name in ("feed_news", "calls_calendar"):
        assert Client().get(reverse(f"transparency:{name}", args=["de"])).status_code == 404


def test_public_pages_lead_to_feed_and_calendar(calls: list[Call]) -> None:
    page = Client(headers={"accept-language": "ku"}).get(reverse("grants:call_list")).content.decode()
    for name, kind in (("feed_news", "application/atom+xml"), ("calls_calendar", "text/calendar")):
        assert f'type="{kind}"' in page
        assert f'href="{reverse(f"transparency:{name}", args=["ku"])}"' in page


def test_an_unchanged_feed_is_not_sent_again(calls: list[Call]) -> None:
    for name in ("feed_news", "calls_calendar"):
        address = reverse(f"transparency:{name}", args=["ar"])
        tag = Client().get(address)["ETag"]
        assert Client().get(address, headers={"if-none-match": tag}).status_code == 304


def test_the_sitemap_leads_to_open_pages_only(calls: list[Call]) -> None:
    root = ET.fromstring(fetched("sitemap", kind="application/xml").content)
    places = [place.text for place in root.iter(f"{{{NAMESPACE}}}loc")]
    assert len(places) == len(set(places)) == len(PAGES) + 2
    for place in places:
        assert Client().get(place.removeprefix("http://testserver")).status_code == 200, place
    robots = fetched("robots", kind="text/plain").content.decode()
    assert f"Sitemap: http://testserver{reverse('transparency:sitemap')}" in robots
