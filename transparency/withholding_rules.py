"""Who may have something withheld from the public, and who has to consent before it is told."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for
from grants.models import Grant
from kernel.permissions import Allowed, Denied, PermissionResult
from organisations.rules import is_person_of, memberships_of
from organisations.states import PersonRole
from transparency import events
from transparency.models import NameConsent, Withholding
from transparency.states import Ground

SECRETARIAT = (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)
SECRETARIAT_GROUNDS = (Ground.OFFICER, Ground.COMMITTEE)
"""What the secretariat may name as the ground; people of the organisation speak for themselves."""
READERS = (*SECRETARIAT, Role.AUDITOR)


def visible_withholdings(user: Any) -> Q:
    """Those of the own organisations' grants; the secretariat and auditors read all."""
    return Q() if may_hold(user, *READERS) else Q(grant__organisation__in=list(memberships_of(user)))


def oversees(user: Any) -> bool:
    """Whether the navigation offers the list to ``user``."""
    return bool(user.is_authenticated and may_hold(user, *READERS))


def is_secretariat(user: Any) -> bool:
    """Whether the person holds an office of the secretariat."""
    return bool(user.is_authenticated and may_hold(user, *SECRETARIAT))


def signs_for(withholding: Withholding, user: Any) -> PermissionResult:
    """Whether the person speaks for the organisation whose grant it is."""
    if withholding.grant is None:
        return Denied(_("Only the secretariat decides what is withheld for a whole call."))
    return is_person_of(user, withholding.grant.organisation, PersonRole.SIGNATORY)


def may_ask(grant: Grant, user: Any, ground: str) -> PermissionResult:
    """People of the organisation ask for their own safety; the secretariat for what it sees, or a committee decided."""
    if ground == Ground.PARTNER:
        return is_person_of(user, grant.organisation)
    return may_hold(user, *SECRETARIAT)


@rule_for(events.WithholdingBegun)
def may_withhold(withholding: Withholding, *, actor: Any, event: Any) -> PermissionResult:
    """Whoever asks in their own name; the system only for what the call or the charter says."""
    if actor is None:
        inherited = withholding.ground in (Ground.CALL, Ground.CHARTER)
        return Allowed() if inherited else Denied(_("A person asks for this."))
    if withholding.ground in (Ground.CALL, Ground.CHARTER):
        return Denied(_("This ground is recorded when an agreement is countersigned."))
    if withholding.grant is not None:
        return may_ask(withholding.grant, actor, withholding.ground)
    if withholding.ground == Ground.PARTNER:
        return Denied(_("An organisation asks for its own grant, not for a call."))
    return may_hold(actor, *SECRETARIAT)


@rule_for(events.WithholdingReviewed)
def may_review(withholding: Withholding, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat looks at it again."""
    return may_hold(actor, *SECRETARIAT)


@rule_for(events.LiftProposed)
def may_propose_lift(withholding: Withholding, *, actor: Any, event: Any) -> PermissionResult:
    """Either side may think that it can be told."""
    return signs_for(withholding, actor) or may_hold(actor, *SECRETARIAT)


@rule_for(events.LiftDeclined, events.WithholdingLifted)
def may_answer_lift(withholding: Withholding, *, actor: Any, event: Any) -> PermissionResult:
    """The other side answers: nothing is told without the organisation's consent, nor without the secretariat's.

    What a whole call withholds from later grants is lifted by a second person of the secretariat.
    """
    proposer = withholding.lift_proposed_by
    if withholding.grant is not None and not signs_for(withholding, proposer):
        return signs_for(withholding, actor)
    if actor == proposer:
        return Denied(_("Somebody else has to agree."))
    return may_hold(actor, *SECRETARIAT)


@rule_for(events.NameConsentGiven, events.NameConsentRenewed, events.NameConsentTakenBack)
def may_consent(consent: NameConsent, *, actor: Any, event: Any) -> PermissionResult:
    """Whoever signs for the organisation, of a grant that both sides have signed; nobody speaks in its place."""
    if consent.grant.countersigned_at is None:
        return Denied(_("This can be said once both sides have signed the agreement."))
    return is_person_of(actor, consent.grant.organisation, PersonRole.SIGNATORY)
