"""Assessment of the capacity, and the decision that follows from the charter's table."""

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import lifecycle
from charter.calendar import add_months
from charter.schema import CharterRules
from charter.selectors import charter_in_force
from organisations import capacity, events, rules
from organisations.models import CapacityAssessment, Organisation
from organisations.states import AssessmentWay

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Found:
    """How an assessor looked, and what was found beside the scores."""

    way: str = AssessmentWay.DESK
    visited_on: date | None = None
    levels: dict[str, int] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)
    recognised: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def record_assessment(
    organisation: Organisation, *, sections: dict[str, int], advice: str, actor: User, found: Found | None = None
) -> CapacityAssessment:
    """Record what an assessor found, section by section (0–100), and bring the organisation to a decision."""
    weights: dict[str, int] = {key: one.weight for key, one in charter_in_force().rules.capacity.sections.items()}
    score = capacity.total_score({key: one for key, one in sections.items() if key in weights}, weights)
    assessment = CapacityAssessment(
        organisation=organisation,
        assessor=actor,
        sections=sections,
        score=score,
        advice=advice,
        **asdict(found or Found()),
    )
    lifecycle.create(assessment, events.AssessmentRecorded(score=score, sections=sections), actor=actor)
    lifecycle.move(
        organisation,
        events.CapacityAssessed(score=score, sections=sections),
        actor=actor,
        changes={"capacity_score": score, "assessed_by": actor},
    )
    return assessment


def last_day_of_eligibility(rules_now: CharterRules) -> date:
    """The last day of a finding of today."""
    years = rules_now.organisations.eligibility_years
    return add_months(timezone.localdate(), years * MONTHS_OF_A_YEAR) - timedelta(days=1)


@transaction.atomic
def decide_eligible(organisation: Organisation, *, actor: User, reason: str) -> Organisation:
    """Find the organisation eligible in the tier that the charter in force gives; raises `Refused` when it gives none."""
    charter = charter_in_force()
    current = Organisation.objects.get(pk=organisation.pk)
    tier = rules.tier_for(current, charter.rules) or ""
    return lifecycle.move(
        organisation,
        events.FoundEligible(tier=tier, charter_version=charter.number),
        actor=actor,
        reason=reason,
        changes={
            "tier": tier,
            "tier_rules_version": charter.number,
            "eligible_until": last_day_of_eligibility(charter.rules),
            "decided_by": actor,
        },
    )


def find_ineligible(organisation: Organisation, *, actor: User, reason: str) -> Organisation:
    """Find the organisation not eligible for now, with the reason that it reads."""
    return lifecycle.move(
        organisation, events.FoundIneligible(), actor=actor, reason=reason, changes={"decided_by": actor}
    )


def suspend(organisation: Organisation, *, actor: User, reason: str) -> Organisation:
    """Stop new applications and payments until the cause is mended."""
    return lifecycle.move(organisation, events.OrganisationSuspended(), actor=actor, reason=reason)


def reinstate(organisation: Organisation, *, actor: User, reason: str) -> Organisation:
    """End the suspension."""
    return lifecycle.move(organisation, events.OrganisationReinstated(), actor=actor, reason=reason)
