"""A budget as arithmetic: lines, sums, the indirect cost, and the charter's checks (domain specification §4.3).

Plain Python, whole minor units. A line costs quantity × unit cost × months × share charged, rounded half up to a
cent, and every sum is a sum of lines as they are shown. Findings carry a code and numbers; their sentences are made
elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from charter.schema import BudgetRules


class Cost(Protocol):
    """What a budget line must tell to be added up; a `Line` and a stored line of an application both do."""

    @property
    def category(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_cost_minor(self) -> int: ...
    @property
    def months(self) -> int: ...
    @property
    def percent_charged(self) -> int: ...


class Purpose(StrEnum):
    """What a line is for, where a check of the charter asks."""

    ORDINARY = ""
    INTERNATIONAL_STAFF = "international_staff"
    SAFEGUARDING_AND_LEARNING = "safeguarding_and_learning"
    CONTINGENCY = "contingency"
    TRANSFER_FEES = "transfer_fees"


@dataclass(frozen=True, slots=True)
class Line:
    """One direct cost. ``reference_minor`` is the usual unit cost (a salary's benchmark in category A), if known."""

    category: str
    quantity: int
    unit_cost_minor: int
    months: int = 1
    percent_charged: int = 100
    purpose: Purpose = Purpose.ORDINARY
    justified: bool = False
    reference_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a budget in minor units; ``by_category`` has every category asked for, also the empty ones."""

    by_category: dict[str, int]
    direct_minor: int
    indirect_minor: int

    @property
    def total_minor(self) -> int:
        """Direct and indirect costs together: what is asked of the fund."""
        return self.direct_minor + self.indirect_minor

    def share_percent(self, category: str) -> int:
        """The category's share of the direct costs in whole percent, rounded down."""
        return self.by_category[category] * 100 // self.direct_minor if self.direct_minor else 0


class Severity(StrEnum):
    """An error stops the submission, a warning is for the reviewers."""

    ERROR = "error"
    WARNING = "warning"


class FindingCode(StrEnum):
    """What may be wrong with a budget."""

    EMPTY = "empty"
    TOO_MANY_LINES = "too_many_lines"
    UNKNOWN_CATEGORY = "unknown_category"
    LINE_OUT_OF_RANGE = "line_out_of_range"
    ABOVE_CEILING = "above_ceiling"
    STAFF_SHARE = "staff_share"
    EQUIPMENT_SHARE = "equipment_share"
    TRANSFERS_SHARE = "transfers_share"
    SAFEGUARDING_SHARE = "safeguarding_share"
    CONTINGENCY_SHARE = "contingency_share"
    FEES_SHARE = "fees_share"
    INTERNATIONAL_STAFF = "international_staff"
    SALARY_OUTSIDE_BAND = "salary_outside_band"
    UNIT_COST_OUTSIDE_BAND = "unit_cost_outside_band"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found; ``line`` is the index of the line it is about, ``numbers`` fill its sentence."""

    code: FindingCode
    severity: Severity
    numbers: dict[str, int] = field(default_factory=dict)
    line: int | None = None


def line_minor(line: Cost) -> int:
    """What a line costs the fund, rounded half up to a whole minor unit."""
    hundredfold = line.quantity * line.unit_cost_minor * line.months * line.percent_charged
    return (2 * hundredfold + 100) // 200


def indirect_minor(direct_minor: int, overhead_percent: int) -> int:
    """The indirect cost: ``overhead_percent`` of the direct costs, rounded down so as never to exceed the share."""
    return direct_minor * overhead_percent // 100


def totals(lines: Iterable[Cost], *, overhead_percent: int, categories: Iterable[str] = "ABCDEFG") -> Totals:
    """The sums of a budget; a line of a category that is not among ``categories`` raises KeyError."""
    sums = dict.fromkeys(categories, 0)
    for line in lines:
        sums[line.category] += line_minor(line)
    direct = sum(sums.values())
    return Totals(sums, direct, indirect_minor(direct, overhead_percent))


def _broken_lines(lines: Sequence[Line], rules: BudgetRules) -> list[Finding]:
    found = []
    for index, line in enumerate(lines):
        if line.category not in rules.categories:
            found.append(Finding(FindingCode.UNKNOWN_CATEGORY, Severity.ERROR, line=index))
        whole = line.quantity >= 1 and line.months >= 1 and line.unit_cost_minor >= 0
        if not whole or not 1 <= line.percent_charged <= 100:
            found.append(Finding(FindingCode.LINE_OUT_OF_RANGE, Severity.ERROR, line=index))
    return found


def _outside_band(line: Line, percent: int) -> bool:
    reference = line.reference_minor
    return reference is not None and abs(line.unit_cost_minor - reference) * 100 > percent * reference


def _line_findings(lines: Sequence[Line], rules: BudgetRules) -> list[Finding]:
    found = []
    for index, line in enumerate(lines):
        if line.purpose is Purpose.INTERNATIONAL_STAFF and not rules.international_staff_allowed:
            found.append(Finding(FindingCode.INTERNATIONAL_STAFF, Severity.ERROR, line=index))
        salary = line.category == "A"
        percent = rules.salary_band_percent if salary else rules.unit_cost_band_percent
        if _outside_band(line, percent):
            code = FindingCode.SALARY_OUTSIDE_BAND if salary else FindingCode.UNIT_COST_OUTSIDE_BAND
            numbers = {"unit_cost_minor": line.unit_cost_minor, "reference_minor": line.reference_minor or 0}
            found.append(Finding(code, Severity.WARNING, {**numbers, "percent": percent}, index))
    return found


def _share(code: FindingCode, part: int, whole: int, *, most: int, severity: Severity) -> list[Finding]:
    if part * 100 <= most * whole:
        return []
    return [Finding(code, severity, {"part_minor": part, "whole_minor": whole, "most_percent": most})]


def _share_findings(lines: Sequence[Line], sums: Totals, *, grant_type: str, rules: BudgetRules) -> list[Finding]:
    direct = sums.direct_minor
    institutional = grant_type == "institutional"
    staff_most = rules.staff_most_percent_institutional if institutional else rules.staff_most_percent
    equipment_justified = all(line.justified for line in lines if line.category == "C")

    def for_purpose(purpose: Purpose) -> int:
        return sum(line_minor(line) for line in lines if line.purpose is purpose)

    equipment = Severity.WARNING if equipment_justified else Severity.ERROR
    error = Severity.ERROR
    contingency, fees = for_purpose(Purpose.CONTINGENCY), for_purpose(Purpose.TRANSFER_FEES)
    category = sums.by_category
    found = [
        *_share(FindingCode.STAFF_SHARE, category["A"], direct, most=staff_most, severity=error),
        *_share(
            FindingCode.EQUIPMENT_SHARE, category["C"], direct, most=rules.equipment_most_percent, severity=equipment
        ),
        *_share(FindingCode.TRANSFERS_SHARE, category["F"], direct, most=rules.transfers_most_percent, severity=error),
        *_share(
            FindingCode.CONTINGENCY_SHARE, contingency, direct, most=rules.contingency_most_percent, severity=error
        ),
        *_share(FindingCode.FEES_SHARE, fees, direct, most=rules.transfer_fees_most_percent, severity=error),
    ]
    least = rules.safeguarding_and_learning_least_percent
    care = for_purpose(Purpose.SAFEGUARDING_AND_LEARNING)
    if care * 100 < least * direct:
        numbers = {"part_minor": care, "whole_minor": direct, "least_percent": least}
        found.append(Finding(FindingCode.SAFEGUARDING_SHARE, Severity.WARNING, numbers))
    return found


def findings(
    lines: Sequence[Line],
    *,
    grant_type: str,
    overhead_percent: int,
    rules: BudgetRules,
    ceiling_minor: int | None = None,
) -> list[Finding]:
    """All that the charter's checks find in a budget.

    ``ceiling_minor`` bounds the total with the indirect cost (the call's and the tier's, whichever is lower). Shares
    are checked only once every line can be added up.
    """
    if not lines:
        return [Finding(FindingCode.EMPTY, Severity.ERROR)]
    found = []
    if len(lines) > rules.most_lines:
        found.append(
            Finding(FindingCode.TOO_MANY_LINES, Severity.ERROR, {"lines": len(lines), "most": rules.most_lines})
        )
    if broken := _broken_lines(lines, rules):
        return found + broken
    sums = totals(lines, overhead_percent=overhead_percent, categories=rules.categories)
    if ceiling_minor is not None and sums.total_minor > ceiling_minor:
        numbers = {"total_minor": sums.total_minor, "ceiling_minor": ceiling_minor}
        found.append(Finding(FindingCode.ABOVE_CEILING, Severity.ERROR, numbers))
    found += _line_findings(lines, rules)
    return found + _share_findings(lines, sums, grant_type=grant_type, rules=rules)


def may_be_submitted(found: Iterable[Finding]) -> bool:
    """Whether no finding is an error."""
    return all(one.severity is not Severity.ERROR for one in found)
