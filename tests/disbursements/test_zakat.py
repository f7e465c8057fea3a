"""Zakat: its clock counts what waits anywhere in the fund, rings once before and once after its end, and certifies who was reached."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disbursements import clock
from disbursements.models import Tranche
from disbursements.selectors import zakat
from grants.models import Grant
from grants.services import review
from grants.states import ZakatRecipients
from kernel.money import Money
from notices.models import Notice
from tests.factories import accounts, awards, disbursements, funds, shelf
from tests.factories import grants as calls
from tests.grants.test_religious import KITS, agreed, eligible, kits

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]


@shelf.keepable
def paid_with_zakat() -> Grant:
    """A grant of 11,000, 4,000 of it zakat for the poor, whose first tranche arrived."""
    application = eligible()
    agreed(kits(application))
    review.start_review(awards.opened_again(application), actor=awards.programme_officer())
    application.refresh_from_db()
    calls.approved_application(application, amount_minor=11_000_00)
    return awards.in_force(Grant.objects.get(application=application))


@shelf.keepable
def spent_with_zakat() -> Grant:
    """The same grant paid and reported to the end, all but 500 of it."""
    return disbursements.spent_grant(paid_with_zakat(), left_minor=500_00)


def test_the_clock_counts_what_waits_and_rings_twice() -> None:
    given = funds.confirmed_contribution(6_000_00, restriction_class="ZAK")
    back = funds.confirmed_contribution(1_000_00, restriction_class="ZAK")
    [one, _other] = zakat.clocks([given, back])
    assert (one.left, one.distributed, one.rings) == (Money(6_000_00, "USD"), Money(0, "USD"), False)
    assert one.due_on == given.received_on + timedelta(days=354)
    assert clock.alarm_of_zakat(timezone.localdate()) == 0
    for day in (one.alarm_on, one.alarm_on + timedelta(days=3), one.due_on + timedelta(days=1)):
        assert clock.alarm_of_zakat(day) == 2
    told = Notice.objects.filter(kind="disbursements.zakat_waits", user=awards.finance_officers()[0])
    assert told.count() == 4
    with time_machine.travel(one.due_on + timedelta(days=1)):
        assert zakat.clocks([given])[0].is_late


def test_what_grants_were_paid_is_certified_to_the_donor_alone() -> None:
    grant = paid_with_zakat()
    [given] = zakat.zakat()
    disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    [told] = zakat.clocks([given])
    [row] = zakat.reached(given)
    assert told.distributed == row.paid
    assert 0 < row.paid.minor <= KITS
    assert row.recipients == (str(ZakatRecipients.POOR.label),)
    listed, paper = reverse("disbursements:zakat_list"), reverse("disbursements:zakat_certificate", args=[given.pk])
    donor, stranger = Client(), Client()
    accounts.sign_in(donor, funds.representative(given.donor), second_factor=True)
    accounts.sign_in(stranger, funds.representative(funds.donor()), second_factor=True)
    assert given.reference in donor.get(listed).content.decode()
    answer = donor.get(paper)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert given.reference not in stranger.get(listed).content.decode()
    assert stranger.get(paper).status_code == 404
