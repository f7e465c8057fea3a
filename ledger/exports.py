"""The books as files for spreadsheets."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from kernel.money import Money
from kernel.spreadsheets import table_file
from ledger.models import Transfer
from ledger.selectors import TrialBalance, TrialRow


def _amount(money: Money) -> str:
    return str(money.amount)


def transfers_file(kind: str, transfers: QuerySet[Transfer]) -> FileResponse:
    """The transfers of a list, one a row; ``kind`` is one of `kernel.spreadsheets.FORMATS`, here and below."""
    header = [
        _("When"), _("Debit account"), _("Debit code"), _("Credit account"), _("Credit code"), _("Kind"), _("Amount"),
        _("Currency"), _("Why"), _("Proof"),
    ]  # fmt: skip
    rows = (_transfer_row(one) for one in transfers.iterator())
    return table_file(kind, "transfers", header, rows, right_to_left=get_language_bidi())


def _transfer_row(one: Transfer) -> list[Any]:
    return [
        one.posted_at.isoformat(timespec="seconds"),
        one.debit.title,
        one.debit.code,
        one.credit.title,
        one.credit.code,
        one.get_kind_display(),
        _amount(Money(one.amount_minor, one.currency)),
        one.currency,
        one.why,
        bytes(one.leaf.leaf_hash).hex(),
    ]


def trial_balance_file(kind: str, trials: Iterable[TrialBalance]) -> FileResponse:
    """Every account with its balance, of every currency."""
    header = [_("Account"), _("Code"), _("Currency"), _("Debit"), _("Credit"), _("Reserved"), _("Free")]
    rows = (_trial_row(row) for trial in trials for row in trial.rows)
    return table_file(kind, "trial-balance", header, rows, right_to_left=get_language_bidi())


def _trial_row(row: TrialRow) -> list[Any]:
    account, balance = row.account, row.balance
    figures = (row.debit, row.credit, balance.reserved, balance.available)
    return [account.title, account.code, account.currency, *map(_amount, figures)]
