"""Rules of the risk tiers (domain specification §4.1 d)."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from charter.schema.base import Count, Minor, Percent, Rules, Words

FIRST_TRANCHE_MOST_PERCENT: Final = 80
"""Bound on every charter, not a default: no partner is ever sent more than this before the first report."""

TierCode = Literal["E", "H", "M", "L"]
Months = Literal["12", "24", "36"]
Split = Annotated[tuple[Annotated[int, Field(strict=True, ge=1, le=100)], ...], Field(min_length=1)]


class Reporting(Rules):
    """What a partner of the tier reports, besides the final reports."""

    narrative_every_months: Count | None
    """None: no interim narrative report."""
    narrative_most_pages: Count | None
    mid_term_call: bool
    financial: Literal["receipts_summary", "per_tranche"]
    financial_most_per_year: Count | None


class Frequency(Rules):
    """So many times a year, or in the grant's life."""

    times: Count
    per: Literal["year", "grant"]


class AuditSelection(Rules):
    """Which grants are audited: above an amount, one in so many, a random share."""

    always_above_minor: Minor
    one_in: Annotated[int, Field(strict=True, ge=1)] | None
    sample_percent: Percent
    host_audited: bool


class Promotion(Rules):
    """When a partner may move up."""

    to: TierCode
    index_from: Percent | None
    closed_grants: Count


class Demotion(Rules):
    """When a partner moves down, or is put on hold."""

    to: TierCode | Literal["on_hold"]
    index_below: Percent


class TierRules(Rules):
    """What a tier allows and asks."""

    name: Words
    score_from: Percent | None
    """Capacity or performance score; None for the entry tier, which has no score."""
    score_to: Percent | None
    yearly_ceiling_minor: Minor
    total_ceiling_minor: Minor
    longest_months: Count
    last_year_spend_percent: Count | None
    """Most that a grant may be of what the organisation spent last year; None: no limit."""
    splits: dict[Months, Split]
    """Tranches in percent of the grant, by the longest duration in months that the row is for."""
    retention_percent: Percent
    """Part of the last tranche that is paid after the final report is accepted."""
    reporting: Reporting
    visits: Frequency
    spot_checks: Frequency
    audit: AuditSelection
    overhead_percent: Percent
    promotion: Promotion | None
    demotion: Demotion | None

    @model_validator(mode="after")
    def _splits(self) -> Self:
        if "12" not in self.splits:
            raise ValueError("the tranches for up to 12 months are missing")
        for months, split in self.splits.items():
            self._check_split(months, split)
        return self

    def _check_split(self, months: str, split: tuple[int, ...]) -> None:
        where = f"the tranches for up to {months} months"
        if sum(split) != 100:
            raise ValueError(f"{where} sum to 100 %, not {sum(split)} %")
        if split[0] > FIRST_TRANCHE_MOST_PERCENT:
            raise ValueError(f"{where}: the first is at most {FIRST_TRANCHE_MOST_PERCENT} %, not {split[0]} %")
        if split[-1] < self.retention_percent:
            raise ValueError(f"{where}: the last ({split[-1]} %) holds the retention of {self.retention_percent} %")
        if int(months) > self.longest_months:
            raise ValueError(f"{where} are for longer than the tier's {self.longest_months} months")

    @model_validator(mode="after")
    def _ceilings(self) -> Self:
        if self.yearly_ceiling_minor > self.total_ceiling_minor:
            raise ValueError("the ceiling of a year is at most that of the whole grant")
        if (self.score_from is None) != (self.score_to is None):
            raise ValueError("a score band has both ends or none")
        if self.score_from is not None and self.score_to is not None and self.score_from > self.score_to:
            raise ValueError("a score band begins at or below its end")
        return self

    def split_for(self, months: int) -> tuple[int, ...]:
        """The tranches in percent of a grant of ``months``; raises ValueError when the tier has none so long."""
        for longest in sorted(self.splits, key=int):
            if months <= int(longest):
                return self.splits[longest]
        raise ValueError(f"this tier has no tranches for {months} months")
