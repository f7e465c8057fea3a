"""Figures of gifts by card open into Stripe's movements and their transfers, for those who read gifts alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from disbursements.selectors import zakat
from funds.models import Gift
from funds.services import cards
from kernel.money import Money
from tests.factories import accounts, awards, funds, stripe_stand_in
from tests.factories.stripe_stand_in import StandIn
from tests.figures import opened, read
from tests.funds.test_cards import begun, deliver, given, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe(settings: Any) -> Iterator[StandIn]:
    with stripe_stand_in.serving() as made:
        for name, value in stripe_stand_in.settings_for(made).items():
            setattr(settings, name, value)
        yield made


def signed_in(person: Any) -> Client:
    client = Client()
    accounts.sign_in(client, person, second_factor=True)
    return client


def page(gift: Gift) -> str:
    return reverse("funds:gift_detail", args=[gift.pk])


def test_a_gift_opens_into_what_stripe_moved(stripe: StandIn) -> None:
    one, other = funds.keepers()
    waits, gift = begun(stripe), given(stripe, "100")
    cards.release_refund(cards.ask_refund(gift, amount_minor=40_00, why="طلب المتبرع", actor=one), actor=other)
    officer, board = signed_in(one), signed_in(awards.board_member())
    assert opened(officer, page(waits)) == 2
    assert opened(officer, page(gift)) == 5, "released, on its way to Stripe"
    worked()
    deliver(stripe.deliveries())
    worked()
    assert opened(officer, page(gift)) == 7
    assert opened(officer, reverse("funds:gift_list")) >= 2
    cards.decline_refund(cards.ask_refund(gift, amount_minor=1_00, why="x", actor=one), actor=other, reason="لا")
    addresses = [one.address for one in read(officer, page(gift)).figures]
    assert len(addresses) == 7, "what was declined moved nothing"
    for reader in (board, signed_in(funds.representative(funds.donor()))):
        assert {reader.get(address).status_code for address in addresses} <= {403, 404}
    refund = gift.refunds.get(state="declined")
    movement = gift.entries.first()
    assert movement is not None
    for nothing in (
        reverse("funds:refund_figure", args=[refund.pk]),
        reverse("funds:gift_figure", args=[gift.pk, "fee"]),
        reverse("funds:movement_figure", args=[gift.pk, movement.pk, "asked"]),
        reverse("funds:movement_figure", args=[waits.pk, movement.pk, "amount"]),
    ):
        assert officer.get(nothing).status_code == 404, nothing


def test_a_gift_in_another_currency_has_its_share_of_the_movement(stripe: StandIn) -> None:
    gift = begun(stripe, "100", currency="EUR")
    stripe.pay(gift.checkout)
    stripe.all("balance_transaction")[0]["currency"] = "usd"
    deliver(stripe.deliveries())
    worked()
    assert gift.entries.get().currency == "USD"
    officer = signed_in(funds.keepers()[0])
    assert opened(officer, page(gift)) == 4
    [part] = officer.get(reverse("funds:gift_figure", args=[gift.pk, "amount"])).context["page"]
    assert (part.share, part.money) == (True, Money(100_00, "EUR"))


def test_zakat_by_card_opens_into_its_pool_for_those_who_read_gifts(stripe: StandIn) -> None:
    given(stripe, "100", purpose="zakat")
    [waiting] = zakat.waiting_gifts()
    listed, pool = reverse("disbursements:zakat_list"), reverse("funds:pool", args=[waiting.pool])
    officer, board = signed_in(funds.keepers()[0]), signed_in(awards.board_member())
    assert opened(officer, listed) == 2
    shown = board.get(listed).content.decode()
    assert (pool in officer.get(listed).content.decode(), pool in shown) == (True, False)
    assert read(board, listed).figures == []


def test_what_goes_back_to_a_donor_opens_for_the_donor_too() -> None:
    contribution, other = funds.confirmed_contribution(100_00), funds.confirmed_contribution(5_00)
    asked = funds.returned(contribution, 30_00)
    address = reverse("funds:return_figure", args=[contribution.pk, asked.pk])
    detail = reverse("funds:contribution_detail", args=[contribution.pk])
    keeper, donor = signed_in(funds.keepers()[0]), signed_in(funds.representative(contribution.donor))
    assert keeper.get(address).context["total"].minor == 30_00
    assert opened(keeper, detail) == 3, "for keepers the amount leads to the act that waits"
    assert opened(donor, detail) == 4
    assert address in {one.address for one in read(donor, detail).figures}
    stranger = signed_in(funds.representative(other.donor))
    assert stranger.get(address).status_code == 404
    assert stranger.get(reverse("funds:return_figure", args=[other.pk, asked.pk])).status_code == 404
