"""The table of who sees what, walked through HTTP: every viewer, phase, thing and format, with words that must not be seen."""

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from committees.disclosure import Phase, Thing, Viewer, sees
from committees.models import Assignment, Meeting, Seat
from committees.rules import facts
from committees.selectors import panels as panel_selectors
from committees.services import cases, meetings, scores
from committees.services import concepts as judging
from committees.services import panels as panel_services
from committees.states import Constituency
from grants.models import Application, Call
from kernel.work import work_for
from notices.models import Notice
from organisations.models import Person
from tests.committees.test_concepts import noted, send, two_stage_terms
from tests.committees.test_concepts import points as note_points
from tests.factories import accounts, funds, grants
from tests.factories import committees as make
from tests.factories.accounts import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("light_walk")]
pypdf = pytest.importorskip("pypdf")
OFFICES = {Viewer.OFFICER, Viewer.MANAGER, Viewer.FINANCE, Viewer.BOARD, Viewer.AUDITOR}
"""Their own work speaks of applications: screening, offers, payments."""
WORDS = "كلمة من بطاقة العضو"


def canaries(application: Application) -> list[str]:
    """Words of the file that must not be seen."""
    organisation = application.organisation
    return [application.title, application.reference, organisation.name_ar, organisation.name_latin]


def shows(word: str, text: str) -> bool:
    """Whether ``text`` has the word; what the factories name ends with a number."""
    return word in text and re.search(re.escape(word) + r"(?!\d)", text) is not None


def read(response: Any) -> str:
    """Everything that an answer says: body in whatever format, headers, where it leads."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    said = f"{response.status_code} {dict(response.headers)}"
    if response.status_code != 200:
        return said + body.decode("utf-8", "replace")
    if "pdf" in kind:
        return said + "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if "spreadsheet" in kind:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
        return said + " ".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row)
    return said + body.decode("utf-8", "replace")


@dataclass
class Play:
    """One committee at work, and a browser with an open session for each viewer."""

    case: make.Case
    people: dict[Viewer, User]
    meeting: Meeting | None = None
    second: Seat | None = None
    """Another scorer of the target."""
    browsers: dict[Viewer, Client] = field(default_factory=dict)

    @property
    def target(self) -> Application:
        return self.case.applications[0]

    def browser(self, viewer: Viewer) -> Client:
        """The viewer's browser: signed in once, before everything that follows."""
        if viewer not in self.browsers:
            self.browsers[viewer] = Client()
            sign_in(self.browsers[viewer], self.people[viewer], second_factor=True)
        return self.browsers[viewer]

    def addresses(self, viewer: Viewer) -> list[tuple[Thing, str, str]]:
        """(thing, address, the word that shows it) of the target application."""
        one, panel = self.target, self.case.panel.pk
        review = reverse("committees:application_review", args=[panel, one.pk])
        name, code, title = one.organisation.name_ar, one.reference, one.title
        found = [
            (Thing.NAMES, reverse("committees:panel_declare", args=[panel]), name),
            (Thing.LISTED, reverse("committees:panel_detail", args=[panel]), code),
            (Thing.CONTENT, review, title),
            (Thing.SCORES, review, self.another_card(viewer)),
            (Thing.FILE, reverse("grants:application_detail", args=[one.pk]), title),
            (Thing.OWN_SCORE, reverse("committees:my_scores"), code),
            (Thing.WORK, "/work/", review),
            (Thing.RANKING, reverse("committees:panel_ranking", args=[panel]), code),
            (Thing.EXPORT, reverse("committees:panel_ranking", args=[panel]) + "?format=csv", code),
            (Thing.SEARCH, reverse("grants:pipeline") + f"?text={title}", code),
            (Thing.CONFLICTS, reverse("committees:panel_conflicts", args=[panel]), code),
        ]
        reviews = reverse("committees:review_list")
        found += [(Thing.REVIEWS, reviews + suffix, code) for suffix in ("", "?format=csv", "?format=xlsx")]
        if self.meeting is not None:
            item = make.item_of(self.meeting, one)
            found += [
                (Thing.AGENDA, reverse("committees:meeting_detail", args=[self.meeting.pk]), name),
                (Thing.ITEM, reverse("committees:item_detail", args=[item.pk]), title),
                (Thing.MINUTES, reverse("committees:meeting_minutes", args=[self.meeting.pk]), code),
            ]
        return found

    def another_card(self, viewer: Viewer) -> str:
        """A sentence that somebody else wrote on the target."""
        own = self.people[viewer].pk
        other = next(seat for seat in self.case.seats if seat.user_id != own and sentence(seat) in self.written)
        return sentence(other)

    @property
    def written(self) -> set[str]:
        rows = Assignment.objects.filter(application=self.target).exclude(state="removed").select_related("seat")
        return {sentence(one.seat) for one in rows} or {sentence(seat) for seat in self.case.seats}


