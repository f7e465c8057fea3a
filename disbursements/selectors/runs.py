"""Reading the fund's accounts and the files that order payments from the bank."""

import hashlib
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.rules import offices_of
from disbursements.models import FundAccount, Payment, PaymentRun, PaymentRunLine
from disbursements.selectors.tranches import payments_listed
from disbursements.states import Channel, PaymentState, RunState
from organisations.rules import BANK_READERS


def sees_runs(user: Any) -> bool:
    """Whether ``user`` may see files for the bank: they hold bank details."""
    return bool(offices_of(user).intersection(BANK_READERS))


def visible_runs(user: Any) -> QuerySet[PaymentRun]:
    """The files that a person may see."""
    return PaymentRun.objects.all() if sees_runs(user) else PaymentRun.objects.none()


def runs_listed(user: Any, *, state: str = "", text: str = "") -> QuerySet[PaymentRun]:
    """Visible files, narrowed, the latest first, with what lists show."""
    found = visible_runs(user).select_related("account", "maker", "checker")
    if state:
        found = found.filter(state=state)
    if words := text.strip():
        found = found.filter(reference__icontains=words)
    return found.order_by("-moved_at", "pk")


def run_page(user: Any) -> QuerySet[PaymentRun]:
    """Visible files with what a file's page shows; five queries."""
    lines = PaymentRunLine.objects.select_related(
        "payment", "payment__tranche", "payment__tranche__grant", "payment__tranche__grant__organisation"
    ).prefetch_related("payment__bank_account")
    return (
        visible_runs(user)
        .select_related("account", "maker", "checker")
        .prefetch_related(Prefetch("lines", queryset=lines.order_by("position")))
    )


def runs_to_release(user: Any) -> QuerySet[PaymentRun]:
    """Prepared files that ``user`` did not prepare."""
    return runs_listed(user, state=RunState.PREPARED).exclude(maker=user)


def payments_to_order(user: Any, *, currency: str = "") -> QuerySet[Payment]:
    """Prepared payments that stand in no live file."""
    live = PaymentRunLine.objects.exclude(run__state=RunState.DISCARDED).values("payment")
    found = (
        payments_listed(user, state=PaymentState.PREPARED)
        .filter(channel=Channel.BANK)
        .exclude(pk__in=live)
        .prefetch_related("bank_account")
    )
    return found.filter(currency=currency) if currency else found


def fund_accounts() -> list[FundAccount]:
    """The fund's accounts in force: the latest details of each number and currency, one query."""
    found: dict[tuple[str, str], FundAccount] = {}
    for account in FundAccount.objects.select_related("recorded_by").order_by("-recorded_at", "pk"):
        found.setdefault((account.number, account.currency), account)
    return sorted(found.values(), key=lambda one: (one.currency, one.bank))


def run_of(payment: Payment) -> PaymentRun | None:
    """The live file that orders the payment."""
    return PaymentRun.objects.filter(lines__payment=payment).exclude(state=RunState.DISCARDED).first()


class FileChanged(RuntimeError):
    """The stored file is not the one that was recorded."""


def file_bytes(run: PaymentRun) -> bytes:
    """The file as it was prepared, for ever the same; raises `FileChanged` when the store holds other bytes."""
    with run.file.open("rb") as stored:
        content: bytes = stored.read()
    if hashlib.sha256(content).hexdigest() != run.sha256:
        raise FileChanged(run.reference)
    return content
