"""The overview of an organisation: profile, papers, assessment, and what its tier means under its charter."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audit import lifecycle
from audit.selectors import TimelineEntry, timeline
from charter.models import CharterVersion
from charter.schema import TierRules
from charter.selectors import version_numbered
from kernel.money import Money
from kernel.pieces import Task
from kernel.places import Governorate
from organisations import events, rules, selectors, steps
from organisations.forms import SECTIONS
from organisations.models import CapacityAssessment, Organisation, RegistrationProof
from organisations.states import CapacitySection


@dataclass(frozen=True, slots=True)
class TierMeaning:
    """What the tier allows and asks, in the numbers of the charter by which it was given."""

    version: CharterVersion
    rules: TierRules
    yearly_ceiling: Money
    total_ceiling: Money
    split: str


@dataclass(frozen=True, slots=True)
class Passport:
    """Everything that the overview shows, as far as its reader may see it."""

    tasks: list[Task]
    proofs: list[RegistrationProof]
    today: date
    assessment: CapacityAssessment | None
    sections: list[tuple[Any, int]]
    tier: TierMeaning | None
    governorates: list[Any]
    expenditure: Money
    belongs: bool
    may_suspend: bool
    may_reinstate: bool
    sees_bank_accounts: bool
    sees_passport: bool
    sees_links: bool


def _tier(organisation: Organisation) -> TierMeaning | None:
    if not organisation.tier or organisation.tier_rules_version is None:
        return None
    version = version_numbered(organisation.tier_rules_version)
    found = next(rules for code, rules in version.rules.tiers.items() if code == organisation.tier)
    currency = version.rules.currency
    return TierMeaning(
        version=version,
        rules=found,
        yearly_ceiling=Money(found.yearly_ceiling_minor, currency),
        total_ceiling=Money(found.total_ceiling_minor, currency),
        split=" – ".join(f"{part}%" for part in found.splits["12"]),
    )


def _may(organisation: Organisation, event: Any, user: Any) -> bool:
    return bool(lifecycle.possible(organisation, event, actor=user))


def entries(organisation: Organisation, user: Any) -> list[TimelineEntry]:
    """What is recorded of the organisation, newest first; the score is told with the decision."""
    told = timeline(organisation, *organisation.people.all())
    if rules.tells_score(organisation, user):
        return told
    hidden = {events.CapacityAssessed.type: _("assessed the capacity; the score comes with the decision")}
    return [replace(one, sentence=str(hidden.get(one.type, one.sentence))) for one in told]


def of(organisation: Organisation, user: Any) -> Passport:
    """The overview of ``organisation`` for ``user``."""
    belongs = bool(rules.person_role(user, organisation))
    assessment = selectors.latest_assessment(organisation)
    shown = assessment if assessment is not None and rules.tells_score(organisation, user) else None
    titles = {key: form.title for key, form in SECTIONS.items()}
    proofs = list(selectors.proofs_of(organisation))
    sees_bank_accounts = selectors.sees_bank_accounts(user, organisation)
    return Passport(
        tasks=steps.tasks(organisation, titles, with_bank=sees_bank_accounts) if belongs else [],
        proofs=proofs,
        today=timezone.localdate(),
        assessment=shown,
        sections=[(one.label, shown.sections[one]) for one in CapacitySection if one in shown.sections]
        if shown
        else [],
        tier=_tier(organisation),
        governorates=[Governorate(code).label for code in organisation.governorates],
        expenditure=Money(organisation.last_year_expenditure_minor, "USD"),
        belongs=belongs,
        may_suspend=_may(organisation, events.OrganisationSuspended(), user),
        may_reinstate=_may(organisation, events.OrganisationReinstated(), user),
        sees_bank_accounts=sees_bank_accounts,
        sees_passport=bool(rules.may_see_passport(organisation, actor=user)),
        sees_links=bool(rules.may_see_partnerships(organisation, actor=user)),
    )
