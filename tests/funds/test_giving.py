"""`funds.giving`: a gift's state and its lines in the books follow from what the API shows, in whatever order it was told."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds import giving
from funds.giving import Movement, Payment, Refunded, Side
from funds.models.cards import GIFT_EVENTS, Gift
from funds.states import GiftState, Purpose

WHEN = datetime(2026, 11, 1, tzinfo=UTC)


def paid(**fields: object) -> Payment:
    return Payment(**{"key": "pi_1", "status": "succeeded", "currency": "USD", "received_minor": 100, **fields})  # type: ignore[arg-type]


def moved(kind: str, amount: int, fee: int = 0) -> Movement:
    return Movement("txn_1", kind, "ch_1", amount, fee, "USD", WHEN)


@pytest.mark.parametrize(
    ("payment", "session", "state"),
    [
        (None, "open", "started"),
        (None, "expired", "expired"),
        (paid(status="processing"), "complete", "processing"),
        (paid(status="requires_payment_method"), "complete", "failed"),
        (paid(status="requires_payment_method"), "open", "started"),
        (paid(status="canceled"), "open", "expired"),
        (paid(), "complete", "received"),
        (paid(refunds=(Refunded("re_1", "succeeded", 40),)), "complete", "received"),
        (paid(refunds=(Refunded("re_1", "succeeded", 40), Refunded("re_2", "pending", 60))), "complete", "refunded"),
        (paid(refunds=(Refunded("re_1", "failed", 100),)), "complete", "received"),
        (paid(disputes=(("dp_1", "needs_response"),)), "complete", "disputed"),
        (paid(disputes=(("dp_1", "warning_needs_response"),)), "complete", "received"),
        (paid(disputes=(("dp_1", "lost"),)), "complete", "lost"),
        (paid(disputes=(("dp_1", "won"),)), "complete", "received"),
        (paid(charge_failed_later=True), "complete", "lost"),
    ],
)  # fmt: skip
def test_the_state_follows_from_what_the_api_shows(payment: Payment | None, session: str, state: str) -> None:
    assert giving.state_of(payment, session_status=session) == state


@pytest.mark.parametrize("current", GiftState.values)
@pytest.mark.parametrize("wanted", GiftState.values)
def test_every_step_is_an_edge_with_its_event(current: str, wanted: str) -> None:
    field = Gift._meta.get_field("state")
    edges = {(one.source, one.target) for one in field.get_all_transitions(Gift)}  # type: ignore[attr-defined]
    for step in giving.steps(current, wanted):
        assert (current, step) in edges
        assert step == "received" or step in GIFT_EVENTS
        current = step


def test_news_of_no_payment_never_undoes_money() -> None:
    for state in set(GiftState.values) - giving.BEFORE_MONEY:
        assert giving.steps(state, "expired") == giving.steps(state, "started") == giving.steps(state, "failed") == []


@given(
    st.sampled_from(sorted(giving.GIFT_KINDS | giving.PAYOUT_KINDS | giving.COST_KINDS)),
    st.integers(-(10**9), 10**9),
    st.integers(-(10**6), 10**6),
)
def test_the_clearing_account_moves_by_what_stripe_moved(kind: str, amount: int, fee: int) -> None:
    movement = moved(kind, amount, fee)
    side = giving.side_of(movement, of_a_gift=True)
    assert side is not None
    lines = giving.lines(movement, side, pool="3020/cards/ZAK/USD")
    assert all(line.minor > 0 and line.debit != line.credit for line in lines)
    clearing = sum(line.minor * ((line.debit == "1060/USD") - (line.credit == "1060/USD")) for line in lines)
    pool = sum(line.minor * ((line.credit[:4] == "3020") - (line.debit[:4] == "3020")) for line in lines)
    expense = sum(line.minor * ((line.debit[:4] == "6040") - (line.credit[:4] == "6040")) for line in lines)
    assert clearing == movement.net_minor
    assert pool == (amount if side is Side.GIFT else 0)
    assert expense == giving.cost_of(movement, side)


def test_what_nobody_knows_is_nobodys() -> None:
    assert giving.side_of(moved("charge", 100), of_a_gift=False) is None
    assert giving.side_of(moved("issuing_transaction", 100), of_a_gift=True) is None


@pytest.mark.parametrize(
    "event",
    [{}, {"data": 1}, {"data": {"object": []}}, {"data": {"object": {"object": "charge", "payment_intent": 5}}}],
)
def test_events_that_name_nothing_lead_nowhere(event: dict[str, object]) -> None:
    assert giving.named_by(event) == giving.Named()


def test_only_ids_are_read_from_an_event() -> None:
    charge = {"object": "charge", "id": "ch_1", "payment_intent": {"id": "pi_9"}, "amount": 10**9}
    assert giving.named_by({"data": {"object": charge}}) == giving.Named(intent="pi_9")
    page = {"object": "checkout.session", "id": "cs_1", "payment_intent": None}
    assert giving.named_by({"data": {"object": page}}) == giving.Named(session="cs_1")


def test_the_night_finds_what_differs() -> None:
    known = Movement("txn_known", "charge", "ch_1", 100, 3, "USD", WHEN)
    other = Movement("txn_other", "charge", "ch_2", 100, 3, "USD", WHEN)
    new = Movement("txn_new", "charge", "ch_3", 50, 0, "USD", WHEN)
    books = {"txn_known": (97, "USD"), "txn_other": (90, "USD"), "txn_gone": (10, "USD")}
    found = giving.compare([known, other, new], books, balances=[("USD", 197, 197), ("EUR", 5, 4)])
    assert [(one.kind, one.about, one.expected_minor, one.found_minor) for one in found] == [
        ("amount", "txn_other", 90, 97),
        ("unknown", "txn_new", 0, 50),
        ("missing", "txn_gone", 10, 0),
        ("balance", "EUR", 5, 4),
    ]


def test_every_purpose_is_a_class_of_money() -> None:
    from funds.restrictions import Restriction
    from funds.states import PURPOSE_CLASS

    assert {Restriction(PURPOSE_CLASS[purpose]) for purpose in Purpose} == {
        Restriction.UNRESTRICTED, Restriction.SADAQAH, Restriction.ZAKAT, Restriction.ENDOWMENT, Restriction.RUNNING_COSTS,
    }  # fmt: skip
