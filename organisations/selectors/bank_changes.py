"""Reading changes of bank details: who may, who answered, what waits for whom."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import has_role
from organisations import rules
from organisations.models import BankAccount, BankChange, BankChangeAgreement, Organisation, Person
from organisations.rules.bank import OPEN_CHANGES
from organisations.states import BankAccountState, BankChangeState

_WITH = (
    "organisation__data_key", "account__data_key", "account__organisation", "account__recorded_by", "replaces__data_key",
    "data_key", "requested_by", "called_by", "spoke_with", "leaf",
)  # fmt: skip


def changes_visible_to(user: Any) -> QuerySet[BankChange]:
    """Changes that ``user`` may read."""
    return BankChange.objects.filter(rules.bank_changes_seen_by(user)).select_related(*_WITH)


def open_changes_of(organisation: Organisation) -> QuerySet[BankChange]:
    """Changes of the organisation that have not ended."""
    found = organisation.bank_changes.filter(state__in=OPEN_CHANGES).select_related(*_WITH)
    return found.order_by("moved_at")


def replaceable(organisation: Organisation) -> QuerySet[BankAccount]:
    """Accounts in use whose place another may take."""
    found = organisation.bank_accounts.filter(state=BankAccountState.VERIFIED, data_key__wrapped__isnull=False)
    return found.select_related("data_key").order_by("-usable_from")


def asks_for_changes(organisation: Organisation) -> bool:
    """Whether a further account of the organisation would be a change."""
    return rules.is_later(BankAccount(organisation=organisation))


def who_may_have_answered(change: BankChange) -> QuerySet[User]:
    """Of the organisation's people, whom the officer may have spoken with."""
    people = Person.objects.filter(rules.may_have_answered(change))
    return User.objects.filter(pk__in=people.values("user")).order_by("full_name")


def agreements_of(change: BankChange) -> QuerySet[BankChangeAgreement]:
    """Who agreed, in their order."""
    return change.agreements.select_related("agreed_by").order_by("recorded_at")


def changes_to_work_on(user: Any) -> list[BankChange]:
    """Changes that wait for ``user``: to be called back, or to be agreed to."""
    if not has_role(user, Role.FINANCE_OFFICER, Role.FUND_MANAGER):
        return []
    waiting = changes_visible_to(user).filter(state__in=OPEN_CHANGES).order_by("due")
    return [one for one in waiting if waits_for(one, user)]


def waits_for(change: BankChange, user: Any) -> bool:
    """Whether the next step of the change is this person's."""
    if change.state == BankChangeState.REQUESTED:
        return bool(rules.may_call_back(change, actor=user))
    return bool(rules.may_agree(BankChangeAgreement(change=change), actor=user))
