"""The second wall: PostgreSQL answers for the person of the request, however wrong the query is."""

from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.roles import Role
from audit import walls
from committees.models import (
    AlertDeclaration,
    AlertVote,
    Assignment,
    ConflictDeclaration,
    Recusal,
    Score,
    Scorecard,
    Vote,
)
from committees.services import conflicts
from committees.states import ConflictKind, VoteChoice
from grants.models import Answer, Application, BudgetLine, EligibilityAnswer, SectionSave
from kernel import identity
from organisations import selectors
from organisations.models import BankAccount, RegistrationProof
from poolfund.database.testing import TestDatabases
from poolfund.middleware import IdentityMiddleware
from tests.factories import accounts, committees, grants, organisations

pytestmark = pytest.mark.django_db

PAPERS = (BankAccount, RegistrationProof)
CONTENT = (Answer, EligibilityAnswer, BudgetLine, SectionSave)
ALERTS = (AlertDeclaration, AlertVote)
"""Walled like judgements; `tests.committees.test_rapid` reads them as each person."""
JUDGEMENT = (ConflictDeclaration, Recusal, Assignment, Scorecard, Score, Vote)


def rows(*models: type[Model]) -> dict[str, int]:
    """How many rows of each table plain SQL reads now."""
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model.__name__] = cursor.fetchone()[0]
    return found


def none_of(*models: type[Model]) -> dict[str, int]:
    return {model.__name__: 0 for model in models}


def told() -> str:
    """What the session's setting is, asked past our own telling."""
    assert connection.connection is not None
    (value,) = connection.connection.execute("SELECT current_setting('poolfund.identity', true)").fetchone()
    return str(value)


def test_every_declared_wall_stands() -> None:
    assert {*PAPERS, *CONTENT, *JUDGEMENT, *ALERTS} == set(walls.walled_models())
    assert list(walls.missing()) == []


def test_papers_and_content_are_for_their_people_and_the_offices_that_need_them() -> None:
    organisation = organisations.eligible_organisation()
    organisations.verified_bank_account(organisation)
    call = grants.open_call()
    application = grants.submitted_application(call)
    draft = grants.complete_application(call)
    every = (*PAPERS, *CONTENT)
    whole = rows(*every)
    assert 0 not in whole.values()
    strangers = (None, accounts.user().pk, accounts.officer(Role.CASE_HANDLER).pk)
    for somebody in strangers:
        with identity.person(somebody):
            assert rows(*every) == none_of(*every)
    with identity.person(organisations.signatory_of(organisation).pk):
        assert rows(*PAPERS) == {"BankAccount": 1, "RegistrationProof": organisation.proofs.count()}
        assert rows(*CONTENT) == none_of(*CONTENT)
    with identity.person(organisations.preparer_of(organisation).pk):
        assert rows(BankAccount) == none_of(BankAccount)
    with identity.person(grants.signatory(application.organisation).pk):
        assert set(Answer.objects.values_list("application", flat=True)) == {application.pk}
    with identity.person(grants.programme_officer().pk):
        assert set(BudgetLine.objects.values_list("application", flat=True)) == {application.pk} != {draft.pk}
        assert rows(BankAccount) == none_of(BankAccount)
    with identity.person(accounts.officer(Role.AUDITOR).pk):
        assert rows(*PAPERS) == {name: whole[name] for name in ("BankAccount", "RegistrationProof")}


def test_judgements_are_for_the_committee_and_those_who_oversee_it() -> None:
    case = committees.opened()
    for number, seat in enumerate(case.seats):
        for one in case.applications:
            kind = (
                ConflictKind.HARD
                if number == len(case.seats) - 1 and one == case.applications[0]
                else ConflictKind.NONE
            )
            ground = {"ground": "partnership"} if kind == ConflictKind.HARD else {}
            conflicts.declare(seat, one, kind=kind, actor=seat.user, **ground)
    case = committees.deliberating(committees.scoring(case))
    meeting = committees.open_meeting(case)
    item = committees.voting(meeting, case.applications[1])
    committees.vote(item, dict.fromkeys(case.seats[:3], VoteChoice.APPROVE))
    whole = rows(*JUDGEMENT)
    assert 0 not in whole.values()
    other = committees.members(committees.constituted_committee())[0]
    applicant = grants.signatory(case.applications[0].organisation)
    for somebody in (None, other.user_id, applicant.pk, accounts.officer(Role.BOARD_MEMBER).pk):
        with identity.person(somebody):
            assert rows(*JUDGEMENT) == none_of(*JUDGEMENT)
    for somebody in (case.seats[0].user_id, grants.programme_officer().pk):
        with identity.person(somebody):
            assert rows(*JUDGEMENT) == whole


