"""Extensions: asked for by either side, agreed to by the committee where they are long, then in force.

What the agreement says stays as it was signed. The record keeps every day that moved, before and after.
"""

from typing import Any

from django.db import transaction

from audit import lifecycle
from grants import events, reasons
from grants.models import Grant, Revision, RevisionConsent
from grants.rules.extensions import may_begin_extension
from grants.selectors import extensions as selectors
from grants.selectors.revisions import answer_due
from grants.states import RevisionKind, RevisionNeed
from kernel.permissions import require
from kernel.texts import clean_text
from organisations.rules import is_person_of


@transaction.atomic
def request(grant: Grant, *, months: int, reason: str, actor: Any) -> Revision:
    """Ask for ``months`` more without more money. Raises `Refused`, also when the charter's days are over."""
    grant = Grant.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=grant.pk)
    require(may_begin_extension(grant, actor=actor))
    by_fund = not is_person_of(actor, grant.organisation)
    asked = _asked(grant, months)
    revision = Revision(
        grant=grant, kind=RevisionKind.NO_COST, by_fund=by_fund, requested_by=actor, moved_minor=0, percent=0,
        reason=reasons.given(clean_text(reason)), step_due=answer_due(grant),
        needs=RevisionNeed.AMENDMENT if by_fund else RevisionNeed.APPROVAL, **asked,
    )  # fmt: skip
    return lifecycle.create(
        revision, events.ExtensionRequested(grant=grant.pk, needs=str(revision.needs), **asked), actor=actor
    )


def _asked(grant: Grant, months: int) -> dict[str, Any]:
    return {
        "months": months,
        "old_end": grant.ends_on,
        "new_end": selectors.end_after(grant, months),
        "by_committee": selectors.needs_committee(grant, months),
    }


@transaction.atomic
def request_again(revision: Revision, *, months: int, reason: str, actor: Any) -> Revision:
    """Send a returned extension again, mended; the committee reads it anew. Raises `Refused`."""
    locked = Revision.objects.select_for_update(no_key=True).get(pk=revision.pk)
    asked, number = _asked(locked.grant, months), locked.round + 1
    return lifecycle.move(
        locked,
        events.ExtensionRequestedAgain(round=number, needs=locked.needs, **asked),
        actor=actor,
        changes={
            **asked, "round": number, "reason": reasons.given(clean_text(reason)), "step_due": answer_due(locked.grant),
        },
    )  # fmt: skip


@transaction.atomic
def agree(revision: Revision, *, content_sha256: str, as_chair: bool, actor: Any) -> RevisionConsent:
    """A member of the committee agrees to exactly what was shown. Raises `Refused`."""
    locked = Revision.objects.select_for_update(no_key=True).get(pk=revision.pk)
    consent = RevisionConsent(revision=locked, round=locked.round, member=actor, as_chair=as_chair)
    said = events.ExtensionAgreed(
        revision=locked.pk, round=locked.round, as_chair=as_chair, content_sha256=content_sha256
    )
    return lifecycle.create(consent, said, actor=actor)


def extend(revision: Revision) -> None:
    """Let the extension count: the grant gets its new end, and what is to come moves with it.

    Tranches move with the grant (`disbursements.reactions`); reports that are open or done keep their days.
    """
    if revision.ends is None:
        raise ValueError(f"{revision} moves no days")
    moves, (old_end, new_end) = selectors.report_moves(revision), revision.ends
    lifecycle.move(
        revision.grant,
        events.GrantExtended(revision=revision.pk, old_end=old_end, ends_on=new_end),
        actor=None,
        changes={"ends_on": new_end},
    )
    for move in moves:
        days = {"due_on": move.due_on, "period_start": move.start, "period_end": move.end}
        try:
            said = events.ReportRescheduled(revision=revision.pk, old_due=move.report.due_on, **days)
            lifecycle.move(move.report, said, actor=None, changes=days)
        except lifecycle.IllegalMove:
            continue  # opened a moment ago: it keeps its days
