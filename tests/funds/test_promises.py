"""Pledges after their signature, and money that goes back to its donor."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.roles import Role
from audit import lifecycle
from disbursements.selectors.liquidity import liquidity
from funds import events, fsck, selectors, services
from funds.models import Pledge, PledgeDocument
from funds.services import endings
from funds.services.receivables import outstanding_minor
from funds.work import promises_and_returns
from kernel.permissions import Refused
from ledger import fsck as books
from ledger.models import Account
from ledger.selectors import available_minor
from ledger.services import InsufficientFunds
from tests.factories import accounts, files
from tests.factories.accounts import sign_in
from tests.factories.funds import confirmed_contribution, donor, keepers, made_pledge, representative
from tests.figures import opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def signed(minor: int = 50_000_00, **fields: Any) -> Pledge:
    today = timezone.localdate()
    return services.sign_pledge(made_pledge(minor), signed_on=today, actor=keepers()[0], **fields)


def fresh(pledge: Pledge) -> Pledge:
    return Pledge.objects.get(pk=pledge.pk)


def whole() -> None:
    assert list(fsck.receivables_are_promises()) == []
    assert books.findings() == []


def test_signed_money_is_expected_until_it_arrives_or_ends() -> None:
    pledge, (one, other) = signed(), keepers()
    assert outstanding_minor(pledge) == 50_000_00
    endings.invoice_pledge(pledge, number="INV-1", due_on=timezone.localdate(), actor=one)
    confirmed_contribution(20_000_00, donor=pledge.donor, pledge=pledge)
    assert (fresh(pledge).state, outstanding_minor(pledge)) == ("partly", 30_000_00)
    whole()
    endings.invoice_pledge(fresh(pledge), number="INV-2", due_on=timezone.localdate(), actor=one)
    confirmed_contribution(35_000_00, donor=pledge.donor, pledge=pledge)
    assert (fresh(pledge).state, outstanding_minor(pledge)) == ("fulfilled", 0)
    gone = signed()
    services.withdraw_pledge(gone, actor=other, reason="تغيّرت الخطة")
    assert outstanding_minor(gone) == 0
    before = made_pledge()
    confirmed_contribution(5_000_00, donor=before.donor, pledge=before)
    assert outstanding_minor(services.sign_pledge(before, signed_on=timezone.localdate(), actor=one)) == 45_000_00
    whole()


def test_an_agreement_expires_after_its_last_day() -> None:
    today = timezone.localdate()
    pledge = signed(valid_until=today + timedelta(days=1))
    confirmed_contribution(20_000_00, donor=pledge.donor, pledge=pledge)
    assert endings.expire_pledges(today + timedelta(days=1)) == 0
    assert endings.expire_pledges(today + timedelta(days=2)) == 1
    assert endings.expire_pledges(today + timedelta(days=2)) == 0
    assert (fresh(pledge).state, outstanding_minor(pledge)) == ("expired", 0)
    whole()


def test_two_people_give_up_what_will_not_arrive() -> None:
    pledge, (one, other) = signed(), keepers()
    with pytest.raises(Refused, match="signed"):
        endings.ask_write_off(made_pledge(), why="لا", actor=one)
    asked = endings.ask_write_off(pledge, why="أُغلق المانح", actor=one)
    with pytest.raises(Refused, match="already"):
        endings.ask_write_off(pledge, why="مرة أخرى", actor=other)
    with pytest.raises(Refused, match="second person"):
        endings.confirm_write_off(asked, actor=one)
    event = events.PledgeWrittenOff(left_minor=1, currency="USD")
    with pytest.raises(DatabaseError, match="nobody agreed"), transaction.atomic():
        lifecycle.move(pledge, event, actor=None)
    confirmed_contribution(1_00, donor=pledge.donor, pledge=pledge)
    with pytest.raises(Refused, match="Meanwhile"):
        endings.confirm_write_off(asked, actor=other)
    endings.decline_write_off(asked, actor=other, reason="وصل جزء")
    again = endings.ask_write_off(fresh(pledge), why="أُغلق المانح", actor=one)
    assert [item.title for item in promises_and_returns(other)] == [str(pledge.donor)]
    assert list(promises_and_returns(one)) == []
    endings.confirm_write_off(again, actor=other)
    assert (fresh(pledge).state, outstanding_minor(pledge)) == ("written_off", 0)
    whole()


def test_what_was_given_up_opens_into_its_transfer() -> None:
    pledge, (one, other) = signed(), keepers()
    asked = endings.ask_write_off(pledge, why="أُغلق المانح", actor=one)
    address, detail = (reverse(f"funds:{name}", args=[pledge.pk]) for name in ("pledge_written_off", "pledge_detail"))
    theirs, strangers = (accounts.browser_of(representative(of), "ar") for of in (pledge.donor, donor()))
    assert theirs.get(address).status_code == 404  # nobody agreed yet
    before = opened(theirs, detail)
    endings.confirm_write_off(asked, actor=other)
    assert opened(theirs, detail) == before + 1
    assert theirs.get(address).context["total"].minor == pledge.amount_minor
    assert strangers.get(address).status_code == 404


def test_money_goes_back_by_two_people_and_never_twice() -> None:
    contribution, (one, other) = confirmed_contribution(10_000_00), keepers()
    with pytest.raises(Refused, match="free"):
        endings.ask_return(contribution, amount_minor=10_000_01, why="لم يُستعمل", actor=one)
    first = endings.ask_return(contribution, amount_minor=6_000_00, why="لم يُستعمل", actor=one)
    second = endings.ask_return(contribution, amount_minor=6_000_00, why="لم يُستعمل", actor=one)
    with pytest.raises(Refused, match="second person"):
        endings.release_return(first, actor=one)
    released = endings.release_return(first, actor=other)
    with pytest.raises(InsufficientFunds):
        endings.release_return(second, actor=other)
    due = Account.objects.get(code=f"2220/{contribution.reference}")
    assert (available_minor(due), selectors.available(contribution).minor) == (6_000_00, 4_000_00)
    today = timezone.localdate()
    endings.pay_return(released, paid_on=today, bank_reference="OUT-1", actor=one)
    with pytest.raises(Refused):
        endings.pay_return(released, paid_on=today, bank_reference="OUT-2", actor=one)
    assert available_minor(due) == 0
    assert endings.decline_return(second, actor=other, reason="لا").state == "declined"
    whole()


def test_what_finance_thinks_counts_before_the_charter() -> None:
    pledge = signed()
    assert [one.percent for one in liquidity().receipts] == [90]
    endings.estimate_pledge(pledge, percent=25, actor=keepers()[0], reason="تأخر البرلمان")
    assert [one.percent for one in liquidity().receipts] == [25]


def test_pages() -> None:
    pledge, (one, other) = made_pledge(), keepers()
    contribution = confirmed_contribution(10_000_00, donor=pledge.donor)
    clients = [Client(headers={"accept-language": "en"}) for _ in range(3)]
    stranger = accounts.officer(Role.PROGRAMME_OFFICER)
    for client, person in zip(clients, (one, other, stranger), strict=True):
        sign_in(client, person, second_factor=True)
    first, second, outside = clients

    def at(name: str, *args: Any) -> str:
        return reverse(f"funds:{name}", args=args)

    today = timezone.localdate().isoformat()
    early = first.post(at("pledge_sign", pledge.pk), {"signed_on": today, "valid_until": today})
    assert "lasts longer" in early.content.decode()
    first.post(at("pledge_sign", pledge.pk), {"signed_on": today})
    first.post(at("pledge_invoice", pledge.pk), {"number": "INV-7", "due_on": today})
    first.post(at("pledge_estimate", pledge.pk), {"percent": "٧٠", "reason": "r"})
    assert "Likelihood" in first.get(at("pledge_detail", pledge.pk)).content.decode()
    assert fresh(pledge).state == "invoiced"
    first.post(at("pledge_document_add", pledge.pk), {"title": "العقد", "file": files.pdf()})
    document = PledgeDocument.objects.get()
    paper = at("pledge_document", pledge.pk, document.pk)
    shown = first.get(paper)
    assert shown["Content-Disposition"].startswith("attachment")
    assert shown.getvalue()[:4] == b"%PDF"
    assert outside.get(paper).status_code == 404
    assert first.get(at("pledge_document", made_pledge().pk, document.pk)).status_code == 404
    theirs = Client()
    sign_in(theirs, representative(pledge.donor), second_factor=True)
    assert theirs.get(paper).getvalue()[:4] == b"%PDF"
    assert theirs.get(at("write_off_ask", pledge.pk)).status_code == 403

    first.post(at("write_off_ask", pledge.pk), {"why": "سبب"})
    asked = pledge.write_offs.get()
    assert first.post(at("write_off_confirm", asked.pk)).status_code == 200, "refused beside the form"
    assert outside.post(at("write_off_confirm", asked.pk)).status_code == 403
    assert second.get(at("write_off_confirm", asked.pk)).status_code == 200
    assert second.post(at("write_off_confirm", asked.pk)).status_code == 302
    assert fresh(pledge).state == "written_off"

    first.post(at("return_ask", contribution.pk), {"amount_minor": "2,500", "why": "سبب"})
    back = contribution.returns.get()
    assert second.post(at("return_release", back.pk)).status_code == 302
    assert "Returns to the donor" in second.get(at("contribution_detail", contribution.pk)).content.decode()
    second.post(at("return_pay", back.pk), {"paid_on": today, "bank_reference": "OUT-9"})
    back.refresh_from_db()
    assert (back.state, back.amount_minor) == ("paid", 2_500_00)
    whole()
