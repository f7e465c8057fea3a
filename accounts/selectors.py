"""Reading people, offices, invitations and staff sessions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import rules
from accounts.models import Appointment, Invitation, StaffSession, User
from accounts.roles import Role
from accounts.states import InvitationState, StaffSessionState


def has_role(user: Any, *roles: str) -> bool:
    """Whether ``user`` holds one of the offices ``roles`` today; one query for each request."""
    return bool(rules.offices_of(user).intersection(roles))


def is_officer(user: Any) -> bool:
    """Whether ``user`` holds any office of the fund today."""
    return bool(rules.offices_of(user))


def roles_of(user: Any) -> list[Role]:
    """The offices that ``user`` holds today, in the order of `Role`."""
    held = rules.offices_of(user)
    return [role for role in Role if role in held]


def users_with_role(role: str) -> QuerySet[User]:
    """Active people who hold the office ``role`` today, by name."""
    held = Appointment.objects.filter(rules.held_on(timezone.localdate()), role=role).values("user")
    return User.objects.filter(is_active=True, pk__in=held).order_by("full_name", "pk")


def open_staff_session(user: Any) -> StaffSession | None:
    """The staff session that ``user`` has open now."""
    if not user.is_authenticated:
        return None
    return StaffSession.objects.filter(rules.open_at(timezone.now()), user=user).first()


def recent_staff_sessions(user: User) -> QuerySet[StaffSession]:
    """The last ten staff sessions of ``user``, the newest first."""
    return StaffSession.objects.filter(user=user).order_by("-expires_at", "pk")[:10]


def staff_sessions_past_their_end() -> QuerySet[StaffSession]:
    """Sessions that are still recorded as open although their time is over."""
    return StaffSession.objects.filter(state=StaffSessionState.OPEN, expires_at__lte=timezone.now()).order_by(
        "expires_at"
    )


def appointments_visible_to(user: Any) -> QuerySet[Appointment]:
    """Officers of the fund see who holds and held which office; others see their own."""
    appointments = Appointment.objects.select_related("user", "made_by").order_by("role", "-starts_on", "pk")
    if not user.is_authenticated:
        return appointments.none()
    return appointments if rules.offices_of(user) else appointments.filter(user=user)


@dataclass(frozen=True, slots=True)
class Office:
    """One office with those who hold it today and those who held it before or will."""

    role: Role
    holders: list[Appointment]
    others: list[Appointment]


def offices_with_holders(user: Any) -> list[Office]:
    """Every office, in the order of `Role`, with the appointments that ``user`` may see; one query."""
    today = timezone.localdate()
    seen = list(appointments_visible_to(user))
    return [
        Office(
            role=role,
            holders=[one for one in seen if one.role == role and one.holds_on(today)],
            others=[one for one in seen if one.role == role and not one.holds_on(today)],
        )
        for role in Role
    ]


def appointments_of(user: User) -> QuerySet[Appointment]:
    """The offices that ``user`` holds and held, the newest first."""
    return Appointment.objects.filter(user=user).order_by("-starts_on", "pk")


def invitations_visible_to(user: Any) -> QuerySet[Invitation]:
    """Administrators see invitations to offices; everyone sees those that they sent."""
    if not user.is_authenticated:
        return Invitation.objects.none()
    seen = Q(invited_by=user)
    if has_role(user, Role.ADMINISTRATOR):
        seen |= Q(purpose=rules.OFFICE)
    return Invitation.objects.filter(seen).select_related("invited_by", "accepted_by").order_by("-expires_at", "pk")


def waiting_invitations(purpose: str, target_id: Any) -> QuerySet[Invitation]:
    """Invitations of ``purpose`` for one target that are neither answered, withdrawn nor expired."""
    return Invitation.objects.filter(
        purpose=purpose, target_id=target_id, state=InvitationState.SENT, expires_at__gt=timezone.now()
    ).order_by("-expires_at", "pk")


def people_visible_to(user: Any) -> QuerySet[User]:
    """Administrators see every account; others only their own."""
    if not user.is_authenticated:
        return User.objects.none()
    people = User.objects.order_by("full_name", "pk")
    return people if has_role(user, Role.ADMINISTRATOR) else people.filter(pk=user.pk)


def find_people(user: Any, words: str) -> QuerySet[User]:
    """Accounts that ``user`` may see whose name or address contains ``words``."""
    people = people_visible_to(user)
    words = words.replace("\x00", "").strip()
    return people.filter(Q(full_name__icontains=words) | Q(email__icontains=words)) if words else people


def person_with_address(email: str) -> User | None:
    """The account of an e-mail address, whatever the case of its letters."""
    return User.objects.filter(email=email.strip().lower()).first()
