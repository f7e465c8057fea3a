"""Faults that somebody might build into the services of money, and guards that somebody might take away; the machine finds each."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple
from unittest import mock
from uuid import uuid4

from django.db import connection, transaction

from audit import rules
from disbursements import events as money_events
from disbursements import voucher_events
from disbursements.selectors import paid_by_source
from disbursements.services import closing, payments, vouchers
from funds import events as fund_events
from funds import services as funds
from funds.models import Contribution
from funds.restrictions import RELIGIOUS, Filling, Restriction, fill
from grants import events as grant_events
from grants.selectors.religious import justified_minor
from kernel.permissions import Allowed
from ledger import services as ledger
from ledger.models import TransferKind
from organisations import bank_events
from organisations.services import bank_changes
from tests.money.cash import Cash
from tests.money.donors import Donors
from tests.money.machine import Ground
from tests.money.narrow import Asked, Changing, Cut, Ended, Extended, Large, Lost, Paid
from tests.money.partners import Partners
from tests.money.payees import Payees
from tests.money.religious import Religious
from tests.money.revising import Revising

Fault = Callable[[], Any]


class Planted(NamedTuple):
    """A fault, the part of the fund it hides in, and the few acts that lead there: any sequence of them finds it soon."""

    among: type[Ground]
    acts: str
    """Their names; acts that are added elsewhere do not lead astray."""
    fault: Fault
    thorough: bool = False
    """Whether what ``manage.py fsck`` asks at the end of a run finds it, and nothing before."""


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


def _unrestricted_first(minor: int, use: Any, sources: Any, *, most: Any = None) -> Filling:
    free = [one for one in sources if one.terms.free and one.available_minor >= minor]
    return fill(minor, use, free or sources, most=most)


def _a_cent_less(grant: Any, minor: int) -> Any:
    (*parts, (funding, last)) = _whole(grant, minor)
    return [*parts, (funding, last - 1)]


_whole = payments._parts


def _every_line(application: Any, minor: int) -> dict[Restriction, int]:
    return dict.fromkeys(RELIGIOUS, minor)


def _uncut(application: Any, minor: int) -> dict[Restriction, int]:
    return justified_minor(application, max(application.requested_minor, minor))


def _at_once(**span: int) -> timedelta:
    """No hours of a pause; days are as long as ever."""
    return timedelta(**{name: 0 if name == "hours" else count for name, count in span.items()})


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
        "give",
        lambda: _posting("funds.services", lambda drafts: [*drafts, *(replace(one, key=uuid4()) for one in drafts)]),
    ),
    "what comes back is not released": Planted(
        Paid,
        "pay_or_fail",
        lambda: _posting(PAYMENTS, lambda drafts: [one for one in drafts if one.kind != TransferKind.VOID]),
    ),
    "what arrives is not settled": Planted(
        Paid,
        "pay_or_fail",
        lambda: _posting(PAYMENTS, lambda drafts: [one for one in drafts if one.kind != TransferKind.SETTLE]),
    ),
    "a refund goes to the source that was used first": Planted(
        Partners,
        "give_back",
        lambda: mock.patch.object(closing, "paid_by_source", lambda grant: paid_by_source(grant)[::-1]),
    ),
    "a cent of a payment is lost": Planted(
        Paid, "pay_or_fail", lambda: mock.patch.object(payments, "_parts", _a_cent_less)
    ),
    "a provider's commission is paid from zakat": Planted(
        Paid, "pay_or_fail", lambda: mock.patch("disbursements.services.channels.filling_of", _from_zakat)
    ),
    "an exchange loss is borne by zakat": Planted(
        Lost, "lose", lambda: mock.patch("disbursements.services.conversions.filling_of", _from_zakat)
    ),
    "who prepares a payment may release it": Planted(Paid, "pay_or_fail", lambda: _consents(money_events.PaymentSent)),
    "a payment goes out without the third approval": Planted(
        Large, "pay", lambda: _consents(money_events.PaymentPrepared)
    ),
    "who records money may confirm it": Planted(Donors, "give", lambda: _consents(fund_events.ContributionConfirmed)),
    "who asks for a return may release it": Planted(
        Donors, "go_back", lambda: _consents(fund_events.DonorReturnReleased)
    ),
    "more goes back to a donor than is free": Planted(
        Donors, "go_back", lambda: _consents(fund_events.DonorReturnAsked)
    ),
    "what arrived of a promise is expected still": Planted(
        Donors, "promise give", lambda: mock.patch("funds.services.receivables.clear")
    ),
    "accepted reports clear nothing": Planted(
        Partners, "pay report", lambda: mock.patch.object(payments, "clear_advances")
    ),
    "an ended grant keeps its money": Planted(
        Ended,
        "end_or_pay",
        lambda: _posting(CLOSING, lambda drafts: [one for one in drafts if not one.debit.code.startswith("2010")]),
    ),
    "unrestricted money is used first": Planted(
        Partners,
        "agree",
        lambda: mock.patch("grants.selectors.envelopes.fill", _unrestricted_first),
    ),
    "a key may come again with other content": Planted(
        Donors,
        "give again",
        lambda: mock.patch.object(ledger, "_same", lambda known, draft: known),
    ),
    "confirming is not one transaction": Planted(
        Donors,
        "give crash",
        lambda: mock.patch.object(funds, "confirm_contribution", inspect.unwrap(funds.confirm_contribution)),
    ),
    "zakat pays lines that nobody agreed to": Planted(
        Religious, "agree", lambda: mock.patch("grants.selectors.envelopes.justified_minor", _every_line)
    ),
    "an award that is cut holds all of its justified lines": Planted(
        Cut, "cut", lambda: mock.patch("grants.selectors.envelopes.justified_minor", _uncut)
    ),
    "who justifies a line may agree to it": Planted(
        Religious, "religion", lambda: _consents(grant_events.BasisApproved)
    ),
    "zakat pays costs that reach nobody": Planted(Religious, "religion", lambda: _consents(grant_events.BasisProposed)),
    "the clock of zakat forgets what grants are owed": Planted(
        Religious, "religion", lambda: mock.patch("disbursements.selectors.zakat._owed", return_value=[])
    ),
    "a waqf's statement forgets its grants": Planted(
        Religious, "religion", lambda: mock.patch("disbursements.selectors.waqf.fundings_of", return_value={})
    ),
    "new bank details are used at once": Planted(
        Payees, "bank_details", lambda: mock.patch.object(bank_changes, "timedelta", _at_once)
    ),
    "money may go to details in their pause": Planted(
        Changing,
        "change_or_pay",
        lambda: mock.patch("disbursements.rules.tranches.is_payable", return_value=Allowed()),
    ),
    "money may go to details that are being changed": Planted(
        Asked,
        "ask_or_pay",
        lambda: mock.patch("disbursements.rules.tranches.is_not_being_changed", return_value=Allowed()),
    ),
    "who called back may agree": Planted(Payees, "bank_details", lambda: _consents(bank_events.BankChangeAgreed)),
    "what is kept for an extension is not given back": Planted(
        Extended, "extend", lambda: mock.patch("grants.services.cost_extensions.funding.release", return_value=[])
    ),
    "more is added than the charter allows": Planted(
        Revising, "revise", lambda: mock.patch("grants.selectors.extensions.most_to_add", return_value=10**12)
    ),
    "an extension is paid from zakat": Planted(
        Revising, "revise", lambda: mock.patch("grants.selectors.envelopes.funds.filling_of", _from_zakat)
    ),
    "more is given without the committee": Planted(
        Extended, "extend", lambda: mock.patch("grants.rules.extensions.committee_agreed", return_value=Allowed())
    ),
    "any code is right": Planted(
        Cash, "cash", lambda: mock.patch.object(vouchers, "check_password", return_value=True)
    ),
    "a voucher may be shown too late": Planted(Cash, "cash", lambda: _consents(voucher_events.VoucherRedeemed)),
    "an earlier voucher stays valid": Planted(Cash, "cash", lambda: mock.patch.object(vouchers, "end_vouchers")),
    "a voucher outlives its payment": Planted(
        Cash, "cash pay", lambda: mock.patch("disbursements.reactions.end_vouchers")
    ),
    "a bank transfer has a voucher": Planted(Cash, "cash", lambda: _consents(voucher_events.VoucherIssued)),
}
"""In Python: what a wrong line in a service would do."""

GUARDS: dict[str, Planted] = {
    "a closed month may be written": Planted(
        Donors, "months", lambda: _without_trigger("ledger_transfer", "%period_open%")
    ),
    "the totals of accounts are not kept": Planted(
        Donors, "give", lambda: _without_trigger("ledger_transfer", "ledger_transfer_apply")
    ),
    "the capital of a waqf may leave": Planted(
        Religious, "religion", lambda: _without_trigger("ledger_transfer", "funds_lawful_use")
    ),
    "a reservation may end as another": Planted(
        Donors, "again set_aside", lambda: _without_trigger("ledger_transfer", "%lawful%"), thorough=True
    ),
}
"""In PostgreSQL: the owner of the tables took a trigger away."""