def sentence(seat: Seat) -> str:
    """What a member writes beside every criterion."""
    return f"{WORDS} {seat.number} عن هذا الطلب"


def score(assignment: Assignment) -> None:
    judgement = {
        key: (points, sentence(assignment.seat)) for key, (points, _s) in make.judgement(assignment.application).items()
    }
    scores.submit(assignment, judgement, actor=assignment.seat.user)


def first_person(one: Application) -> User:
    """Somebody of the organisation that applied."""
    return Person.objects.filter(organisation=one.organisation).select_related("user")[0].user


def offices() -> dict[Viewer, User]:
    """Who is in no committee and of no applicant."""
    return {
        Viewer.OFFICER: make.officer(),
        Viewer.MANAGER: grants.holder(Role.FUND_MANAGER),
        Viewer.FINANCE: accounts.officer(Role.FINANCE_OFFICER),
        Viewer.BOARD: grants.holder(Role.BOARD_MEMBER),
        Viewer.AUDITOR: accounts.officer(Role.AUDITOR),
        Viewer.DONOR: funds.representative(funds.donor()),
        Viewer.STRANGER: accounts.user(),
    }


def played() -> Play:
    """The declarations are in: one member recused, one without a declaration, one suspended, an observer."""
    committee = make.constituted_committee(alternates=2)
    observer = make.seat(committee, Constituency.OBSERVER)
    case = make.opened(2, committee=committee)
    first, second = case.applications
    recused, undeclared, suspended = case.seats[4], *case.alternates
    for seat in (*case.seats, suspended, observer):
        for one in (first, second):
            make.declare(seat, one, *(("hard", "family") if (seat, one) == (recused, first) else ()))
    make.declare(undeclared, second)
    report = cases.report(
        suspended, second, ground="financial", found="سجل", owner=grants.holder(Role.FUND_MANAGER), actor=make.officer()
    )
    cases.confirm(report, actor=grants.holder(Role.BOARD_MEMBER))

    people = {
        Viewer.SCORER: case.seats[3].user,
        Viewer.MEMBER: case.seats[5].user,
        Viewer.OBSERVER: observer.user,
        Viewer.UNDECLARED: undeclared.user,
        Viewer.RECUSED: recused.user,
        Viewer.SUSPENDED: suspended.user,
        **offices(),
        Viewer.APPLICANT: first_person(first),
        Viewer.RIVAL: first_person(second),
    }
    return Play(case, people)


def walk(play: Play, phase: Phase, viewer: Viewer, *, like: Viewer | None = None) -> list[str]:
    """Where what is shown differs from the table; a denied address shows no word of the file at all."""
    wrong, pages = [], {}
    listed = play.addresses(viewer)
    open_at = {address for thing, address, _word in listed if sees(like or viewer, thing, phase)}
    for thing, address, word in listed:
        if address not in pages:
            response = play.browser(viewer).get(address)
            assert response.status_code < 500, address
            pages[address] = read(response)
            if address.startswith("/committees/") and response.status_code == 200:
                assert "no-store" in response.headers.get("Cache-Control", ""), address
        text = pages[address]
        seen, expected = shows(word, text) and text.startswith("200"), sees(like or viewer, thing, phase)
        if seen != expected:
            wrong.append(f"{phase} · {viewer} · {thing} · {address}: {'shown' if seen else 'not shown'} ({text[:3]})")
        if address not in open_at and not (address == "/work/" and viewer in OFFICES):
            told = [one for one in canaries(play.target) if shows(one, text) and one not in address]
            wrong += [f"{phase} · {viewer} · {address}: tells {one}" for one in told]
    return wrong


