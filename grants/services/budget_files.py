"""An application's budget as a workbook, both ways, through django-import-export.

What comes in is tried first (a dry run): every cell that cannot be read is named by its row and column, and then nothing is
taken. Only a file without a finding is offered to take the place of the lines, and it does so as one saving of the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets
from tablib import Dataset

from grants.form_words import in_words
from grants.models import Application, BudgetLine, SectionSave
from grants.selectors import budget, parts
from grants.selectors.reading import Reading
from grants.services.applications import MOST_LINES, save_part
from grants.states import BudgetCategory, BudgetPurpose
from kernel.money import Money
from kernel.sheets import rows_of
from kernel.spreadsheets import workbook_bytes
from kernel.texts import search_key
from kernel.workbooks import WorkbookError

COLUMNS = tuple(budget.line_fields())


@dataclass(frozen=True, slots=True)
class Finding:
    """A cell that could not be read: the row of the file, the column as the file may name it, and what is wrong."""

    row: int | None
    column: str
    text: Any


class UnreadableBudgetError(ValueError):
    """A file that cannot become a budget; ``findings`` says all that is wrong."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = findings


class _CellWidget(widgets.Widget):
    """Reads a cell as the page reads its box."""

    def __init__(self, name: str, currency: str) -> None:
        super().__init__()
        self.name = name
        self.field = budget.line_fields(currency)[name]

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The value that the cell says. Raises ValueError."""
        try:
            return self.field.clean(_key_of(self.name, str(value or "")))
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error  # import-export puts these beside their column


class BudgetLineResource(resources.ModelResource):
    """Budget lines by the columns of a workbook; only ever run dry."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application
        currency = application.call.currency
        self.fields = {
            name: fields.Field(attribute=name, column_name=name, widget=_CellWidget(name, currency)) for name in COLUMNS
        }

    class Meta:
        model = BudgetLine
        fields = ()
        import_id_fields = ()
        skip_diff = True
        use_transactions = False
        store_row_values = True

    def get_import_order(self) -> list[str]:
        """Column by column."""
        return list(self.fields)

    def get_import_fields(self) -> list[Any]:
        """All columns."""
        return list(self.fields.values())

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[BudgetLine, bool]:
        """Every row is a new line."""
        return BudgetLine(application=self.application), True

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        """A line whose numbers, each possible, come to too much together."""
        line = BudgetLine(**{name: self.fields[name].clean(row) for name in COLUMNS})
        if budget.is_too_large(line):
            raise ValidationError(_("This line comes to too much: look at its numbers again."))


def _known_names() -> dict[str, str]:
    """What a column may be called, folded, in every language of the fund."""
    found = {name: name for name in COLUMNS}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found |= {search_key(str(field.label)): name for name, field in budget.line_fields().items()}
    return found


def _key_of(name: str, said: str) -> str:
    """A category or a purpose by its key; what people read is understood in every language."""
    choices: Any = {"category": BudgetCategory, "purpose": BudgetPurpose}.get(name)
    if choices is None or said in choices.values:
        return said
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            for key, label in choices.choices:
                if search_key(str(label)) == search_key(said):
                    return str(key)
    letter = said.strip()[:1].upper()
    return letter if name == "category" and letter in choices.values and said.strip()[1:2] in {"", ".", " "} else said


def read_budget(application: Application, data: bytes) -> list[dict[str, str]]:
    """The lines of a workbook as they would be typed. Raises `UnreadableBudgetError` with every finding."""
    try:
        rows = rows_of(data, most=MOST_LINES + 2)
    except WorkbookError as error:
        raise UnreadableBudgetError([Finding(error.row, error.sheet, in_words(error.code))]) from error
    header = _header(rows[0] if rows else [])
    numbered = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
    if not numbered:
        raise UnreadableBudgetError([Finding(None, "", _("The budget has no line yet."))])
    if len(numbered) > MOST_LINES:
        raise UnreadableBudgetError([Finding(None, "", in_words("cells"))])
    lines = [_line(header, row) for _number, row in numbered]
    dataset = Dataset(*[[line[name] for name in COLUMNS] for line in lines], headers=COLUMNS)
    result = BudgetLineResource(application).import_data(dataset, dry_run=True, raise_errors=False)
    findings = list(_findings(result, [number for number, _row in numbered]))
    if findings:
        raise UnreadableBudgetError(findings)
    return lines


def _header(row: list[str]) -> list[str]:
    known = _known_names()
    found = [known.get(search_key(said), "") if said else "" for said in row]
    unknown = [said for said, name in zip(row, found, strict=True) if said and not name]
    findings = [Finding(1, said, in_words("column", said)) for said in unknown]
    needed = {name for name, field in budget.line_fields().items() if field.required}
    labels = {name: str(field.label) for name, field in budget.line_fields().items()}
    findings += [
        Finding(1, labels[name], _("This column is missing.")) for name in COLUMNS if name in needed - set(found)
    ]
    twice = {name for name in found if name and found.count(name) > 1}
    findings += [Finding(1, labels[name], _("This column stands there twice.")) for name in COLUMNS if name in twice]
    if findings:
        raise UnreadableBudgetError(findings)
    return found


def _line(header: list[str], row: list[str]) -> dict[str, str]:
    said = {name: value for name, value in zip(header, row, strict=False) if name}
    line = {name: said.get(name, "") for name in COLUMNS}
    for name in ("category", "purpose"):
        line[name] = _key_of(name, line[name])
    return line


def _findings(result: Any, numbers: list[int]) -> Iterator[Finding]:
    labels = {name: str(field.label) for name, field in budget.line_fields().items()}
    for invalid in result.invalid_rows:
        for name, messages in invalid.error_dict.items():
            for message in messages:
                yield Finding(numbers[invalid.number - 1], labels.get(name, ""), message)
    for number, errors in result.row_errors():
        for error in errors:
            yield Finding(numbers[number - 1], "", str(error.error))


def take_budget(
    application: Application, lines: list[dict[str, str]], *, version: int, actor: Any
) -> tuple[SectionSave, Reading]:
    """Let ``lines`` take the place of the budget, as one saving of its page over ``version``. Raises `Refused`."""
    return save_part(application, parts.BUDGET, {"lines": lines}, version=version, tab="workbook", actor=actor)


def budget_workbook(application: Application) -> bytes:
    """The lines as a workbook in the active language; it can be filled in and sent back."""
    return workbook_bytes([budget_sheet(application)], right_to_left=translation.get_language_bidi())


def budget_sheet(application: Application) -> tuple[str, list[str], list[list[Any]]]:
    """The lines as a sheet: its title, header and rows in the active language."""
    labels = [str(field.label) for field in budget.line_fields().values()]
    rows = [_cells(line, application.call.currency) for line in application.budget_lines.order_by("order", "pk")]
    return _("Budget"), labels, rows


def _cells(line: BudgetLine, currency: str) -> list[Any]:
    said: dict[str, Any] = {name: getattr(line, name) for name in COLUMNS}
    said["category"] = line.get_category_display()
    said["purpose"] = line.get_purpose_display() if line.purpose else ""
    said["unit_cost_minor"] = Money(line.unit_cost_minor, currency).amount
    return [said[name] for name in COLUMNS]
