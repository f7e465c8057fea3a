"""Links between organisations: who records them, ends them and reads them. The committees' conflicts are computed from them."""

from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from accounts.selectors import has_role
from audit.rules import rule_for
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import events
from organisations.models import Organisation, Partnership
from organisations.rules.people import is_outsider, is_person_of, memberships_of
from organisations.states import PersonRole

PARTNERSHIP_READERS: Final = (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)
"""Offices that read every link; of others each organisation reads its own."""


def partnerships_seen_by(user: Any) -> Q:
    """Links that ``user`` may read: all for the offices above, else those of the own organisations on either side."""
    if has_role(user, *PARTNERSHIP_READERS):
        return Q()
    own = list(memberships_of(user))
    return Q(organisation__in=own) | Q(partner__in=own)


def may_see_partnerships(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """Its people, the secretariat and auditors."""
    if has_role(actor, *PARTNERSHIP_READERS):
        return Allowed()
    return is_person_of(actor, organisation)


def may_keep_partnerships(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """A signatory of the organisation, or a programme officer who never belonged to it."""
    if is_person_of(actor, organisation, PersonRole.SIGNATORY):
        return Allowed()
    return all_of(may_hold(actor, Role.PROGRAMME_OFFICER), is_outsider(actor, organisation))


@rule_for(events.PartnershipRecorded)
def may_record_partnership(partnership: Partnership, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_keep_partnerships`; the system, where a profile names a fiscal host."""
    if actor is None:
        return Allowed()
    return may_keep_partnerships(partnership.organisation, actor=actor)


@rule_for(events.PartnershipEnded)
def may_end_partnership(partnership: Partnership, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_record_partnership`, once: what was is never taken back, it only ends."""
    if partnership.ends_on is not None:
        return Denied(_("This link has ended already."))
    return may_record_partnership(partnership, actor=actor)
