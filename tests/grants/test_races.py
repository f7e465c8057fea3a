"""People who reach for the same thing at once: one gets it, and nothing is there twice."""

import threading
import time
from functools import partial

import pytest
from django.db import transaction

from funds.selectors import available
from grants.models import Application, Call
from grants.services import applications
from grants.states import CallState
from kernel.permissions import Refused
from tests.factories import grants as make
from tests.factories.funds import confirmed_contribution
from tests.factories.organisations import eligible_organisation
from tests.threads import Beside, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_boards_reach_for_the_last_money_and_one_gets_it() -> None:
    source = confirmed_contribution(200 * make.THOUSAND)
    drafts = [make.draft_call(contribution=source) for _ in range(10)]
    member = make.board_member()

    def reach(call: Call) -> Call:
        return make.approved(call, by=type(member).objects.get(pk=member.pk))

    refused = [one for one in together([partial(reach, call) for call in drafts], Refused) if isinstance(one, Refused)]
    assert len(refused) == 9
    assert all("0.00" in str(one.reason) for one in refused)
    assert available(source).minor == 0
    assert Call.objects.filter(state=CallState.DRAFT).count() == 9


def test_a_double_click_over_a_slow_line_gives_one_receipt() -> None:
    application = make.complete_application()
    person = make.signatory(application.organisation)

    def click() -> object:
        return applications.submit(application, actor=type(person).objects.get(pk=person.pk)).leaf_id

    assert len(set(together([click] * 4))) == 1


def test_two_people_who_begin_at_once_get_the_one_draft() -> None:
    call, organisation = make.open_call(), eligible_organisation()
    one, other = make.preparer(organisation), make.signatory(organisation)
    written = threading.Event()

    @transaction.atomic
    def begin() -> Application:
        begun = applications.start(call, organisation, actor=one)
        written.set()
        time.sleep(0.3)
        return begun

    first = Beside(begin)
    assert written.wait(10)
    second = applications.start(call, organisation, actor=other)
    assert first.come().pk == second.pk
    assert Application.objects.count() == 1
