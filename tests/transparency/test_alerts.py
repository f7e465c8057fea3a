"""Donors' messages: each person of a donor is told what that person chose, once, and nothing that could hurt anybody."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit import outbox
from funds import services as money
from funds.models import DonorRepresentative
from grants.services import closure
from kernel import identity
from notices.models import Notice
from tests.factories import accounts, disbursements, funds
from tests.factories.awards import active_grant, programme_officer
from transparency.models import DonorAlerts, SafetyReview
from transparency.selectors import alerts as selectors
from transparency.services import alerts, safety
from transparency.services.alerts import ALERT
from transparency.states import AlertKind

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]
THOUSAND = 100_000


def told(person: User) -> list[str]:
    """Of what the person was told, in order, when the worker has done its work."""
    while outbox.drain(1_000):
        pass
    return [one.params["kind"] for one in Notice.objects.filter(user=person, kind=ALERT).order_by("created_at", "pk")]


def test_roles_open_what_may_be_chosen() -> None:
    assert selectors.kinds_of(["lead"]) == list(AlertKind)
    assert AlertKind.REPORT_CLEARED not in selectors.kinds_of(["finance"])
    assert AlertKind.MONEY_RECEIVED not in selectors.kinds_of(["programme"])
    assert selectors.kinds_of(["finance", "programme"]) == list(AlertKind)
    assert selectors.kinds_of([]) == []


def test_each_person_hears_what_it_chose_once_and_nothing_sensitive() -> None:
    first, other = funds.donor(), funds.donor()
    lead, keeper, stranger = (
        funds.representative(first), funds.representative(first, "finance"), funds.representative(other)
    )  # fmt: skip
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, lead)
    page = reverse("transparency:donor_alerts", args=[first.pk])
    assert "a partner&#x27;s report can be read" in client.get(page).content.decode()
    kinds = [kind.value for kind in AlertKind if kind != AlertKind.TRANCHE_PAID]
    assert client.post(page, {"kinds": kinds}).status_code == 302
    assert client.post(page, {"kinds": ["everything"]}).status_code == 200
    assert client.get(reverse("transparency:donor_alerts", args=[other.pk])).status_code == 404
    for person, rows in ((lead, 1), (keeper, 0)):
        with identity.person(person.pk):
            assert DonorAlerts.objects.count() == rows
    officer = Client()
    accounts.sign_in(officer, accounts.officer(Role.FINANCE_OFFICER))
    assert officer.get(page).status_code == 403  # reads the donor's money, but is not told for it
    funds.confirmed_contribution(200 * THOUSAND, donor=other)
    contribution = funds.confirmed_contribution(60 * THOUSAND, donor=first)
    assert sorted(told(lead)) == sorted(told(keeper)) == ["concentration", "money_received"]
    grant = active_grant(amount_minor=12 * THOUSAND, sources={contribution: 36 * THOUSAND})
    disbursements.pay(grant.tranches.get(number=1))
    report = disbursements.accepted_report(grant, spent_minor=8 * THOUSAND, number=1)
    review = SafetyReview.objects.get(report=report)
    review = safety.propose(review, hidden_parts=[], hidden_words=[], actor=programme_officer())
    review = safety.clear(review, shown_sha256=review.shown_sha256, actor=accounts.officer(Role.FUND_MANAGER))
    assert set(told(lead)) == {"concentration", "money_received", "report_cleared"}
    assert set(told(keeper)) == {"concentration", "money_received", "tranche_paid"}
    # The other donor gave freely as well: a part of the grant is its own.
    assert set(told(stranger)) == {"concentration", "money_received", "tranche_paid", "report_cleared"}
    before = {person: len(told(person)) for person in (lead, keeper, stranger)}
    alerts.tell({"kind": "report_cleared", "key": str(review.leaf_id), "grant": str(grant.pk)})
    alerts.tell_of_concentration()
    closure.suspend(grant, actor=accounts.officer(Role.FUND_MANAGER), reason="اعتُقل المحاسب.")
    disbursements.written_report(grant, spent_minor=THOUSAND, number=2)
    with time_machine.travel(timezone.now() + timedelta(days=700), tick=False):
        alerts.tell_of_late_reports()
        alerts.tell_of_late_reports()
    mandate = DonorRepresentative.objects.get(user=lead)
    assert set(told(lead)) >= {"grant_suspended", "report_late"}
    assert len(told(lead)) == before[lead] + 2
    assert len(told(keeper)) == before[keeper]
    letters = "\n".join(f"{one.subject}\n{one.body}" for one in mail.outbox if one.to == [lead.email])
    assert str(reverse("transparency:donor_place", args=[first.pk])) in letters
    for secret in (grant.organisation.name_ar, grant.organisation.name_latin, grant.reference, "60,000", "اعتُقل"):
        assert secret not in letters
    # Who leaves the donor hears nothing more.
    money.end_representative(mandate, actor=funds.keepers()[0])
    funds.confirmed_contribution(THOUSAND, donor=first, received_on=date(2026, 11, 1))
    assert len(told(lead)) == before[lead] + 2
    assert len(told(keeper)) == before[keeper] + 1
