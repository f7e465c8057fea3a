"""Rules of organisations, applications, budgets, changes and reports (domain specification §3.2–3.10, §4.2–4.4)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from charter.schema.base import Count, Key, Minor, Percent, Rules, Words

CategoryCode = Literal["A", "B", "C", "D", "E", "F", "G"]
GrantTypeKey = Literal["institutional", "programmatic", "project", "rapid", "bridge"]


class SizeBand(Rules):
    """Organisations that spent less than ``below_minor`` last year (None: no upper end)."""

    key: Key
    name: Words
    below_minor: Minor | None


class OrganisationRules(Rules):
    """Size bands and the life of an assessment."""

    size_bands: Annotated[tuple[SizeBand, ...], Field(min_length=1)]
    ineligible_below_score: Percent
    eligibility_years: Count
    reapply_after_months: Count
    passport_oldest_months: Count
    passport_least_coverage_percent: Percent
    capacity_weight_by_closed_grants: Annotated[tuple[Percent, ...], Field(min_length=1)]
    """Weight of the capacity score in the index after 0, 1, 2, … closed grants; the last stays."""

    @model_validator(mode="after")
    def _bands(self) -> Self:
        ends = [band.below_minor for band in self.size_bands]
        if ends[-1] is not None or None in ends[:-1]:
            raise ValueError("the last size band, and only it, has no upper end")
        bounded = [end for end in ends if end is not None]
        if bounded != sorted(set(bounded)):
            raise ValueError("size bands follow each other from small to large")
        return self

    def size_band(self, spent_minor: int) -> SizeBand:
        """The band of an organisation that spent ``spent_minor`` in its last year."""
        return next(band for band in self.size_bands if band.below_minor is None or spent_minor < band.below_minor)


class GrantType(Rules):
    """A kind of grant and how long it may run, in months or (rapid) in calendar days."""

    name: Words
    months_from: Count
    months_to: Count
    most_days: Count | None = None
    start_calendar_days: Count | None = None
    """The grant begins within so many days of the award; None: when the agreement says."""
    report_calendar_days: Count | None = None
    """One short report is due within so many days of the end; None: reports by the general rules."""

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.months_from > self.months_to:
            raise ValueError("the shortest duration is above the longest")
        return self


class BudgetRules(Rules):
    """Checks of a budget; shares are of the direct costs unless the name says otherwise."""

    categories: dict[CategoryCode, Words]
    staff_most_percent: Percent
    staff_most_percent_institutional: Percent
    international_staff_allowed: bool
    equipment_most_percent: Percent
    """Above it the applicant justifies the equipment."""
    transfers_most_percent: Percent
    safeguarding_and_learning_least_percent: Percent
    contingency_most_percent: Percent
    transfer_fees_most_percent: Percent
    salary_band_percent: Percent
    unit_cost_band_percent: Percent
    most_lines: Annotated[int, Field(strict=True, ge=1)]
    ineligible_costs: tuple[Words, ...]

    @model_validator(mode="after")
    def _staff(self) -> Self:
        if self.staff_most_percent_institutional < self.staff_most_percent:
            raise ValueError("an institutional grant may pay at least the share of staff of another grant")
        return self


class ChangeRules(Rules):
    """What a partner may change alone, with notice, with approval, by amendment."""

    notify_up_to_percent: Percent
    approval_up_to_percent: Percent
    staff_change_percent: Percent
    cost_extension_most_percent: Percent
    no_cost_extension_calendar_days_before_end: Count
    no_cost_extension_simple_months: Count
    reprogramming_above_percent: Percent

    @model_validator(mode="after")
    def _steps(self) -> Self:
        if self.notify_up_to_percent > self.approval_up_to_percent:
            raise ValueError("what needs notice only ends at or below what needs approval")
        return self


class OverdueSteps(Rules):
    """Calendar days after a report's due day at which something happens."""

    notice: Count
    signatory: Count
    tranche_hold: Count
    tier_review: Count
    suspension_proposal: Count

    @model_validator(mode="after")
    def _order(self) -> Self:
        steps = [self.notice, self.signatory, self.tranche_hold, self.tier_review, self.suspension_proposal]
        if steps != sorted(steps):
            raise ValueError("the steps of an overdue report follow each other")
        return self


class ReportRules(Rules):
    """When reports are due and what an overdue one leads to."""

    final_narrative_months: Count
    final_financial_months: Count
    returns: Count
    light_up_to_minor: Minor
    """Grants up to this amount owe one short final report; receipts are kept, not sent."""
    light_most_pages: Count
    overdue_calendar_days: OverdueSteps


class ApplicationRules(Rules):
    """Limits of an application."""

    returns_for_completion: Count
    condition_rounds: Count
    condition_waiver: Literal["fund_manager", "board_member", "programme_officer"] = "fund_manager"
    """The office that may waive a condition of an award."""
    international_only_support: bool = True
    """Whether international organisations take part as technical partner or host only, and never apply themselves."""
    logframe_from_minor: Minor = 2_000_000
    """Proposed for a new call: who asks for so much or more sets out its results with indicators."""
    logframe_most_results: Annotated[int, Field(strict=True, ge=2, le=20)] = 12
    """Outcomes and outputs of one application together."""
    logframe_most_indicators: Annotated[int, Field(strict=True, ge=1, le=10)] = 5
    """Indicators of one result."""
    deleted_draft_kept_calendar_days: Count
    files_megabytes: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 50
    """All files of one application together."""
    organisation_files_megabytes: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 500
    """All files of an organisation's applications together."""
    unfinished_file_hours: Annotated[int, Field(strict=True, ge=1, le=720)] = 72
    """How long a file that only half arrived waits for the rest."""
    files_kept_months: Annotated[int, Field(strict=True, ge=1, le=600)] = 24
    """Files of an application without a grant are due to be erased so long after its end …"""
    files_kept_after_grant_months: Annotated[int, Field(strict=True, ge=1, le=600)] = 84
    """… those of one that became a grant so long after the grant's (domain specification §8: two years, seven years)."""
