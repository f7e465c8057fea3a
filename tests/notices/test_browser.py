"""How messages come, in Chromium: on an Arabic phone and an English desk."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.models import Channel
from notices.services import channels
from tests.accessibility import look
from tests.factories import accounts as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_on_the_page_of_wishes(page: Any, live_server: Any, settings: Any) -> None:
    settings.MESSAGE_GATEWAYS = dict.fromkeys(("telegram", "whatsapp", "sms"), "json://127.0.0.1:1/{to}")
    user = make.user()
    for way, proven in (("telegram", False), ("whatsapp", True), ("sms", True)):
        channels.ask(user, way, address="963944123456")
        if proven:
            Channel.objects.filter(user=user, way=way).update(confirmed_at=timezone.now())
    Channel.objects.filter(user=user, way="whatsapp").update(failing_since=timezone.now())
    assert look(page, live_server, user, [reverse("notices:wishes")]) == []
