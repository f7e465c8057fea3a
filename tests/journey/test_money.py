"""Money from a giver's card to the grant's refund, in Chromium and in Arabic: two currencies, one payment that comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit import fsck, outbox
from disbursements.models import BankStatement, Conversion, Payment, Refund, StatementLine, Tranche
from funds.models import Contribution
from funds.selectors import cards
from grants.models import Grant
from ledger.models import Account
from ledger.selectors import available_minor, trial_balance
from ledger.services import record_rate
from tests.disbursements.test_statement_files import camt, entry
from tests.factories import accounts, awards, charter, files, funds, stripe_stand_in
from tests.factories import disbursements as money
from tests.factories.stripe_stand_in import StandIn
from tests.journey.people import Person, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
GRANTED, UNSPENT = 8_000_00, 300_00


@dataclass
class Scene:
    """Who acts, and the Stripe on loopback with its Checkout."""

    stage: Stage
    stripe: StandIn
    first: Person
    second: Person
    manager: Person

    def told(self) -> None:
        """Stripe's news are delivered, and the workers do what is owed."""
        for body, signed in self.stripe.deliveries(times=2, seed=1):
            Client().post("/give/stripe/", body, content_type="application/json", headers={"stripe-signature": signed})
        outbox.drain(1_000)


@pytest.fixture
def scene(chromium: Any, live_server: Any, settings: Any) -> Iterator[Scene]:
    """The stage before the first gift."""
    charter.ratified_charter(charter.rules_without_light_reporting())
    stage = Stage(live_server.url, chromium)
    with stripe_stand_in.serving() as stripe:
        # The browser may go on to Stripe's Checkout, here the one on loopback.
        policy = {"DIRECTIVES": {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]}}
        policy["DIRECTIVES"]["form-action"] = ["'self'", stripe.address]
        settings.CONTENT_SECURITY_POLICY, settings.SITE_URL = policy, live_server.url
        for name, value in stripe_stand_in.settings_for(stripe).items():
            setattr(settings, name, value)
        offices = [*awards.finance_officers(), awards.manager()]
        yield Scene(stage, stripe, *(stage.person(one).has_second_factor() for one in offices))
        stage.close()


def test_money_from_the_gift_to_the_refund(scene: Scene) -> None:
    a_giver_pays_by_card(scene)
    contribution = it_is_gathered(scene)
    grant = awards.in_force(
        awards.awarded_grant(
            contribution=contribution, tier="L", amount_minor=GRANTED, envelope_minor=8_700_00, ceiling_minor=8_200_00
        )
    )
    signatory = scene.stage.person(awards.signatory(grant), phone=True).has_second_factor()
    tranche = money.approved_tranche(money.requested_tranche(money.due_tranche(grant)))
    it_comes_back(scene, tranche)
    it_goes_as_cash_in_pounds(scene, tranche, signatory)
    money.accepted_report(grant, spent_minor=tranche.amount_minor)
    the_rest_is_seen_in_the_statement(scene, grant, signatory)
    it_is_refunded_and_closed(scene, grant)
    assert scene.stage.complaints == []
    assert sorted(Payment.objects.values_list("channel", "state")) == [
        ("bank", "confirmed"), ("bank", "failed"), ("exchange", "confirmed"),
    ]  # fmt: skip
    assert all(trial.balanced for trial in trial_balance())
    assert list(fsck.findings()) == []


def a_giver_pays_by_card(scene: Scene) -> None:
    """The public page, Stripe's Checkout, and the way back to the receipt."""
    giver = scene.stage.person(accounts.user("سلمى"), phone=True)
    giver.open("/give/").well_made().write(amount_minor="٩٠٠٠", currency="USD", purpose="general")
    giver.press("Continue to payment").send("main form button").sees("Your gift is on its way")
    scene.told()
    giver.page.reload()
    giver.sees("Thank you: your gift arrived")


def it_is_gathered(scene: Scene) -> Contribution:
    """Finance finds the payout at the bank and gathers the gifts; another officer confirms them."""
    scene.stripe.pay_out()
    scene.told()
    payout = cards.payouts_to_confirm().get()
    arrived = {"amount_minor": units(-payout.amount_minor), "arrived_on": timezone.localdate().isoformat()}
    scene.first.open(reverse("funds:payout_confirm", args=[payout.pk])).write(**arrived).send("main form button")
    pool, donor = Account.objects.get(code="3020/cards/UNR/USD"), funds.donor(kind="individual")
    scene.first.open(reverse("funds:gather", args=[pool.pk])).write(donor=str(donor.pk)).send("main form button")
    gathered = Contribution.objects.get(pool=pool)
    confirm = scene.second.open(reverse("funds:contribution_confirm", args=[gathered.pk]))
    confirm.write(amount_minor=units(gathered.amount_minor)).send("main form button")
    gathered.refresh_from_db()
    assert gathered.state == "confirmed"
    return gathered


