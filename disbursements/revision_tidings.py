"""Whom a change of a grant's budget, days or amount concerns, and what they are told."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit.events import Event
from audit.models import Leaf
from audit.reactions import reacts_to
from disbursements.tidings import reason_of
from grants import events
from grants.models import Revision
from grants.selectors.grants import people, signatories
from grants.states import RevisionKind, RevisionNeed, RevisionState
from notices.services import notify


def _tell(revision: Revision, kind: str, who: Iterable[Any], leaf: Leaf, **more: Any) -> None:
    _notify(revision, kind, who, key=str(leaf.pk), **more)


def _notify(revision: Revision, kind: str, who: Iterable[Any], *, key: str, **more: Any) -> None:
    params = {
        "months": revision.months,
        "day": revision.new_end.isoformat() if revision.new_end else "",
        "grant": revision.grant.reference,
        "amount_minor": revision.added_minor or revision.moved_minor,
        "currency": revision.grant.currency,
        "due": revision.step_due.isoformat() if revision.step_due else "",
        "why": revision.reason,
        **more,
    }
    url = reverse("disbursements:revision_detail", args=[revision.pk])
    notify(who, f"disbursements.{kind}", params=params, url=url, dedupe_key=key)


def _secretariat(besides: Any) -> list[Any]:
    found = {one.pk: one for role in (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER) for one in users_with_role(role)}
    return [one for one in found.values() if besides is None or one.pk != besides.pk]


def _asker(revision: Revision) -> list[Any]:
    return [revision.requested_by] if revision.by_fund else people(revision.grant)


_KINDS = {RevisionKind.BUDGET: "revision", RevisionKind.NO_COST: "extension", RevisionKind.COST: "cost_extension"}


@reacts_to(
    events.RevisionRequested, events.RevisionRequestedAgain, events.ExtensionRequested, events.ExtensionRequestedAgain,
    events.CostExtensionRequested, events.CostExtensionRequestedAgain,
)  # fmt: skip
def revision_requested(revision: Revision, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """The secretariat answers; of what the fund asks for, the organisation learns at once."""
    what = _KINDS[RevisionKind(revision.kind)]
    _tell(revision, f"{what}_requested", _secretariat(actor), leaf)
    if revision.by_fund:
        _tell(revision, f"{what}_by_fund", people(revision.grant), leaf)


_JUDGED: dict[type[Event], str] = {
    events.RevisionReturned: "revision_returned",
    events.RevisionRejected: "revision_rejected",
}


@reacts_to(*_JUDGED)
def revision_judged(revision: Revision, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """Who asked for it learns what became of it, and why."""
    _tell(revision, _JUDGED[type(event)], _asker(revision), leaf, reason=reason_of(leaf))


@reacts_to(events.RevisionApproved)
def revision_approved(revision: Revision, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """The signatories sign the amendment."""
    if revision.needs == RevisionNeed.AMENDMENT:
        _tell(revision, "amendment_to_sign", signatories(revision.grant), leaf)


@reacts_to(events.AmendmentSigned)
def amendment_signed(revision: Revision, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """The fund manager countersigns."""
    _tell(revision, "amendment_to_countersign", users_with_role(Role.FUND_MANAGER), leaf)


@reacts_to(events.RevisionBecameEffective, events.AmendmentCountersigned)
def revision_counts(revision: Revision, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """Both sides know from when the new budget, or the new end, counts."""
    kind = _KINDS[RevisionKind(revision.kind)]
    _tell(revision, f"{kind}_counts", [*people(revision.grant), *_secretariat(None)], leaf)


def tell_late(revision: Revision) -> None:
    """Whose turn it is hears once that the day of the step is past."""
    key = f"{revision.pk}:{revision.state}:{revision.round}:late"
    _notify(revision, "revision_overdue", _whose_turn(revision), key=key)


def _whose_turn(revision: Revision) -> Iterable[Any]:
    if revision.state == RevisionState.RETURNED:
        return _asker(revision)
    if revision.state == RevisionState.APPROVED:
        return signatories(revision.grant)
    if revision.state == RevisionState.AMENDMENT_SIGNED:
        return users_with_role(Role.FUND_MANAGER)
    return _secretariat(None)


@reacts_to(events.RevisionWithdrawn)
def revision_withdrawn(revision: Revision, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """The other side has nothing to decide any more."""
    who = people(revision.grant) if revision.by_fund else _secretariat(actor)
    _tell(revision, "revision_withdrawn", who, leaf, reason=reason_of(leaf))
