"""What an invitation says, and the worker that sends it."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Invitation
from accounts.roles import Role
from accounts.rules import OFFICE
from accounts.services.invitations import MAIL, token_of
from accounts.states import InvitationState
from audit import outbox
from kernel import mail

Offer = Callable[[Invitation], Any]
_offers: dict[str, Offer] = {}


def offer(purpose: str) -> Callable[[Offer], Offer]:
    """Register ``fn(invitation)``: what invitations of ``purpose`` offer, as a short phrase in the active language."""

    def decorate(fn: Offer) -> Offer:
        if _offers.setdefault(purpose, fn) is not fn:
            raise ValueError(f"invitations for {purpose!r} are worded twice")
        return fn

    return decorate


def offered(invitation: Invitation) -> str:
    """What ``invitation`` offers, in words; `LookupError` for a purpose that no app words."""
    try:
        return str(_offers[invitation.purpose](invitation))
    except KeyError:
        raise LookupError(f"no wording for invitations of purpose {invitation.purpose!r}") from None


@offer(OFFICE)
def office(invitation: Invitation) -> str:
    """The name of the office."""
    return str(Role(invitation.details["role"]).label)


def invitation_letter(invitation: Invitation) -> mail.Letter:
    """The letter in the active language."""
    what = offered(invitation)
    body = _(
        "Dear %(name)s,\n\n%(inviter)s invites you: %(what)s.\n\nOpen the link to accept. It works once, for you "
        "alone, and only for some days. If you did not expect this letter, delete it: nothing happens without you."
    ) % {"name": invitation.full_name, "inviter": invitation.invited_by.full_name, "what": what}
    return mail.Letter(
        subject=_("Invitation: %(what)s") % {"what": what},
        body=body,
        path=reverse("accounts:invitation", args=[token_of(invitation)]),
        action=_("Accept the invitation"),
    )


@outbox.handler(MAIL)
def send_invitation(payload: dict[str, Any]) -> None:
    """Send the letter while the invitation still waits."""
    invitation = Invitation.objects.select_related("invited_by").get(pk=payload["invitation"])
    if invitation.state != InvitationState.SENT:
        return
    mail.send(
        lambda: invitation_letter(invitation),
        to=invitation.email,
        language=invitation.language,
        message_id=f"invitation.{invitation.pk}",
    )
