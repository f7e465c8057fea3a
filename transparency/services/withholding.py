"""Withholding: begun at once when somebody sees a danger, looked at again, lifted when both sides agree."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import lifecycle
from charter.calendar import add_months
from charter.schema import PublicationRules
from charter.selectors import rules_to_begin_with
from grants.models import Call, Grant
from kernel.permissions import Refused
from kernel.texts import clean_text
from transparency import events
from transparency.models import NameConsent, Withholding
from transparency.selectors.withholdings import shown_sha256
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


@transaction.atomic
def consent_to_be_named(grant: Grant, *, shown: str, actor: Any) -> NameConsent:
    """The organisation agrees that the public reads its name with the grant; ``shown`` is the fingerprint of what was read.

    Raises `Refused` when the person does not sign for it, or when the public would read something else by now.
    """
    if shown != shown_sha256(grant):
        raise Refused(_("What the public will read has changed. Read it again."))
    found = NameConsent.objects.filter(grant=grant).first()
    if found is None:
        event = events.NameConsentGiven(shown_sha256=shown)
        return lifecycle.create(NameConsent(grant=grant, given_by=actor, shown_sha256=shown), event, actor=actor)
    changes = {"given_by": actor, "shown_sha256": shown}
    return lifecycle.move(found, events.NameConsentRenewed(shown_sha256=shown), actor=actor, changes=changes)


def take_consent_back(consent: NameConsent, *, actor: Any) -> NameConsent:
    """The public does not read the organisation's name from now on. Raises `Refused`."""
    return lifecycle.move(consent, events.NameConsentTakenBack(), actor=actor)
