"""A membership that has ended opens nothing any more: no meeting, item, score or ranking of the committee."""

import pytest
from django.test import Client
from django.urls import reverse

from committees.selectors import committees as committees_selectors
from committees.selectors import meetings, panels
from committees.services import committees as services
from tests.factories import committees as make
from tests.factories.accounts import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.database("deliberating")
def test_who_left_reads_nothing_of_what_follows() -> None:
    case = make.deliberating(number=1)
    left = make.members(case.panel.committee)[-1]
    meeting = make.called_meeting(case)
    item = make.item_of(meeting, case.applications[0])
    client = Client()
    sign_in(client, left.user)
    addresses = [
        reverse("committees:committee_detail", args=[case.panel.committee_id]),
        reverse("committees:panel_detail", args=[case.panel.pk]),
        reverse("committees:panel_ranking", args=[case.panel.pk]),
        reverse("committees:meeting_detail", args=[meeting.pk]),
        reverse("committees:item_detail", args=[item.pk]),
    ]
    assert {client.get(address).status_code for address in addresses} == {200}
    services.vacate_seat(left, actor=left.user, reason="انتقلت إلى بلد آخر")
    assert {client.get(address).status_code for address in addresses} == {404}
    person = type(left.user).objects.get(pk=left.user_id)
    assert not committees_selectors.visible_to(person).exists()
    assert not panels.visible_to(person).exists()
    assert not meetings.items_visible_to(person).exists()
