"""What stands behind figures of grants: transfers, or the tranches, payments and reports that a figure is made of."""

# public: figures of grants, for partners
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disbursements import books
from disbursements.models import DisbursementRequest, Payment, PaymentProvider, Refund, Tranche
from disbursements.plans import plan_shown
from disbursements.selectors.budget_figures import change_words, counted
from disbursements.selectors.tranches import payments_summed, reservations, schedule_of, tranches_summed
from disbursements.states import PaymentState, RefundState, TrancheState
from funds.selectors import contributions_visible_to
from grants.models import Grant, GrantFunding, Report, ReportLine
from grants.rules.reports import before
from grants.selectors.grants import lines_of, reports_of, spending_of
from grants.selectors.signed import additions_to
from grants.states import ReportState
from kernel.money import Money
from kernel.pieces.words import day_in_words
from ledger.figures import DEBIT, Behind, Made, Piece, Veil, Veils, adding_up, behind_account, listed, made_of, posted
from ledger.models import Account, Transfer, TransferKind

AMOUNT, SIGNED, RECEIVED, SPENT, UNSPENT = "amount", "signed", "received", "spent", "unspent"
REFUND_UNSPENT, REFUND_REFUSED, REFUND_OWED = "not-spent", "not-accepted", "to-give-back"
COMMITTED, PAID = "committed", "paid"
REFUND_FIGURES: Final = (REFUND_UNSPENT, REFUND_REFUSED, REFUND_OWED)
GRANT_FIGURES: Final = (AMOUNT, SIGNED, RECEIVED, SPENT, UNSPENT, *REFUND_FIGURES)
SOURCE_FIGURES: Final = (COMMITTED, PAID)
BUDGET, BEFORE, PERIOD, TOGETHER, LEFT = "budget", "before", "period", "together", "left"
REPORT_FIGURES: Final = (BUDGET, BEFORE, PERIOD, TOGETHER, LEFT)
MOVED: Final = "moved"
EVERY: Final = "all"
"""In place of a budget category: all of them."""


def link_to(name: str, *args: Any) -> str:
    """The address of a page of this app."""
    return reverse(f"disbursements:{name}", args=args)


def _day(day: date) -> str:
    return day_in_words(day, language=get_language() or "ar")


def _rest(whole: Money, pieces: Iterable[Piece], words: str) -> Iterator[Piece]:
    """The pieces, and what of the whole they do not make up."""
    left = whole
    for one in pieces:
        left -= one.money
        yield one
    if left:
        yield Piece(words, left)


# Grants -----------------------------------------------------------------------------------------------------------


def behind_grant(grant: Grant, name: str) -> Behind | Made:
    """One of `GRANT_FIGURES` of a grant."""
    made = {
        AMOUNT: _tranches_of, SIGNED: _signed_of, SPENT: _spent_of, UNSPENT: _unspent_of, REFUND_UNSPENT: _not_spent,
        REFUND_REFUSED: _not_accepted,
    }  # fmt: skip
    if name == RECEIVED:
        return behind_received(grant)
    if name == REFUND_OWED:
        return _to_give_back(grant)
    return made_of(made[name](grant), grant.currency)


def behind_received(grant: Grant, *, until: Any = None) -> Behind:
    """What the partner confirmed to have received, as the memo of what it holds has it."""
    said = books.HELD_AFTER_PAYMENT(payment="").key
    found = Transfer.objects.filter(debit__code=f"1210/{grant.reference}", reason=said)
    return posted(found if until is None else found.filter(posted_at__lte=until), grant.currency)


def _tranches_of(grant: Grant) -> Iterator[Piece]:
    whole, tranches = Money(grant.amount_minor, grant.currency), list(schedule_of(grant))
    planned = [of_tranche(one) for one in tranches]
    if not tranches:
        planned = [
            Piece(_number(one.number), Money(one.amount_minor, grant.currency), "", _day(one.due_on))
            for one in plan_shown(grant)
        ]
    return _rest(whole, planned, _("In no tranche"))


def _signed_of(grant: Grant) -> Iterator[Piece]:
    """What the agreement says: today's amount without what extensions added; without any, its tranches."""
    extensions = list(additions_to(grant))
    if not extensions:
        yield from _tranches_of(grant)
        return
    whole = Money(grant.amount_minor, grant.currency)
    yield Piece(_("Amount"), whole, link_to("grant_figure", grant.pk, AMOUNT))
    for one in extensions:
        yield Piece(change_words(one), -Money(one.added_minor, grant.currency), behind_extension(one.pk, one.round))


def behind_extension(revision: UUID, number: int) -> str:
    """Where what an extension adds opens, as its round ``number`` asks for it."""
    return link_to("revision_figure", revision, number, MOVED, EVERY)


