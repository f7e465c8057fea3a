"""People of an organisation: invited by a signatory, joined when they accept, ended by date."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Invitation, User
from audit import lifecycle
from kernel.permissions import require
from organisations import events
from organisations.models import Organisation, Person
from organisations.rules.people import forget_memberships
from organisations.rules.profile import PURPOSE, keeps_a_signatory


@transaction.atomic
def add_person(organisation: Organisation, user: Any, role: str) -> Person:
    """Make ``user`` a person of the organisation from today; an open role of theirs is replaced.

    Raises `Refused` where the organisation would lose its only signatory.
    """
    require(keeps_a_signatory(organisation, user, role))
    for held in Person.objects.filter(organisation=organisation, user=user, ends_on__isnull=True):
        _end(held, actor=None)
    person = Person.objects.create(organisation=organisation, user=user, role=role, starts_on=timezone.localdate())
    # Its reactions read the row, so it comes after it; PostgreSQL looks for it at the end of the transaction.
    lifecycle.note(person, events.PersonAdded(person=user.pk, role=role), actor=None)
    forget_memberships(user)
    return person


def _end(person: Person, *, actor: User | None, reason: str = "") -> None:
    event = events.PersonRemoved(person=person.user_id, role=person.role)
    lifecycle.note(person, event, actor=actor, reason=reason)
    person.ends_on = timezone.localdate()
    person.save(update_fields=["ends_on"])
    forget_memberships(person.user)


def invite_person(
    organisation: Organisation, *, email: str, full_name: str, role: str, actor: User, language: str = "ar"
) -> Invitation:
    """Send a letter that offers ``role`` in the organisation; raises `Refused` unless ``actor`` is a signatory."""
    return accounts.invite(
        email,
        full_name,
        PURPOSE,
        actor=actor,
        target_id=organisation.pk,
        details={"role": role, "organisation": organisation.name_ar},
        language=language,
    )


def withdraw_invitation(invitation: Invitation, *, actor: User) -> Invitation:
    """Take an invitation back; raises `Refused` unless ``actor`` is a signatory."""
    return accounts.withdraw(invitation, actor=actor)


def add_invited_person(invitation: Invitation, *, user: User) -> Person:
    """The membership that an accepted invitation offered."""
    if invitation.target_id is None:
        raise ValueError("an invitation to an organisation names it")
    organisation = Organisation.objects.get(pk=invitation.target_id)
    return add_person(organisation, user, invitation.details["role"])


@transaction.atomic
def remove_person(person: Person, *, actor: User, reason: str = "") -> Person:
    """End a person's role today, once; raises `Refused` for the only signatory."""
    Organisation.objects.select_for_update(no_key=True).get(pk=person.organisation_id)
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    _end(locked, actor=actor, reason=reason)
    forget_memberships(person.user)
    return locked
