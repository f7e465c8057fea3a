"""Committees: no officers, no donors with a vote, the charter's composition or no constitution."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from committees.models import Committee, Seat
from committees.rules import facts
from committees.selectors import committees as selectors
from committees.services import committees as services
from committees.states import CommitteeState, Constituency, SeatOffice
from kernel.permissions import Refused
from tests.factories import accounts, funds, grants
from tests.factories import committees as make

pytestmark = pytest.mark.django_db


def failed(committee: Committee) -> list[str]:
    return [line.name for line in selectors.composition(committee) if not line.passed]


def test_every_failed_rule_is_named_until_the_composition_is_whole() -> None:
    made = make.forming_committee()
    assert len(failed(made)) == 7
    for constituency, office in make.SEATS[:-1]:
        make.seat(made, constituency, office=office)
    assert len(failed(made)) == 2
    with pytest.raises(Refused, match=r"الميثاق|charter"):
        services.constitute(made, actor=make.officer())
    make.seat(made, Constituency.COMMUNITY)
    assert failed(made) == []
    assert services.constitute(made, actor=make.officer()).state == CommitteeState.CONSTITUTED


def test_without_chair_and_rapporteur_no_constitution() -> None:
    made = make.forming_committee()
    for constituency, _office in make.SEATS:
        make.seat(made, constituency)
    assert len(failed(made)) == 2
    with pytest.raises(Refused):
        services.constitute(made, actor=make.officer())


@pytest.mark.parametrize("role", Role.values)
def test_no_officer_of_the_fund_ever_sits(role: str) -> None:
    made = make.forming_committee()
    with pytest.raises(Refused):
        make.seat(made, Constituency.CIVIL_SOCIETY, accounts.officer(role))
    assert not Seat.objects.exists()


def test_representatives_of_donors_only_observe() -> None:
    made = make.forming_committee()
    person = funds.representative(funds.donor())
    for constituency in (Constituency.CIVIL_SOCIETY, Constituency.EXPERT, Constituency.COMMUNITY):
        with pytest.raises(Refused):
            make.seat(made, constituency, person)
    observer = make.seat(made, Constituency.OBSERVER, person)
    assert not observer.voting


def test_the_charter_says_who_is_civil_society_and_who_votes() -> None:
    made = make.forming_committee()
    seats = {key: make.seat(made, key) for key in Constituency.values}
    assert [key for key, one in seats.items() if one.civil_society] == [Constituency.CIVIL_SOCIETY]
    assert [key for key, one in seats.items() if not one.voting] == [Constituency.OBSERVER]


def test_civil_society_is_nominated_by_a_network() -> None:
    with pytest.raises(Refused):
        make.seat(make.forming_committee(), Constituency.CIVIL_SOCIETY, network=None)


def test_numbers_terms_and_alternates_stay_within_the_charter() -> None:
    made = make.forming_committee()
    member = make.seat(made, Constituency.CIVIL_SOCIETY)
    with pytest.raises(Refused):
        make.seat(made, Constituency.CIVIL_SOCIETY, member.user)
    make.seat(made, Constituency.COMMUNITY)
    with pytest.raises(Refused):
        make.seat(made, Constituency.COMMUNITY)
    with pytest.raises(Refused):
        make.seat(made, Constituency.EXPERT, alternate_of=member)
    make.alternate(member)
    make.alternate(member)
    with pytest.raises(Refused):
        make.alternate(member)
    with pytest.raises(Refused):
        make.seat(made, Constituency.EXPERT, ends_on=facts.today() + timedelta(days=800))


@pytest.mark.parametrize(
    ("role", "may"), [(role, role in {"programme_officer", "fund_manager"}) for role in Role.values]
)
def test_who_may_run_committees(role: str, may: bool) -> None:
    made = make.forming_committee()
    nomination = make.nomination(Constituency.EXPERT)
    person = grants.holder(role)
    if may:
        assert services.fill_seat(made, nomination, actor=person).pk
        return
    with pytest.raises(Refused):
        services.fill_seat(made, nomination, actor=person)


def test_a_vacated_seat_of_a_constituted_committee_waits_for_another() -> None:
    made = make.constituted_committee()
    left = make.members(made)[2]
    services.vacate_seat(left, actor=left.user, reason="انتقلت إلى بلد آخر")
    people = facts.membership(made)
    assert [one.number for one in people.vacant] == [left.number]
    again = make.seat(made, Constituency.CIVIL_SOCIETY)
    assert again.number == left.number
    assert facts.membership(made).vacant == ()


def test_targets_of_inclusion_warn_and_do_not_block() -> None:
    made = make.constituted_committee()
    missed = [line for line in selectors.inclusion(made) if not line.passed]
    assert missed
    assert made.state == CommitteeState.CONSTITUTED


def test_public_numbers_are_by_constituency_alone() -> None:
    make.constituted_committee(alternates=1)
    make.forming_committee()
    assert [(one.constituency, one.seats, one.civil_society) for one in selectors.public_composition()] == [
        ("civil_society", 4, True),
        ("expert", 2, False),
        ("community", 1, False),
    ]


def test_one_chair_and_one_rapporteur() -> None:
    from django.db import IntegrityError, transaction

    made = make.forming_committee()
    make.seat(made, Constituency.CIVIL_SOCIETY, office=SeatOffice.CHAIR)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.seat(made, Constituency.EXPERT, office=SeatOffice.CHAIR)


def test_lists_cost_the_same_for_one_and_three() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.factories.accounts import sign_in

    client = Client()
    sign_in(client, make.officer())
    numbers = []
    for more in (1, 2):
        for _ in range(more):
            make.constituted_committee()
        client.get("/committees/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/committees/").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_a_nomination_is_kept_with_its_document_and_hash() -> None:
    from hashlib import sha256

    from django.db import DatabaseError, transaction
    from django.test import Client
    from django.urls import reverse

    from tests.factories import files
    from tests.factories.accounts import sign_in

    made = make.forming_committee()
    with pytest.raises(Refused):
        make.seat(made, Constituency.CIVIL_SOCIETY, evidence=None)
    seat = make.seat(made, Constituency.CIVIL_SOCIETY, evidence=files.pdf(unlike=7))
    other = make.seat(made, Constituency.EXPERT)
    assert seat.evidence_sha256 == sha256(files.pdf(unlike=7).read()).hexdigest()
    with pytest.raises(DatabaseError), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(evidence_sha256="0" * 64)
    address = reverse("committees:seat_evidence", args=[made.pk, seat.pk])
    answers = {}
    for name, person in {"officer": make.officer(), "self": seat.user, "other": other.user}.items():
        client = Client()
        sign_in(client, person)
        answers[name] = client.get(address)
        answers[name].getvalue()  # type: ignore[attr-defined]
    assert [answers[name].status_code for name in ("officer", "self", "other")] == [200, 200, 404]
    assert answers["officer"]["Cache-Control"] == "private, no-store"


@pytest.mark.database("bare")
def test_a_third_of_the_terms_is_not_renewed() -> None:
    from datetime import date

    import time_machine

    with time_machine.travel("2025-01-10 10:00Z", tick=True):
        made = make.constituted_committee()
        people = make.members(made)
        ends = facts.today() + timedelta(days=365)
    with time_machine.travel("2026-02-10 10:00Z", tick=True):
        assert ends < date(2026, 2, 10)
        again = {"starts_on": facts.today(), "ends_on": facts.today() + timedelta(days=365)}
        for one in people[:4]:
            make.seat(made, one.constituency, one.user, office=one.office, **again)
        assert facts.rotation(made) == (4, 4)
        with pytest.raises(Refused):
            make.seat(made, people[4].constituency, people[4].user, **again)
        make.seat(made, people[4].constituency, **again)


def test_the_board_is_told_of_missed_targets() -> None:
    from notices.models import Notice

    board = grants.holder(Role.BOARD_MEMBER)
    make.constituted_committee()
    note = Notice.objects.get(user=board, kind="committees.inclusion_missed")
    assert {name for name, _count, _needed in note.params["missed"]} >= {"women", "young"}


@pytest.mark.database("deliberating")
def test_a_committee_that_is_not_whole_opens_no_meeting() -> None:
    from django.db import DatabaseError, transaction

    from audit import log
    from committees import events
    from committees.models import Meeting

    case = make.deliberating(number=1)
    meeting = make.called_meeting(case)
    make.join(meeting, *case.seats)
    services.vacate_seat(case.seats[6], actor=make.officer(), reason="استقالت")
    from committees.services import meetings

    with pytest.raises(Refused):
        meetings.open_meeting(meeting, actor=case.chair)
    event = events.MeetingOpened(present=7, civil_society=4)
    leaf = log.append(meeting, event, actor=case.chair, to_state="open")
    with pytest.raises(DatabaseError, match="no number that the charter allows"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state="open", leaf=leaf)
    make.seat(case.panel.committee, Constituency.COMMUNITY)
    assert meetings.open_meeting(meeting, actor=case.chair).state == "open"


def test_who_leads_a_grantee_of_the_last_cohort_does_not_decide_on_its_sector() -> None:
    from committees.services import panels
    from organisations.states import PersonRole
    from tests.factories import awards
    from tests.factories.organisations import past_person

    grant = awards.awarded_grant()
    made = make.constituted_committee()
    member = make.members(made)[4]
    call, _applications = grants.screened_call(1, sectors=[grant.application.sector])
    past_person(grant.organisation, member.user, PersonRole.SIGNATORY, starts_on=facts.today())
    with pytest.raises(Refused, match=member.user.full_name):
        panels.open_panel(call, made, actor=make.officer())
