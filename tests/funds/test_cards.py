"""Gifts by card against a Stripe on loopback: the real client, every delivery twice, late and disordered."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.roles import Role
from audit import outbox, vault
from audit.models import OutboxMessage
from audit.selectors import timeline
from funds import services, stripe_api
from funds.models import (
    CardDifference,
    CardEntry,
    Contribution,
    Gift,
    GiftRefund,
    Giver,
    GivingCertificate,
    WebhookDelivery,
)
from funds.selectors import cards as selectors
from funds.selectors import confirmed
from funds.services import card_books, cards, certificates, inbox, reconciling
from funds.states import Verdict
from kernel import identity
from kernel.permissions import Refused
from kernel.work import work_for
from ledger.models import Account, Transfer
from ledger.services import TransferDraft, open_account, post
from tests.factories import accounts, funds, stripe_stand_in
from tests.factories.stripe_stand_in import StandIn, signature

pytestmark = [pytest.mark.django_db, pytest.mark.waits]
WEBHOOK = "/give/stripe/"
LONG_NAME = json.dumps({"id": "e" * 121, "type": "payout.paid", "created": 1, "data": {"object": {}}}).encode()


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with stripe_stand_in.serving() as made:
        yield made


@pytest.fixture
def stripe(server: StandIn, settings: Any) -> StandIn:
    server.objects.clear()
    server.answered.clear()
    server.news.clear()
    server.asked.clear()
    server.failures = 0
    for name, value in stripe_stand_in.settings_for(server).items():
        setattr(settings, name, value)
    return server


@contextmanager
def refused(words: str) -> Iterator[None]:
    with translation.override("en"), pytest.raises(Refused, match=words):
        yield


def deliver(news: list[tuple[bytes, str]]) -> list[str]:
    client = Client()
    return [
        client.post(
            WEBHOOK, body, content_type="application/json", headers={"stripe-signature": signed}
        ).content.decode()
        for body, signed in news
    ]


def worked() -> None:
    """Workers do what is owed; nothing fails."""
    outbox.drain(1_000)
    assert not OutboxMessage.objects.exclude(last_error="").exists()


def balance(code: str) -> int:
    """Credits less debits of the posted totals."""
    account = Account.objects.filter(code=code).first()
    return account.credits_posted - account.debits_posted if account else 0


def begun(stripe: StandIn, amount: str = "100", **typed: str) -> Gift:
    """A gift begun on the public page, on its way to Checkout."""
    fields = {"amount_minor": amount, "currency": "USD", "purpose": "general", "name": "", "email": "", **typed}
    answer = Client(headers={"accept-language": "en"}).post(reverse("giving:give"), fields)
    assert answer.status_code == 302, answer.content.decode()
    page = stripe.all("checkout.session")[0]
    assert answer["Location"] == page["url"]
    return Gift.objects.get(checkout=page["id"])


def given(stripe: StandIn, amount: str = "100", **typed: str) -> Gift:
    """A gift that was paid by card and told of."""
    gift = begun(stripe, amount, **typed)
    stripe.pay(gift.checkout)
    deliver(stripe.deliveries())
    worked()
    return Gift.objects.get(pk=gift.pk)


class TestAGift:
    def test_a_giver_pays_and_the_books_hold_it_once_however_often_it_is_told(self, stripe: StandIn) -> None:
        gift = begun(stripe, "١٠٠٫٥٠", email="Giver@People.example", name="سلمى التجريبية")
        stripe.pay(gift.checkout)
        answers = deliver(stripe.deliveries(times=2, seed=3))
        assert sorted(answers) == ["accepted"] * 4 + ["duplicate"] * 4
        worked()
        gift.refresh_from_db()
        assert (gift.state, gift.received_minor) == ("received", 100_50)
        fee = 100_50 * 29 // 1000 + 30
        assert CardEntry.objects.count() == 1
        assert balance("1060/USD") == -(100_50 - fee)
        assert balance("3020/cards/UNR/USD") == 100_50 - fee
        assert (balance("6040/USD"), balance("3090/USD")) == (-fee, fee)
        letters = [message for message in mail.outbox if message.to == ["giver@people.example"]]
        assert len(letters) == 1
        token = selectors.token_of(gift)
        assert reverse("giving:gift", args=[token]) in letters[0].body
        page = Client(headers={"accept-language": "en"}).get(reverse("giving:gift", args=[token]))
        assert "Thank you" in page.content.decode()
        assert "سلمى التجريبية" in page.content.decode()
        assert len(timeline(gift)) == 2

    def test_what_an_event_says_is_not_believed(self, stripe: StandIn) -> None:
        gift = begun(stripe)
        intent = stripe.pay(gift.checkout, method="us_bank_account")
        stripe.tell("payment_intent.succeeded", {**intent, "status": "succeeded", "amount_received": 9_999_99})
        deliver(stripe.deliveries())
        worked()
        gift.refresh_from_db()
        assert (gift.state, gift.received_minor, CardEntry.objects.count()) == ("processing", 0, 0)

    def test_a_bank_debit_takes_days_or_is_refused(self, stripe: StandIn) -> None:
        first, second = begun(stripe), begun(stripe)
        kept = stripe.pay(first.checkout, method="us_bank_account")
        refused = stripe.pay(second.checkout, method="us_bank_account")
        deliver(stripe.deliveries())
        worked()
        stripe.settle(kept["id"])
        stripe.refuse(refused["id"])
        deliver(stripe.deliveries(times=2, seed=1))
        worked()
        assert [Gift.objects.get(pk=one.pk).state for one in (first, second)] == ["received", "failed"]

    def test_the_payment_may_be_told_of_before_its_checkout_page(self, stripe: StandIn) -> None:
        gift = begun(stripe)
        stripe.pay(gift.checkout)
        news = stripe.deliveries()
        deliver(news[::-1])
        worked()
        gift.refresh_from_db()
        assert (gift.state, CardEntry.objects.count()) == ("received", 1)
        assert WebhookDelivery.objects.filter(out_of_order=True).exists() or len(news) == 4

    def test_givers_without_an_address_are_not_joined_and_those_with_one_are(self, stripe: StandIn) -> None:
        for email in ("", "", "a@people.example", "A@people.example "):
            begun(stripe, email=email)
        assert Giver.objects.count() == 3
        known = Giver.objects.exclude(email_index="").get()
        assert cards._new_giver("a@people.example") == known, "two first gifts at once are one giver"
        assert cards.index_addresses_anew() == 0
        Giver.objects.filter(pk=known.pk).update(email_index="of another key")
        assert cards.index_addresses_anew() == 1
        begun(stripe, email="a@people.example")
        assert Giver.objects.count() == 3, "found again under the new digest"

    def test_news_of_a_payment_that_is_no_gift_of_ours_change_nothing(self, stripe: StandIn) -> None:
        gift = begun(stripe)
        intent = stripe.pay(gift.checkout)
        stripe.objects[intent["id"]]["metadata"] = {"gift": "somebody else's"}
        stripe.news.clear()
        stripe.tell("payment_intent.succeeded", intent)
        deliver(stripe.deliveries())
        worked()
        gift.refresh_from_db()
        assert (gift.state, gift.intent, CardEntry.objects.count()) == ("started", "", 0)

    def test_other_money_than_was_asked_for_is_a_difference(self, stripe: StandIn) -> None:
        gift = begun(stripe, "100")
        stripe.objects[gift.checkout]["amount_total"] = 90_00
        stripe.pay(gift.checkout)
        deliver(stripe.deliveries())
        worked()
        difference = CardDifference.objects.get()
        assert (difference.kind, difference.expected_minor, difference.found_minor) == ("currency", 100_00, 90_00)
        assert difference.owner is not None
        assert difference.owner in funds.keepers()


class TestTheInbox:
    def body(self, **fields: Any) -> str:
        event = {
            "id": "evt_1", "object": "event", "type": "payout.paid", "created": int(timezone.now().timestamp()),
            "livemode": False, "data": {"object": {"object": "topup", "id": "tu_1"}}, **fields,
        }  # fmt: skip
        return json.dumps(event)

    def test_each_kind_of_delivery_is_judged_and_kept_and_one_has_an_effect(self, stripe: StandIn) -> None:
        body, now = self.body(), int(timezone.now().timestamp())
        old = self.body(id="evt_2", created=now - 7200)
        for text, header in (
            (body, signature(body)),
            (body, signature(body)),
            (body, signature(body, at=now - 400)),
            (body, signature(body, at=now + 400)),
            (body, signature(body, secret="whsec_other")),
            (body + " ", signature(body)),
            (body, ""),
            (body, "t=,v1="),
            ("[]", signature("[]")),
            (self.body(livemode=True), signature(self.body(livemode=True))),
            (old, signature(old)),
        ):
            deliver([(text.encode(), header)])
        kept = WebhookDelivery.objects.order_by("received_at")
        assert [one.verdict for one in kept] == [
            Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.REPLAYED, Verdict.REPLAYED, Verdict.FORGED, Verdict.FORGED,
            Verdict.FORGED, Verdict.FORGED, Verdict.UNREADABLE, Verdict.OTHER_MODE, Verdict.ACCEPTED,
        ]  # fmt: skip
        assert [one.late for one in kept][-1]
        assert kept[0].body == body
        assert OutboxMessage.objects.filter(kind=inbox.EVENT).count() == 2

    def test_a_flood_of_forgeries_does_not_fill_the_table(
        self, stripe: StandIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inbox, "FORGED_AN_HOUR", 3)
        assert deliver([(b"x" * 5000, "t=1,v1=0")] * 5) == ["forged"] * 5
        assert [len(one.body) for one in WebhookDelivery.objects.all()] == [inbox.FORGED_KEPT] * 3

    @pytest.mark.parametrize(
        "body", [b"\xff\xfe", b"", b"{", b"[" * 100_000, b'{"id": 5, "type": 1, "created": 1e400}', LONG_NAME]
    )
    def test_what_is_no_event_is_refused(self, stripe: StandIn, body: bytes) -> None:
        header = signature(body.decode(errors="replace"))
        answer = Client().post(WEBHOOK, body, content_type="application/json", headers={"stripe-signature": header})
        assert answer.status_code == 400
        assert not OutboxMessage.objects.filter(kind=inbox.EVENT).exists()

    def test_postgresql_takes_an_event_once_and_changes_no_delivery(self, stripe: StandIn) -> None:
        body = self.body()
        deliver([(body.encode(), signature(body))])
        kept = WebhookDelivery.objects.get()
        copy = WebhookDelivery(event_id="evt_1", body_sha256="", verified=True, verdict=Verdict.ACCEPTED, body="")
        copy.data_key = vault.key_for(copy.pk)
        with pytest.raises(IntegrityError, match="event_accepted_once"), transaction.atomic():
            WebhookDelivery.objects.bulk_create([copy])
        with pytest.raises(Exception, match=r"Cannot update|permission denied"), transaction.atomic():
            WebhookDelivery.objects.filter(pk=kept.pk).update(verdict=Verdict.DUPLICATE)

    def test_gifts_told_three_times_in_disorder_with_forgeries_have_one_effect_each(self, stripe: StandIn) -> None:
        storm(stripe, gifts=6, times=3)


def storm(stripe: StandIn, *, gifts: int, times: int) -> int:
    """Gifts of all kinds; their news ``times`` times, shuffled, with forgeries between; returns the deliveries."""
    made = [begun(stripe, str(10 + n), purpose=("general", "zakat", "sadaqah")[n % 3]) for n in range(gifts)]
    for n, gift in enumerate(made):
        intent = stripe.pay(gift.checkout)
        if n % 4 == 1:
            stripe.refund(intent["id"], 5_00)
        if n % 4 == 2:
            stripe.close_dispute(stripe.dispute(intent["id"])["id"], "won")
    news = stripe.deliveries(times=times, seed=gifts)
    forged = [(body.replace(b"usd", b"eur"), signed) for body, signed in news[::5]]
    answers = deliver([*news, *forged])
    assert answers.count("accepted") * times == len(news)
    assert answers.count("forged") == len(forged)
    worked()
    moved = stripe.all("balance_transaction")
    assert CardEntry.objects.count() == len(moved)
    assert -balance("1060/USD") == stripe.held("usd")
    assert set(Gift.objects.values_list("state", flat=True)) == {"received"}
    books = list(Transfer.objects.filter(debit__code__startswith="3020/cards/ZAK"))
    assert all(one.credit.code == "1060/USD" for one in books)
    return len(news) + len(forged)


class TestZakat:
    def test_no_cost_is_taken_from_it(self, stripe: StandIn) -> None:
        given(stripe, "50", purpose="general")
        before = balance("3020/cards/UNR/USD")
        gift = given(stripe, "200", purpose="zakat")
        fee = gift.entries.get().fee_minor
        assert balance("3020/cards/ZAK/USD") == 200_00
        assert balance("3020/cards/UNR/USD") == before - fee

    def test_where_no_money_may_bear_the_cost_somebody_owns_the_difference(self, stripe: StandIn) -> None:
        for one in selectors.pools():
            assert one[2].minor == 0
        services_free = confirmed().filter(restriction_class__in=["UNR", "SDQ", "ADM"])
        assert not services_free.exists() or balance("3020/cards/ZAK/USD") == 0
        gift = given(stripe, "200", purpose="zakat")
        assert balance("3020/cards/ZAK/USD") == 200_00
        open_ones = CardDifference.objects.filter(kind="uncovered", about=gift.entries.get().stripe_id)
        assert open_ones.exists() == (not services_free.exists())


class TestLawfulUse:
    """PostgreSQL refuses what no code of ours does."""

    @pytest.mark.parametrize(
        ("restriction", "to", "refused"),
        [
            ("ZAK", "3090/USD", True), ("WQF", "3090/USD", True), ("END", "3090/USD", True), ("ZAK", "7010/USD", True),
            ("ZAK", "6040/USD", True), ("END", "envelope/X/Y", True), ("ADM", "envelope/X/Y", True),
            ("UNR", "3090/USD", False), ("ADM", "3090/USD", False), ("ZAK", "envelope/X/Y", False),
        ],
    )  # fmt: skip
    def test_money_of_a_class_never_pays_what_it_may_not(self, restriction: str, to: str, refused: bool) -> None:
        given = funds.confirmed_contribution(100_00, restriction_class=restriction)
        assert given.account is not None
        account = open_account(to, currency="USD", purpose="test")
        draft = TransferDraft(uuid4(), given.account, account, 1_00, "test", kind="pend")
        if not refused:
            assert post([draft], leaf=given.leaf)
            return
        with pytest.raises(IntegrityError, match="money never"):
            post([draft], leaf=given.leaf)


class TestGivingBack:
    def test_one_asks_another_releases_and_stripe_gives_it_back_once(self, stripe: StandIn) -> None:
        first, second = funds.keepers()
        gift = given(stripe, "100")
        refund = cards.ask_refund(gift, amount_minor=40_00, why="طلب المتبرع", actor=first)
        with refused("second person"):
            cards.release_refund(refund, actor=first)
        with refused("under way"):
            cards.ask_refund(gift, amount_minor=1_00, why="x", actor=first)
        assert gift.reference in [item.title for item in work_for(second)]
        cards.release_refund(refund, actor=second)
        stripe.failures = 2
        worked()
        refund.refresh_from_db()
        assert (refund.state, len(stripe.all("refund"))) == ("sent", 1)
        cards.send_refund({"refund": str(refund.pk)})
        assert len(stripe.all("refund")) == 1, "what was sent is not sent again"
        deliver(stripe.deliveries(times=2, seed=5))
        worked()
        gift.refresh_from_db()
        assert (gift.state, gift.entries.count()) == ("received", 2)
        with refused("more than what is left"):
            cards.ask_refund(gift, amount_minor=60_01, why="x", actor=first)

    def test_what_stripe_refuses_has_failed_and_what_the_bank_sends_back_as_well(self, stripe: StandIn) -> None:
        first, second = funds.keepers()
        gift = given(stripe, "100")
        stripe.refund(gift.intent, 70_00)
        refused = cards.release_refund(cards.ask_refund(gift, amount_minor=100_00, why="x", actor=first), actor=second)
        worked()
        refused.refresh_from_db()
        assert (refused.state, "greater than unrefunded" in refused.refusal) == ("failed", True)
        kept = cards.release_refund(cards.ask_refund(gift, amount_minor=30_00, why="x", actor=first), actor=second)
        worked()
        gift.refresh_from_db()
        assert gift.state == "refunded"
        stripe.refund_fails(GiftRefund.objects.get(pk=kept.pk).stripe_id)
        deliver(stripe.deliveries())
        worked()
        gift.refresh_from_db()
        kept.refresh_from_db()
        assert (gift.state, kept.state, -balance("1060/USD")) == ("received", "failed", stripe.held("usd"))

    def test_postgresql_refuses_a_refund_by_one_person(self, stripe: StandIn) -> None:
        first = funds.keepers()[0]
        refund = cards.ask_refund(given(stripe), amount_minor=1_00, why="x", actor=first)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE funds_giftrefund SET decided_by_id = asked_by_id WHERE id = %s", [refund.pk])

    def test_a_dispute_holds_the_money_and_its_end_decides(self, stripe: StandIn) -> None:
        won, lost = given(stripe, "100"), given(stripe, "80")
        for gift, end in ((won, "won"), (lost, "lost")):
            dispute = stripe.dispute(gift.intent)
            deliver(stripe.deliveries())
            worked()
            gift.refresh_from_db()
            assert gift.state == "disputed"
            stripe.close_dispute(dispute["id"], end)
            deliver(stripe.deliveries(times=2, seed=2))
            worked()
            gift.refresh_from_db()
        assert (won.state, lost.state, -balance("1060/USD")) == ("received", "lost", stripe.held("usd"))


class TestToTheBank:
    def test_a_payout_is_money_of_the_bank_when_it_was_seen_there_and_gifts_may_be_granted_when_gathered(
        self, stripe: StandIn
    ) -> None:
        first, second = funds.keepers()
        gift = given(stripe, "100", purpose="zakat")
        stripe.pay_out()
        deliver(stripe.deliveries())
        worked()
        payout = selectors.payouts_to_confirm().get()
        assert balance("1060/USD") == 0
        before = balance("1010/USD")
        net = -payout.amount_minor
        with refused("ask the bank"):
            card_books.confirm_payout(payout, arrived_on=timezone.localdate(), amount_minor=net + 1, actor=first)
        card_books.confirm_payout(payout, arrived_on=timezone.localdate(), amount_minor=net, actor=first)
        assert before - balance("1010/USD") == net
        with refused("already"):
            card_books.confirm_payout(payout, arrived_on=timezone.localdate(), amount_minor=net, actor=second)
        pool = Account.objects.get(code="3020/cards/ZAK/USD")
        recorded = card_books.gather(pool, donor=funds.donor(kind="individual"), actor=first)
        with refused("second person"):
            services.confirm_contribution(recorded, amount_minor=100_00, actor=first)
        done = services.confirm_contribution(recorded, amount_minor=100_00, actor=second)
        assert (done.restriction_class, balance("3020/cards/ZAK/USD")) == ("ZAK", 0)
        assert done.account is not None
        assert balance(done.account.code) == 100_00
        stripe.refund(gift.intent, 100_00)
        deliver(stripe.deliveries())
        worked()
        assert balance(done.account.code) == 0
        assert not CardDifference.objects.filter(gift=gift, kind="uncovered", found_minor=100_00).exists()
        with refused("nothing to gather"):
            card_books.gather(pool, donor=recorded.donor, actor=first)

    def test_gifts_for_a_waqf_are_gathered_into_the_one_that_is_chosen(self, stripe: StandIn) -> None:
        given(stripe, "100", purpose="waqf")
        pool = Account.objects.get(code="3020/cards/END/USD")
        chosen, other = funds.founded(), funds.founded()
        client, page = Client(headers={"accept-language": "en"}), reverse("funds:gather", args=[pool.pk])
        accounts.sign_in(client, funds.keepers()[0], second_factor=True)
        shown = client.get(page).content.decode()
        assert (chosen.name in shown, other.name in shown) == (True, True)
        mixed = client.post(page, {"donor": chosen.donor_id, "waqf": other.pk})
        assert mixed.context["form"].errors["waqf"] == ["This waqf is another donor's: choose one of the donor above."]
        assert client.post(page, {"donor": chosen.donor_id}).context["form"].errors.keys() == {"waqf"}
        assert client.post(page, {"donor": chosen.donor_id, "waqf": chosen.pk}).status_code == 302
        made = Contribution.objects.get(pool=pool)
        assert (made.waqf, made.restriction_class) == (chosen, "END")

    def test_gifts_are_gathered_from_the_pool_of_their_own_class(self, stripe: StandIn) -> None:
        given(stripe, "100", purpose="zakat")
        pool = Account.objects.get(code="3020/cards/ZAK/USD")
        with refused("their own class"):
            funds.recorded_contribution(100_00, pool=pool, restriction_class="UNR")


class TestTheNight:
    def test_what_was_never_told_is_entered_and_what_differs_gets_an_owner(self, stripe: StandIn) -> None:
        gift = begun(stripe, "100")
        given_up = begun(stripe, "30")
        stripe.pay(gift.checkout)
        stripe.expire(given_up.checkout)
        stripe.pay_out()
        stripe.make(
            "balance_transaction",
            "txn",
            type="issuing_transaction",
            amount=-7_00,
            net=-7_00,
            fee=0,
            source=gift.checkout,
        )
        stripe.news.clear()
        found = reconciling.reconcile()
        assert found.entered == 1
        with_owner = {one.kind: one.owner for one in CardDifference.objects.all()}
        assert {"unknown", "balance"} <= set(with_owner)
        assert all(with_owner.values())
        again = reconciling.reconcile()
        assert (again.entered, again.differences) == (0, 0)
        first = funds.keepers()[0]
        one = CardDifference.objects.get(kind="balance")
        card_books.explain_difference(one, actor=first, reason="بطاقة صادرة بالخطأ")
        assert reconciling.reconcile().differences == 0

    def test_gifts_of_which_nothing_was_told_are_followed_after_an_hour(self, stripe: StandIn) -> None:
        paid, given_up = begun(stripe, "100"), begun(stripe, "30")
        stripe.pay(paid.checkout)
        stripe.expire(given_up.checkout)
        stripe.news.clear()
        with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
            assert reconciling.reconcile().followed == 2
        assert [Gift.objects.get(pk=one.pk).state for one in (paid, given_up)] == ["received", "expired"]
        entry = CardEntry.objects.get()
        (movement,) = stripe_api.movements_since(timezone.now() - timedelta(days=1))
        assert card_books.enter(movement, entry.gift) is None
        assert CardEntry.objects.get() == entry, "entered once"
        strange = replace(movement, key="txn_strange", kind="issuing_transaction")
        assert card_books.enter(strange, entry.gift) is None
        difference = CardDifference.objects.get()
        assert (difference.kind, difference.found_minor) == ("unknown", movement.net_minor)
        assert difference.owner in funds.keepers()


def letters_to(address: str) -> list[str]:
    return [str(message.body) for message in mail.outbox if message.to == [address]]


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


class TestPapers:
    def test_a_receipt_is_for_the_holder_of_the_link_and_says_where_its_proof_is(self, stripe: StandIn) -> None:
        gift = given(stripe, "100", purpose="zakat", name="Salma Example")
        client, token = Client(headers={"accept-language": "en"}), selectors.token_of(gift)
        answer = client.get(reverse("giving:receipt", args=[token]))
        text = text_of(answer.content)
        assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/pdf", True)
        assert all(words in text for words in (gift.reference, "Salma Example", "100.00", "no cost of the payment"))
        assert bytes(gift.leaf.leaf_hash).hex() in "".join(text.split()).replace("\u200b", "")
        unpaid = begun(stripe)
        for wrong in (selectors.token_of(unpaid), str(gift.pk)):
            assert client.get(reverse("giving:receipt", args=[wrong])).status_code == 404

    def test_who_gave_nothing_gets_no_certificate(self, stripe: StandIn) -> None:
        gift = begun(stripe, email="a@people.example")
        with identity.system("test"):
            certificates.ask_for(gift)
            assert not OutboxMessage.objects.filter(kind=certificates.CERTIFICATE).exists()
            payload = {"giver": str(gift.giver_id), "year": timezone.localdate().year, "language": "en"}
            certificates.send(payload)
        assert letters_to("a@people.example") == []
        assert not GivingCertificate.objects.exists()

    def test_the_certificate_of_a_year_goes_to_the_givers_address_alone_and_is_numbered_once(
        self, stripe: StandIn
    ) -> None:
        gift = given(stripe, "100", email="a@people.example", name="Salma Example")
        given(stripe, "50", email="a@people.example", currency="EUR", purpose="sadaqah")
        given(stripe, "70", email="b@people.example")
        client, token = Client(headers={"accept-language": "en"}), selectors.token_of(gift)
        for _time in range(2):
            assert client.post(reverse("giving:ask_certificate", args=[token])).status_code == 302
            worked()
        (letter,) = [one for one in letters_to("a@people.example") if "/certificates/" in one]
        made = GivingCertificate.objects.get()
        link = reverse("giving:certificate", args=[selectors.certificate_token(made)])
        assert link in letter
        text = " ".join(text_of(client.get(link).content).split())
        assert [words for words in (made.reference, "100.00", "50.00", "Salma Example") if words not in text] == []
        assert "70.00" not in text
        for wrong in (token, str(made.pk)):
            assert client.get(reverse("giving:certificate", args=[wrong])).status_code == 404
        stripe.refund(gift.intent, 40_00)
        deliver(stripe.deliveries())
        worked()
        client.post(reverse("giving:ask_certificate", args=[token]))
        worked()
        assert [sorted(one["minor"] for one in row.gifts) for row in GivingCertificate.objects.order_by("recorded_at")] == [
            [50_00, 100_00], [50_00, 60_00],
        ]  # fmt: skip
        assert "100.00" in text_of(client.get(link).content)


class TestThePage:
    def test_without_keys_it_says_that_cards_are_off_and_the_webhook_is_not_there(self) -> None:
        page = Client(headers={"accept-language": "en"}).get(reverse("giving:give")).content.decode()
        assert "Gifts by card are off" in page
        assert '<form class="form"' not in page
        assert Client().post(WEBHOOK, "{}", content_type="application/json").status_code == 404

    @pytest.mark.parametrize(
        "typed",
        [
            {"amount_minor": "4.99"}, {"amount_minor": "10000.01"}, {"amount_minor": "1e3"}, {"currency": "SYP"},
            {"purpose": "END"}, {"email": "nobody"}, {"name": "a\u202eb"}, {"amount_minor": ""},
        ],
    )  # fmt: skip
    def test_what_cannot_be_given_is_said_beside_the_field_and_stripe_is_not_asked(
        self, stripe: StandIn, typed: dict[str, str]
    ) -> None:
        fields = {"amount_minor": "20", "currency": "USD", "purpose": "zakat", **typed}
        answer = Client(headers={"accept-language": "ar"}).post(reverse("giving:give"), fields)
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == list(typed)
        assert (stripe.asked, Gift.objects.count()) == ([], 0)

    def test_when_stripe_is_away_nothing_typed_is_lost(self, stripe: StandIn) -> None:
        stripe.failures = 99
        fields = {"amount_minor": "20", "currency": "EUR", "purpose": "zakat", "name": "سلمى"}
        answer = Client(headers={"accept-language": "en"}).post(reverse("giving:give"), fields)
        assert "Nothing was charged" in answer.content.decode()
        assert "سلمى" in answer.content.decode()

    def test_one_address_begins_so_many_gifts_an_hour(self, stripe: StandIn, settings: Any) -> None:
        settings.GIFTS_PER_HOUR = 1
        begun(stripe)
        fields = {"amount_minor": "20", "currency": "USD", "purpose": "general"}
        answer = Client(headers={"accept-language": "en"}).post(reverse("giving:give"), fields)
        assert "Try again in an hour" in answer.content.decode()

    def test_a_gift_is_seen_by_its_link_and_by_officers_of_money(self, stripe: StandIn) -> None:
        gift = given(stripe, name="<b>سلمى</b>")
        page = Client().get(reverse("giving:gift", args=[selectors.token_of(gift)]))
        assert "&lt;b&gt;" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        for wrong in (str(gift.pk), selectors.token_of(gift)[:-1] + "_", "x:y"):
            assert Client().get(reverse("giving:gift", args=[wrong])).status_code == 404
        url = reverse("funds:gift_detail", args=[gift.pk])
        for role, status in ((Role.AUDITOR, 200), (Role.PROGRAMME_OFFICER, 403), (Role.BOARD_MEMBER, 403)):
            client = Client()
            accounts.sign_in(client, accounts.officer(role))
            assert client.get(url).status_code == status, role
        with identity.person(accounts.officer(Role.PROGRAMME_OFFICER).pk):
            assert (Gift.objects.count(), Giver.objects.count(), WebhookDelivery.objects.count()) == (0, 0, 0)

    def test_officers_work_on_the_pages(self, stripe: StandIn) -> None:
        gift = given(stripe, "100")
        stripe.pay_out()
        deliver(stripe.deliveries())
        worked()
        clients = []
        for person in funds.keepers():
            client = Client(headers={"accept-language": "en"})
            accounts.sign_in(client, person, second_factor=True)
            clients.append(client)
        one, other = clients
        for name in ("gift_list", "delivery_list"):
            assert one.get(reverse(f"funds:{name}")).status_code == 200
        asked = one.post(reverse("funds:refund_ask", args=[gift.pk]), {"amount_minor": "10", "why": "خطأ"})
        assert asked.status_code == 302
        refund = GiftRefund.objects.get()
        assert "10" in one.get(reverse("funds:gift_detail", args=[gift.pk])).content.decode()
        assert other.get(reverse("funds:refund_release", args=[refund.pk])).status_code == 200
        other.post(reverse("funds:refund_decline", args=[refund.pk]), {"reason": "لا حاجة"})
        assert GiftRefund.objects.get().state == "declined"
        payout = CardEntry.objects.get(kind="payout")
        typed = {"amount_minor": str(-payout.amount_minor / 100), "arrived_on": timezone.localdate().isoformat()}
        assert one.post(reverse("funds:payout_confirm", args=[payout.pk]), typed).status_code == 302
        pool = Account.objects.get(code="3020/cards/UNR/USD")
        gathered = one.post(reverse("funds:gather", args=[pool.pk]), {"donor": funds.donor().pk})
        assert gathered["Location"].startswith("/funds/contributions/")


def test_keys_decide_the_mode(settings: Any) -> None:
    for key, live in (("sk_live_x", True), ("rk_live_x", True), ("sk_test_x", False), ("", False)):
        settings.STRIPE_SECRET_KEY = key
        assert stripe_api.is_live() is live
    assert timedelta(minutes=5) == inbox.SIGNED_WITHIN
