"""In words what keeps a form from being asked, or a workbook from becoming a form."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.workbooks import LARGEST

_SENTENCES: dict[str, Any] = {
    # the file
    "size": _("The file is larger than {most} MB."),
    "not_a_workbook": _("This is not an Excel workbook (XLSX). Save the form as XLSX and try again."),
    "bomb": _("The file swells when it is unpacked. It was not opened."),
    "declares": _("The file declares entities, which can hide other files in it. It was not opened."),
    "program": _("The workbook carries a program or another file. Save it as plain XLSX."),
    "link": _("The workbook links to other files. Save it without links."),
    "formula": _("A cell holds a formula. Write the value itself."),
    "cells": _("The sheet has too many cells. Remove the rows that are not needed."),
    "pyxform": _("pyxform, which reads forms for Kobo, says: {what}"),
    "no_survey": _("The sheet “survey” is missing or empty."),
    "sheet": _("This sheet is not part of a form here. Remove it."),
    "column": _("The column “{what}” is not known. Correct its name or remove it."),
    "column_not_here": _("XLSForm knows “{what}”, forms of this fund do not. Remove it."),
    "language": _(
        "The column “{what}” names no language of the fund. Write for example label::العربية (ar), label::English (en)."
    ),
    # rows
    "no_type": _("The row has no type."),
    "type": _("Questions of the type “{what}” are not asked here."),
    "appearance": _("The appearance “{what}” is not known here. Remove it."),
    "no_name": _("The row has no name."),
    "name": _("“{what}” cannot be a name. Use Latin letters, digits, - and _, at most 40, beginning with a letter."),
    "twice": _("The name “{what}” stands there twice, or is one of the fund's own."),
    "no_label": _("“{what}” has no label."),
    "too_long": _("A text is too long; the limit is {what} characters."),
    "too_many": _("There are too many rows of this sort; the limit is {what}."),
    "no_list": _("The list “{what}” is not in the sheet “choices”."),
    "few_choices": _("The list “{what}” needs two choices at least."),
    "required": _("“{what}”: write yes or no. A condition belongs into the column “relevant”."),
    "not_for_this": _("The column “{what}” means nothing for this row. Empty the cell."),
    "stage": _(
        "“{what}” is no stage: write concept for the concept note, full for the full proposal only, or nothing."
    ),
    "stage_of_page": _("A stage is said of a whole page: write it in the row that begins the outermost group."),
    "below_zero": _("Numbers below zero are not read here. Change the constraint."),
    "not_closed": _("The group that begins here does not end."),
    "not_opened": _("A group ends here that did not begin."),
    "empty_group": _("The group that begins here holds no question."),
    # meaning
    "empty": _("The expression is empty."),
    "character": _("The expression cannot be read at “{what}”."),
    "unfinished": _("The expression breaks off or goes wrong at “{what}”."),
    "function": _("The function {what} is not known here."),
    "arguments": _("The function {what} has too few or too many arguments."),
    "path": _("“{what}” is not understood. Name a question as in ${{name}}, the answer itself with a point."),
    "pattern": _("The pattern cannot be used at “{what}”."),
    "literal_pattern": _("The pattern of regex() must be written out in quotes."),
    "deep": _("The expression, or the groups, stand too deep in each other."),
    "unknown": _("{what} is not a question of this form."),
    "circle": _("What “{what}” hangs on hangs on itself."),
    "inside_repeat": _("A repeat cannot stand inside another one."),
    "constraint_without_answer": _("“{what}” has no answer of its own that a constraint could judge."),
    "no_calculation": _("“{what}” has no calculation."),
    "group_as_answer": _("{what} is a group or a note and has no answer."),
}


def in_words(code: str, what: str = "") -> Any:
    """What a `grants.questions.forms.Problem` or a `grants.xlsforms.sheets.Finding` says, without its place."""
    return format_lazy(_SENTENCES[code], what=what or "…", most=LARGEST // 1_000_000)
