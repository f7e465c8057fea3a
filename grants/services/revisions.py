"""Changes of a grant's budget: asked for by either side, judged, signed where the charter wants it, then in force.

What a change moved is kept for ever; the agreement and its approved budget stay as they were signed.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import lifecycle
from charter.selectors import working_deadline
from grants import changes, events, reasons
from grants.amendment_text import amendment_data
from grants.changes import Need, Shift
from grants.models import Grant, Report, ReportLine, Revision
from grants.rules.revisions import may_begin
from grants.selectors import revisions as selectors
from grants.selectors.grants import rules_of
from grants.services import cost_extensions, extensions
from grants.services.revised_amounts import set_amounts
from grants.states import ReportState, RevisionKind, RevisionNeed
from kernel.pdf import render_pdf
from kernel.permissions import Refused, require
from kernel.texts import clean_text
from organisations.rules import is_person_of

LANGUAGES = ("ar", "en")


def shift_of(grant: Grant, amounts: Mapping[str, int], *, new_post: bool, by_fund: bool) -> Shift:
    """What the change to ``amounts`` (minor units by category) needs; raises `Refused` for amounts that cannot be."""
    wished = dict(amounts)
    if sum(wished.values()) != grant.amount_minor:
        raise Refused(_("The new budget must come to the amount of the grant."))
    now = selectors.budget_in_force(grant)
    if wished.get(ReportLine.INDIRECT, 0) != now.get(ReportLine.INDIRECT, 0):
        raise Refused(_("The indirect cost is a fixed share of the direct costs and does not change."))
    names = dict(ReportLine.CATEGORIES)
    for category, least in selectors.least_by_category(grant).items():
        if wished.get(category, 0) < min(least, now.get(category, 0)):
            raise Refused(
                _("%(category)s: part of it is spent already, or paid by money that is given for it only.")
                % {"category": names[category]}
            )
    moves = any(wished.get(one, 0) != now.get(one, 0) for one in {*wished, *now})
    found = changes.shift(selectors.signed_budget(grant), wished, rules_of(grant).changes, new_post=new_post)
    if not moves and not new_post:
        raise Refused(_("Nothing changes between categories: inside a category you move money freely."))
    if by_fund:
        return Shift(found.moved_minor, found.percent, found.new, Need.AMENDMENT)
    # Back at what was signed: still told, so that both sides know which budget counts.
    need = Need.NOTICE if found.need is Need.NOTHING else found.need
    return Shift(found.moved_minor, found.percent, found.new, need)


@transaction.atomic
def request(grant: Grant, *, amounts: Mapping[str, int], reason: str, new_post: bool, actor: Any) -> Revision:
    """Ask for other amounts by category (minor units, every category of the budget). Raises `Refused`."""
    grant = Grant.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=grant.pk)
    require(may_begin(grant, actor=actor))
    by_fund = not is_person_of(actor, grant.organisation)
    found = shift_of(grant, amounts, new_post=new_post, by_fund=by_fund)
    revision = Revision(
        grant=grant, by_fund=by_fund, requested_by=actor, reason=reasons.given(clean_text(reason)), new_post=new_post,
        needs=found.need.value, moved_minor=found.moved_minor, percent=found.percent, step_due=selectors.answer_due(grant),
    )  # fmt: skip
    asked = events.RevisionRequested(
        grant=grant.pk, needs=found.need.value, moved_minor=found.moved_minor, percent=found.percent
    )
    lifecycle.create(revision, asked, actor=actor)
    set_amounts(revision, amounts, actor=actor)
    return revision


@transaction.atomic
def request_again(
    revision: Revision, *, amounts: Mapping[str, int], reason: str, new_post: bool, actor: Any
) -> Revision:
    """Send a returned change again, mended. Raises `Refused`."""
    locked = Revision.objects.select_for_update(no_key=True).get(pk=revision.pk)
    found = shift_of(locked.grant, amounts, new_post=new_post, by_fund=locked.by_fund)
    moved = lifecycle.move(
        locked,
        events.RevisionRequestedAgain(
            round=locked.round + 1, needs=found.need.value, moved_minor=found.moved_minor, percent=found.percent
        ),
        actor=actor,
        changes={
            "needs": found.need.value, "moved_minor": found.moved_minor, "percent": found.percent, "round": locked.round + 1, "reason": reasons.given(clean_text(reason)), "new_post": new_post,
            "step_due": selectors.answer_due(locked.grant),
        },
    )  # fmt: skip
    set_amounts(moved, amounts, actor=actor)
    return moved


def take_up(revision: Revision, *, actor: Any) -> Revision:
    """An officer looks at it; the day of the answer stays."""
    return lifecycle.move(revision, events.RevisionTakenUp(), actor=actor)


def give_back(revision: Revision, *, reason: str, actor: Any) -> Revision:
    """Return it with what to mend."""
    due = working_deadline(timezone.now(), rules_of(revision.grant).deadlines.request_return_days)
    return lifecycle.move(
        revision, events.RevisionReturned(), actor=actor, reason=reasons.given(reason), changes={"step_due": due}
    )


def reject(revision: Revision, *, reason: str, actor: Any) -> Revision:
    """The budget stays as it is."""
    return _ended(revision, events.RevisionRejected(), actor=actor, reason=reason, decided_by=actor)


def withdraw(revision: Revision, *, reason: str, actor: Any) -> Revision:
    """Who asked for it takes it back."""
    return _ended(revision, events.RevisionWithdrawn(), actor=actor, reason=reason)


@transaction.atomic
def _ended(revision: Revision, event: Any, *, actor: Any, reason: str, **more: Any) -> Revision:
    changes_ = {"step_due": None, **more}
    ended = lifecycle.move(revision, event, actor=actor, reason=reasons.given(reason), changes=changes_)
    if ended.added_minor:
        cost_extensions.release(ended)
    return ended


@transaction.atomic
def approve(revision: Revision, *, content_sha256: str, actor: Any) -> Revision:
    """Approve exactly what was shown: it counts at once, or its amendment is drawn and waits for both signatures.

    What a cost extension adds is kept aside meanwhile. Raises `Refused`, also when the fund has too little money for it.
    """
    locked = Revision.objects.select_for_update(no_key=True).get(pk=revision.pk)
    amends = locked.needs == RevisionNeed.AMENDMENT
    texts = _drawn(locked) if amends else {}
    hashes = {language: hashlib.sha256(content).hexdigest() for language, content in texts.items()}
    sha_ar, sha_en = hashes.get("ar", ""), hashes.get("en", "")
    due = working_deadline(timezone.now(), rules_of(locked.grant).deadlines.partner_signature_days) if amends else None
    approved = lifecycle.move(
        locked,
        events.RevisionApproved(content_sha256=content_sha256, sha256_ar=sha_ar, sha256_en=sha_en),
        actor=actor,
        changes={
            "decided_by": actor, "amendment_ar_sha256": sha_ar, "amendment_en_sha256": sha_en, "step_due": due,
        },
    )  # fmt: skip
    if not amends:
        return _take_effect(approved)
    if approved.added_minor:
        cost_extensions.keep_aside(approved)
    name = approved.grant.reference
    approved.amendment_ar.save(f"{name}.ar.pdf", ContentFile(texts["ar"]), save=False)
    approved.amendment_en.save(f"{name}.en.pdf", ContentFile(texts["en"]), save=False)
    approved.save(update_fields=["amendment_ar", "amendment_en"])
    return approved


def _drawn(revision: Revision) -> dict[str, bytes]:
    return {one: render_pdf("grants/amendment.typ", amendment_data(revision, language=one)) for one in LANGUAGES}


def sign(revision: Revision, *, sha256_ar: str, sha256_en: str, actor: Any) -> Revision:
    """The partner's signatory signs exactly the texts with these hashes."""
    due = working_deadline(timezone.now(), rules_of(revision.grant).deadlines.fund_signature_days)
    return lifecycle.move(
        revision,
        events.AmendmentSigned(sha256_ar=sha256_ar, sha256_en=sha256_en),
        actor=actor,
        changes={"signed_by": actor, "signed_at": timezone.now(), "step_due": due},
    )


