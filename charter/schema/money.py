"""Rules of payments, refunds, reserves and appeals' holds (domain specification §3.5, §3.7, §3.12, §5.6, §5.7)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from charter.schema.base import Count, Fraction, Key, Minor, Percent, Rules


class PaymentRules(Rules):
    """When money may be asked for, and who must agree."""

    next_tranche_spent_percent: Percent
    """Share of the money received that must be spent before the next tranche is requested."""
    approvals: Annotated[int, Field(strict=True, ge=2)]
    third_approval_above_minor: Minor
    screening_oldest_hours: Count
    bank_details_approvers: Annotated[int, Field(strict=True, ge=2)]
    bank_details_cooling_hours: Count
    voucher_days: Count = 14
    """Calendar days in which the payee of a cash channel may show a voucher."""
    voucher_tries: Count = 5
    """Wrong codes after which a voucher is worth nothing."""
    voucher_tries_per_hour: Count = 20
    """Codes that one person of the fund may enter in an hour, of all vouchers together."""
    bank_change_near_days: Count = 14
    """Calendar days: a payment so soon after, or a new contact so soon before, makes a change of bank details odd."""
    in_transit_alarm_days: Count
    """Working days after sending without the partner's confirmation."""


class RefundRules(Rules):
    """What a partner gives back at closure."""

    waived_below_minor: Minor
    due_calendar_days: Count


class ExchangeRules(Rules):
    """Who bears a change of the exchange rate."""

    stays_with_project_up_to_percent: Percent
    fund_share_above_percent: Percent


class ReserveRules(Rules):
    """What the fund keeps back and may spend on itself."""

    reserve_from_percent: Percent
    reserve_to_percent: Percent
    loss_reserve_percent: Percent
    running_costs_most_percent: Percent
    """Of what is disbursed."""
    donor_concentration_alarm_percent: Percent

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.reserve_from_percent > self.reserve_to_percent:
            raise ValueError("the least reserve is at or below the most")
        return self


class ForecastRules(Rules):
    """What the forecast of the fund's cash reckons with, and how hard its scenarios are."""

    months: Annotated[int, Field(strict=True, ge=1, le=120)] = 36
    pledged_percent: Percent = 50
    """How likely money is that was pledged and not signed, unless the pledge says otherwise."""
    signed_percent: Percent = 90
    late_months: Count = 3
    pound_falls_percent: Annotated[int, Field(strict=True, ge=0, lt=100)] = 30


class GivingRules(Rules):
    """What givers by card may give, each in minor units of the currency they choose."""

    least_minor: Minor = 5_00
    most_minor: Minor = 10_000_00

    @model_validator(mode="after")
    def _order(self) -> Self:
        if not 0 < self.least_minor <= self.most_minor:
            raise ValueError("the smallest gift is above zero and at or below the largest")
        return self


class ZakatRules(Rules):
    """Whom zakat reaches, for which costs, and how soon (domain specification §5.4); a scholar confirms them."""

    recipients: tuple[Key, ...] = ("poor", "needy", "debtors", "wayfarers")
    """Classes of recipients that the fund serves, of the eight."""
    cost_categories: tuple[Annotated[str, Field(pattern=r"^[A-G]$")], ...] = ("B", "F")
    """Categories of the budget whose lines reach recipients themselves."""
    distribution_days: Count = 354
    """Calendar days, one lunar year, after which all of it is with those for whom it was given."""
    alarm_days: Count = 60
    """Calendar days before that on which the alarm begins."""


class AppealRules(Rules):
    """The appeals panel and the money that waits for it."""

    panel_members: Annotated[int, Field(strict=True, ge=3)]
    held_envelope_percent: Percent
    replaced_members: Fraction
    """Share of the panel that is new when an upheld appeal is evaluated again."""


class RatificationRules(Rules):
    """How networks of civil society adopt a version of the charter."""

    share: Fraction
    """Of the networks that have a vote."""
    minimum: Annotated[int, Field(strict=True, ge=1)]

    @model_validator(mode="after")
    def _majority(self) -> Self:
        if not 2 * self.share.numerator > self.share.denominator >= self.share.numerator:
            raise ValueError("more than half of the networks ratify, and at most all of them")
        return self

    def needed(self, networks: int) -> int:
        """How many of ``networks`` voting networks must ratify."""
        return max(self.share.rounded_up(networks), self.minimum)


class LogRules(Rules):
    """Who outside the fund must have seen the record of decisions, and how soon an act is in it."""

    donor_witnesses: Count = 1
    network_witnesses: Count = 2
    promised_seconds: Count = 60
