"""Who assesses, and who decides on eligibility: never the same person."""

from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for
from charter.schema import CharterRules
from charter.selectors import charter_in_force
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import events
from organisations.models import CapacityAssessment, Organisation
from organisations.rules.people import is_outsider
from organisations.rules.screening import is_clear
from organisations.rules.tiers import may_decide_contest
from organisations.states import (
    AssessmentWay,
    CapacitySection,
    ContestState,
    OrganisationState,
    RegistrationState,
    Tier,
)

UNREGISTERED = frozenset({RegistrationState.UNREGISTERED, RegistrationState.IN_PROCESS})
ONE_YEAR = 1


def _officer(actor: Any, organisation: Organisation, role: str) -> PermissionResult:
    holds = may_hold(actor, role)
    return all_of(holds, is_outsider(actor, organisation)) if holds else holds


def entry_ground(organisation: Organisation, rules: CharterRules) -> Any:
    """Why the entry tier is open without a score: new, unregistered with a host, or micro; None when it is not."""
    if organisation.registration_state in UNREGISTERED and organisation.fiscal_host_id is not None:
        return _("not registered, with a fiscal host")
    if timezone.localdate().year - organisation.founded_year <= ONE_YEAR:
        return _("founded in this or the last calendar year")
    smallest = rules.organisations.size_bands[0]
    if rules.organisations.size_band(organisation.last_year_expenditure_minor) == smallest:
        return _("of the smallest size by last year's expenditure")
    return None


def tier_for(organisation: Organisation, rules: CharterRules) -> str | None:
    """The tier that the charter's table gives: by the score, without one the entry tier where it is open; else None."""
    if organisation.state == OrganisationState.ASSESSED and organisation.capacity_score is not None:
        return rules.tier_for_score(organisation.capacity_score)
    return Tier.ENTRY if entry_ground(organisation, rules) is not None else None


def _tier_follows(organisation: Organisation, event: Any) -> PermissionResult:
    charter = charter_in_force()
    tier = tier_for(organisation, charter.rules)
    if tier is None and organisation.state == OrganisationState.ASSESSED:
        return Denied(
            _("The score is below the least that the charter asks: not eligible alone, but with a consortium or host.")
        )
    if tier is None:
        return Denied(
            _("Without an assessment only new, hosted or very small organisations are eligible: assess first.")
        )
    if event is not None and (event.tier, event.charter_version) != (tier, charter.number):
        return Denied(format_lazy(_("The charter in force gives tier {tier}."), tier=tier))
    return Allowed()


@rule_for(events.AssessmentRecorded)
def may_record_assessment(assessment: CapacityAssessment, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers from outside the organisation, every section scored; a correction, by who upheld the contest."""
    if event is not None and set(event.sections) != set(CapacitySection.values):
        return Denied(_("Every section needs its score."))
    if assessment.way == AssessmentWay.CONTEST:
        contested = assessment.organisation.capacity_contests.filter(state=ContestState.LODGED).first()
        return may_decide_contest(contested, actor=actor) if contested else Denied(_("Nothing is contested."))
    if assessment.way == AssessmentWay.VISIT and assessment.visited_on is None:
        return Denied(_("Say on which day you visited."))
    return _officer(actor, assessment.organisation, Role.PROGRAMME_OFFICER)


@rule_for(events.CapacityAssessed)
def may_assess(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers from outside the organisation."""
    return _officer(actor, organisation, Role.PROGRAMME_OFFICER)


def _not_the_assessor(organisation: Organisation, actor: Any) -> PermissionResult:
    if organisation.assessed_by_id is not None and organisation.assessed_by_id == actor.pk:
        return Denied(_("Who assessed does not decide: another fund manager does it."))
    return Allowed()


def _decides(organisation: Organisation, actor: Any) -> PermissionResult:
    officer = _officer(actor, organisation, Role.FUND_MANAGER)
    return all_of(officer, _not_the_assessor(organisation, actor)) if officer else officer


@rule_for(events.FoundEligible)
def may_decide_eligible(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager, not the assessor; the tier is the one of the charter's table, the names clear of sanctions."""
    return all_of(_decides(organisation, actor), _tier_follows(organisation, event), is_clear(organisation))


@rule_for(events.FoundIneligible)
def may_find_ineligible(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager, not the assessor."""
    return _decides(organisation, actor)


@rule_for(events.OrganisationSuspended)
def may_suspend(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager."""
    return _officer(actor, organisation, Role.FUND_MANAGER)


@rule_for(events.OrganisationReinstated)
def may_reinstate(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager."""
    return _officer(actor, organisation, Role.FUND_MANAGER)
