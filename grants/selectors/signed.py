"""The amount that the agreement says, whatever cost extensions added since."""

from datetime import datetime
from typing import Any

from django.db.models import Sum

from grants.models import Grant, Revision
from grants.states import RevisionState
from kernel import identity


@identity.system("grants.signed_minor")
def signed_minor(grant: Grant) -> int:
    """The amount of the grant as it was signed, in minor units."""
    added = grant.revisions.filter(state=RevisionState.EFFECTIVE).aggregate(total=Sum("added_minor"))["total"]
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
