"""The charter as one value."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from charter.schema.base import Rules
from charter.schema.capacity import CapacityRules
from charter.schema.committees import CommitteeRules
from charter.schema.deadlines import Deadlines
from charter.schema.grants import (
    ApplicationRules,
    BudgetRules,
    ChangeRules,
    GrantType,
    GrantTypeKey,
    OrganisationRules,
    ReportRules,
)
from charter.schema.money import (
    AppealRules,
    ExchangeRules,
    ForecastRules,
    GivingRules,
    LogRules,
    PaymentRules,
    RatificationRules,
    RefundRules,
    ReserveRules,
    ZakatRules,
)
from charter.schema.passport import PassportRules
from charter.schema.publication import PublicationRules
from charter.schema.scoring import ScoringRules
from charter.schema.tiers import TierCode, TierRules

TIER_ORDER: tuple[TierCode, ...] = ("E", "H", "M", "L")
"""From the tier with the most safeguards to the one with the fewest."""


class CharterRules(Rules):
    """All numbers and lists that the fund is run by.

    One validated, frozen value: ratified as a version, frozen into each call when it opens and into each agreement when
    it is signed. ``model_dump(mode="json")`` round-trips through ``model_validate``.
    """

    format: Literal[1] = 1
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    ratification: RatificationRules
    committee: CommitteeRules
    scoring: ScoringRules
    tiers: dict[TierCode, TierRules]
    organisations: OrganisationRules
    capacity: CapacityRules
    grant_types: dict[GrantTypeKey, GrantType]
    applications: ApplicationRules
    budget: BudgetRules
    changes: ChangeRules
    reports: ReportRules
    payments: PaymentRules
    refunds: RefundRules
    exchange: ExchangeRules
    reserves: ReserveRules
    appeals: AppealRules
    publication: PublicationRules
    deadlines: Deadlines
    log: LogRules = LogRules()
    passport: PassportRules = PassportRules()
    giving: GivingRules = GivingRules()
    zakat: ZakatRules = ZakatRules()
    forecast: ForecastRules = ForecastRules()

    @model_validator(mode="after")
    def _tiers(self) -> Self:
        missing = [code for code in TIER_ORDER if code not in self.tiers]
        if missing:
            raise ValueError(f"the tiers {', '.join(missing)} are missing")
        bands = sorted((tier.score_from, tier.score_to) for tier in self.tiers.values() if tier.score_from is not None)
        expected = self.organisations.ineligible_below_score
        for start, end in bands:
            if start != expected:
                raise ValueError(f"the score bands of the tiers leave a gap or overlap at {expected}")
            expected = (end or 0) + 1
        if expected != 101:
            raise ValueError("the score bands of the tiers end at 100")
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.budget.categories) != set("ABCDEFG"):
            raise ValueError("the budget has the seven categories A to G")
        if len(self.grant_types) != 5:
            raise ValueError("each type of grant has its duration")
        return self

    def tier_for_score(self, score: int) -> TierCode | None:
        """The tier of a capacity or performance score (0–100); None below the least score: not eligible alone."""
        for code, tier in self.tiers.items():
            if tier.score_from is not None and tier.score_from <= score <= (tier.score_to or 0):
                return code
        return None


def problems(error: ValidationError) -> list[tuple[str, str]]:
    """What is wrong with a charter, as pairs of where (``tiers.M.splits``) and why."""
    return [
        (".".join(str(part) for part in detail["loc"]), detail["msg"].removeprefix("Value error, "))
        for detail in error.errors(include_url=False)
    ]


def flatten(value: Any, path: str = "") -> dict[str, Any]:
    """Every single value of a dumped charter by its path, ``{"scoring.fundable_from": 60, …}``."""
    if isinstance(value, Rules):
        value = value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        value = {str(index): item for index, item in enumerate(value)}
    if not isinstance(value, dict):
        return {path: value}
    flat: dict[str, Any] = {}
    for key, item in value.items():
        flat |= flatten(item, f"{path}.{key}" if path else str(key))
    return flat


def differences(before: CharterRules, after: CharterRules) -> list[tuple[str, Any, Any]]:
    """What changed between two versions: path, old value, new value (None where it did not exist)."""
    old, new = flatten(before), flatten(after)
    return [(path, old.get(path), new.get(path)) for path in sorted(old | new) if old.get(path) != new.get(path)]