def _number(number: int) -> str:
    return _("Tranche %(number)s") % {"number": number}


def of_tranche(one: Tranche, *, grant: str = "") -> Piece:
    """A tranche, which opens into its payments; under its grant's reference where it stands beside others."""
    label = f"{grant} · {one.number}" if grant else _number(one.number)
    hint = f"{one.get_state_display()} · {_day(one.due_on)}"
    return Piece(label, Money(one.amount_minor, one.currency), link_to("tranche_figure", one.pk), hint)


def behind_tranche(tranche: Tranche) -> Made:
    """A promise: the payments that were made of it, and what is not paid."""
    whole = Money(tranche.amount_minor, tranche.currency)
    made = [of_payment(one) for one in tranche.payments.exclude(state=PaymentState.FAILED).order_by("pk")]
    words = _("Cancelled: not paid") if tranche.state == TrancheState.CANCELLED else _("Not paid yet")
    return made_of(_rest(whole, made, words), tranche.currency)


def of_payment(one: Payment) -> Piece:
    """A payment, which opens into its transfers."""
    money = Money(one.amount_minor, one.currency)
    return Piece(one.key, money, link_to("payment_figure", one.pk), one.get_state_display())


def behind_payment(payment: Payment) -> Behind:
    """The transfers of a payment, one for each source: what is reserved, then what was settled."""
    kept = reservations(payment)
    if payment.state == PaymentState.CONFIRMED:
        return posted(Transfer.objects.filter(kind=TransferKind.SETTLE, pending__in=kept), payment.currency)
    return posted(Transfer.objects.filter(pk__in=[one.pk for one in kept]), payment.currency)


def _spent_of(grant: Grant, until: Any = None) -> Iterator[Piece]:
    accepted = reports_of(grant).filter(state=ReportState.ACCEPTED)
    for one in accepted if until is None else accepted.filter(moved_at__lte=until):
        yield of_report(one, grant.currency)


def of_report(one: Report, currency: str) -> Piece:
    """What a report says was spent, which opens into its budget categories."""
    url = link_to("report_figure", one.pk, PERIOD, EVERY)
    hint = f"{_day(one.period_start)} – {_day(one.period_end)}"
    return Piece(f"{one.label}. {one.get_kind_display()}", Money(one.spent_minor, currency), url, hint)


def _unspent_of(grant: Grant) -> Iterator[Piece]:
    received = behind_received(grant).total
    spent = made_of(_spent_of(grant), grant.currency).total
    whole = received - spent
    pieces = [
        Piece(_("Received so far"), received, link_to("grant_figure", grant.pk, RECEIVED)),
        Piece(_("Spent, by accepted reports"), -spent, link_to("grant_figure", grant.pk, SPENT)),
    ]
    return _rest(max(whole, Money(0, grant.currency)), pieces, _("Spent before it was received"))


def behind_source(funding: GrantFunding, name: str) -> Behind:
    """What was committed of a source of the grant, or paid from it."""
    settled = Transfer.objects.filter(kind=TransferKind.SETTLE)
    found = settled.filter(credit=funding.account) if name == COMMITTED else settled.filter(debit=funding.account)
    return posted(found, funding.account.currency)


# Lists ------------------------------------------------------------------------------------------------------------


def behind_grants(found: QuerySet[Grant], currency: str) -> Made | None:
    """The sum of a list of grants in a currency; None, here and below, where the list has nothing in it."""
    return listed(found, currency, _of_grant)


def _of_grant(one: Grant) -> Piece:
    money = Money(one.amount_minor, one.currency)
    return Piece(one.reference, money, link_to("grant_figure", one.pk, AMOUNT), one.get_state_display())


def behind_tranches(found: QuerySet[Tranche], currency: str) -> Made | None:
    """The sum of a list of tranches, without what is cancelled."""
    return listed(tranches_summed(found), currency, lambda one: of_tranche(one, grant=one.grant.reference))


def behind_payments(found: QuerySet[Payment], currency: str) -> Made | None:
    """The sum of a list of payments, without what came back."""
    return listed(payments_summed(found), currency, of_payment)


# Refunds ----------------------------------------------------------------------------------------------------------


def _refund(grant: Grant) -> Refund:
    return Refund.objects.get(grant=grant)


def _not_spent(grant: Grant) -> Iterator[Piece]:
    return _rest(Money(_refund(grant).unspent_minor, grant.currency), _unspent_of(grant), _("Rounded"))


def _not_accepted(grant: Grant) -> Iterator[Piece]:
    """What of the reported spending the fund does not bear, as it was recorded with the refund."""
    spent = made_of(_spent_of(grant), grant.currency).total
    yield Piece(_("Spent, by accepted reports"), spent, link_to("grant_figure", grant.pk, SPENT))
    if accepted := spent - Money(_refund(grant).disallowed_minor, grant.currency):
        yield Piece(_("Of it borne by the fund"), -accepted)


