"""Faults that somebody might build into the services of money, and guards that somebody might take away; the machine finds each."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple
from unittest import mock
from uuid import uuid4

from django.db import connection, transaction

from audit import rules
from disbursements import events as money_events
from disbursements.selectors import paid_by_source
from disbursements.services import closing, payments
from funds import events as fund_events
from funds import services as funds
from funds.models import Contribution
from funds.restrictions import Filling, fill
from kernel.permissions import Allowed
from ledger import services as ledger
from ledger.models import TransferKind
from tests.money.donors import Donors
from tests.money.machine import Ground
from tests.money.partners import Partners

Fault = Callable[[], Any]


class Planted(NamedTuple):
    """A fault, which acts it hides in, and the seed of a sequence of acts that comes upon it soon."""

    among: type[Ground]
    fault: Fault
    seed: int = 1


PAYMENTS, CLOSING = "disbursements.services.payments", "disbursements.services.closing"


def _posting(where: str, change: Callable[[list[Any]], list[Any]]) -> Any:
    """The services of ``where`` post something else than they should."""
    return mock.patch(f"{where}.post", lambda drafts, *, leaf: ledger.post(change(list(drafts)), leaf=leaf))


def _consents(event: Any) -> Any:
    """The rule of an event lets everybody do it."""
    return mock.patch.dict(rules._rules, {event: lambda subject, *, actor, event: Allowed()})


def _from_zakat(minor: int, use: Any, *, currency: str) -> Filling:
    zakat = Contribution.objects.filter(restriction_class="ZAK").earliest("leaf_id")
    return Filling(((str(zakat.pk), minor),), 0)


def _unrestricted_first(minor: int, use: Any, sources: Any) -> Filling:
    free = [one for one in sources if one.terms.free and one.available_minor >= minor]
    return fill(minor, use, free or sources)


def _a_cent_less(grant: Any, minor: int) -> Any:
    (*parts, (funding, last)) = _whole(grant, minor)
    return [*parts, (funding, last - 1)]


_whole = payments._parts


@contextmanager
def _without_trigger(table: str, trigger: str) -> Iterator[None]:
    """The owner switches a guard off, for one run; it comes back with the end of the transaction."""
    atomic = transaction.Atomic.__enter__

    def enter(self: Any) -> Any:
        outermost = not connection.in_atomic_block
        entered = atomic(self)
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s", [table, trigger]
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')
        return entered

    with mock.patch.object(transaction.Atomic, "__enter__", enter):
        yield


FAULTS: dict[str, Planted] = {
    "a contribution is posted twice": Planted(
        Donors,
        lambda: _posting("funds.services", lambda drafts: [*drafts, *(replace(one, key=uuid4()) for one in drafts)]),
    ),
    "what comes back is not released": Planted(
        Partners, lambda: _posting(PAYMENTS, lambda drafts: [one for one in drafts if one.kind != TransferKind.VOID]), 7
    ),
    "what arrives is not settled": Planted(
        Partners,
        lambda: _posting(PAYMENTS, lambda drafts: [one for one in drafts if one.kind != TransferKind.SETTLE]),
    ),
    "a refund goes to the source that was used first": Planted(
        Partners,
        lambda: mock.patch.object(closing, "paid_by_source", lambda grant: paid_by_source(grant)[::-1]),
    ),
    "a cent of a payment is lost": Planted(Partners, lambda: mock.patch.object(payments, "_parts", _a_cent_less), 7),
    "a provider's commission is paid from zakat": Planted(
        Partners, lambda: mock.patch("disbursements.services.channels.filling_of", _from_zakat)
    ),
    "an exchange loss is borne by zakat": Planted(
        Partners, lambda: mock.patch("disbursements.services.conversions.filling_of", _from_zakat)
    ),
    "who prepares a payment may release it": Planted(Partners, lambda: _consents(money_events.PaymentSent), 7),
    "a payment goes out without the third approval": Planted(Partners, lambda: _consents(money_events.PaymentPrepared)),
    "who records money may confirm it": Planted(Donors, lambda: _consents(fund_events.ContributionConfirmed)),
    "who asks for a return may release it": Planted(Donors, lambda: _consents(fund_events.DonorReturnReleased)),
    "more goes back to a donor than is free": Planted(Donors, lambda: _consents(fund_events.DonorReturnAsked)),
    "what arrived of a promise is expected still": Planted(
        Donors, lambda: mock.patch("funds.services.receivables.clear"), 2
    ),
    "accepted reports clear nothing": Planted(Partners, lambda: mock.patch.object(payments, "clear_advances")),
    "an ended grant keeps its money": Planted(
        Partners,
        lambda: _posting(CLOSING, lambda drafts: [one for one in drafts if not one.debit.code.startswith("2010")]),
    ),
    "unrestricted money is used first": Planted(
        Partners,
        lambda: mock.patch("grants.selectors.envelopes.fill", _unrestricted_first),
    ),
    "a key may come again with other content": Planted(
        Donors,
        lambda: mock.patch.object(ledger, "_same", lambda known, draft: known),
    ),
    "confirming is not one transaction": Planted(
        Donors,
        lambda: mock.patch.object(funds, "confirm_contribution", inspect.unwrap(funds.confirm_contribution)),
        4,
    ),
}
"""In Python: what a wrong line in a service would do."""

GUARDS: dict[str, Planted] = {
    "a closed month may be written": Planted(Donors, lambda: _without_trigger("ledger_transfer", "%period_open%")),
    "the totals of accounts are not kept": Planted(
        Donors, lambda: _without_trigger("ledger_transfer", "ledger_transfer_apply")
    ),
    "a reservation may end as another": Planted(Donors, lambda: _without_trigger("ledger_transfer", "%lawful%")),
}
"""In PostgreSQL: the owner of the tables took a trigger away."""
