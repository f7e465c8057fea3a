"""Who asks for a change of a grant's budget, decides on it, signs it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.events import Event
from audit.rules import rule_for, system_only
from grants import events
from grants.closure_blockers import blocks_closure
from grants.fingerprints import is_what_was_read, revision_sha256
from grants.models import Grant, RevisedAmount, Revision
from grants.rules.grants import signs_for
from grants.rules.reports import is_running
from grants.states import ENDED_REVISIONS, ReportKind, ReportState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.rules import is_person_of
from organisations.rules.people import is_outsider

DECIDERS = (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)
"""The secretariat's offices that decide."""


def is_changeable(grant: Grant) -> PermissionResult:
    """Whether the grant runs and its final report is not open yet."""
    opened = grant.reports.filter(kind=ReportKind.FINAL).exclude(state=ReportState.SCHEDULED).exists()
    if opened:
        return Denied(_("The final report is open: budget and days do not change any more."))
    return is_running(grant)


def none_is_open(grant: Grant) -> PermissionResult:
    """Whether no other change is under way."""
    if grant.revisions.exclude(state__in=ENDED_REVISIONS).exists():
        return Denied(_("Another change of this grant is under way; wait for its end, or take it back."))
    return Allowed()


def may_begin(grant: Grant, *, actor: Any) -> PermissionResult:
    """The organisation's signatory, or a programme officer who never belonged to it."""
    side = signs_for(grant, actor) if is_person_of(actor, grant.organisation) else _for_the_fund(grant, actor)
    return all_of(side, is_changeable(grant), none_is_open(grant))


def _for_the_fund(grant: Grant, actor: Any) -> PermissionResult:
    return all_of(may_hold(actor, Role.PROGRAMME_OFFICER), is_outsider(actor, grant.organisation))


@rule_for(events.RevisionRequested)
def may_request(revision: Revision, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """Either side begins, one change at a time."""
    return may_begin(revision.grant, actor=actor)


@rule_for(events.RevisedAmountSet)
def may_set(amount: RevisedAmount, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """Who asks for the change sets its amounts."""
    return is_theirs(amount.revision, actor)


_further: list[Callable[..., PermissionResult]] = []


def approves_also(fn: Callable[..., PermissionResult]) -> Callable[..., PermissionResult]:
    """Register ``fn(revision, actor=…)``: what else an approval of some kinds of changes needs."""
    if fn not in _further:
        _further.append(fn)
    return fn


def is_theirs(revision: Revision, actor: Any) -> PermissionResult:
    """Whether the person speaks for the side that asked: a signatory, or the very officer."""
    if not revision.by_fund:
        return signs_for(revision.grant, actor)
    if actor is None or actor.pk != revision.requested_by_id:
        return Denied(_("Only who asked for this change in the fund's name does that."))
    return _for_the_fund(revision.grant, actor)


@rule_for(events.RevisionRequestedAgain)
def may_request_again(revision: Revision, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """The side that asked sends it again."""
    return all_of(is_theirs(revision, actor), is_changeable(revision.grant))


@rule_for(events.RevisionWithdrawn)
def may_withdraw(revision: Revision, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """The side that asked takes it back."""
    return is_theirs(revision, actor)


@rule_for(events.RevisionTakenUp, events.RevisionReturned, events.RevisionRejected)
def may_judge(revision: Revision, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """An officer of the secretariat who did not ask for it and never belonged to the organisation."""
    if actor is not None and actor.pk == revision.requested_by_id:
        return Denied(_("You asked for this change in the fund's name: another person decides."))
    return all_of(may_hold(actor, *DECIDERS), is_outsider(actor, revision.grant.organisation))


@rule_for(events.RevisionApproved)
def may_approve(revision: Revision, *, actor: Any, event: Any) -> PermissionResult:
    """The same officers, of exactly what they read, while the budget may change."""
    return all_of(
        may_judge(revision, actor=actor),
        is_changeable(revision.grant),
        is_what_was_read(event.content_sha256, revision_sha256(revision)),
        *(further(revision, actor=actor) for further in _further),
    )


def same_texts(revision: Revision, event: Any) -> PermissionResult:
    """Whether what is signed is what was drawn up."""
    if (event.sha256_ar, event.sha256_en) == (revision.amendment_ar_sha256, revision.amendment_en_sha256):
        return Allowed()
    return Denied(_("This changed after you opened it. Please read it again, then decide."))


@rule_for(events.AmendmentSigned)
def may_sign(revision: Revision, *, actor: Any, event: Event) -> PermissionResult:
    """The partner's signatory signs the texts that were drawn up."""
    if revision.needs != "amendment":
        return Denied(_("This change needs no signature."))
    return all_of(signs_for(revision.grant, actor), same_texts(revision, event), is_changeable(revision.grant))


@rule_for(events.AmendmentCountersigned)
def may_countersign(revision: Revision, *, actor: Any, event: Event) -> PermissionResult:
    """The fund manager countersigns, never who signed for the partner or asked for the change."""
    if actor is not None and actor.pk in {revision.signed_by_id, revision.requested_by_id}:
        return Denied(_("Who signed for the partner cannot sign for the fund."))
    return all_of(
        may_hold(actor, Role.FUND_MANAGER),
        is_outsider(actor, revision.grant.organisation),
        same_texts(revision, event),
        is_changeable(revision.grant),
    )


@rule_for(events.RevisionBecameEffective)
def may_take_effect(revision: Revision, *, actor: Any, event: Event) -> PermissionResult:
    """By itself: approved where an approval is enough, or a notice left without an answer."""
    return all_of(system_only(revision, actor=actor, event=event), is_changeable(revision.grant))


@blocks_closure
def revisions_have_ended(grant: Grant) -> PermissionResult:
    """No change is under way."""
    if grant.revisions.exclude(state__in=ENDED_REVISIONS).exists():
        return Denied(_("A change of the grant is under way: reject it, or let it be taken back."))
    return Allowed()