def walk_all(play: Play, phase: Phase) -> list[str]:
    return [one for viewer in play.people for one in walk(play, phase, viewer)]


def begin_scoring(play: Play) -> None:
    """Who scores the target is known now: a scorer and a member who does not score it, neither the chair."""
    make.scoring(play.case)
    given = [one for one in make.assignments(play.case, play.target) if one.seat_id != play.case.seats[0].pk]
    inside = {one.seat_id for one in make.assignments(play.case, play.target)}
    others = [one for one in play.case.seats[1:] if one.user_id != play.people[Viewer.RECUSED].pk]
    play.people[Viewer.SCORER] = given[0].seat.user
    play.people[Viewer.MEMBER] = next(one for one in others if one.pk not in inside).user
    for viewer in (Viewer.SCORER, Viewer.MEMBER):
        play.browsers.pop(viewer, None)
    for one in make.assignments(play.case, play.target):
        if one != given[0]:
            score(one)
    play.second = given[1].seat


def meet(play: Play) -> None:
    play.meeting = make.open_meeting(play.case, *play.case.alternates)
    make.discussed(play.meeting, play.target)


def decide(play: Play) -> None:
    from committees.services import votes

    assert play.meeting is not None
    for one in play.case.applications:
        item = make.item_of(play.meeting, one)
        if item.state == "waiting":
            item = make.discussed(play.meeting, one)
        item = votes.open_voting(item, actor=make.presiding(item))
        sitting = {str(seat.pk): seat for seat in play.case.seats}
        make.vote(item, {sitting[key]: "approve" for key in item.voters})
        closed = votes.close_voting(item, actor=make.presiding(item)).item
        votes.record_decision(closed, make.reasons(), actor=make.presiding(closed))
    meetings.close_meeting(play.meeting, actor=play.case.chair)


def recuse_in_the_middle(play: Play) -> list[str]:
    """A second scorer with an open session declares a conflict: at the next request the file is gone everywhere."""
    assert play.second is not None
    first, browser = play.people[Viewer.SCORER], play.browsers.pop(Viewer.SCORER)
    play.people[Viewer.SCORER] = play.second.user
    wrong = walk(play, Phase.MEETING, Viewer.SCORER)
    make.declare(play.second, play.target, "hard", "partnership")
    wrong += walk(play, Phase.MEETING, Viewer.SCORER, like=Viewer.RECUSED)
    person = User.objects.get(pk=play.second.user_id)
    assert panel_selectors.recused_number(person, play.case.panel) == 1
    assert not any(shows(word, str(one)) for one in work_for(person) for word in canaries(play.target))
    play.people[Viewer.SCORER], play.browsers[Viewer.SCORER] = first, browser
    return wrong


def test_every_cell_of_the_table_is_true_over_http() -> None:
    play = played()
    wrong = walk_all(play, Phase.DECLARING)
    begin_scoring(play)
    for application in play.case.applications:
        numbers = [one.pseudonym for one in Assignment.objects.filter(application=application)]
        assert len(set(numbers)) == len(numbers)
    wrong += walk_all(play, Phase.SCORING)
    for one in make.assignments(play.case):
        score(one)
    panel_services.close_scoring(play.case.panel, actor=make.officer())
    play.case.fresh()
    wrong += walk_all(play, Phase.DELIBERATING)
    meet(play)
    wrong += walk_all(play, Phase.MEETING)
    wrong += recuse_in_the_middle(play)
    decide(play)
    play.case.fresh()
    wrong += walk_all(play, Phase.CLOSED)
    assert "\n".join(wrong) == ""
    for viewer in (Viewer.RECUSED, Viewer.UNDECLARED, Viewer.SUSPENDED):
        told = list(Notice.objects.filter(user=play.people[viewer]).values_list("params", "url"))
        assert not any(shows(word, str(one)) for one in told for word in canaries(play.target))


