"""Conditions of awards: set with the award, answered by the partner, judged by the fund, until the last is closed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.roles import Role
from accounts.selectors import has_role
from audit import lifecycle
from charter.selectors import working_deadline
from grants import events, reasons
from grants.conditions import Asked, ConditionDraft
from grants.models import AwardCondition, ConditionEvidence, Grant
from grants.selectors.grants import rules_of
from kernel.texts import clean_text


def set_conditions(grant: Grant, conditions: Sequence[Asked]) -> list[AwardCondition]:
    """Set the conditions that the committee voted on; the officer who screened the application follows them."""
    screener = grant.application.screened_by
    owner = screener if screener is not None and has_role(screener, Role.PROGRAMME_OFFICER) else None
    return [_set(grant, ConditionDraft.of(one), owner) for one in conditions]


def _set(grant: Grant, draft: ConditionDraft, owner: Any) -> AwardCondition:
    due = draft.due or _answer_due(grant)
    condition = AwardCondition(
        grant=grant, text=draft.text, blocks=draft.blocks, tranche=draft.tranche, owner=owner, due_on=due
    )
    event = events.ConditionSet(
        grant=grant.pk, text=draft.text, blocks=str(draft.blocks), tranche=draft.tranche, due=due
    )
    return lifecycle.create(condition, event, actor=None)


def _answer_due(grant: Grant) -> date:
    return timezone.localdate(working_deadline(timezone.now(), rules_of(grant).deadlines.conditions_days))


@transaction.atomic
def answer(condition: AwardCondition, *, text: str, file: Any = None, actor: Any) -> AwardCondition:
    """The partner says what it did and shows it. Raises `Refused`, also beyond the charter's rounds."""
    locked = AwardCondition.objects.select_for_update(no_key=True).get(pk=condition.pk)
    said = reasons.given(clean_text(text))
    evidence = ConditionEvidence(condition=locked, round=locked.rounds + 1, text=said, given_by=actor)
    if file is not None:
        evidence.file, evidence.sha256 = file, file.checked.sha256
    given = events.ConditionEvidenceGiven(condition=locked.pk, round=evidence.round, sha256=evidence.sha256)
    event = events.ConditionAnswered(round=evidence.round)
    lifecycle.create(evidence, given, actor=actor)
    return lifecycle.move(locked, event, actor=actor, changes={"rounds": evidence.round})


@transaction.atomic
def give_back(condition: AwardCondition, *, reason: str, actor: Any) -> AwardCondition:
    """What was shown is not enough: the partner has the charter's days again, or until the first day if that is later."""
    returned = lifecycle.move(condition, events.ConditionReturned(), actor=actor, reason=reasons.given(reason))
    returned.due_on = max(returned.due_on, _answer_due(returned.grant))
    returned.save(update_fields=["due_on"])
    return returned


def meet(condition: AwardCondition, *, evidence: str, actor: Any) -> AwardCondition:
    """A programme officer closes the condition; ``evidence`` says how it was met. Raises `Refused`."""
    event = events.ConditionMet(condition=condition.text)
    return _closed(condition, event, actor=actor, reason=evidence)


def waive(condition: AwardCondition, *, reason: str, actor: Any) -> AwardCondition:
    """Who the charter names does not ask for it any more. The caller has asked for a fresh second factor."""
    event = events.ConditionWaived(condition=condition.text)
    return _closed(condition, event, actor=actor, reason=reason)


def _closed(condition: AwardCondition, event: Any, *, actor: Any, reason: str) -> AwardCondition:
    changes = {"closed_by": actor, "closed_at": timezone.now()}
    return lifecycle.move(condition, event, actor=actor, reason=reasons.given(reason), changes=changes)


@transaction.atomic
def extend(condition: AwardCondition, *, due_on: date, reason: str, actor: Any) -> AwardCondition:
    """Give the partner until a later day. Raises `Refused`."""
    locked = AwardCondition.objects.select_for_update(no_key=True).get(pk=condition.pk)
    event = events.ConditionExtended(due=due_on)
    lifecycle.note(locked, event, actor=actor, reason=reasons.given(reason))
    locked.due_on = due_on
    locked.save(update_fields=["due_on"])
    return locked
