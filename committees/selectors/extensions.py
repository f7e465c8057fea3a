"""Long extensions that wait for members of the committee."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from committees.rules import facts
from committees.rules.extensions import (
    UNDECIDED,
    committee_of,
    latest_sitting,
    leads,
    left_to_agree,
    out_of,
    seat_for,
    seats_held,
)
from grants.fingerprints import revision_sha256
from grants.models import Grant, Revision, RevisionConsent
from grants.selectors.revisions import Round, rounds_of
from kernel import identity

_WITH = ("grant__organisation", "grant__application__organisation", "grant__call", "requested_by")


def _asked(user: Any) -> QuerySet[Revision]:
    mine = list(seats_held().filter(user=user).values_list("committee", flat=True))
    if not mine:
        return Revision.objects.none()
    theirs = Q(grant__call__panel__committee__in=mine)
    latest = latest_sitting()
    if latest is not None and latest.pk in mine:
        theirs |= ~Q(grant__call__panel__committee__in=seats_held().values("committee"))
    found = Revision.objects.filter(theirs, by_committee=True)
    return found.select_related(*_WITH).order_by("step_due", "pk")


@identity.system("committees.extensions")
def waiting_for(user: Any) -> list[Revision]:
    """Extensions to which the member may agree and the committee has not yet, the earliest due first."""
    said = RevisionConsent.objects.filter(revision=OuterRef("pk"), round=OuterRef("round"))
    found = _asked(user).filter(state__in=UNDECIDED).exclude(grant__application__recusals__seat__user=user)
    found = found.exclude(Exists(said.filter(member=user)))
    return list(found.exclude(Exists(said.filter(as_chair=True)), Exists(said.filter(as_chair=False))))


@identity.system("committees.extensions")
def asked_of(user: Any, pk: UUID) -> Revision | None:
    """The extension, for a member of the committee who is not recused from its application."""
    found = _asked(user).filter(pk=pk).first()
    seat = seat_for(user, found.grant) if found else None
    return None if found is None or seat is None or user.pk in out_of(found.grant, {user.pk}) else found


@identity.system("committees.extensions")
def budget_asked(revision: Revision) -> Round | None:
    """The budget before and after, as it is asked for now; None for an extension that leaves it."""
    return next(iter(rounds_of(revision)), None)


@identity.system("committees.extensions")
def agrees_as_chair(user: Any, grant: Grant) -> bool:
    """Whether the person would agree as the chair, or in the chair's place."""
    seat = seat_for(user, grant)
    return seat is not None and leads(seat, grant)


@identity.system("committees.extensions")
def digest(revision: Revision) -> str:
    """What exactly a member agrees to, as a hash."""
    return revision_sha256(revision)


@identity.system("committees.extensions")
def members_to_ask(revision: Revision) -> list[Any]:
    """The members who may agree, to be told of it."""
    committee = committee_of(revision.grant)
    seats = facts.membership(committee).voting if committee else ()
    left = left_to_agree(revision, {one.user_id for one in seats})
    return [one.user for one in seats if one.user_id in left]
