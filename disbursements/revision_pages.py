"""What the pages of a change of budget, days or amount show: whose turn it is, by when, and what follows."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from audit.events import Event
from disbursements.pages import MANAGER, PARTNER, signs, url
from grants import events
from grants.extensions import last_day_to_ask
from grants.fingerprints import revision_sha256
from grants.models import Grant, Revision
from grants.rules.extensions import committee_agreed
from grants.rules.revisions import may_judge
from grants.selectors.extensions import months_added, room_minor
from grants.selectors.grants import rules_of
from grants.states import RevisionKind, RevisionNeed, RevisionState
from kernel.money import Money
from kernel.pieces.data import NextStep, Tone

_R = RevisionState
SECRETARIAT = _("the secretariat")
COMMITTEE = _("the chair and another member of the committee")
TONES = {
    _R.REQUESTED: Tone.OPEN,
    _R.IN_REVIEW: Tone.OPEN,
    _R.RETURNED: Tone.WARN,
    _R.APPROVED: Tone.OPEN,
    _R.AMENDMENT_SIGNED: Tone.OPEN,
    _R.EFFECTIVE: Tone.DONE,
    _R.REJECTED: Tone.STOP,
    _R.WITHDRAWN: Tone.OFF,
}


def step_of(revision: Revision, user: Any) -> NextStep:
    """Whose turn it is with a change, and by when."""
    label, tone, due = revision.get_state_display(), TONES[RevisionState(revision.state)], revision.step_due
    if revision.has_ended:
        return NextStep(label, _("nobody; nothing is to be done"), tone=tone)
    if revision.state == _R.REQUESTED:
        mine = bool(may_judge(revision, actor=user))
        return NextStep(label, SECRETARIAT, due, tone, mine, url("revision_take_up", revision), _("Look at it"))
    if revision.state == _R.IN_REVIEW and not committee_agreed(revision):
        return NextStep(label, COMMITTEE, due, tone)
    if revision.state == _R.IN_REVIEW:
        mine = bool(lifecycle.possible(revision, approval(revision), actor=user))
        decides = SECRETARIAT if revision.kind == RevisionKind.BUDGET else MANAGER
        return NextStep(label, decides, due, tone, mine, url("revision_approve", revision), _("Approve the change"))
    if revision.state == _R.RETURNED:
        who = revision.requested_by.full_name if revision.by_fund else PARTNER
        mine = revision.requested_by == user if revision.by_fund else signs(user, revision.grant)
        return NextStep(label, who, due, tone, mine, url("revision_again", revision), _("Mend it and send it again"))
    who, mine = (
        (PARTNER, signs(user, revision.grant))
        if revision.state == _R.APPROVED
        else (MANAGER, bool(may(revision, user)["signs"]))
    )
    return NextStep(label, who, due, tone, mine, url("revision_sign", revision), _("Sign the amendment"))


def signature(revision: Revision) -> events.AmendmentSigned | events.AmendmentCountersigned:
    """The signature that comes next, of exactly these texts."""
    event = events.AmendmentCountersigned if revision.state == _R.AMENDMENT_SIGNED else events.AmendmentSigned
    return event(sha256_ar=revision.amendment_ar_sha256, sha256_en=revision.amendment_en_sha256)


def approval(revision: Revision) -> events.RevisionApproved:
    """The approval of what stands there now."""
    return events.RevisionApproved(content_sha256=revision_sha256(revision), sha256_ar="", sha256_en="")


def what_follows(revision: Revision) -> str | Promise:
    """What the decision brings that comes next."""
    if revision.added_minor and revision.state == _R.IN_REVIEW:
        return _(
            "The money is kept aside at once. The amendment is drawn up in Arabic and English; when both sides have signed it, "
            "one tranche more is planned."
        )
    if revision.needs == RevisionNeed.AMENDMENT and revision.state == _R.IN_REVIEW:
        return _("The amendment is drawn up in Arabic and English; the change counts when both sides have signed it.")
    if revision.needs == RevisionNeed.AMENDMENT and revision.state == _R.APPROVED:
        return _("Your signature is recorded for exactly these two texts; then the fund countersigns.")
    if revision.months:
        return _("The grant runs longer at once: tranches and reports to come get their new days.")
    return _("The new budget counts at once; reports that are not sent yet compare with it.")


def extension_terms(grant: Grant) -> dict[str, Any]:
    """What the charter says of extensions of this grant: numbers, the last day to ask, months added so far."""
    changes = rules_of(grant).changes
    last = last_day_to_ask(grant.ends_on, changes) if grant.ends_on else None
    return {"terms": changes, "last_day": last, "months_added": months_added(grant)}


def money_terms(grant: Grant) -> dict[str, Any]:
    """What the charter says of more money for this grant: the most in percent of what was signed, and what is left of it."""
    return extension_terms(grant) | {"room": Money(room_minor(grant), grant.currency)}


def again(revision: Revision) -> Event:
    """The next request of a returned change."""
    if revision.kind == RevisionKind.COST:
        names = ("needs", "old_minor", "added_minor", "paid_from", "months", "old_end", "new_end", "by_committee")
        asked = {name: getattr(revision, name) for name in names}
        return events.CostExtensionRequestedAgain(round=revision.round + 1, **asked)
    if revision.ends is not None:
        old_end, new_end = revision.ends
        return events.ExtensionRequestedAgain(
            round=revision.round + 1, needs=revision.needs, months=revision.months, old_end=old_end, new_end=new_end,
            by_committee=revision.by_committee,
        )  # fmt: skip
    return events.RevisionRequestedAgain(
        round=revision.round + 1, needs=revision.needs, moved_minor=revision.moved_minor, percent=revision.percent
    )


def may(revision: Revision, user: Any) -> dict[str, bool]:
    """Which acts the person may do now."""
    asked: dict[str, Any] = {
        "takes_up": events.RevisionTakenUp(),
        "approves": approval(revision),
        "returns": events.RevisionReturned(),
        "rejects": events.RevisionRejected(),
        "withdraws": events.RevisionWithdrawn(),
        "mends": again(revision),
        "signs": signature(revision),
    }
    return {name: bool(lifecycle.possible(revision, event, actor=user)) for name, event in asked.items()}
