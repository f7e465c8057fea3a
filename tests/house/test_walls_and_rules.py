"""Both walls together: the second hides nothing that a rule shows, nothing is shown to the recused, the public reads every figure."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.roles import Role
from committees.models import Meeting
from committees.selectors import alerts, appeals, conflicts, meetings, panels, waiting
from committees.selectors.minutes import hidden_items, minutes_data
from committees.services import meetings as services
from committees.states import ConflictGround, ConflictKind
from disbursements import selectors as money
from grants.models import Grant
from grants.selectors import applications, conditions, grants, letters, revisions
from kernel import identity
from kernel.access import Audience
from organisations import selectors as organisations
from organisations.models import PassportItem, Person
from poolfund import access
from tests.factories import accounts, committees, disbursements, funds, rapid
from tests.factories import grants as make
from tests.factories.organisations import eligible_organisation
from tests.factories.transparency import agrees
from transparency.selectors import home, published, withholdings
from transparency.services import releasing, withholding

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]

Rows = Callable[[Any], "QuerySet[Any]"]
SHOWN: dict[str, Rows] = {
    "applications": lambda user: applications.with_call(applications.visible_to(user)),
    "pipeline": lambda user: applications.pipeline(user, applications.Filters()),
    "letters": letters.visible_to,
    "grants": grants.for_page,
    "reports": grants.reports_visible_to,
    "conditions": conditions.visible_to,
    "changes of budgets": revisions.visible_to,
    "tranches": money.tranche_page,
    "payments": money.payment_page,
    "payments of lists": money.payments_listed,
    "providers": money.visible_providers,
    "runs": money.run_page,
    "statements": money.visible_statements,
    "panels": panels.visible_to,
    "meetings": meetings.visible_to,
    "items": meetings.items_visible_to,
    "cases": conflicts.cases_visible_to,
    "appeals": appeals.visible_to,
    "waiting list": waiting.visible_to,
    "alerts": alerts.visible_to,
    "organisations": organisations.visible_to,
    "accounts": organisations.bank_accounts_visible_to,
    "withholdings": withholdings.visible_to,
}
"""Every list of rows that a person is shown, with what its page joins to them."""
RECUSED = {
    "grants_application": "id",
    "grants_applicationuserobjectpermission": "content_object_id",
    "grants_answer": "application_id",
    "grants_eligibilityanswer": "application_id",
    "grants_budgetline": "application_id",
    "grants_sectionsave": "application_id",
    "grants_feedback": "application_id",
    "grants_letter": "application_id",
    "grants_grant": "application_id",
    "committees_agendaitem": "application_id",
    "committees_decision": "application_id",
}
"""Tables with what an application says -> the column that names it."""


@dataclass
class World:
    """A fund in the middle of its work, and people of every kind."""

    case: committees.Case
    meeting: Meeting
    people: dict[str, User] = field(default_factory=dict)


@pytest.fixture(scope="module")
def world(standing: None) -> World:
    """A decided call whose chair is recused from one application, a grant with a payment, a file for the bank, an alert."""
    case = committees.opened(2, alternates=1)
    mine, other = case.applications
    chair = case.seats[0]
    committees.declare(chair, mine, ConflictKind.HARD, ConflictGround.PARTNERSHIP)
    for seat in (*case.seats, *case.alternates):
        for one in case.applications:
            if (seat, one) != (chair, mine):
                committees.declare(seat, one)
    case = committees.deliberating(committees.scoring(case))
    meeting = committees.open_meeting(case)
    mine, other = case.applications
    committees.decided(meeting, other, "approve_with_conditions", conditions=("أرسلوا خطة القياس.",))
    committees.decided(meeting, mine, "reject", deviation="خطر على العاملين.")
    payment = disbursements.prepared_payment()
    disbursements.prepared_run(payment)
    why = {"parts": ["name"], "ground": "partner", "reason": "سُئل عنّا."}
    withholding.withhold(payment.tranche.grant, actor=make.signatory(payment.tranche.grant.organisation), **why)
    disbursements.approved_provider()
    alert = rapid.raised()
    people = {
        "chair": chair.user,
        "member": case.seats[1].user,
        "member on call": rapid.panel_of(alert)[0].user,
        "applicant": make.signatory(other.organisation),
        "refused applicant": make.signatory(mine.organisation),
        "preparer": make.preparer(payment.tranche.grant.organisation),
        "partner": make.signatory(payment.tranche.grant.organisation),
        "alerting": make.signatory(alert.organisation),
        "outsider": make.signatory(eligible_organisation()),
        "donor": funds.representative(payment.tranche.grant.funding.first().envelope.contribution.donor),
        **{str(role): accounts.officer(role) for role in Role},
    }
    return World(case, meeting, people)


def keys(rows: "QuerySet[Any]") -> list[Any]:
    return sorted(str(one.pk) for one in rows)


@pytest.mark.parametrize("what", SHOWN)
def test_the_wall_hides_nothing_that_a_rule_shows(world: World, what: str) -> None:
    some = False
    for who, person in world.people.items():
        whole = keys(SHOWN[what](User.objects.get(pk=person.pk)))
        with identity.person(person.pk):
            assert keys(SHOWN[what](User.objects.get(pk=person.pk))) == whole, who
        some = some or bool(whole)
    assert some or what in {"letters", "appeals", "cases", "waiting list", "statements", "changes of budgets"}


def count(table: str, where: str = "true") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("table", RECUSED)
def test_a_recused_member_reads_no_row_of_the_application(world: World, table: str) -> None:
    mine, other = (f"{RECUSED[table]} = '{one.pk}'" for one in world.case.applications)
    with identity.person(world.people["chair"].pk):
        assert count(table, mine) == 0
    if table == "grants_application":
        with identity.person(world.people["chair"].pk):
            assert count(table, other) == 1
        with identity.person(world.people["member"].pk):
            assert count(table, mine) == count(table, other) == 1


def test_strangers_to_a_table_read_none_of_it(world: World) -> None:
    own = {
        "grants_application": {"outsider", "donor", "case_handler", "administrator", "technical_reviewer"},
        "grants_grant": {"outsider", "donor", "member", "applicant of nothing", "case_handler", "appeals_panelist"},
        "committees_agendaitem": {"applicant", "refused applicant", "partner", "donor", "finance_officer"},
        "committees_decision": {"applicant", "refused applicant", "partner", "donor", "finance_officer"},
        "transparency_withholding": {"outsider", "member", "donor", "finance_officer"},
        "disbursements_tranche": {"outsider", "donor", "member", "case_handler"},
        "disbursements_fundaccount": {"partner", "member", "programme_officer", "board_member", "donor"},
        "disbursements_paymentrun": {"partner", "programme_officer", "board_member"},
        "disbursements_paymentrunline": {"partner", "programme_officer", "board_member"},
        "disbursements_paymentprovider": {"partner", "member", "donor"},
        "organisations_person": {"donor", "member", "case_handler"},
        "committees_alert": {"outsider", "partner", "donor", "finance_officer"},
        "committees_oncall": {"alerting", "partner", "finance_officer"},
        "grants_applicationuserobjectpermission": {"outsider", "partner", "finance_officer", "board_member"},
    }
    for table, strangers in own.items():
        assert count(table) > 0
        with identity.person(None):
            assert count(table) == 0, table
        for who in strangers & world.people.keys():
            others = f"user_id <> '{world.people[who].pk}'" if table == "organisations_person" else "true"
            if who in {"outsider", "donor"} and table == "organisations_person":
                continue
            with identity.person(world.people[who].pk):
                assert count(table, others) == 0, (table, who)


def test_people_of_an_organisation_read_its_people_and_not_others(world: World) -> None:
    outsider = world.people["outsider"]
    own = Person.objects.get(user=outsider).organisation_id
    with identity.person(outsider.pk):
        assert set(Person.objects.values_list("organisation", flat=True)) == {own}
        assert not PassportItem.objects.exclude(organisation=own).exists()


def test_a_recused_member_learns_that_an_item_stands_there_and_nothing_of_it(world: World) -> None:
    chair = world.people["chair"]
    with identity.person(chair.pk):
        lines = meetings.agenda(chair, world.meeting)
        hidden = hidden_items(chair, world.meeting)
    mine = world.case.applications[0]
    assert {one.item.application for one in lines if one.item} == {world.case.applications[1]}
    assert [one.item for one in lines if one.recused] == [None]
    assert hidden == {committees.item_of(world.meeting, mine).pk}


def test_a_recused_chair_closes_a_meeting_whose_minutes_are_whole(world: World) -> None:
    client = Client()
    accounts.sign_in(client, world.people["chair"], second_factor=True)
    assert client.post(reverse("committees:meeting_close", args=[world.meeting.pk])).status_code == 302
    closed = Meeting.objects.get(pk=world.meeting.pk)
    assert (closed.state, closed.panel.call.state) == ("closed", "decided")
    said = minutes_data(closed)
    assert len(said["items"]) == len(world.case.applications)
    with closed.minutes.open("rb") as file:
        whole = file.read()
    page = client.get(reverse("committees:meeting_minutes", args=[closed.pk]))
    assert page.status_code == 200
    assert page.content != whole, "the chair reads an extract"


# What anyone reads ----------------------------------------------------------------------------------------------------


@contextmanager
def _the_fund(_user: Any) -> Iterator[None]:
    with identity.system("house.test"):
        yield


def _pages(call: Any) -> Iterator[tuple[str, str]]:
    """Public addresses that are read: those without a key, and those of a call."""
    for name, row in access.table().items():
        if row.audience is Audience.PUBLIC and row.methods == {"GET", "HEAD"} and not name.startswith("account_"):
            for keys_ in ([], [call.pk]):
                try:
                    yield name, reverse(name, args=keys_)
                    break
                except NoReverseMatch:
                    continue


def _said(address: str) -> tuple[int, str]:
    answer = Client(headers={"accept-language": "en"}).get(address)
    content = answer.getvalue()
    if zipfile.is_zipfile(BytesIO(content)):
        return answer.status_code, _cells(content)
    body = content.decode(errors="replace")
    return answer.status_code, re.sub(r'(csrfmiddlewaretoken" value|nonce|_token)="?[\w-]+', "", body)


def _cells(workbook: bytes) -> str:
    """What a workbook says; its archive also tells the second in which it was made."""
    return str([[sheet.title, list(sheet.iter_rows(values_only=True))] for sheet in load_workbook(BytesIO(workbook))])


def test_every_public_page_tells_strangers_the_fund_s_own_figures(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.close_meeting(world.meeting, actor=world.case.chair)
    disbursements.sent_payment()
    for grant in Grant.objects.filter(countersigned_at__isnull=False, name_consent__isnull=True):
        agrees(grant)
    releasing.release_due(timezone.localdate() + timedelta(days=70))
    read = dict(_pages(world.case.call))
    assert {"transparency:home", "transparency:decision_register", "grants:call_detail"} <= read.keys()
    anyone = {name: _said(address) for name, address in read.items()}
    monkeypatch.setattr(identity, "person", _the_fund)
    assert {name: _said(address) for name, address in read.items()} == anyone
    monkeypatch.undo()
    whole = (home.totals("USD"), home.outcomes(), published.not_told_yet())
    assert whole[0].promised.minor > 0
    with identity.person(AnonymousUser().pk):
        assert (home.totals("USD"), home.outcomes(), published.not_told_yet()) == whole
