"""Recomputes the books from their transfers."""

from collections.abc import Iterator

from audit import fsck
from ledger import selectors
from ledger.models import Account, PeriodState


@fsck.check
def guards_stand() -> Iterator[str]:
    """Every trigger of the books is there and switched on."""
    for name in selectors.missing_guards():
        yield f"ledger: the trigger {name} is missing or switched off"


@fsck.check
def totals_are_sums() -> Iterator[str]:
    """The totals kept on every account are the sums of its transfers."""
    accounts = list(Account.objects.order_by("code"))
    sums = selectors.summed(accounts)
    for account in accounts:
        for total in selectors.TOTALS:
            kept, summed = getattr(account, total), getattr(sums[account.pk], total)
            if kept != summed:
                yield f"account {account.code}: {total} is kept as {kept}, its transfers sum to {summed}"


@fsck.check
def books_balance() -> Iterator[str]:
    """Debits equal credits in every currency."""
    for trial in selectors.trial_balance():
        if not trial.balanced:
            yield f"trial balance {trial.currency}: debits {trial.debits}, credits {trial.credits}"


@fsck.check
def locked_months_stand() -> Iterator[str]:
    """The transfers of every locked month are those that it was locked with."""
    for period in selectors.periods():
        count, sha256 = selectors.month_sealed(period.month)
        if period.state != PeriodState.OPEN and (count, sha256) != (period.transfers, period.sha256):
            yield f"month {period}: locked with {period.transfers} transfers ({period.sha256}), has {count} ({sha256})"


def findings() -> list[str]:
    """What is wrong with the books; empty when they are whole."""
    return [
        finding for check in (guards_stand, totals_are_sums, books_balance, locked_months_stand) for finding in check()
    ]
