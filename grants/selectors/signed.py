"""The amount that the agreement says, whatever cost extensions added since."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum

from grants.models import Grant, Revision
from grants.states import RevisionState
from kernel import identity


def additions_to(grant: Grant) -> QuerySet[Revision]:
    """The cost extensions of the grant that are in force, the first one first."""
    return grant.revisions.filter(state=RevisionState.EFFECTIVE, added_minor__gt=0).order_by("leaf_id")


@identity.system("grants.signed_minor")
def signed_minor(grant: Grant) -> int:
    """The amount of the grant as it was signed, or is to be signed, in minor units."""
    if grant.countersigned_at is None:
        return grant.amount_minor
    added = additions_to(grant).aggregate(total=Sum("added_minor"))["total"]
    return grant.amount_minor - int(added or 0)


@identity.system("grants.added_by_grant")
def added_by_grant() -> dict[Any, list[tuple[datetime, int]]]:
    """What extensions in force added, by the grant's key: when both sides had signed, and minor units; one query."""
    found: dict[Any, list[tuple[datetime, int]]] = {}
    rows = Revision.objects.filter(state=RevisionState.EFFECTIVE, added_minor__gt=0).order_by("countersigned_at")
    for grant, signed_at, minor in rows.values_list("grant", "countersigned_at", "added_minor"):
        if signed_at is not None:
            found.setdefault(grant, []).append((signed_at, minor))
    return found
