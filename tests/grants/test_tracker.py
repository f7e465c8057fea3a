"""The tracker of an application: promised days beside those on which each step was reached."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.selectors import steps
from tests.factories import accounts
from tests.factories import grants as make

pytestmark = [pytest.mark.django_db, pytest.mark.database("opened")]


def test_each_step_has_the_day_on_which_it_was_reached(client: Client) -> None:
    application = make.eligible_application()
    received, screened, scored, decided = steps.tracked(application)
    assert received.reached == application.submitted_at
    assert screened.reached is not None
    assert received.reached is not None
    assert received.reached < screened.reached <= application.moved_at
    assert (scored.reached, decided.reached) == (None, None)
    client.cookies["django_language"] = "en"
    accounts.sign_in(client, make.preparer(application.organisation))
    assert "reached on" in client.get(reverse("grants:application_detail", args=[application.pk])).content.decode()


def test_a_step_after_its_promised_day_says_so() -> None:
    due = timezone.now()
    for late, reached in ((True, due + timedelta(days=1)), (False, due), (False, None)):
        assert steps.Promise("x", due, done=True, now=False, reached=reached).late is late
