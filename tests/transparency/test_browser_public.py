"""What everybody reads of the fund's money in Chromium: an Arabic phone by day and an English desk at night; axe finds nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from grants.models import Grant
from grants.selectors.revisions import budget_in_force
from tests.accessibility import bring_axe, direction_and_overflow, findings
from tests.factories import disbursements
from tests.factories.committees import constituted_committee
from tests.factories.extensions import more_money
from tests.factories.transparency import named_grant, withhold
from transparency.figures.catalogue import Topic
from transparency.models import ReleasedGrant
from transparency.services import drawing_own, indexing, open_data, releasing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = (("ar", "rtl", 360, "light"), ("en", "ltr", 1280, "dark"))
"""Colours differ by scheme and not by language, directions by language and not by scheme: both together show all."""


def at(name: str, *args: Any) -> str:
    return reverse(f"transparency:{name}", args=args)


def test_dashboards_lists_search_and_files(page: Any, live_server: Any) -> None:
    grants = [named_grant(amount_minor=10_000_00) for _ in range(4)]
    disbursements.pay(grants[0].tranches.get(number=1))
    for one in grants[1:]:
        withhold(one, "name")
    committee = constituted_committee()
    for one in grants:
        fresh = Grant.objects.get(pk=one.pk)
        more_money(fresh, {next(iter(budget_in_force(fresh))): 1_000_00}, committee=committee)
    releasing.release_due(timezone.localdate() + timedelta(days=70))
    drawing_own.draw_fund()
    open_data.write_all()
    indexing.index_all()
    told = ReleasedGrant.objects.get(grant=grants[0])
    addresses = [
        at("dashboard_overview"), *(at("dashboard", topic) for topic in Topic),
        f"{at('dashboard', 'where')}?of={grants[0].application.governorates[0]}", at("history_dashboard"), at("grants_told"),
        at("grant_told", told.code), f"{at('search')}?q={told.code}", at("open_data"), at("open_data_fields"), at("register"),
        at("decision_list"), at("rapid_window"),
    ]  # fmt: skip
    wrong: list[str] = []
    bring_axe(page)
    for language, direction, width, scheme in SEEN:
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        for address in addresses:
            assert page.goto(address).status == 200, address
            said, sideways = direction_and_overflow(page)
            assert said == direction
            if sideways:
                wrong.append(f"{address} scrolls sideways at {width} in {language}")
            wrong += [f"{address} in {language}, {scheme}: {finding}" for finding in findings(page)]
    assert wrong == []
