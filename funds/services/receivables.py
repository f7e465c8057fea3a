"""What donors have signed and not paid, in the books (chart of accounts §5.5: 1110 and 4010).

Recognised at signature, cleared as money arrives, reversed when it will not arrive. Money that arrived stands in the source
account of its contribution, so 1110 and 4010 of a pledge are always equal: what is signed and has not arrived. A pledge
that is not signed is in no account.
"""

import uuid
from collections.abc import Callable

from audit.models import Leaf
from funds import books
from funds.models import Pledge
from ledger.models import Account
from ledger.selectors import available_minor
from ledger.services import TransferDraft, open_account, post
from ledger.wording import Said

RECEIVABLE, INCOME = "1110", "4010"


def code_of(pledge: Pledge) -> str:
    """The name of a pledge in the books."""
    return str(pledge.pk)[:8].upper()


def _accounts(pledge: Pledge) -> tuple[Account, Account]:
    receivable = open_account(
        f"{RECEIVABLE}/{pledge.pk}",
        currency=pledge.currency,
        purpose=books.RECEIVABLE(pledge=code_of(pledge)),
        credits_within_debits=True,
    )
    income = open_account(
        f"{INCOME}/{pledge.pk}",
        currency=pledge.currency,
        purpose=books.SIGNED_INCOME(pledge=code_of(pledge)),
        debits_within_credits=True,
    )
    return receivable, income


def outstanding_minor(pledge: Pledge) -> int:
    """What the books say is signed and has not arrived."""
    account = Account.objects.filter(code=f"{RECEIVABLE}/{pledge.pk}").first()
    return 0 if account is None else available_minor(account)


def recognise(pledge: Pledge, minor: int) -> None:
    """Enter ``minor`` of a pledge that has just been signed."""
    if minor > 0:
        receivable, income = _accounts(pledge)
        key = uuid.uuid5(pledge.pk, "signed")
        post([TransferDraft(key, receivable, income, minor, books.SIGNED(pledge=code_of(pledge)))], leaf=pledge.leaf)


def clear(pledge: Pledge, minor: int, *, leaf: Leaf, why: Callable[..., Said]) -> None:
    """Take ``minor`` out of what is signed and has not arrived, never more than is left; once for each leaf."""
    part = min(minor, outstanding_minor(pledge))
    if part > 0:
        receivable, income = _accounts(pledge)
        key = uuid.uuid5(pledge.pk, f"clear:{leaf.pk}")
        post([TransferDraft(key, income, receivable, part, why(pledge=code_of(pledge)))], leaf=leaf)
