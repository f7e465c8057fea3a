"""Assessment of the capacity, and the decision that follows from the charter's table."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import lifecycle
from charter.calendar import add_months
from charter.selectors import charter_in_force
from organisations import events, rules
from organisations.models import CapacityAssessment, Organisation

MONTHS_OF_A_YEAR = 12


def mean_score(sections: dict[str, int]) -> int:
    """The mean of the sections' scores, a half rounded up."""
    total, number = sum(sections.values()), len(sections)
    return (2 * total + number) // (2 * number)


@transaction.atomic
def record_assessment(
    organisation: Organisation, *, sections: dict[str, int], advice: str, actor: User
) -> CapacityAssessment:
    """Record what an assessor found, section by section (0–100), and bring the organisation to a decision."""
    score = mean_score(sections)
    assessment = CapacityAssessment(
        organisation=organisation, assessor=actor, sections=sections, score=score, advice=advice
    )
    lifecycle.create(assessment, events.AssessmentRecorded(score=score, sections=sections), actor=actor)
    lifecycle.move(
        organisation,
        events.CapacityAssessed(score=score, sections=sections),
        actor=actor,
        changes={"capacity_score": score, "assessed_by": actor},
    )
    return assessment


@transaction.atomic
def decide_eligible(organisation: Organisation, *, actor: User, reason: str) -> Organisation:
    """Find the organisation eligible in the tier that the charter in force gives; raises `Refused` when it gives none."""
    charter = charter_in_force()
    current = Organisation.objects.get(pk=organisation.pk)
    tier = rules.tier_for(current, charter.rules) or ""
    years = charter.rules.organisations.eligibility_years
    last_day = add_months(timezone.localdate(), years * MONTHS_OF_A_YEAR) - timedelta(days=1)
    return lifecycle.move(
        organisation,
        events.FoundEligible(tier=tier, charter_version=charter.number),
        actor=actor,
        reason=reason,
        changes={"tier": tier, "tier_rules_version": charter.number, "eligible_until": last_day},
    )


def find_ineligible(organisation: Organisation, *, actor: User, reason: str) -> Organisation:
    """Find the organisation not eligible for now, with the reason that it reads."""
    return lifecycle.move(organisation, events.FoundIneligible(), actor=actor, reason=reason)


def suspend(organisation: Organisation, *, actor: User, reason: str) -> Organisation:
    """Stop new applications and payments until the cause is mended."""
    return lifecycle.move(organisation, events.OrganisationSuspended(), actor=actor, reason=reason)


def reinstate(organisation: Organisation, *, actor: User, reason: str) -> Organisation:
    """End the suspension."""
    return lifecycle.move(organisation, events.OrganisationReinstated(), actor=actor, reason=reason)
