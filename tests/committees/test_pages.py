"""The way through the web: declarations, scorecards, meeting, vote and reasons as people send them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from committees.models import AgendaItem, Committee, ConflictDeclaration, Decision, Meeting, Panel, Scorecard, Vote
from committees.rules import facts
from committees.selectors.scores import criteria_of
from committees.services import meetings, votes
from committees.states import PanelState
from kernel.work import work_for
from tests.factories import accounts, charter, files, grants
from tests.factories import committees as make
from tests.factories.accounts import sign_in

pytestmark = pytest.mark.django_db


def at(name: str, *keys: Any) -> str:
    return reverse(f"committees:{name}", args=keys)


def browser(person: User) -> Client:
    """A signed-in browser with a fresh second factor."""
    client = Client()
    sign_in(client, User.objects.get(pk=person.pk), second_factor=True)
    return client


def test_the_secretariat_forms_a_committee_and_hands_it_a_call() -> None:
    call, _applications = grants.screened_call(1)
    client = browser(make.officer())
    client.post(at("committee_form"), {"name_ar": "لجنة الماء", "name_en": "Water committee"})
    committee = Committee.objects.get()
    network = charter.networks()[0][0]
    for number, (constituency, office) in enumerate(make.SEATS):
        person = accounts.user(email=f"member{number}@people.example")
        ours = str(network.pk) if constituency == "civil_society" else ""
        typed: dict[str, Any] = {
            "email": person.email,
            "constituency": constituency,
            "network": ours,
            "nomination": "قرار رقم ٥",
            "office": office,
            "starts_on": "٢١/١١/٢٠٢٥",
            "ends_on": "2030-01-01",
            "governorate": "SY02",
        }
        page = client.post(at("seat_form", committee.pk), typed)
        assert page.status_code == 200, "a term of four years stands beside its field"
        typed |= {"starts_on": "", "ends_on": ""}
        assert client.post(at("seat_form", committee.pk), typed).status_code == 200
        typed |= {"starts_on": str(facts.today()), "ends_on": "", "evidence": files.pdf()}
        assert client.post(at("seat_form", committee.pk), typed).status_code == 302
    assert committee.seats.count() == 7
    client.post(at("committee_constitute", committee.pk))
    client.post(at("panel_open", call.pk), {"committee": str(committee.pk)})
    assert Panel.objects.get().committee == committee


def test_a_refusal_stands_in_the_form_and_nothing_typed_is_lost() -> None:
    committee = make.forming_committee()
    officer = accounts.officer("finance_officer")
    typed = {
        "email": officer.email,
        "constituency": "expert",
        "nomination": "سيرة ذاتية منشورة",
        "office": "member",
        "starts_on": str(facts.today()),
        "governorate": "SY02",
    }
    page = browser(make.officer()).post(at("seat_form", committee.pk), typed).content.decode()
    assert "سيرة ذاتية منشورة" in page
    assert "موظفو الصندوق لا يجلسون في لجنة أبداً" in page


def declare_all(person: User, case: make.Case) -> Any:
    typed: dict[str, str] = {}
    for one in case.applications:
        typed |= {f"{one.pk.hex}-kind": "none", f"{one.pk.hex}-ground": "", f"{one.pk.hex}-explanation": ""}
    return browser(person).post(at("panel_declare", case.panel.pk), typed)


def test_declarations_are_recorded_together_or_not_at_all() -> None:
    case = make.opened(2)
    person = case.seats[0].user
    half = {f"{case.applications[0].pk.hex}-kind": "none"}
    page = browser(person).post(at("panel_declare", case.panel.pk), half)
    assert page.status_code == 200
    assert not ConflictDeclaration.objects.exists()
    assert declare_all(person, case).status_code == 302
    assert ConflictDeclaration.objects.count() == 2
    assert not [one for one in work_for(User.objects.get(pk=person.pk)) if "declarations" in one.url]


@pytest.mark.database("scoring")
def test_a_scorecard_keeps_what_was_typed_until_it_is_whole() -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    client = browser(one.seat.user)
    address = at("application_review", case.panel.pk, one.application_id)
    criteria = criteria_of(one.application.call)
    typed = {f"points_{criterion.key}": "4" for criterion in criteria}
    typed |= {f"why_{criterion.key}": "شرح كافٍ لهذه النقاط كلها." for criterion in criteria}
    short = {**typed, f"why_{criteria[0].key}": "قصير"}
    page = client.post(address, short).content.decode()
    assert "شرح كافٍ لهذه النقاط كلها." in page
    assert not Scorecard.objects.exists()
    assert client.post(address, typed).status_code == 302
    assert Scorecard.objects.count() == 1
    page = client.get(address).content.decode()
    assert "80.00" in page


@pytest.mark.database("deliberating")
def test_a_meeting_from_the_first_arrival_to_the_second_signature() -> None:
    case = make.deliberating(number=1)
    officer = browser(make.officer())
    soon = facts.today()
    page = officer.post(at("meeting_form", case.panel.pk), {"day": str(soon), "hour": "٢٣:٥٩", "place": "القاعة"})
    assert page.status_code == 302, page.content.decode()
    meeting = Meeting.objects.get()
    browsers = {one: browser(one.user) for one in case.seats}
    for one, client in browsers.items():
        client.post(at("meeting_attend", meeting.pk), {"presence": "joined"})
        assert one.pk in facts.present_seats(meeting)
    chair = browsers[case.seats[0]]
    chair.post(at("meeting_open", meeting.pk))
    item = AgendaItem.objects.get()
    assert browsers[case.seats[4]].post(at("item_discuss", item.pk)).status_code == 403
    chair.post(at("item_discuss", item.pk))
    written = {"discussion": "ناقشنا الخطة.", "proposed_minor": "١٥٬٠٠٠", "conditions": "شرط أول\n\nشرط ثانٍ"}
    assert chair.post(at("item_minute", item.pk), written).status_code == 302
    item.refresh_from_db()
    assert (item.proposed_minor, item.conditions) == (15_000_00, ["شرط أول", "شرط ثانٍ"])
    chair.post(at("item_open_vote", item.pk))
    for client in browsers.values():
        assert client.post(at("item_vote", item.pk), {"choice": "approve"}).status_code == 302
    assert Vote.objects.count() == 7
    assert chair.post(at("item_vote", item.pk), {"choice": "reject"}).status_code == 302, "sent again: the first stands"
    own = Vote.objects.get(item=item, seat__user=case.chair)
    assert own.choice == "approve"
    assert own.get_choice_display() in chair.get(at("item_vote", item.pk)).content.decode()
    chair.post(at("item_close_vote", item.pk))
    reasons = {"strengths": "قوة", "weaknesses": "ضعف", "advice": "نصيحة"}
    assert chair.post(at("item_decide", item.pk), reasons).status_code == 302
    assert Decision.objects.get().amount_minor == 15_000_00
    chair.post(at("meeting_close", meeting.pk))
    meeting.refresh_from_db()
    for one in case.seats[:2]:
        signed = {"sha256": meeting.minutes_sha256, "agree": "on"}
        assert browsers[one].post(at("meeting_sign", meeting.pk), signed).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "signed"
    assert Panel.objects.get().state == PanelState.CLOSED
    pdf = chair.get(at("meeting_minutes", meeting.pk))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Cache-Control"] == "private, no-store"


@pytest.mark.database("scoring")
def test_reassignment_through_the_page() -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    client = browser(make.officer())
    address = at("panel_scorers", case.panel.pk, one.application_id)
    for broken in ({}, {"reason": "مرض"}, {"assignment": "x", "reason": "مرض"}, {"assignment": str(one.pk)}):
        assert client.post(address, broken).status_code == 200
    assert client.post(address, {"assignment": str(one.pk), "reason": "مرض"}).status_code == 302
    assert one.seat_id not in {other.seat_id for other in make.assignments(case)}


@pytest.mark.database("deliberating")
def test_broken_keys_are_no_errors_of_ours() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    client = browser(case.chair)
    assert client.post(at("meeting_attend", meeting.pk), {"seat": "x", "presence": "left"}).status_code == 404


@pytest.mark.database("deliberating")
def test_signing_asks_for_a_fresh_second_factor() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "approve")
    meetings.close_meeting(meeting, actor=case.chair)
    client = Client()
    sign_in(client, User.objects.get(pk=case.chair.pk))
    answer = client.get(at("meeting_sign", meeting.pk))
    assert answer.status_code == 302
    assert "sign" not in answer["Location"].split("?")[0]


@pytest.mark.database("deliberating")
def test_a_vote_for_what_is_not_open_is_refused_in_the_form() -> None:
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    item = make.voting(meeting, case.applications[0])
    client = browser(case.seats[1].user)
    assert client.post(at("item_vote", item.pk), {"choice": "approve_with_conditions"}).status_code == 200
    assert client.post(at("item_vote", item.pk), {}).status_code == 200
    make.vote(item, dict.fromkeys(case.seats, "approve"))
    votes.close_voting(item, actor=case.chair)
    assert client.post(at("item_vote", item.pk), {"choice": "reject"}).status_code == 302, (
        "sent again: the first stands"
    )
    assert Vote.objects.filter(choice="approve").count() == Vote.objects.count() == 7


@pytest.mark.database("opened")
def test_work_that_waits() -> None:
    case = make.opened(1)
    titles = [one.url for one in work_for(User.objects.get(pk=case.seats[0].user_id))]
    assert at("panel_declare", case.panel.pk) in titles
    assert at("panel_detail", case.panel.pk) in [one.url for one in work_for(User.objects.get(pk=make.officer().pk))]


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_cost_the_same_for_one_and_three_applications() -> None:
    counts: list[dict[str, int]] = []
    for number in (1, 3):
        case = make.opened(number)
        member, officer = browser(case.seats[0].user), browser(make.officer())
        found = {"declare": queries(member, at("panel_declare", case.panel.pk))}
        for holder in case.seats:
            for application in case.applications:
                make.declare(holder, application)
        found["panel"] = queries(officer, at("panel_detail", case.panel.pk))
        found["assign"] = queries(officer, at("panel_assign", case.panel.pk))
        make.scoring(case)
        busy = make.assignments(case)[0].seat
        found["my scores"] = queries(browser(busy.user), at("my_scores"))
        make.deliberating(case)
        found["ranking"] = queries(officer, at("panel_ranking", case.panel.pk))
        meeting = make.open_meeting(case)
        found["meeting"] = queries(browser(case.chair), at("meeting_detail", meeting.pk))
        counts.append(found)
    assert counts[0] == counts[1]