def test_rows_of_others_are_neither_written_nor_made() -> None:
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    application = grants.complete_application()
    answer = Answer.objects.filter(application=application).first()
    assert answer is not None
    with identity.person(accounts.user().pk):
        assert BankAccount.objects.filter(pk=account.pk).update(currency="TRY") == 0
        assert BudgetLine.objects.filter(application=application).delete()[0] == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Answer(application_id=application.pk, question_id=answer.question_id, value=1).save(force_insert=True)


def test_a_view_that_forgets_visible_to_finds_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    stranger = organisations.signatory_of(organisations.eligible_organisation())
    monkeypatch.setattr(selectors, "bank_accounts_visible_to", lambda _user: BankAccount.objects.all())
    page = reverse("organisations:retire_bank_account", args=[account.organisation_id, account.pk])
    accounts.sign_in(client, stranger, second_factor=True)
    assert client.get(page).status_code == 404
    assert selectors.bank_accounts_visible_to(stranger).count() == 1


# Whose connection ---------------------------------------------------------------------------------------------------


def serve(user: Any, view: Any) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = user
    return IdentityMiddleware(view)(request)


def test_a_connection_never_carries_a_person_into_the_next_request() -> None:
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    owner = organisations.signatory_of(account.organisation)

    def look(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(BankAccount.objects.count()))

    def fail(_request: HttpRequest) -> HttpResponse:
        assert BankAccount.objects.count() == 1
        raise RuntimeError

    seen = [serve(user, look).content for user in (owner, AnonymousUser(), accounts.user(), owner, AnonymousUser())]
    assert seen == [b"1", b"0", b"0", b"1", b"0"]
    with pytest.raises(RuntimeError):
        serve(owner, fail)
    assert serve(AnonymousUser(), look).content == b"0"


def undone(act: Any) -> None:
    """Do ``act`` in a transaction that is rolled back."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def test_what_is_rolled_back_takes_no_identity_with_it() -> None:
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    owner, stranger = organisations.signatory_of(account.organisation), accounts.user()

    def look_as_owner() -> None:
        with identity.person(owner.pk):
            assert BankAccount.objects.count() == 1

    def break_as_owner() -> None:
        with identity.person(owner.pk), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    with identity.person(stranger.pk):
        assert rows(BankAccount) == none_of(BankAccount)
        undone(look_as_owner)
        assert rows(BankAccount) == none_of(BankAccount)
        with pytest.raises(ProgrammingError, match="no_such_column"):
            undone(break_as_owner)
        assert rows(BankAccount) == none_of(BankAccount)
        look_as_owner()


def test_a_web_process_begins_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    organisations.verified_bank_account(organisations.eligible_organisation())
    monkeypatch.setattr(identity, "_default", identity._default)
    identity.begin_as_nobody()
    assert rows(BankAccount) == none_of(BankAccount)
    with identity.system("house.test"):
        assert rows(BankAccount) == {"BankAccount": 1}
    assert rows(BankAccount) == none_of(BankAccount)
    assert told() == identity.NOBODY


def test_an_act_of_the_fund_has_a_name() -> None:
    with pytest.raises(ValueError, match="reads app"), identity.system("person:1"):
        pass
    with pytest.raises(ValueError, match="badly formed"), identity.person("' OR true --"):
        pass


@pytest.mark.django_db(transaction=True)
def test_past_django_the_application_and_even_the_owner_see_nothing(databases: TestDatabases) -> None:
    """A session that says nothing of itself: the role of the application, and the owner of the tables."""
    organisations.verified_bank_account(organisations.eligible_organisation())
    for conninfo in (databases.application(databases.name), databases.owner(databases.name)):
        with psycopg.connect(conninfo) as session:
            assert session.execute("SELECT count(*) FROM organisations_bankaccount").fetchone() == (0,)
            session.execute("SET poolfund.identity = 'system:backup'")
            assert session.execute("SELECT count(*) FROM organisations_bankaccount").fetchone() == (1,)


def test_an_application_row_names_its_wall() -> None:
    """The rows of applications themselves are lists of titles: their wall is ``visible_to`` and the content's."""
    assert Application not in walls.walled_models()
