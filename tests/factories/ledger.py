"""Accounts and transfers for tests, made by the real services."""

import itertools
import uuid
from typing import Any

from accounts.events import StaffSessionClosed
from accounts.models import User
from audit import log
from audit.models import Leaf
from ledger.models import Account, Transfer
from ledger.services import TransferDraft, open_account, post

_numbers = itertools.count(1)


def a_leaf() -> Leaf:
    """A leaf of some act, for transfers whose cause does not matter."""
    number = next(_numbers)
    person = User.objects.create_user(f"cause{number}@people.example", full_name="سبب تجريبي")
    return log.append(person, StaffSessionClosed(), actor=person)


def bank(code: str = "1010/USD", currency: str = "USD") -> Account:
    """The fund's bank account; it cannot be overdrawn."""
    return open_account(code, currency=currency, purpose="Bank", credits_within_debits=True)


def source(code: str | None = None, currency: str = "USD") -> Account:
    """A restricted account of the credit side."""
    return open_account(
        code or f"3020/TEST-{next(_numbers)}", currency=currency, purpose="Restricted", debits_within_credits=True
    )


def moved(minor: int, *, debit: Account, credit: Account, leaf: Leaf | None = None, **fields: Any) -> Transfer:
    """One posted transfer."""
    draft = TransferDraft(
        key=fields.pop("key", None) or uuid.uuid4(), debit=debit, credit=credit, minor=minor, reason="test", **fields
    )
    return post([draft], leaf=leaf or a_leaf())[0]


def funded(minor: int, **fields: Any) -> Account:
    """A restricted account that holds ``minor``."""
    account = source(**fields)
    moved(minor, debit=bank(f"1010/{account.currency}", account.currency), credit=account)
    return account
