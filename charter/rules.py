"""Who may write, propose and vote on the charter, and keep networks and holidays."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import in_staff_session, may_hold
from audit.rules import rule_for, system_only
from charter import events
from charter.models import NetworkRepresentative, Ratification, Remark
from charter.states import CharterState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of

WRITERS = (Role.FUND_MANAGER, Role.ADMINISTRATOR)
"""Offices that draft, propose and take back a version; adopting it is the networks' right alone."""


def voting_on(day: date) -> Q:
    """Networks that have a vote on ``day``."""
    return Q(joined_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day))


def mandated_on(day: date) -> Q:
    """Mandates by which a person votes for a network on ``day``; the last day still counts."""
    current = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    network = Q(network__joined_on__lte=day) & (Q(network__left_on__isnull=True) | Q(network__left_on__gt=day))
    return current & network


@rule_for(events.CharterDrafted, events.CharterRevised, events.CharterProposed)
def may_write(_version: Any, *, actor: Any, event: Any) -> PermissionResult:
    """The fund manager and administrators write and propose; they do not adopt."""
    return may_hold(actor, *WRITERS)


@rule_for(events.CharterWithdrawn)
def may_withdraw(_version: Any, *, actor: Any, event: Any) -> PermissionResult:
    """Who may write; the system when the consent that is needed can no longer be reached."""
    return Allowed() if actor is None else may_hold(actor, *WRITERS)


rule_for(events.CharterRatified, events.CharterSuperseded)(system_only)


@rule_for(events.CharterVoteCast)
def may_vote(ratification: Ratification, *, actor: Any, event: Any) -> PermissionResult:
    """A current representative of a network with a vote, on the version before the networks, once for each network."""
    if ratification.version.state != CharterState.PROPOSED:
        return Denied(_("This version is not before the networks."))
    if actor is None or not actor.is_active or not represents(actor, ratification.network_id):
        return Denied(_("Only a current representative of this network votes for it."))
    if not (independent := _independent(actor)):
        return independent
    if Ratification.objects.filter(version=ratification.version_id, network=ratification.network_id).exists():
        return Denied(_("This network has already voted on this version."))
    return Allowed()


DISCUSSED = (CharterState.PROPOSED, CharterState.RATIFIED)
"""States in which a version is spoken on: while the networks vote on it, and while it binds."""


@rule_for(events.CharterDiscussed)
def may_discuss(remark: Remark, *, actor: Any, event: Any) -> PermissionResult:
    """Current representatives for their network, and those who write the charter for the fund; all others read."""
    if remark.version.state not in DISCUSSED:
        return Denied(_("This version is neither before the networks nor in force: speak on the one that is."))
    if actor is None or not actor.is_active:
        return Denied(_("Only a current representative of this network speaks for it."))
    if remark.network_id is None:
        return may_hold(actor, *WRITERS)
    if not represents(actor, remark.network_id):
        return Denied(_("Only a current representative of this network speaks for it."))
    return Allowed()


def represents(user: Any, network_id: Any) -> bool:
    """Whether ``user`` votes for the network today."""
    mandates = NetworkRepresentative.objects.filter(mandated_on(timezone.localdate()), user=user, network=network_id)
    return bool(mandates.exists())


@rule_for(
    events.NetworkJoined,
    events.NetworkLeft,
    events.MandateEnded,
    events.HolidayAdded,
    events.HolidayRemoved,
)
def may_administer(_subject: Any, *, actor: Any, event: Any) -> PermissionResult:
    """Administrators in a staff session."""
    return in_staff_session(actor)


@rule_for(events.MandateGiven)
def may_give_mandate(mandate: NetworkRepresentative, *, actor: Any, event: Any) -> PermissionResult:
    """Administrators in a staff session; never to themselves, nor to those who write the charter, and once."""
    return all_of(in_staff_session(actor), _independent(mandate.user), _not_given_yet(mandate))


def _not_given_yet(mandate: NetworkRepresentative) -> PermissionResult:
    """A person votes once for a network, so a second mandate beside the first would only confuse."""
    others = NetworkRepresentative.objects.filter(user=mandate.user_id, network=mandate.network_id)
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=mandate.starts_on)
    if others.exclude(pk=mandate.pk).filter(still).exists():
        return Denied(_("This person has a mandate of this network for that day already."))
    return Allowed()


def _independent(user: Any) -> PermissionResult:
    if may_hold(user, *WRITERS):
        return Denied(_("People who write the charter for the fund do not adopt it for a network."))
    return Allowed()
