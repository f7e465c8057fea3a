"""Who answers, judges, waives and extends a condition of an award."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from charter import stored
from charter.schema import CharterRules
from grants import events
from grants.models import AwardCondition, ConditionEvidence, Grant
from grants.states import ConditionState, GrantState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.rules import is_person_of
from organisations.rules.people import is_outsider

ENDED = (GrantState.DECLINED, GrantState.LAPSED, GrantState.SET_ASIDE, GrantState.TERMINATED, GrantState.CLOSED)
"""Grants whose conditions concern nobody any more."""
JUDGES = (Role.PROGRAMME_OFFICER,)

rule_for(events.ConditionSet)(system_only)


def _rules(condition: AwardCondition) -> CharterRules:
    return stored.rules_of(condition.grant.frozen_rules)


def is_followed(grant: Grant) -> PermissionResult:
    """Whether the conditions of the grant still matter."""
    if grant.state in ENDED:
        return Denied(
            _("The grant is %(state)s: its conditions are not followed any more.")
            % {"state": grant.get_state_display()}
        )
    return Allowed()


@rule_for(events.ConditionAnswered)
def may_answer(condition: AwardCondition, *, actor: Any, event: Any = None) -> PermissionResult:
    """People of the organisation, in as many rounds as the charter allows."""
    rounds = _rules(condition).applications.condition_rounds
    if condition.rounds >= rounds:
        return Denied(_("The charter allows %(rounds)s answers; write to the fund's officer.") % {"rounds": rounds})
    return all_of(is_person_of(actor, condition.grant.organisation), is_followed(condition.grant))


@rule_for(events.ConditionEvidenceGiven)
def may_give_evidence(evidence: ConditionEvidence, *, actor: Any, event: Any = None) -> PermissionResult:
    """Together with the answer, by the same person."""
    if actor is None or evidence.given_by != actor:
        return Denied(_("Who answers the condition gives the evidence."))
    return may_answer(evidence.condition, actor=actor)


@rule_for(events.ConditionMet, events.ConditionReturned)
def may_judge(condition: AwardCondition, *, actor: Any, event: Any = None) -> PermissionResult:
    """A programme officer who never belonged to the organisation."""
    return all_of(
        may_hold(actor, *JUDGES), is_outsider(actor, condition.grant.organisation), is_followed(condition.grant)
    )


@rule_for(events.ConditionWaived)
def may_waive(condition: AwardCondition, *, actor: Any, event: Any = None) -> PermissionResult:
    """Who the charter says, never one who belonged to the organisation."""
    office = _rules(condition).applications.condition_waiver
    return all_of(
        may_hold(actor, Role(office)), is_outsider(actor, condition.grant.organisation), is_followed(condition.grant)
    )


@rule_for(events.ConditionExtended)
def may_extend(condition: AwardCondition, *, actor: Any, event: Any = None) -> PermissionResult:
    """A programme officer or the fund manager, to a later day, while it is the partner's turn."""
    if condition.state not in {ConditionState.OPEN, ConditionState.RETURNED}:
        return Denied(_("Nobody waits for the organisation now."))
    if event is not None and not max(condition.due_on, timezone.localdate()) < event.due:
        return Denied(_("The new day is later than today and than the day before."))
    return all_of(
        may_hold(actor, *JUDGES, Role.FUND_MANAGER),
        is_outsider(actor, condition.grant.organisation),
        is_followed(condition.grant),
    )
