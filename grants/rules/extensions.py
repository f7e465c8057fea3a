"""Who asks for more months or money, and what must have happened before they are given (domain specification §3.10, §4.4)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.events import Event
from audit.rules import rule_for, system_only
from charter import stored
from grants import events
from grants.extensions import last_day_to_ask
from grants.models import Envelope, Grant, Report, Revision
from grants.rules.revisions import approves_also, is_changeable, is_theirs, may_begin
from grants.states import RevisionKind, RevisionState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from kernel.pieces.words import day_in_words


def is_asked_in_time(grant: Grant) -> PermissionResult:
    """Whether the charter's days before the end are not over."""
    if grant.ends_on is None:
        return Denied(_("The grant has no agreed days yet."))
    last = last_day_to_ask(grant.ends_on, stored.rules_of(grant.frozen_rules).changes)
    if timezone.localdate() <= last:
        return Allowed()
    return Denied(
        _("An extension could be asked for until %(day)s.")
        % {"day": day_in_words(last, language=get_language() or "ar")}
    )


def may_begin_extension(grant: Grant, *, actor: Any) -> PermissionResult:
    """Whoever may ask for a change of the budget, in time."""
    return all_of(may_begin(grant, actor=actor), is_asked_in_time(grant))


@rule_for(events.ExtensionRequested, events.CostExtensionRequested)
def may_request_extension(revision: Revision, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """Either side begins, one change at a time."""
    return may_begin_extension(revision.grant, actor=actor)


@rule_for(events.ExtensionRequestedAgain, events.CostExtensionRequestedAgain)
def may_request_extension_again(revision: Revision, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """The side that asked sends it again; it was asked for in time."""
    return all_of(is_theirs(revision, actor), is_changeable(revision.grant))


@approves_also
def more_is_given_by_those_who_may(revision: Revision, *, actor: Any) -> PermissionResult:
    """The fund manager; a long extension and more money not before the chair and another member of the committee agreed."""
    if revision.kind == RevisionKind.BUDGET:
        return Allowed()
    return all_of(may_hold(actor, Role.FUND_MANAGER), committee_agreed(revision))


def committee_agreed(revision: Revision) -> PermissionResult:
    """Whether the committee's chair and another member agreed to exactly this round, where that is needed."""
    consents = list(revision.consents.filter(round=revision.round)) if revision.by_committee else []
    chairs = {one.member_id for one in consents if one.as_chair}
    others = {one.member_id for one in consents}
    if not revision.by_committee or any(others - {chair} for chair in chairs):
        return Allowed()
    return Denied(_("The chair and another member of the committee agree first."))


def is_in_force(grant: Grant, event: Any) -> PermissionResult:
    """Whether the extension that the event names is in force for this grant."""
    if grant.revisions.filter(pk=event.revision, state=RevisionState.EFFECTIVE).exists():
        return Allowed()
    return Denied(_("No extension of this grant is in force."))


@rule_for(events.EnvelopeReservedForExtension)
def may_reserve_for_extension(envelope: Envelope, *, actor: Any, event: Any) -> PermissionResult:
    """By itself, when an extension of one of the call's grants is approved that adds money."""
    found = Revision.objects.filter(pk=event.revision, state=RevisionState.APPROVED, kind=RevisionKind.COST)
    if not found.filter(grant__call=envelope.call_id).exists():
        return Denied(_("No extension of a grant of this call is approved."))
    return system_only(envelope, actor=actor, event=event)


@rule_for(events.GrantExtended, events.GrantIncreased)
def may_extend(grant: Grant, *, actor: Any, event: Any) -> PermissionResult:
    """By itself, when the extension counts."""
    return all_of(system_only(grant, actor=actor, event=event), is_in_force(grant, event))


@rule_for(events.ReportRescheduled)
def may_reschedule(report: Report, *, actor: Any, event: Any) -> PermissionResult:
    """By itself, with the grant."""
    return all_of(system_only(report, actor=actor, event=event), is_in_force(report.grant, event))
