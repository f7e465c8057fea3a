"""Withholding: begun at once when somebody sees a danger, looked at again, lifted when both sides agree."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import lifecycle
from charter.calendar import add_months
from charter.schema import PublicationRules
from charter.selectors import rules_to_begin_with
from grants.models import Call, Grant
from kernel.texts import clean_text
from transparency import events
from transparency.models import Withholding
from transparency.states import WITHHOLDS, Ground, WithheldPart


def _publication() -> PublicationRules:
    return rules_to_begin_with().publication


def withhold(subject: Grant | Call, *, parts: Sequence[str], ground: str, reason: str, actor: Any) -> Withholding:
    """Keep ``parts`` of a grant from the public from now on, or of every grant that a call will bring.

    Raises `Refused` when the person may not ask for it.
    """
    review_on = add_months(timezone.localdate(), _publication().review_months)
    withholding = Withholding(
        grant=subject if isinstance(subject, Grant) else None,
        call=subject if isinstance(subject, Call) else None,
        parts=[part for part in WithheldPart.values if part in parts],
        ground=ground,
        reason=clean_text(reason).strip(),
        asked_by=actor,
        review_on=review_on,
    )
    event = events.WithholdingBegun(parts=withholding.parts, ground=ground, review_on=review_on)
    return lifecycle.create(withholding, event, actor=actor)


@transaction.atomic
def inherit(grant: Grant) -> list[Withholding]:
    """What a newly signed grant keeps from the public because its call or the charter says so."""
    rows = [
        withhold(grant, parts=one.parts, ground=Ground.CALL, reason=one.reason, actor=None)
        for one in grant.call.withholdings.filter(state__in=WITHHOLDS)
    ]
    if grant.application.sector in _publication().sectors_withheld:
        sector = grant.application.get_sector_display()
        rows.append(withhold(grant, parts=[WithheldPart.NAME], ground=Ground.CHARTER, reason=sector, actor=None))
    return rows


def review(withholding: Withholding, *, reason: str, actor: Any) -> Withholding:
    """Keep it after having looked again; the next look is months of the charter away. Raises `Refused`."""
    review_on = add_months(timezone.localdate(), _publication().review_months)
    event = events.WithholdingReviewed(review_on=review_on)
    return lifecycle.move(withholding, event, actor=actor, reason=reason, changes={"review_on": review_on})


def propose_lift(withholding: Withholding, *, reason: str, actor: Any) -> Withholding:
    """One side proposes to tell it now; it stays withheld until the other side agrees. Raises `Refused`."""
    changes = {"lift_reason": clean_text(reason).strip(), "lift_proposed_by": actor}
    return lifecycle.move(withholding, events.LiftProposed(), actor=actor, reason=reason, changes=changes)


def answer_lift(withholding: Withholding, *, consent: bool, reason: str, actor: Any) -> Withholding:
    """The other side consents or not. Raises `Refused`."""
    event = events.WithholdingLifted() if consent else events.LiftDeclined()
    return lifecycle.move(withholding, event, actor=actor, reason=reason)
