"""An application's budget: how its lines are read, its sums, and the charter's findings in words."""
# public: what applicants are told beside their budget

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from grants import budgets
from grants.budgets import FindingCode
from grants.models import Application, BudgetLine
from grants.selectors import calls
from grants.states import BudgetCategory, BudgetPurpose
from grants.words import Words, amount
from kernel.fields import AmountField, ShortTextField, WholeNumberField

HIGHEST_MINOR = 10**11
"""A unit cost or a line above this is a slip of the keyboard: a bound of the column, not a rule of the fund."""


def line_fields(currency: str = "USD") -> dict[str, forms.Field]:
    """The fields of one budget line by name, fresh each time."""
    return {
        "category": forms.ChoiceField(choices=BudgetCategory.choices, label=_("Category")),
        "description": ShortTextField(max_length=200, label=_("What")),
        "unit": ShortTextField(max_length=40, label=_("Unit (month, piece, day, trip)")),
        "quantity": WholeNumberField(min_value=1, max_value=1_000_000, label=_("Quantity")),
        "unit_cost_minor": AmountField(currency=currency, min_minor=1, max_minor=HIGHEST_MINOR, label=_("Unit cost")),
        "months": WholeNumberField(min_value=1, max_value=1000, label=_("Months or times")),
        "percent_charged": WholeNumberField(min_value=1, max_value=100, label=_("% charged to the fund")),
        "purpose": forms.ChoiceField(
            choices=[("", _("An ordinary cost")), *BudgetPurpose.choices], required=False, label=_("Special purpose")
        ),
        "remark": ShortTextField(max_length=300, required=False, label=_("Remark (for equipment: why it is needed)")),
    }


@cache
def line_names() -> tuple[str, ...]:
    """The names of `line_fields`."""
    return tuple(line_fields())


BLANK_LINE = {"category": "", "months": "1", "percent_charged": "100", "purpose": ""}
"""What a new line holds before anything is typed."""


def is_blank(raw: dict[str, Any]) -> bool:
    """Whether nothing was typed into a line."""
    return all(not str(value).strip() or str(value) == BLANK_LINE.get(name) for name, value in raw.items())


def is_too_large(line: BudgetLine) -> bool:
    """Whether a line's numbers, each possible by itself, come to more together than any column holds."""
    return budgets.line_minor(line) > HIGHEST_MINOR


@dataclass(frozen=True, slots=True)
class Group:
    """A category of the budget with its lines, their sum and its share of the direct costs."""

    category: BudgetCategory
    lines: list[tuple[BudgetLine, int]]
    minor: int
    percent: int


@dataclass(frozen=True, slots=True)
class Budget:
    """The whole budget as it is shown; amounts in minor units of ``currency``."""

    groups: list[Group]
    direct_minor: int
    indirect_minor: int
    total_minor: int
    overhead_percent: int
    ceiling_minor: int
    floor_minor: int
    currency: str


def budget_of(application: Application, lines: Iterable[BudgetLine] | None = None) -> Budget:
    """The application's budget with its sums; reads the stored lines unless ``lines`` are given."""
    rows = list(application.budget_lines.all() if lines is None else lines)
    percent = calls.overhead_percent(application.call, application.organisation)
    sums = budgets.totals(rows, overhead_percent=percent)
    groups = [
        Group(
            category,
            [(row, budgets.line_minor(row)) for row in rows if row.category == category],
            sums.by_category[category],
            sums.share_percent(category),
        )
        for category in BudgetCategory
    ]
    return Budget(
        [group for group in groups if group.lines],
        sums.direct_minor,
        sums.indirect_minor,
        sums.total_minor,
        percent,
        calls.ceiling_minor(application.call, application.organisation, application.months),
        application.call.floor_minor,
        application.call.currency,
    )


def total_minor(application: Application, lines: Iterable[BudgetLine]) -> int:
    """What the lines and the indirect cost come to."""
    percent = calls.overhead_percent(application.call, application.organisation)
    return budgets.totals(list(lines), overhead_percent=percent).total_minor


