"""Who registers an organisation and writes its profile, people and proofs."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from accounts.rules import invitation_rule
from accounts.selectors import has_role
from audit.rules import rule_for
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import events
from organisations.models import Organisation, Person, RegistrationProof
from organisations.rules.people import ACTING, OFFICERS, is_person_of, people_today
from organisations.states import OrganisationState, PersonRole

PURPOSE: Final = "organisations.person"
"""Purpose of an invitation that offers a role in an organisation (``target_id``, ``details["role"]``)."""
CHECKED_STATES: Final = frozenset(
    {OrganisationState.DD_SUBMITTED, OrganisationState.DD_CLEARED, OrganisationState.ASSESSED}
)
"""While the fund checks, what it checks stays as it is."""
IDENTITY_FIELDS: Final = frozenset(
    {
        "name_ar", "name_latin", "type", "registration_state", "registration_number", "fiscal_host", "founded_year",
        "women_led", "youth_led", "displaced_led", "disability_led",
    }
)  # fmt: skip
"""What the fund has checked: after the decision it changes through a new check only."""


def _not_while_checked(organisation: Organisation) -> PermissionResult:
    if organisation.state in CHECKED_STATES:
        return Denied(_("The fund is checking the profile now: it can be changed again after the answer."))
    return Allowed()


def locked_fields(organisation: Organisation) -> frozenset[str]:
    """Fields of the profile that cannot be changed in the present state."""
    if organisation.state in {OrganisationState.ELIGIBLE, OrganisationState.SUSPENDED}:
        return IDENTITY_FIELDS
    return frozenset()


@rule_for(events.OrganisationRegistered)
def may_register(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """Any signed-in person but officers of the secretariat, who judge organisations."""
    if actor is None or not actor.is_active:
        return Denied(_("Sign in to register an organisation."))
    if has_role(actor, *OFFICERS):
        return Denied(_("Officers of the secretariat check organisations and therefore register none."))
    return Allowed()


@rule_for(events.OrganisationProfileChanged)
def may_change_profile(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """People of the organisation, while the fund does not check it; checked fields stay after the decision."""
    locked = locked_fields(organisation)
    if event is not None and locked.intersection(event.after):
        return Denied(
            _("The fund has checked the name, type and registration: ask the secretariat to open them again.")
        )
    return all_of(is_person_of(actor, organisation, *ACTING), _not_while_checked(organisation))


@rule_for(events.ProofAdded)
def may_add_proof(proof: RegistrationProof, *, actor: Any, event: Any = None) -> PermissionResult:
    """People of the organisation, while the fund does not check it."""
    return all_of(is_person_of(actor, proof.organisation, *ACTING), _not_while_checked(proof.organisation))


def may_invite_person(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """Signatories, for both roles."""
    return is_person_of(actor, organisation, PersonRole.SIGNATORY)


@invitation_rule(PURPOSE)
def may_send_invitation(invitation: Invitation, *, actor: Any) -> PermissionResult:
    """Signatories of the organisation that the invitation is for."""
    target = invitation.target_id
    organisation = Organisation.objects.filter(pk=target).first() if target is not None else None
    if organisation is None:
        return Denied(_("This organisation does not exist."))
    return may_invite_person(organisation, actor=actor)


@rule_for(events.PersonAdded)
def may_add_person(person: Person, *, actor: Any, event: Any) -> PermissionResult:
    """The system alone: at registration, and when an invitation is accepted."""
    if actor is None:
        return Allowed()
    return Denied(_("People join by an invitation that they accept."))


@rule_for(events.PersonRemoved)
def may_remove_person(person: Person, *, actor: Any, event: Any) -> PermissionResult:
    """Signatories, anybody; preparers, themselves; once. One signatory always stays.

    The system ends a role where the same person takes another one: `keeps_a_signatory` was asked before.
    """
    if person.ends_on is not None:
        return Denied(_("This role has ended already."))
    if actor is None:
        return Allowed()
    own = event.person == actor.pk
    allowed = is_person_of(actor, person.organisation, *(ACTING if own else (PersonRole.SIGNATORY,)))
    if event.role == PersonRole.SIGNATORY and not _others_sign(person.organisation, event.person):
        return all_of(allowed, Denied(_("This is the only authorised signatory: invite another one first.")))
    return allowed


def keeps_a_signatory(organisation: Organisation, user: Any, role: str) -> PermissionResult:
    """Whether the organisation still has a signatory after ``user`` takes on ``role`` in place of the present one."""
    signs = Person.objects.filter(
        people_today(), organisation=organisation, role=PersonRole.SIGNATORY, user=user
    ).exists()
    if role == PersonRole.SIGNATORY or not signs or _others_sign(organisation, user.pk):
        return Allowed()
    return Denied(
        _("You are the only authorised signatory of the organisation: invite another one before you change your role.")
    )


def _others_sign(organisation: Organisation, person_id: Any) -> bool:
    signatories = Person.objects.filter(
        people_today(), organisation=organisation, role=PersonRole.SIGNATORY, user__is_active=True
    )
    return signatories.exclude(user_id=person_id).exists()
