"""Recomputes what donors have signed and not paid."""

from collections.abc import Iterator

from audit import fsck
from funds import selectors
from funds.models import Pledge
from funds.services.receivables import INCOME, RECEIVABLE
from funds.states import RUNNING_PLEDGES
from ledger.models import Account
from ledger.selectors import balances


@fsck.check
def receivables_are_promises() -> Iterator[str]:
    """1110 and 4010 of a pledge are what is signed and has not arrived, nothing once the pledge has ended."""
    accounts = Account.objects.filter(code__startswith=f"{RECEIVABLE}/")
    incomes = {one.code: one for one in Account.objects.filter(code__startswith=f"{INCOME}/")}
    sums = balances([*accounts, *incomes.values()])
    pledges = {str(one.pk): one for one in Pledge.objects.all()}
    for account in accounts:
        key = account.code.removeprefix(f"{RECEIVABLE}/")
        made, income = pledges.get(key), incomes.get(f"{INCOME}/{key}")
        if made is None or income is None:
            yield f"account {account.code}: it belongs to no pledge"
            continue
        left = max(made.amount_minor - selectors.received_of(made).minor, 0) if made.state in RUNNING_PLEDGES else 0
        found = (sums[account.pk].available_minor, sums[income.pk].available_minor)
        if found != (left, left):
            yield f"pledge {key}: signed and not arrived is {left}, the books have {found[0]} and {found[1]}"