def _pure(line: BudgetLine) -> budgets.Line:
    return budgets.Line(
        category=line.category,
        quantity=line.quantity,
        unit_cost_minor=line.unit_cost_minor,
        months=line.months,
        percent_charged=line.percent_charged,
        purpose=budgets.Purpose(line.purpose),
        justified=bool(line.remark.strip()),
    )


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding in words; ``blocking`` ones keep the application from being submitted."""

    text: Words
    blocking: bool


def findings_of(application: Application, lines: Sequence[BudgetLine]) -> list[Remark]:
    """What the charter's checks and the call's bounds say about a budget, in words."""
    call = application.call
    rules = calls.rules_of(call)
    percent = calls.overhead_percent(call, application.organisation)
    found = budgets.findings(
        [_pure(line) for line in lines],
        grant_type=call.grant_type,
        overhead_percent=percent,
        rules=rules.budget,
        ceiling_minor=calls.ceiling_minor(call, application.organisation, application.months),
    )
    remarks = [Remark(_sentence(one, call.currency), one.severity is budgets.Severity.ERROR) for one in found]
    total = total_minor(application, lines)
    if lines and total < call.floor_minor:
        words = _("The budget comes to {total}; the smallest grant of this call is {floor}.")
        remarks.append(
            Remark(
                format_lazy(words, total=amount(total, call.currency), floor=amount(call.floor_minor, call.currency)),
                blocking=True,
            )
        )
    return remarks


_SENTENCES: dict[FindingCode, Words] = {
    FindingCode.EMPTY: _("The budget has no line yet."),
    FindingCode.TOO_MANY_LINES: _("The budget has {lines} lines; {most} are allowed. Put small things together."),
    FindingCode.UNKNOWN_CATEGORY: _("Line {line}: choose one of the seven categories."),
    FindingCode.LINE_OUT_OF_RANGE: _("Line {line}: quantity, months and percentage must be 1 or more."),
    FindingCode.ABOVE_CEILING: _("The budget comes to {total}; the most that you may ask for here is {ceiling}."),
    FindingCode.STAFF_SHARE: _("Staff is {part} of {whole}: the charter allows {most} % of the direct costs."),
    FindingCode.EQUIPMENT_SHARE: _(
        "Equipment is {part} of {whole}, above {most} % of the direct costs: explain each line of equipment in its remark."
    ),
    FindingCode.TRANSFERS_SHARE: _(
        "Transfers to counterparts are {part} of {whole}: the charter allows {most} % of the direct costs."
    ),
    FindingCode.SAFEGUARDING_SHARE: _(
        "Set aside {least} % of the direct costs for safeguarding, monitoring and learning; now it is {part} of {whole}."
    ),
    FindingCode.CONTINGENCY_SHARE: _("The contingency is {part} of {whole}: the charter allows {most} %."),
    FindingCode.FEES_SHARE: _("Bank and transfer fees are {part} of {whole}: the charter allows {most} %."),
    FindingCode.INTERNATIONAL_STAFF: _("Line {line}: this fund does not pay international staff."),
    FindingCode.SALARY_OUTSIDE_BAND: _("Line {line}: this salary differs from the usual one by more than {percent} %."),
    FindingCode.UNIT_COST_OUTSIDE_BAND: _(
        "Line {line}: this price differs from the usual one by more than {percent} %."
    ),
}


def _sentence(finding: budgets.Finding, currency: str) -> Words:
    numbers: dict[str, Any] = {
        name.removesuffix("_minor").removesuffix("_percent"): amount(value, currency)
        if name.endswith("_minor")
        else value
        for name, value in finding.numbers.items()
    }
    if finding.line is not None:
        numbers["line"] = finding.line + 1
    words: Any = _SENTENCES[finding.code]
    return format_lazy(words, **numbers)