def it_comes_back(scene: Scene, tranche: Tranche) -> None:
    """Paid by bank; the bank returns it."""
    payment = sent(scene, tranche)
    failing = scene.first.open(at("payment_fail", payment)).write(reason="الحساب مغلق")
    failing.press("Record that it came back")
    payment.refresh_from_db()
    assert payment.state == "failed"


def it_goes_as_cash_in_pounds(scene: Scene, tranche: Tranche, signatory: Person) -> None:
    """Repeated by an exchange without new approvals; the payee's code confirms it, and two people record the rate."""
    provider = money.approved_provider(commission_basis_points=0, commission_fixed_minor=0)
    payment = sent(scene, tranche, provider=str(provider.pk))
    signatory.open(at("voucher_issue", payment)).well_made()
    code = drawn_code(signatory, payment)
    scene.first.open(at("voucher_redeem", payment)).write(code=code)
    scene.first.press("Confirm by this code").sees("The code is right. The payment is settled in the books.")
    record_rate(
        day=timezone.localdate(), base="USD", currency="SYP", units=Decimal(110), source="نشرة تجريبية 12", series="new",
        actor=scene.first.user,
    )  # fmt: skip
    said = {"currency": "SYP", "series": "new", "contract_units": "110", "charged_minor": units(payment.amount_minor)}
    paid_out = units(payment.amount_minor * 109)
    scene.first.open(at("conversion_record", payment)).write(**said, paid_out_minor=paid_out).press("Save")
    scene.second.open(at("conversion_confirm", payment)).press("Confirm the rate")
    assert Conversion.objects.get().realised_units == 109
    signatory.open(at("payment_detail", payment)).sees("Paid out in another currency").well_made()


def the_rest_is_seen_in_the_statement(scene: Scene, grant: Grant, signatory: Person) -> None:
    """The second tranche goes by bank in dollars, and the bank's statement shows it."""
    last = money.approved_tranche(money.requested_tranche(money.due_tranche(grant)))
    payment = sent(scene, last)
    signatory.open(at("payment_confirm", payment)).press("It arrived")
    content = camt(entry(units(payment.amount_minor), payment.key, reference="B1"))
    file = {"name": "statement.xml", "mimeType": "application/xml", "buffer": content}
    scene.first.open(reverse("disbursements:statement_new")).write(file=file).press("Read the file")
    outbox.drain(1_000)
    assert StatementLine.objects.get().payment_id == payment.pk
    scene.first.open(at("statement_detail", BankStatement.objects.get())).well_made()
    scene.first.open(at("payment_detail", payment)).sees("It left the bank")
    money.accepted_report(grant, spent_minor=last.amount_minor - UNSPENT)


def it_is_refunded_and_closed(scene: Scene, grant: Grant) -> None:
    """What was not spent comes back to its source; the manager closes."""
    source = grant.funding.get().envelope
    before = available_minor(source.contribution.account) + available_minor(source.account)
    scene.first.open(at("refund_compute", grant)).press("Compute the refund")
    scene.first.open(at("refund_record", grant)).write(bank_reference="RF-1").press("Record the refund")
    scene.second.open(at("refund_confirm", grant)).press("Confirm the refund")
    assert Refund.objects.get().amount_minor == UNSPENT
    after = available_minor(source.contribution.account) + available_minor(source.account)
    assert after - before == UNSPENT
    scene.manager.open(at("grant_close", grant)).press("Close the grant").sees("The grant is closed.")


def sent(scene: Scene, tranche: Tranche, **way: str) -> Payment:
    """Prepared by one officer, released by another."""
    scene.first.open(at("payment_prepare", tranche)).write(**way).press("Prepare the payment")
    payment = tranche.payments.exclude(state="failed").get()
    slip = files.pdf(unlike=tranche.payments.count() * 10 + tranche.number)
    upload = {"name": "slip.pdf", "mimeType": "application/pdf", "buffer": slip.read()}
    releasing = scene.second.open(at("payment_release", payment))
    releasing.write(bank_reference=f"TRX-{payment.key[-4:]}", slip=upload).press("Record the release")
    return payment


def drawn_code(signatory: Person, payment: Payment) -> str:
    """What the voucher's paper says, which is the only place where it stands."""
    token = signatory.page.input_value("main [name=csrfmiddlewaretoken]")
    paper = signatory.context.request.post(
        at("voucher_issue", payment), form={"csrfmiddlewaretoken": token, "language": "ar"}
    )
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(paper.body())).pages)
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", text)
    assert found, text
    return found[0]


def at(name: str, thing: Any) -> str:
    return reverse(f"disbursements:{name}", args=[thing.pk])


def units(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"