@transaction.atomic
def countersign(revision: Revision, *, sha256_ar: str, sha256_en: str, actor: Any) -> Revision:
    """The fund manager countersigns: the change counts."""
    effective = lifecycle.move(
        revision,
        events.AmendmentCountersigned(sha256_ar=sha256_ar, sha256_en=sha256_en),
        actor=actor,
        changes={"countersigned_by": actor, "countersigned_at": timezone.now(), "step_due": None},
    )
    _in_force(effective)
    return effective


@transaction.atomic
def _take_effect(revision: Revision) -> Revision:
    effective = lifecycle.move(revision, events.RevisionBecameEffective(), actor=None, changes={"step_due": None})
    _in_force(effective)
    return effective


def _in_force(revision: Revision) -> None:
    """What follows: reports compare with a changed budget, an extension moves the days to come or adds money."""
    if revision.kind != RevisionKind.NO_COST:
        _hold_reports_against(revision)
    if revision.months:
        extensions.extend(revision)
    if revision.added_minor:
        cost_extensions.add(revision)


def _hold_reports_against(revision: Revision) -> None:
    """Reports that are not submitted compare with the new budget; what was submitted keeps the budget of its time."""
    now = selectors.budget_in_force(revision.grant)
    unsent = [ReportState.SCHEDULED, ReportState.OPEN, ReportState.RETURNED]
    # The lock waits for whoever submits one now; PostgreSQL then looks at its state again and leaves it out.
    held = Report.objects.select_for_update(no_key=True).filter(grant=revision.grant_id, state__in=unsent)
    for report in held.order_by("pk"):
        for category, minor in now.items():
            ReportLine.objects.update_or_create(report=report, category=category, defaults={"budget_minor": minor})


def count_unanswered_notices(now: datetime) -> int:
    """Let notices count that the fund did not answer in its days; returns how many."""
    counted = 0
    for revision in selectors.unanswered_notices(now):
        try:
            _take_effect(revision)
        except Refused:
            continue  # taken up a moment ago, or the final report is open
        counted += 1
    return counted
