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
