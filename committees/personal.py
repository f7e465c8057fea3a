"""What the record says of members as persons, for an erasure that two people decide on (`audit.erasure`).

Scores, votes, decisions and signatures are acts of the seat: they stay, and so does the seat itself as a role in a committee.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from audit import erasure
from committees.models import (
    AppealPanelist,
    Attendance,
    ConflictCase,
    ConflictDeclaration,
    ConflictFinding,
    Expertise,
    Recusal,
    Seat,
)


@erasure.concern
def membership(person: Any) -> Iterable[UUID]:
    """Seats with their nominations, declarations, findings, recusals, cases, attendance, languages and sectors."""
    yield from Seat.objects.filter(user=person).values_list("pk", flat=True)
    yield from AppealPanelist.objects.filter(user=person).values_list("pk", flat=True)
    for model in (ConflictDeclaration, ConflictFinding, Recusal, ConflictCase, Attendance, Expertise):
        yield from model._default_manager.filter(seat__user=person).values_list("pk", flat=True)
