"""An offer that is declined frees its money and its place; a call is not completed over open offers."""

import pytest

from grants.services import awards, calls
from grants.states import ApplicationState
from kernel.permissions import Refused
from tests.factories import awards as make

pytestmark = pytest.mark.django_db


def test_a_declined_offer_gives_money_and_place_back() -> None:
    grant = make.offered_grant()
    with pytest.raises(Refused):
        calls.complete(grant.call, actor=make.programme_officer())
    declined = awards.decline_offer(grant, actor=make.signatory(grant), reason="لا نستطيع تنفيذه الآن")
    declined.application.refresh_from_db()
    assert declined.application.state == ApplicationState.LAPSED
