"""Capacity: who answers, who recognises another's assessment, who keeps the improvement plan."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for
from charter.calendar import add_months
from charter.schema import CharterRules
from charter.selectors import charter_in_force
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import capacity_events as events
from organisations.models import CapacityAnswer, Improvement, ImprovementShowing, Organisation, OutsideAssessment
from organisations.rules.people import ACTING, is_outsider, is_person_of
from organisations.states import OutsideState


def _officer(actor: Any, organisation: Organisation, *roles: str) -> PermissionResult:
    holds = may_hold(actor, *roles)
    return all_of(holds, is_outsider(actor, organisation)) if holds else holds


def may_answer_capacity(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """People of the organisation, at any time: the next assessment reads the latest."""
    return is_person_of(actor, organisation, *ACTING)


@rule_for(events.CapacityAnswerGiven)
def may_give_capacity_answer(answer: CapacityAnswer, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_answer_capacity`, to a question of the charter and on one of its levels."""
    rules = charter_in_force().rules.capacity
    question = rules.questions.get(answer.question)
    if question is None or question.section != answer.section or not 0 <= answer.level < len(rules.levels):
        return Denied(_("The charter does not ask this."))
    return may_answer_capacity(answer.organisation, actor=actor)


# Another funder's assessment --------------------------------------------------------------------------------------


def in_force(day: date | None = None) -> Q:
    """Recognised assessments that have not ended."""
    return Q(state=OutsideState.RECOGNISED, valid_until__gte=day or timezone.localdate())


def covered_percent(sections: dict[str, int], rules: CharterRules) -> int:
    """How much of our questionnaire some sections are, by weight."""
    return sum(rules.capacity.sections[key].weight for key in rules.capacity.sections if key in sections)


@rule_for(events.OutsideAssessmentGiven)
def may_give_outside(outside: OutsideAssessment, *, actor: Any, event: Any = None) -> PermissionResult:
    """People of the organisation; not older than the charter takes, and not ended."""
    today = timezone.localdate()
    oldest = add_months(today, -charter_in_force().rules.organisations.passport_oldest_months)
    if outside.assessed_on > today or outside.assessed_on < oldest:
        return Denied(format_lazy(_("The charter takes assessments since {day} only."), day=oldest.isoformat()))
    if outside.valid_until < today:
        return Denied(_("This assessment has ended."))
    return may_answer_capacity(outside.organisation, actor=actor)


def may_read_outside(outside: OutsideAssessment, *, actor: Any) -> PermissionResult:
    """Programme officers from outside the organisation."""
    return _officer(actor, outside.organisation, Role.PROGRAMME_OFFICER)


@rule_for(events.OutsideAssessmentRead)
def may_say_what_it_covers(outside: OutsideAssessment, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_read_outside`; it covers as much as the charter asks."""
    rules = charter_in_force().rules
    least = rules.organisations.passport_least_coverage_percent
    if event is not None and covered_percent(event.sections, rules) < least:
        return Denied(
            format_lazy(_("It covers less than the {least}% of our questionnaire that the charter asks."), least=least)
        )
    return may_read_outside(outside, actor=actor)


@rule_for(events.OutsideAssessmentRecognised)
def may_recognise(outside: OutsideAssessment, *, actor: Any, event: Any = None) -> PermissionResult:
    """A second officer, about exactly the scores that the first one read."""
    if outside.read_by_id is not None and outside.read_by_id == actor.pk:
        return Denied(_("Who read it does not recognise it: a colleague does this."))
    if event is not None and event.sections != outside.sections:
        return Denied(_("The scores changed while you read them. Look at them again."))
    return _officer(actor, outside.organisation, Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)


@rule_for(events.OutsideAssessmentRefused)
def may_refuse_outside(outside: OutsideAssessment, *, actor: Any, event: Any = None) -> PermissionResult:
    """Officers from outside the organisation."""
    return _officer(actor, outside.organisation, Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)


# The improvement plan ---------------------------------------------------------------------------------------------


def may_plan_improvements(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """Programme officers from outside; there is an assessment to improve on."""
    officer = _officer(actor, organisation, Role.PROGRAMME_OFFICER)
    if officer and not organisation.assessments.exists():
        return Denied(_("The plan follows from an assessment: assess first."))
    return officer


@rule_for(events.ImprovementAgreed)
def may_agree_improvement(point: Improvement, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_plan_improvements`, for a day to come."""
    if point.due_on <= timezone.localdate():
        return Denied(_("Choose a day to come."))
    return may_plan_improvements(point.organisation, actor=actor)


def may_show_improvement(point: Improvement, *, actor: Any) -> PermissionResult:
    """People of the organisation."""
    return is_person_of(actor, point.organisation, *ACTING)


@rule_for(events.ImprovementShown)
def may_say_improvement(showing: ImprovementShowing, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_show_improvement`."""
    return may_show_improvement(showing.point, actor=actor)


@rule_for(events.ImprovementDone)
def may_do_improvement(point: Improvement, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_show_improvement`."""
    return may_show_improvement(point, actor=actor)


@rule_for(events.ImprovementReturned, events.ImprovementConfirmed)
def may_judge_improvement(point: Improvement, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers from outside, about exactly what they read."""
    if event is not None and event.showing != point.showing_id:
        return Denied(_("The organisation gave this anew while you read it. Look at it again."))
    officer = _officer(actor, point.organisation, Role.PROGRAMME_OFFICER)
    return officer if not officer else Allowed()