def _to_give_back(grant: Grant) -> Behind | Made:
    """What the partner owes; once it came back, the transfers that returned it to its sources."""
    refund = _refund(grant)
    if refund.state == RefundState.SETTLED:
        said = books.REFUND(grant="").key
        return posted(Transfer.objects.filter(leaf=refund.leaf, reason=said), grant.currency)
    unspent, disallowed = (Money(one, grant.currency) for one in (refund.unspent_minor, refund.disallowed_minor))
    pieces = [
        Piece(_("Not spent"), unspent, link_to("grant_figure", grant.pk, REFUND_UNSPENT)),
        Piece(_("Not accepted"), disallowed, link_to("grant_figure", grant.pk, REFUND_REFUSED)),
    ]
    return made_of(_rest(Money(refund.amount_minor, grant.currency), pieces, _("Rounded")), grant.currency)


# Reports and requests ---------------------------------------------------------------------------------------------


def behind_report(report: Report, name: str, category: str) -> Made | None:
    """One of `REPORT_FIGURES` of a budget category or of all; None where the report has no such category."""
    rows = spending_of(report).rows
    if category != EVERY:
        rows = [row for row in rows if row.line.category == category]
    if not rows:
        return None
    return made_of(_of_report(report, name, category, rows), report.grant.currency)


def _of_report(report: Report, name: str, category: str, rows: Sequence[Any]) -> Iterator[Piece]:
    currency = report.grant.currency

    def part(which: str, words: str, minor: int, sign: int = 1) -> Piece:
        return Piece(words, Money(sign * minor, currency), link_to("report_figure", report.pk, which, category))

    if name == BUDGET and category != EVERY:
        for row in rows:
            yield from counted(report.grant, category, Money(row.line.budget_minor, currency))
    elif name in {BUDGET, PERIOD}:
        for row in rows:
            minor = row.line.budget_minor if name == BUDGET else row.line.spent_minor
            url = link_to("report_figure", report.pk, BUDGET, row.line.category) if name == BUDGET else ""
            yield Piece(row.label, Money(minor, currency), url)
    elif name == BEFORE:
        yield from _earlier(report, category)
    elif name == TOGETHER:
        yield part(BEFORE, _("Before"), sum(row.before_minor for row in rows))
        yield part(PERIOD, _("This period"), sum(row.line.spent_minor for row in rows))
    else:
        yield part(BUDGET, _("Budget"), sum(row.line.budget_minor for row in rows))
        yield part(TOGETHER, _("Together"), sum(row.total_minor for row in rows), -1)


def _earlier(report: Report, category: str) -> Iterator[Piece]:
    found = reports_of(report.grant).filter(before(report), state=ReportState.ACCEPTED).prefetch_related("lines")
    for one in found:
        lines: list[ReportLine] = [line for line in lines_of(one) if category in {EVERY, line.category}]
        money = Money(sum(line.spent_minor for line in lines), report.grant.currency)
        yield Piece(f"{one.label}. {one.get_kind_display()}", money, link_to("report_figure", one.pk, PERIOD, category))


def behind_request(asked: DisbursementRequest, name: str) -> Behind | Made:
    """What the partner had received, or had spent by accepted reports, when it asked."""
    grant = asked.tranche.grant
    if name == RECEIVED:
        return behind_received(grant, until=asked.recorded_at)
    return made_of(_spent_of(grant, until=asked.recorded_at), grant.currency)


# Providers, and who reads what ------------------------------------------------------------------------------------


def behind_held(provider: PaymentProvider) -> Behind:
    """What a provider holds of the fund's money."""
    account = Account.objects.filter(code=f"1050/{provider.pk}").first()
    return adding_up([], provider.currency) if account is None else behind_account(account, DEBIT)


def veils_for(user: Any, grant: Grant) -> Veils:
    """To whom donors are not shown, transfers of a grant name no contribution."""
    funding = list(grant.funding.select_related("envelope__contribution"))
    seen: set[UUID] = set(contributions_visible_to(user).values_list("pk", flat=True)) if funding else set()
    hidden = {
        row.envelope.contribution.reference: _("a donor of the fund")
        for row in funding
        if row.envelope.contribution_id not in seen
    }

    def veiled(transfers: Sequence[Transfer]) -> dict[int, Veil]:
        if not hidden:
            return {}
        return {one.pk: Veil(hidden, _facts_of(one)) for one in transfers}

    return veiled


def _facts_of(one: Transfer) -> frozenset[str]:
    return frozenset({*one.facts, *one.debit.facts, *one.credit.facts})
