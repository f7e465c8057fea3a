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
from organisations import passport_pages, rules, selectors
from organisations.models import Organisation
from organisations.selectors import screening
from organisations.states import OrganisationState, PersonRole

_S = OrganisationState
DUE_DILIGENCE = _("Organisations to check")
OWN = _("My organisation")
BANK = _("Bank accounts to verify")
PASSPORT = _("Passport of due diligence")
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
