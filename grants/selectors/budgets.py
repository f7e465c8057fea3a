"""Reading budgets."""

from grants import budgets
from grants.models import Application, Grant
from grants.models.reports import ReportLine
from grants.selectors.signed import signed_minor
from grants.states import BudgetCategory
from kernel import identity
from kernel.money import shares


def overhead_percent(application: Application) -> int:
    """The flat indirect cost of the organisation's tier, in percent of the direct costs, by the call's frozen rules."""
    rules = application.call.frozen_rules or {}
    return int(rules["tiers"][application.organisation.tier]["overhead_percent"])


def by_category(grant: Grant) -> list[tuple[str, str, int]]:
    """The approved budget with the categories' names, in minor units."""
    names = dict(ReportLine.CATEGORIES)
    return [(category, str(names[category]), minor) for category, minor in approved_budget(grant).items()]


@identity.system("grants.approved_budget")
def approved_budget(grant: Grant, *, signed: int | None = None) -> dict[str, int]:
    """The granted amount by category (A–G, and I for the indirect cost), in minor units; sums to the grant as it was signed.

    It belongs to the grant: also who does not read the application reads it. Where the committee granted less than was requested, every category shrinks in the same proportion, without a lost cent.
    ``signed`` is the amount as it was signed, in minor units, where the caller has read it already.
    """
    application = grant.application
    totals = budgets.totals(
        list(application.budget_lines.all()),
        overhead_percent=overhead_percent(application),
        categories=BudgetCategory.values,
    )
    requested = {**totals.by_category, ReportLine.INDIRECT: totals.indirect_minor}
    requested = {category: minor for category, minor in requested.items() if minor}
    signed = signed_minor(grant) if signed is None else signed
    return dict(zip(requested, shares(signed, list(requested.values())), strict=True))
