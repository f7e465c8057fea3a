"""Pages of conflicts in Chromium: a phone and a desk, Arabic and English; axe finds nothing, nothing runs over the edge."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.roles import Role
from committees.services import cases
from tests.accessibility import look
from tests.factories import committees as make
from tests.factories import grants

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.database("deliberating")
def test_pages_of_conflicts(page: Any, live_server: Any) -> None:
    case = make.deliberating(number=1)
    manager = grants.holder(Role.FUND_MANAGER)
    one = cases.report(
        case.seats[4],
        case.applications[0],
        ground="financial",
        found="حصة في الشركة المورّدة، بحسب السجل التجاري",
        owner=manager,
        actor=make.officer(),
    )
    committee = case.panel.committee_id

    def at(name: str, *args: Any) -> str:
        return reverse(f"committees:{name}", args=args)

    urls = [
        at("committee_detail", committee), at("seat_form", committee), at("panel_detail", case.panel.pk),
        at("panel_conflicts", case.panel.pk), at("case_report", case.panel.pk), at("case_list"),
        at("case_detail", one.pk), at("case_confirm", one.pk), at("case_dismiss", one.pk),
    ]  # fmt: skip
    assert look(page, live_server, manager, urls) == []
