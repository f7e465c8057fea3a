"""Items of the passport: who gives them, who judges them, and which ones the check waits for."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from accounts.selectors import has_role
from audit.rules import rule_for
from charter.schema import PassportItemRules
from charter.selectors import find_charter_in_force
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import events
from organisations.models import Organisation, PassportAnswer, PassportItem
from organisations.rules.people import ACTING, is_outsider, is_person_of, person_role
from organisations.states import OrganisationState, PassportState, RegistrationState

PASSPORT_READERS: Final = (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)
"""Offices that read what organisations gave; the board does not."""
_UNREGISTERED: Final = frozenset({RegistrationState.UNREGISTERED, RegistrationState.IN_PROCESS})
_CHECKED: Final = frozenset({OrganisationState.DD_SUBMITTED})


def asked_of(organisation: Organisation) -> Mapping[str, PassportItemRules]:
    """The items that the charter in force asks of ``organisation``, by key; none before the first charter."""
    charter = find_charter_in_force()
    if charter is None:
        return {}
    group = "unregistered" if organisation.registration_state in _UNREGISTERED else "registered"
    return {key: one for key, one in charter.rules.passport.items.items() if one.asked_of in {"all", group}}


def may_see_passport(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """People of the organisation, the secretariat and auditors."""
    if has_role(actor, *PASSPORT_READERS) or person_role(actor, organisation):
        return Allowed()
    return Denied(_("The passport is for people of the organisation and for who checks it."))


def in_date(item: PassportItem) -> bool:
    """Whether an item holds today: accepted and not past its end, or waived."""
    if item.state == PassportState.ACCEPTED:
        return item.valid_until is None or item.valid_until >= timezone.localdate()
    return item.state == PassportState.WAIVED


def _open(organisation: Organisation, settled: frozenset[str]) -> list[str]:
    """Names of required items that are in no state of ``settled``; an accepted one that ended counts as open."""
    asked = asked_of(organisation)
    if not asked:
        return []
    items = {one.key: one for one in organisation.passport_items.all()}
    return [
        rules.name.in_language(get_language() or "ar")
        for key, rules in asked.items()
        if rules.required and not _is_settled(items.get(key), settled)
    ]


def _is_settled(item: PassportItem | None, settled: frozenset[str]) -> bool:
    return item is not None and (in_date(item) or item.state in settled)


def missing_items(organisation: Organisation) -> list[str]:
    """Names of required items that were not given, or were returned."""
    return _open(organisation, frozenset({PassportState.SUBMITTED}))


def items_are_judged(organisation: Organisation) -> PermissionResult:
    """Whether every required item is accepted or waived: only then the check may end well."""
    waiting = _open(organisation, frozenset())
    if waiting:
        names = "، ".join(waiting) if get_language() == "ar" else ", ".join(waiting)
        return Denied(
            format_lazy(_("These items of the passport are neither accepted nor waived: {names}."), names=names)
        )
    return Allowed()


def may_give_item(item: PassportItem, *, actor: Any) -> PermissionResult:
    """People of the organisation; while the fund checks, only what it returned."""
    if item.organisation.state in _CHECKED and item.state not in {PassportState.RETURNED, PassportState.WANTED}:
        return Denied(_("The fund is checking the profile now: it can be changed again after the answer."))
    if item.key not in asked_of(item.organisation):
        return Denied(_("The charter does not ask this of the organisation."))
    return is_person_of(actor, item.organisation, *ACTING)


@rule_for(events.PassportItemAsked)
def may_begin_item(item: PassportItem, *, actor: Any, event: Any = None) -> PermissionResult:
    """Who gives it, or who waives it."""
    gives = may_give_item(item, actor=actor)
    return gives or may_judge_item(item, actor=actor)


@rule_for(events.PassportItemAnswered)
def may_answer_item(answer: PassportAnswer, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_give_item`."""
    return may_give_item(answer.item, actor=actor)


@rule_for(events.PassportItemSubmitted)
def may_submit_item(item: PassportItem, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_give_item`."""
    return may_give_item(item, actor=actor)


@rule_for(events.PassportItemAccepted, events.PassportItemReturned)
def may_settle_item(item: PassportItem, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers from outside, about exactly what they read."""
    if event is not None and event.answer != item.current_id:
        return Denied(_("The organisation gave this anew while you read it. Look at it again."))
    return may_judge_item(item, actor=actor)


@rule_for(events.PassportItemWaived)
def may_judge_item(item: PassportItem, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers who do not belong to the organisation."""
    officer = may_hold(actor, Role.PROGRAMME_OFFICER)
    return all_of(officer, is_outsider(actor, item.organisation)) if officer else officer
