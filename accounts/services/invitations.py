"""Invitations: a signed link that works once, until it expires, for one address."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts import events
from accounts.models import Invitation, User
from accounts.roles import Role
from accounts.rules import OFFICE
from accounts.states import InvitationState
from audit import lifecycle, outbox
from kernel.database import lock_rows
from kernel.texts import clean_line

SALT = "accounts.invitation"
MAIL = "accounts.invitation_mail"


@transaction.atomic
def invite(
    email: str,
    full_name: str,
    purpose: str,
    *,
    actor: User,
    target_id: UUID | None = None,
    details: dict[str, Any] | None = None,
    language: str = "ar",
    reason: str = "",
) -> Invitation:
    """Send an invitation for ``purpose`` (its rule: `accounts.rules.invitation_rule`) to ``email``.

    An earlier one to the same address for the same membership is withdrawn. Raises `Refused`.
    """
    address = email.strip().lower()
    earlier = Invitation.objects.filter(
        email=address, purpose=purpose, target_id=target_id, state=InvitationState.SENT
    ).order_by("pk")
    for invitation in earlier:
        withdraw(invitation, actor=actor)
    invitation = Invitation(
        email=address,
        full_name=clean_line(full_name),
        language=language,
        purpose=purpose,
        target_id=target_id,
        details=details or {},
        invited_by=actor,
        expires_at=timezone.now() + timedelta(days=settings.INVITATION_DAYS),
    )
    lifecycle.create(invitation, events.InvitationSent(purpose=purpose), actor=actor, reason=reason)
    outbox.put(MAIL, {"invitation": str(invitation.pk)}, dedupe_key=str(invitation.pk))
    return invitation


def invite_to_office(*, email: str, full_name: str, role: str, language: str, reason: str, actor: User) -> Invitation:
    """Invite a person to an office of the fund. Raises `Refused` outside a staff session."""
    details = {"role": str(Role(role))}
    return invite(email, full_name, OFFICE, actor=actor, details=details, language=language, reason=reason)


def withdraw(invitation: Invitation, *, actor: User, reason: str = "") -> Invitation:
    """Take an invitation back: its link no longer works."""
    return lifecycle.move(
        invitation, events.InvitationWithdrawn(purpose=invitation.purpose), actor=actor, reason=reason
    )


def accept(invitation: Invitation, *, actor: User) -> Invitation:
    """The invited person accepts; the app of the purpose makes the membership in the same transaction.

    Raises `IllegalMove` when it was used or withdrawn, `Refused` for another address or after its end.
    """
    event = events.InvitationAccepted(purpose=invitation.purpose)
    return lifecycle.move(invitation, event, actor=actor, changes={"accepted_by": actor})


@transaction.atomic
def register_invited(invitation: Invitation, *, full_name: str, password: str | None, language: str) -> User:
    """Make the account of an invited person (the link proves the address) and accept the invitation with it.

    Without ``password`` the person goes on to enrol a passkey. Raises `IllegalMove` when the link was used meanwhile.
    """
    (locked,) = lock_rows(Invitation.objects.filter(pk=invitation.pk))
    if locked.state != InvitationState.SENT:
        raise lifecycle.IllegalMove(locked, events.InvitationAccepted(purpose=locked.purpose))
    user = User.objects.create_user(invitation.email, password, full_name=clean_line(full_name), language=language)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    accept(invitation, actor=user)
    return user


def token_of(invitation: Invitation) -> str:
    """The signed part of the invitation's link."""
    return signing.Signer(salt=SALT).sign(str(invitation.pk))


def invitation_of(token: str) -> Invitation | None:
    """The invitation of a link, whatever its state; None for a link that was not made here."""
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("invited_by").filter(pk=key).first()
