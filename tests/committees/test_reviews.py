"""The list of everything under review: who sees it, what it tells when, and that it costs the same for every length."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from committees.selectors import reviews, scores
from committees.services import panels
from committees.services import scores as cards
from grants.selectors.applications import Filters
from tests.factories import accounts
from tests.factories import committees as make
from tests.factories.accounts import sign_in

pytestmark = pytest.mark.django_db

ADDRESS = reverse("committees:review_list")


def browser(person: User) -> Client:
    client = Client()
    sign_in(client, User.objects.get(pk=person.pk), second_factor=True)
    return client


def listed(**filters: str) -> list[reviews.Review]:
    return list(reviews.rows(reviews.under_review(make.officer(), Filters(**filters))))


@pytest.mark.database("scoring_two")
def test_scores_stay_closed_until_everybody_scored_and_are_then_those_of_the_panel() -> None:
    case = make.scoring(number=2)
    first, *others = make.assignments(case)
    make.score(first, 5)
    open_ = {one.application.pk: one for one in listed()}
    assert (open_[first.application_id].done, open_[first.application_id].mean) == (1, None)
    assert all(one.assigned >= one.needed and one.short for one in open_.values())

    for number, one in enumerate(others):
        make.score(one, 2 + number % 3)
    panels.close_scoring(case.panel, actor=make.officer())
    closed = {one.application.pk: one for one in listed()}
    expected = scores.results(case.call, case.fresh().applications)
    assert {key: str(one.mean) for key, one in closed.items()} == {
        key: scores.shown(one.mean) for key, one in expected.items()
    }
    assert {key: (str(one.spread), one.alarm) for key, one in closed.items()} == {
        key: (scores.shown(one.alarm.spread), one.alarm.raised) for key, one in expected.items()
    }
    assert not any(one.short for one in closed.values())


@pytest.mark.database("deliberating")
def test_a_changed_scorecard_counts_instead_of_the_first() -> None:
    case = make.deliberating(number=1)
    application = case.applications[0]
    make.open_meeting(case)
    meeting = application.agenda_items.get().meeting
    make.discussed(meeting, application)
    card = application.assignments.filter(state="completed").first()
    cards.submit(card, make.judgement(application, 1), actor=card.seat.user, reason="تبيّن في النقاش أنّ الكلفة أعلى.")
    [row] = listed()
    assert str(row.mean) == scores.shown(scores.results(case.call, [application])[application.pk].mean)
    assert row.done == row.needed


@pytest.mark.database("deliberating")
def test_only_those_who_oversee_committees_see_it() -> None:
    case = make.deliberating(number=1)
    for person in (case.chair, case.applications[0].submitted_by):
        assert browser(person).get(ADDRESS).status_code == 403
        assert not reviews.under_review(person, Filters()).exists()
    assert Client().get(ADDRESS).status_code == 302
    assert browser(accounts.officer("auditor")).get(ADDRESS).status_code == 200


def queries(client: Client, **asked: str) -> int:
    client.get(ADDRESS, asked).getvalue()  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as captured:
        assert client.get(ADDRESS, asked).getvalue()  # type: ignore[attr-defined]
    return len(captured)


@pytest.mark.database("deliberating")
def test_one_application_costs_as_many_queries_as_three_in_two_calls() -> None:
    make.deliberating(number=1)
    client = browser(make.officer())
    asked: list[dict[str, str]] = [{}, {"format": "csv"}, {"format": "xlsx"}, {"text": "جمعية"}]
    one = [queries(client, **filters) for filters in asked]
    make.scoring(number=2)
    assert [queries(client, **filters) for filters in asked] == one
    assert max(one) <= 12


@pytest.mark.database("scoring_two")
def test_the_files_hold_what_the_page_shows_and_no_formula() -> None:
    case = make.deliberating(number=2)
    client = browser(make.officer())
    answer: Any = client.get(ADDRESS, {"format": "xlsx", "text": case.applications[0].reference})
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet is not None
    rows = list(sheet.values)
    assert len(rows) == 2
    assert rows[1][0] == case.applications[0].reference
    assert rows[1][9] == 80
    assert sheet.sheet_view.rightToLeft is True
    lines = client.get(ADDRESS, {"format": "csv"}).getvalue().decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3
    page = client.get(ADDRESS).content.decode()
    assert "80.00" in page
    assert case.applications[1].reference in page
