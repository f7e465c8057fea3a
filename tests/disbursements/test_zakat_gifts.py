"""Zakat given by card: the clock begins with the oldest gift, in the pool and after gathering; givers' papers say their share."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given as holds_for
from hypothesis import strategies as st

from disbursements import clock, zakat_gifts
from disbursements.models import Tranche
from disbursements.selectors import zakat
from funds import services
from funds.models import Contribution
from funds.pooling import Move, pooled
from funds.services import card_books
from grants.models import Grant
from grants.services import review
from kernel.money import Money
from ledger.models import Account
from notices.models import Notice
from tests.factories import accounts, awards, disbursements, funds
from tests.factories import grants as calls
from tests.factories.stripe_stand_in import StandIn
from tests.funds.test_cards import deliver, given, server, stripe, worked
from tests.grants.test_religious import agreed, eligible_with, kits

__all__ = ["server", "stripe"]
pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]
POOL = "3020/cards/ZAK/USD"


def test_what_was_given_first_is_gathered_first_and_what_goes_back_is_the_givers_own() -> None:
    story = [
        Move(100, "a"), Move(50, "b"), Move(-30, "a"), Move(-100, gathered="C"), Move(7, "d"),
        Move(-10, "a"), Move(-5, "b", "C"),
    ]  # fmt: skip
    told = pooled(story)
    # 30 of a went back before; then 70 of a and 30 of b were gathered. Later 10 of a go back: b's 10 in the pool stand in.
    assert told.left == {"b": 10, "d": 7}
    assert told.gathered["C"] == {"a": 60, "b": 35}


@holds_for(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 100), st.sampled_from("iiog")), max_size=30))
def test_nothing_is_lost_between_gifts_and_contributions(story: list[tuple[str, int, str]]) -> None:
    moves, waiting, gathered = [], 0, 0
    for number, (gift, minor, kind) in enumerate(story):
        if kind == "i":
            moves.append(Move(minor, gift))
            waiting += minor
        elif waiting:
            part = min(minor, waiting)
            waiting -= part
            gathered += part if kind == "g" else 0
            moves.append(Move(-part, gathered=f"C{number}") if kind == "g" else Move(-part, gift))
    told = pooled(moves)
    assert sum(told.left.values()) == waiting
    assert sum(sum(parts.values()) for parts in told.gathered.values()) == gathered


def gathered() -> Contribution:
    first, second = funds.keepers()
    recorded = card_books.gather(Account.objects.get(code=POOL), donor=funds.donor(kind="individual"), actor=first)
    return services.confirm_contribution(recorded, amount_minor=recorded.amount_minor, actor=second)


class TestTheClock:
    def test_it_runs_in_the_pool_and_goes_on_when_gifts_are_gathered(self, stripe: StandIn) -> None:
        today = timezone.localdate()
        with time_machine.travel(timezone.now() - timedelta(days=300)):
            oldest = given(stripe, "100", purpose="zakat")
        given(stripe, "40", purpose="zakat")
        given(stripe, "70")
        [waits] = zakat.waiting_gifts()
        assert (waits.left, waits.since) == (Money(140_00, "USD"), today - timedelta(days=300))
        assert waits.due_on == today + timedelta(days=54)
        assert waits.rings
        assert clock.alarm_of_zakat(today) == clock.alarm_of_zakat(today) == 1
        assert Notice.objects.filter(kind="disbursements.zakat_gifts_wait", user=funds.keepers()[0]).count() == 1
        contribution = gathered()
        assert zakat.waiting_gifts() == []
        [runs] = zakat.clocks([contribution])
        assert (runs.since, runs.due_on, runs.left) == (waits.since, waits.due_on, Money(140_00, "USD"))
        stripe.refund(oldest.intent, 100_00)
        deliver(stripe.deliveries())
        worked()
        [runs] = zakat.clocks([contribution])
        assert (runs.since, runs.left) == (today, Money(40_00, "USD"))

    def test_it_is_on_the_page_for_the_offices_of_the_fund_alone(self, stripe: StandIn) -> None:
        given(stripe, "100", purpose="zakat")
        officer, donor = Client(headers={"accept-language": "en"}), Client(headers={"accept-language": "en"})
        accounts.sign_in(officer, funds.keepers()[0], second_factor=True)
        accounts.sign_in(donor, funds.representative(funds.donor()), second_factor=True)
        listed = reverse("disbursements:zakat_list")
        assert "Gifts by card, not gathered yet" in officer.get(listed).content.decode()
        assert "Gifts by card" not in donor.get(listed).content.decode()

    def test_the_giver_reads_a_share_of_what_was_paid(self, stripe: StandIn) -> None:
        gifts = [given(stripe, amount, purpose="zakat") for amount in ("1000", "7000")]
        general = given(stripe, "20")
        contribution = gathered()
        told = {one.gift: one for one in zakat.shares_of([*(gift.reference for gift in gifts), general.reference])}
        assert {one.paid.minor for one in told.values()} == {0}
        assert set(told) == {gift.reference for gift in gifts}
        application = eligible_with(contribution, funds.confirmed_contribution(82_000_00))
        agreed(kits(application))
        review.start_review(awards.opened_again(application), actor=awards.programme_officer())
        application.refresh_from_db()
        calls.approved_application(application, amount_minor=11_000_00)
        grant = awards.in_force(Grant.objects.get(application=application))
        disbursements.pay(Tranche.objects.get(grant=grant, number=1))
        [whole] = zakat.clocks([contribution])
        assert whole.distributed.minor > 0
        first, second = (one.paid.minor for one in zakat.shares_of([gift.reference for gift in gifts]))
        parts = {first, second}
        assert parts == {whole.distributed.minor // 8, whole.distributed.minor * 7 // 8}
        with translation.override("en"):
            sentence = zakat_gifts.distributed([gifts[0].reference])[gifts[0].reference]
        assert "of this zakat of" in sentence