def test_a_call_without_names_hides_its_applicants_until_the_scoring_is_closed() -> None:
    case = make.scoring(make.declared(1, blind_applicants=True))
    one = case.applications[0]
    assignment = make.assignments(case)[0]
    client = Client()
    sign_in(client, assignment.seat.user)
    review = reverse("committees:application_review", args=[case.panel.pk, one.pk])
    again = reverse("committees:panel_declare_again", args=[case.panel.pk, one.pk])
    hidden = canaries(one)[1:]
    for address in (review, again, reverse("committees:panel_detail", args=[case.panel.pk]),
                    reverse("committees:my_scores"), "/work/"):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200
        assert not [word for word in hidden if shows(word, read(response))], address
    for name in ("application_detail", "application_receipt", "application_feedback"):
        assert client.get(reverse(f"grants:{name}", args=[one.pk])).status_code == 404
    names = read(client.get(reverse("committees:panel_declare", args=[case.panel.pk])))
    assert shows(one.organisation.name_ar, names)
    assert str(one.pk) not in names
    for other in make.assignments(case):
        make.score(other)
    panel_services.close_scoring(case.panel, actor=make.officer())
    assert shows(one.organisation.name_ar, read(client.get(review)))


@dataclass
class Notes(Play):
    """A committee at the concept notes of a call in two stages."""

    def addresses(self, viewer: Viewer) -> list[tuple[Thing, str, str]]:
        """(thing, address, the word that shows it) of the target's concept note."""
        one, panel = self.target, self.case.panel.pk
        name, code, title = one.organisation.name_ar, one.reference, one.title
        return [
            (Thing.NAMES, reverse("committees:panel_declare", args=[panel]), name),
            (Thing.LISTED, reverse("committees:panel_detail", args=[panel]), name),
            (Thing.NOTE, reverse("committees:concept_judge", args=[panel, one.pk]), title),
            (Thing.CONTENT, reverse("committees:application_review", args=[panel, one.pk]), title),
            (Thing.FILE, reverse("grants:application_detail", args=[one.pk]), title),
            (Thing.OWN_SCORE, reverse("committees:my_scores"), code),
            (Thing.WORK, "/work/", code),
            (Thing.SEARCH, reverse("grants:pipeline") + f"?text={title}", code),
            (Thing.CONFLICTS, reverse("committees:panel_conflicts", args=[panel]), code),
            (Thing.REVIEWS, reverse("committees:review_list"), code),
        ]


def test_every_cell_of_the_stage_of_concept_notes_is_true_over_http() -> None:
    call = grants.open_call(**two_stage_terms())
    notes = [send(noted(call)), send(noted(call))]
    assert call.concept_closes_at is not None
    with time_machine.travel(call.concept_closes_at + timedelta(minutes=3), tick=True):
        play = at_the_notes(call, notes)
        wrong = walk_all(play, Phase.CONCEPTS)
        for seat in play.case.seats[:3]:
            for note in notes:
                if not facts.is_recused(seat.user, note):
                    judging.judge(seat, note, note_points(call, 2), actor=seat.user)
        judging.announce(play.case.panel, actor=make.officer())
        play.case.fresh()
        wrong += walk_all(play, Phase.ANSWERED)
    assert "\n".join(wrong) == ""


def at_the_notes(call: Call, notes: list[Application]) -> Notes:
    """The declarations are in, as in `played`."""
    committee = make.constituted_committee(alternates=1)
    observer = make.seat(committee, Constituency.OBSERVER)
    panel = panel_services.open_panel(call, committee, actor=make.officer())
    case = make.Case(panel, notes, make.members(committee)).fresh()
    first, second = notes
    recused, undeclared = case.seats[4], case.alternates[0]
    for seat in (*case.seats, observer):
        for one in notes:
            make.declare(seat, one, *(("hard", "family") if (seat, one) == (recused, first) else ()))
    make.declare(undeclared, second)
    people = {
        Viewer.SCORER: case.seats[3].user,
        Viewer.MEMBER: case.seats[5].user,
        Viewer.OBSERVER: observer.user,
        Viewer.UNDECLARED: undeclared.user,
        Viewer.RECUSED: recused.user,
        **offices(),
        Viewer.APPLICANT: first_person(first),
        Viewer.RIVAL: first_person(second),
    }
    return Notes(case, people)
