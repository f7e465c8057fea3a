"""Being of an organisation: a role with dates; and who sees organisations at all."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.selectors import has_role
from kernel.permissions import Allowed, Denied, PermissionResult
from kernel.prepared import Prepared
from kernel.terms import runs_on
from organisations.models import Organisation, Person
from organisations.states import PersonRole

READERS: Final = (
    Role.PROGRAMME_OFFICER,
    Role.FINANCE_OFFICER,
    Role.FUND_MANAGER,
    Role.BOARD_MEMBER,
    Role.AUDITOR,
)
"""Offices that see every organisation."""
OFFICERS: Final = (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER)
"""Offices of the secretariat, which judge organisations and therefore belong to none."""
ACTING: Final = (PersonRole.PREPARER, PersonRole.SIGNATORY)


def people_today() -> Q:
    """Roles that are held today."""
    return runs_on(timezone.localdate())


_MEMBERSHIPS: Final = Prepared(
    lambda day, user: Person.objects.filter(runs_on(day), user=user).values_list("organisation_id", "role"),
    day=date,
    user=UUID,
)


def memberships_of(user: Any) -> dict[UUID, str]:
    """The role of ``user`` by organisation today: one query, kept on the instance (which lives for one request)."""
    if user is None or not user.is_authenticated or not user.is_active:
        return {}
    cached: dict[UUID, str] | None = user.__dict__.get("_organisations")
    if cached is None:
        cached = dict(_MEMBERSHIPS.ask(day=timezone.localdate(), user=user.pk))
        user.__dict__["_organisations"] = cached
    return cached


def forget_memberships(user: Any) -> None:
    """Let the next question about the organisations of ``user`` ask the database again."""
    user.__dict__.pop("_organisations", None)


def person_role(user: Any, organisation: Organisation | UUID) -> str:
    """The role of ``user`` in ``organisation`` (or the one with that key) today, or nothing."""
    key = organisation if isinstance(organisation, UUID) else organisation.pk
    return memberships_of(user).get(key, "")


def is_of(user: Any) -> Q:
    """Organisations of which ``user`` is a person today."""
    return Q(pk__in=list(memberships_of(user)))


def seen_by(user: Any) -> Q:
    """Organisations that ``user`` may see: all for the offices of `READERS`, else the own ones."""
    return Q() if has_role(user, *READERS) else is_of(user)


def is_person_of(user: Any, organisation: Organisation | UUID, *roles: str) -> PermissionResult:
    """Whether ``user`` holds one of ``roles`` (default: any) in ``organisation``, or the one with that key, today."""
    held = person_role(user, organisation)
    if not held:
        return Denied(_("Only people of the organisation may do this."))
    if roles and held not in roles:
        return Denied(_("Only an authorised signatory of the organisation may do this. Ask yours."))
    return Allowed()


def insiders_of(organisation: UUID, users: Collection[UUID]) -> set[UUID]:
    """Who of ``users`` ever belonged to the organisation."""
    return set(Person.objects.filter(organisation=organisation, user__in=users).values_list("user", flat=True))


def is_outsider(user: Any, organisation: Organisation) -> PermissionResult:
    """Whether ``user`` never belonged to ``organisation``: officers do not judge their own."""
    if Person.objects.filter(organisation=organisation, user=user).exists():
        return Denied(_("You belong or belonged to this organisation: a colleague does this."))
    return Allowed()
