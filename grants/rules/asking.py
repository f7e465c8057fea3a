"""Questions about a call: who asks until when, who answers."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from accounts.selectors import has_role
from audit.rules import rule_for
from charter import stored
from charter.calendar import is_working_day
from charter.schema import CharterRules
from charter.selectors import charter_in_force, end_of_day, holidays, working_deadline
from grants import events
from grants.models import Call, CallQuestion
from grants.rules.calls import SECRETARIAT
from grants.states import CallQuestionState, CallState, GrantType
from kernel.database import now_in_database
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from kernel.pieces.words import moment_in_words
from organisations.rules import memberships_of

MOST_WAITING = 5
"""Questions of one person about one call that may wait at once: a guard against floods, no rule of the fund."""


def _rules_of(call: Call) -> CharterRules:
    return stored.rules_of(call.frozen_rules) if call.frozen_rules is not None else charter_in_force().rules


def last_moment(call: Call) -> datetime:
    """Until when questions are taken: so many working days before the closing that every answer still helps everybody."""
    return before_closing(call, _rules_of(call))


def before_closing(call: Call, rules: CharterRules) -> datetime:
    """The end of the last working day that lies the charter's days before the day of the closing."""
    day, left = timezone.localdate(call.closes_at), rules.deadlines.question_days_before_close
    free = holidays()
    while left > 0:
        day -= timedelta(days=1)
        left -= is_working_day(day, free)
    return (
        end_of_day(day)
        if rules.deadlines.question_days_before_close
        else timezone.make_aware(datetime.combine(day, time.min))
    )


def answer_due(question: CallQuestion) -> datetime:
    """By when the fund promised the answer."""
    return working_deadline(question.moved_at, _rules_of(question.call).deadlines.question_answer_days)


def may_ask(call: Call, *, actor: Any) -> PermissionResult:
    """People of organisations, from the publication until the charter's days before the closing."""
    if not memberships_of(actor):
        return Denied(_("People of organisations ask: register yours first, it takes minutes."))
    if call.state not in {CallState.PUBLISHED, CallState.OPEN} or call.grant_type == GrantType.RAPID:
        return Denied(_("This call takes no questions now."))
    last = last_moment(call)
    if now_in_database() > last:
        day = moment_in_words(last, language=get_language() or "ar")
        return Denied(
            format_lazy(_("Questions were taken until {moment}, so that every answer helps all."), moment=day)
        )
    return Allowed()


def _not_too_many(question: CallQuestion, actor: Any) -> PermissionResult:
    waiting = CallQuestion.objects.filter(call=question.call, asked_by=actor, state=CallQuestionState.ASKED).count()
    if waiting >= MOST_WAITING:
        return Denied(_("Several of your questions wait for their answer: wait for these first."))
    return Allowed()


@rule_for(events.CallQuestionAsked)
def may_put_question(question: CallQuestion, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_ask`, a few at a time."""
    allowed = may_ask(question.call, actor=actor)
    return all_of(allowed, _not_too_many(question, actor)) if allowed else allowed


@rule_for(events.CallQuestionAnswered, events.CallQuestionDeclined)
def may_answer(question: CallQuestion, *, actor: Any, event: Any = None) -> PermissionResult:
    """The secretariat; also after the closing, so that nobody stays without an answer."""
    return may_hold(actor, *SECRETARIAT)


def sees_waiting(user: Any) -> bool:
    """Whether ``user`` reads questions that are not answered yet: the secretariat and auditors, never who asked."""
    return has_role(user, *SECRETARIAT, Role.AUDITOR)
