"""Two people acknowledge a rollback of the log in the browser."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit import notes, rollback
from audit.models import LogEpoch, LogRestart
from audit.notes import Checkpoint
from kernel.work import work_for
from tests.audit.conftest import Signer, signer
from tests.factories import accounts
from tests.factories.log import leaves

__all__ = ["signer"]

pytestmark = pytest.mark.django_db
ORIGIN = "poolfund.example/1"
PAGE, CONFIRM, WITHDRAW = (f"transparency:log_rollback{act}" for act in ("", "_confirm", "_withdraw"))


def roll_back(signer: Signer) -> None:
    leaves(10)
    signer.sign()
    text = Checkpoint(ORIGIN, 900, b"r" * 32).text
    signer.memory.remember(notes.signed(text, [signer.keys[0].named(ORIGIN)], timestamp=1), at=1)
    with pytest.raises(rollback.NotSigned):
        signer.sign()


def browser(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, accounts.officer(role), second_factor=True)
    return client


def test_two_people_acknowledge_it_and_the_log_goes_on(signer: Signer) -> None:
    roll_back(signer)
    first, second = browser(Role.FUND_MANAGER), browser(Role.AUDITOR)
    page = first.get(reverse(PAGE)).content.decode()
    assert "900" in page
    assert "shorter than what was published" in page
    bad = first.post(reverse(PAGE), {"reason": "restored", "lost_leaves": "abc"}).content.decode()
    assert "64 hexadecimal digits" in bad
    lost = "AB" * 32 + "\n\n" + "cd" * 32
    assert first.post(reverse(PAGE), {"reason": "restored", "lost_leaves": lost}).status_code == 302
    assert LogRestart.objects.get().lost == ["ab" * 32, "cd" * 32]
    own = first.post(reverse(CONFIRM), {"reason": "myself"}).content.decode()
    assert "Another person has to confirm" in own
    assert "Reason" in second.post(reverse(CONFIRM), {"reason": ""}).content.decode()
    assert LogEpoch.objects.count() == 1
    assert second.post(reverse(CONFIRM), {"reason": "I saw the disk"}).status_code == 302
    assert LogEpoch.objects.count() == 2
    assert signer.sign() is not None
    assert "as it was published" in second.get(reverse(PAGE)).content.decode()
    assert second.post(reverse(CONFIRM), {"reason": "again"}).status_code == 404


def test_a_proposal_is_withdrawn(signer: Signer) -> None:
    roll_back(signer)
    first = browser(Role.ADMINISTRATOR)
    first.post(reverse(PAGE), {"reason": "restored"})
    assert first.post(reverse(WITHDRAW), {"reason": "the newer disk was found"}).status_code == 302
    assert LogRestart.objects.get().state == "withdrawn"


def test_it_is_work_of_the_guardians_until_the_log_is_signed_again(signer: Signer) -> None:
    manager = accounts.officer(Role.FUND_MANAGER)
    assert [item for item in work_for(manager) if "no longer signed" in str(item.title) or "rollback" in item.url] == []
    roll_back(signer)
    assert any("rollback" in item.url for item in work_for(manager))
    assert not any("rollback" in item.url for item in work_for(accounts.officer(Role.FINANCE_OFFICER)))


def test_others_stay_outside(signer: Signer) -> None:
    roll_back(signer)
    client = browser(Role.FINANCE_OFFICER)
    assert client.get(reverse(PAGE)).status_code == 403
    assert client.post(reverse(CONFIRM), {"reason": "x"}).status_code == 403
    unconfirmed = Client()
    accounts.sign_in(unconfirmed, accounts.officer(Role.AUDITOR))
    assert unconfirmed.get(reverse(PAGE)).status_code == 302
