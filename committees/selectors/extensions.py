"""Long extensions that wait for members of the committee that awarded the grant."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from committees.models import Panel, Seat
from committees.rules import facts
from committees.rules.extensions import UNDECIDED, chairs, may_agree_now, seat_for, stands_back
from grants.fingerprints import revision_sha256
from grants.models import Grant, Revision, RevisionConsent
from kernel import identity

_WITH = ("grant__organisation", "grant__application__organisation", "grant__call", "requested_by")


def _asked(user: Any) -> QuerySet[Revision]:
    committees = Seat.objects.filter(facts.still_in_term(), user=user, voting=True).values("committee")
    calls = Panel.objects.filter(committee__in=committees).values("call")
    found = Revision.objects.filter(by_committee=True, grant__call__in=calls)
    return found.select_related(*_WITH).order_by("step_due", "pk")


@identity.system("committees.extensions")
def waiting_for(user: Any) -> list[Revision]:
    """Extensions to which the member may agree and the committee has not yet, the earliest due first; one query."""
    said = RevisionConsent.objects.filter(revision=OuterRef("pk"), round=OuterRef("round"))
    found = _asked(user).filter(state__in=UNDECIDED).exclude(grant__application__recusals__seat__user=user)
    found = found.exclude(Exists(said.filter(member=user)))
    return list(found.exclude(Exists(said.filter(as_chair=True)), Exists(said.filter(as_chair=False))))


@identity.system("committees.extensions")
def asked_of(user: Any, pk: UUID) -> Revision | None:
    """The extension, for a member of the committee who is not recused from its application."""
    found = _asked(user).filter(pk=pk).first()
    seat = seat_for(user, found.grant) if found else None
    return None if found is None or seat is None or stands_back(seat, found.grant) else found


@identity.system("committees.extensions")
def agrees_as_chair(user: Any, grant: Grant) -> bool:
    """Whether the person would agree as the chair."""
    seat = seat_for(user, grant)
    return seat is not None and chairs(seat, grant)


@identity.system("committees.extensions")
def digest(revision: Revision) -> str:
    """What exactly a member agrees to, as a hash."""
    return revision_sha256(revision)


@identity.system("committees.extensions")
def members_to_ask(revision: Revision) -> list[Any]:
    """The members who may agree, to be told of it."""
    panel = Panel.objects.filter(call=revision.grant.call_id).select_related("call", "committee").first()
    seats = facts.people_of(panel).voting if panel else ()
    return [one.user for one in seats if may_agree_now(revision, one.user)]
