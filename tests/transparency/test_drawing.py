"""The dashboard before anything is imported, and when it is drawn anew."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from audit import outbox
from audit.models import OutboxMessage
from tests.factories import transparency as make
from tests.factories.transparency import take
from transparency.models import DashboardEdition
from transparency.services import drawing, importing

pytestmark = pytest.mark.django_db
PAGE = reverse("transparency:history_dashboard")


def test_before_anything_is_imported_the_page_says_what_will_stand_there(client: Client) -> None:
    response = client.get(PAGE, headers={"Accept-Language": "en"})

    assert response.status_code == 200
    assert "No figures yet" in response.content.decode()
    assert client.get(reverse("transparency:history_chart_csv", args=["sectors"])).status_code == 404


def test_charts_are_drawn_by_the_worker_and_only_when_facts_change() -> None:
    take(make.whole_fund())
    assert OutboxMessage.objects.get().kind == importing.DRAW
    outbox.drain()
    edition = DashboardEdition.objects.get()
    assert edition.headlines["99"] == {
        "granted": "107000.500000000000000",
        "projects": "1",
        "contributed": "250000.250000000000000",
        "donors": "1",
    }

    take(make.whole_fund())
    assert OutboxMessage.objects.count() == 1, "an import that changes nothing asks for no drawing"
    assert drawing.draw_dashboard() == 0

    take(make.bundle(contributions=[make.contribution(ContributionAmt="9")]))
    outbox.drain()
    newest = DashboardEdition.objects.get()
    assert newest.pk != edition.pk
    assert newest.drawn_at - edition.drawn_at < timedelta(minutes=5)
    assert Decimal(newest.headlines["99"]["contributed"]) == 9
