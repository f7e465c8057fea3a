"""What of organisations waits for a person."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.selectors import has_role
from charter.models import CharterVersion
from charter.selectors import find_charter_in_force
from kernel.work import WorkItem, source
from organisations import capacity_pages, passport_pages, rules, selectors
from organisations.models import Improvement, Organisation
from organisations.selectors import bank_changes, capacity, screening
from organisations.states import OrganisationState, PersonRole

_S = OrganisationState
DUE_DILIGENCE = _("Organisations to check")
OWN = _("My organisation")
BANK = _("Bank accounts to verify")
BANK_CHANGES = _("Changes of bank details")
PASSPORT = _("Passport of due diligence")
CAPACITY = _("Capacity assessment")
SCREENING = _("Likenesses with lists of sanctions")
_OFFICE_STATES = {
    Role.PROGRAMME_OFFICER: {
        _S.DD_SUBMITTED: ("review", _("Check the papers")),
        _S.DD_CLEARED: ("assess", _("Assess the capacity")),
    },
    Role.FUND_MANAGER: {_S.ASSESSED: ("decide", _("Decide on eligibility"))},
}


@source
def organisations_to_judge(user: Any) -> Iterable[WorkItem]:
    """What the secretariat owes organisations, with the day that was promised."""
    acts = {
        state: act for role, states in _OFFICE_STATES.items() if has_role(user, role) for state, act in states.items()
    }
    if not acts:
        return
    charter = find_charter_in_force()
    for organisation in selectors.waiting(acts):
        name, words = acts[OrganisationState(organisation.state)]
        yield _item(organisation, name, words, DUE_DILIGENCE, charter)


def _item(organisation: Organisation, name: str, words: Any, kind: Any, charter: CharterVersion | None) -> WorkItem:
    return WorkItem(
        title=organisation.name,
        url=reverse(f"organisations:{name}", args=[organisation.pk]),
        kind=kind,
        due=selectors.due_on(organisation, charter=charter),
        detail=words,
    )


@source
def own_profile(user: Any) -> Iterable[WorkItem]:
    """A profile that waits for its signatory."""
    waiting = {
        _S.REGISTERED: _("Complete the profile and submit it"),
        _S.DD_RETURNED: _("The fund returned the profile: complete it"),
    }
    own = list(selectors.organisations_of(user, PersonRole.SIGNATORY).filter(state__in=list(waiting)))
    charter = find_charter_in_force() if own else None
    for organisation in own:
        yield _item(organisation, "detail", waiting[OrganisationState(organisation.state)], OWN, charter)


@source
def bank_accounts(user: Any) -> Iterable[WorkItem]:
    """Accounts that another person recorded."""
    if not has_role(user, Role.FINANCE_OFFICER):
        return
    for account in selectors.bank_accounts_to_verify().exclude(recorded_by=user):
        url = reverse("organisations:verify_bank_account", args=[account.organisation_id, account.pk])
        yield WorkItem(title=account.organisation.name, url=url, kind=BANK, detail=account.bank)


@source
def changes_of_bank_details(user: Any) -> Iterable[WorkItem]:
    """Changes to call back or to agree to, within the charter's days."""
    for change in bank_changes.changes_to_work_on(user):
        url = reverse("organisations:bank_change", args=[change.organisation_id, change.pk])
        title, said = change.organisation.name, change.get_state_display()
        yield WorkItem(title=title, url=url, kind=BANK_CHANGES, due=change.due, detail=said)


@source
def likenesses_to_judge(user: Any) -> Iterable[WorkItem]:
    """Names like one on a list of sanctions, until two people have judged."""
    for hit in screening.hits_to_judge(user):
        url = reverse("organisations:screening_hit", args=[hit.pk])
        yield WorkItem(title=hit.organisation.name_ar, url=url, kind=SCREENING, detail=hit.entry.reference)


@source
def passport_to_judge(user: Any) -> Iterable[WorkItem]:
    """Items that organisations gave anew after their first check."""
    if not has_role(user, Role.PROGRAMME_OFFICER):
        return
    for item in selectors.items_to_judge():
        url = reverse("organisations:judge_passport_item", args=[item.organisation_id, item.key])
        yield WorkItem(title=item.organisation.name, url=url, kind=PASSPORT)


@source
def own_passport(user: Any) -> Iterable[WorkItem]:
    """Items that were returned, or that end soon or have ended."""
    if not rules.memberships_of(user):
        return
    charter = find_charter_in_force()
    if charter is None:
        return
    day = timezone.localdate() + timedelta(days=max(charter.rules.passport.remind_days))
    for item, name, returned in passport_pages.ending(user, day):
        url = reverse("organisations:passport_item", args=[item.organisation_id, item.key])
        until = item.valid_until
        yield WorkItem(
            title=name,
            url=url,
            kind=PASSPORT,
            due=None if until is None else timezone.make_aware(datetime.combine(until, time.max)),
            detail=_("The fund returned this: give it anew") if returned else _("It ends: give it anew"),
        )


@source
def own_capacity(user: Any) -> Iterable[WorkItem]:
    """A questionnaire without an answer while the fund assesses, and points of the improvement plan."""
    if not rules.memberships_of(user):
        return
    for organisation in capacity.own_unanswered(user):
        url = reverse("organisations:capacity", args=[organisation.pk])
        yield WorkItem(
            title=organisation.name, url=url, kind=CAPACITY, detail=_("Say how it is with you: the assessor reads it")
        )
    for point in capacity.own_improvements(user):
        yield WorkItem(
            title=capacity_pages.point_words(point),
            url=reverse("organisations:show_improvement", args=[point.organisation_id, point.pk]),
            kind=CAPACITY,
            due=timezone.make_aware(datetime.combine(point.due_on, time.max)),
        )


@source
def capacity_to_judge(user: Any) -> Iterable[WorkItem]:
    """Points that were done, others' assessments, contests: each for who may judge it."""
    for one in capacity.to_judge(user):
        name = "judge_improvement" if isinstance(one, Improvement) else f"{_READING[one.state]}_outside_assessment"
        url = reverse(f"organisations:{name}", args=[one.organisation_id, one.pk])
        yield WorkItem(title=one.organisation.name, url=url, kind=CAPACITY, detail=str(one))
    for contest in capacity.contests_to_decide(user):
        url = reverse("organisations:decide_contest", args=[contest.organisation_id])
        yield WorkItem(title=contest.organisation.name, url=url, kind=CAPACITY, detail=_("A contest to decide"))
    if not has_role(user, Role.FUND_MANAGER):
        return
    for organisation in capacity.with_performance():
        if rules.may_change_tier(organisation, actor=user):
            url = reverse("organisations:change_tier", args=[organisation.pk])
            detail = _("The tier follows the performance")
            yield WorkItem(title=organisation.name, url=url, kind=CAPACITY, detail=detail)


_READING = {"given": "read", "read": "judge"}
