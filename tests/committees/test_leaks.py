"""A recused member meets the file nowhere: no page, list, number, average, export, notice or order tells of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from committees.models import AgendaItem, Panel
from committees.selectors import meetings as meeting_selectors
from committees.selectors import panels, ranking, scores
from committees.services import meetings
from committees.services import panels as panel_services
from committees.services.minutes import minutes_for
from committees.urls import urlpatterns
from grants.models import Application
from kernel.work import work_for
from notices.models import Notice
from tests.factories import accounts
from tests.factories import committees as make
from tests.factories.accounts import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("light_walk")]
pypdf = pytest.importorskip("pypdf")


def mark(application: Application) -> list[str]:
    """Canaries: words of the file that must not be seen."""
    return [
        application.title,
        application.reference,
        application.organisation.name_ar,
        application.organisation.name_latin,
        str(application.pk),
    ]


def shows(word: str, text: str) -> bool:
    """Whether ``text`` has the word; names and titles of the factories end with a number."""
    return word in text and re.search(re.escape(word) + r"(?!\d)", text) is not None


def urls(case: make.Case, meeting: Any) -> Iterator[str]:  # noqa: C901 -- one branch for each kind of address
    """Every address of committees, with every object that there is."""
    items = list(AgendaItem.objects.filter(meeting=meeting)) if meeting is not None else []
    for pattern in urlpatterns:
        name = f"committees:{pattern.name}"
        keys = set(pattern.pattern.converters)
        if not keys:
            yield reverse(name)
        elif keys == {"call"}:
            yield reverse(name, args=[case.panel.call_id])
        elif keys in ({"application"}, {"pk", "document"}):
            yield from (reverse(name, args=[one.pk] * len(keys)) for one in case.applications)
        elif keys == {"pk", "seat"}:
            yield from (reverse(name, args=[case.panel.committee_id, one.pk]) for one in case.seats)
        elif keys == {"pk", "application"}:
            yield from (reverse(name, args=[case.panel.pk, one.pk]) for one in case.applications)
        elif pattern.name.startswith(("committee", "seat")):
            yield reverse(name, args=[case.panel.committee_id])
        elif pattern.name.startswith("panel") or pattern.name == "meeting_form":
            yield reverse(name, args=[case.panel.pk])
        elif pattern.name.startswith("meeting"):
            if meeting is not None:
                yield reverse(name, args=[meeting.pk])
        else:
            yield from (reverse(name, args=[one.pk]) for one in items)


def grants_urls(application: Application) -> Iterator[str]:
    """Every address of grants that takes one application."""

    def walk(patterns: Any, names: str) -> Iterator[URLPattern]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, names)
            else:
                yield one

    grants = next((one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "grants"), None)
    for pattern in walk(grants.url_patterns, "") if grants is not None else ():
        if set(pattern.pattern.converters) == {"pk"} and "application" in (pattern.name or ""):
            yield reverse(f"grants:{pattern.name}", args=[application.pk])


def seen(client: Client, address: str) -> str:
    """Everything that a GET answers: body, headers, where it redirects to."""
    response: Any = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code < 500, address
    return body.decode("utf-8", "replace") + str(response.headers)


def tells(
    client: Client, case: make.Case, meeting: Any, canaries: list[str], *, own: set[str]
) -> list[tuple[str, str]]:
    """Where a canary is seen; an id that stands in the address itself is no leak of the page."""
    found = []
    for address in urls(case, meeting):
        text = seen(client, address)
        found += [(address, word) for word in canaries if shows(word, text) and word not in address]
    return [one for one in found if one[0] not in own]


@dataclass
class Play:
    """A panel from the declarations to the close, with a member who recused himself from its first application."""

    case: make.Case
    meeting: Any = None

    @property
    def out(self) -> User:
        """Who recused himself; the account as another request would read it."""
        return User.objects.get(pk=self.case.seats[2].user_id)

    @property
    def hidden(self) -> Application:
        return self.case.applications[0]

    def stages(self) -> Iterator[str]:
        """Take the panel from stage to stage."""
        case = self.case
        for holder in (*case.seats, *case.alternates):
            for application in case.applications:
                hard = holder == case.seats[2] and application == self.hidden
                make.declare(holder, application, *(("hard", "family") if hard else ()))
        yield "declared"
        make.scoring(case)
        yield "scoring"
        make.deliberating(case)
        yield "deliberating"
        self.meeting = make.called_meeting(case)
        yield "called"
        make.join(self.meeting, *case.seats, *case.alternates)
        self.meeting = meetings.open_meeting(self.meeting, actor=case.chair)
        item = make.voting(self.meeting, self.hidden)
        yield "voting"
        make.settled(item, "approve")
        make.decided(self.meeting, case.applications[1], "approve")
        make.decided(self.meeting, case.applications[2], "waitlist", deviation="ننتظر مالاً إضافياً.")
        case.fresh()
        self.meeting = meetings.close_meeting(self.meeting, actor=case.chair)
        yield "closed"


def test_from_the_declarations_to_the_close_nothing_tells_a_recused_member_of_the_file() -> None:
    play = Play(make.opened(3, alternates=2))
    also = {
        "deliberating": ranks_close_up_and_no_sum_tells_of_a_hidden_file,
        "called": the_agenda_names_only_an_item,
        "voting": others_see_what_is_hidden,
        "closed": a_recused_reader_gets_an_extract_of_the_minutes,
    }
    browser = Client()
    sign_in(browser, play.out, second_factor=True)
    for stage in play.stages():
        no_page_shows_the_file(browser, play, stage)
        if stage in also:
            also[stage](browser, play)
        if stage == "called":
            people_of_other_committees_and_strangers_find_nothing(play)


def no_page_shows_the_file(browser: Client, play: Play, stage: str) -> None:
    assert (stage, tells(browser, play.case, play.meeting, mark(play.hidden), own=set())) == (stage, [])
    for address in grants_urls(play.hidden):
        assert browser.get(address).status_code in {302, 403, 404, 405}, (stage, address)
    for address in (reverse("grants:application_list"), reverse("grants:call_list")):
        assert not any(shows(word, seen(browser, address)) for word in mark(play.hidden)), (stage, address)
    assert play.hidden not in panels.applications_for(play.out, play.case.panel)
    assert play.hidden.pk not in {one.application_id for one in scores.my_assignments(play.out)}
    assert not any(shows(word, str(one)) for one in work_for(play.out) for word in mark(play.hidden))
    told = list(Notice.objects.filter(user=play.out).values_list("params", "url"))
    assert told
    assert not any(shows(word, str(one)) for one in told for word in mark(play.hidden)), stage


def others_see_what_is_hidden(_browser: Client, play: Play) -> None:
    other = Client()
    sign_in(other, User.objects.get(pk=play.case.seats[3].user_id))
    page = seen(other, reverse("committees:meeting_detail", args=[play.meeting.pk]))
    assert play.hidden.organisation.name_ar in page
    page = seen(other, reverse("committees:application_review", args=[play.case.panel.pk, play.hidden.pk]))
    assert play.hidden.title in page


def ranks_close_up_and_no_sum_tells_of_a_hidden_file(_browser: Client, play: Play) -> None:
    rows = ranking.ranking_visible_to(play.out, play.case.panel)
    assert [row.rank for row in rows] == [1, 2]
    assert not any(row.whole for row in rows)
    chair = User.objects.get(pk=play.case.chair.pk)
    assert [row.rank for row in ranking.ranking_visible_to(chair, play.case.panel)] == [1, 2, 3]


def the_agenda_names_only_an_item(browser: Client, play: Play) -> None:
    lines = meeting_selectors.agenda(play.out, play.meeting)
    assert [line.recused for line in lines].count(True) == 1
    assert [line.item is None for line in lines] == [line.recused for line in lines]
    assert "أنت متنحٍّ" in seen(browser, reverse("committees:meeting_detail", args=[play.meeting.pk]))
    item = make.item_of(play.meeting, play.hidden)
    assert browser.get(reverse("committees:item_detail", args=[item.pk])).status_code == 404
    assert browser.post(reverse("committees:item_vote", args=[item.pk]), {"choice": "approve"}).status_code == 404


def a_recused_reader_gets_an_extract_of_the_minutes(_browser: Client, play: Play) -> None:
    whole = minutes_for(User.objects.get(pk=play.case.chair.pk), play.meeting)
    extract = minutes_for(play.out, play.meeting)

    def text(content: bytes) -> str:
        return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)

    assert play.hidden.reference in text(whole)
    assert play.hidden.reference not in text(extract)
    assert play.case.applications[1].reference in text(extract)


def people_of_other_committees_and_strangers_find_nothing(play: Play) -> None:
    for person in (accounts.user(), make.constituted_committee().seats.first().user):
        other = Client()
        sign_in(other, User.objects.get(pk=person.pk))
        for address in urls(play.case, play.meeting):
            text = seen(other, address)
            words = (word for one in play.case.applications for word in mark(one) if word not in address)
            assert not any(shows(word, text) for word in words), address
            assert str(play.case.panel.pk) not in text or str(play.case.panel.pk) in address


@pytest.mark.database("scoring_two")
def test_during_the_scoring_a_member_sees_only_what_is_assigned(client: Client) -> None:
    case = make.scoring(number=2)
    for one in case.applications:
        scorers = {assignment.seat_id for assignment in make.assignments(case, one)}
        stranger = next(holder for holder in case.seats if holder.pk not in scorers)
        sign_in(client, User.objects.get(pk=stranger.user_id))
        address = reverse("committees:application_review", args=[case.panel.pk, one.pk])
        assert client.get(address).status_code == 404
        mine = next(holder for holder in case.seats if holder.pk in scorers)
        sign_in(client, User.objects.get(pk=mine.user_id))
        assert client.get(address).status_code == 200


def test_nothing_but_names_before_the_declaration(client: Client) -> None:
    case = make.opened(2)
    sign_in(client, User.objects.get(pk=case.seats[0].user_id))
    page = seen(client, reverse("committees:panel_declare", args=[case.panel.pk]))
    for one in case.applications:
        assert one.organisation.name_ar in page
        for secret in (one.title, one.summary, one.reference, f"{one.requested_minor // 100:,}"):
            assert secret not in page
    address = reverse("committees:application_review", args=[case.panel.pk, case.applications[0].pk])
    assert client.get(address).status_code == 404


@pytest.mark.database("scoring")
def test_the_secretariat_sees_progress_but_no_score_before_the_close(client: Client) -> None:
    case = make.scoring(number=1)
    for one in make.assignments(case):
        make.score(one, 3)
    sign_in(client, User.objects.get(pk=make.officer().pk))
    assert client.get(reverse("committees:panel_ranking", args=[case.panel.pk])).status_code == 403
    page = seen(client, reverse("committees:application_review", args=[case.panel.pk, case.applications[0].pk]))
    assert "60.00" not in page
    assert make.judgement(case.applications[0])["need"][1] not in page
    page = seen(client, reverse("committees:panel_detail", args=[case.panel.pk]))
    assert "60.00" not in page


@pytest.mark.database("scoring")
def test_scores_of_others_appear_under_numbers_only_after_the_close(client: Client) -> None:
    case = make.scoring(number=1)
    first, second, third = make.assignments(case)
    make.score(first, 5)
    make.score(second, 3)
    address = reverse("committees:application_review", args=[case.panel.pk, case.applications[0].pk])
    sign_in(client, User.objects.get(pk=first.seat.user_id))
    page = seen(client, address)
    assert "100.00" in page
    assert "60.00" not in page
    make.score(third, 4)
    panel = Panel.objects.get(pk=case.panel.pk)
    panel_services.close_scoring(panel, actor=make.officer())
    page = seen(client, address)
    assert "60.00" in page
    for other in (second, third):
        assert other.seat.user.full_name not in page
