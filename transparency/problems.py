"""Sentences for what is wrong with a file, a row or a value, made from codes at the moment of showing."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, Promise | str] = {
    # values
    "empty": gettext_lazy("is empty, but a row cannot be taken without it"),
    "amount": gettext_lazy(
        "“%(value)s” is not an amount; expected digits such as 1200.50 or 1.2E+07, without separators"
    ),
    "amount_too_long": gettext_lazy(
        "“%(value)s” has more digits than an amount here can keep exactly (15 before, 15 after the point)"
    ),
    "whole": gettext_lazy("“%(value)s” is not a whole number"),
    "year": gettext_lazy("“%(value)s” is not a year of four digits"),
    "day": gettext_lazy("“%(value)s” is not a date; expected month/day/year such as 9/30/2019"),
    "no_such_day": gettext_lazy("“%(value)s” names a day that does not exist; the month comes first, as in 9/30/2019"),
    "people": gettext_lazy("“%(value)s” is not four numbers joined by ## (men, women, boys, girls)"),
    "code_too_long": gettext_lazy("“%(value)s” is longer than the 20 characters of a fund's code"),
    "key_too_long": gettext_lazy("the codes and names that identify this row are longer than 2,000 bytes"),
    "uneven_lists": gettext_lazy("“%(value)s” does not have as many parts as the column %(other)s"),
    "nul_character": gettext_lazy("contains a NUL character, which no text can hold"),
    # rows and files
    "row_width": gettext_lazy("the row has %(found)s values, the first line names %(expected)s columns"),
    "torn_row": gettext_lazy(
        "the row cannot be read as CSV: a quotation mark is out of place or not closed (%(detail)s)"
    ),
    "repeated_row": gettext_lazy("the same key stands already in line %(first)s"),
    "wrong_byte": gettext_lazy("the byte %(byte)s is not %(encoding)s text; save the file as UTF-8 and try again"),
    "empty_file": gettext_lazy("the file is empty"),
    "missing_column": gettext_lazy("the column is missing in the first line"),
    "column_twice": gettext_lazy("the column stands twice in the first line"),
    "too_many_columns": gettext_lazy("the first line has %(found)s columns; at most %(most)s are read"),
    "unknown_column": gettext_lazy("the column is not known; its text is kept and not used"),
    # doubts
    "ends_before_start": gettext_lazy("%(project)s ends before it starts"),
    "approved_before_submission": gettext_lazy("%(project)s was approved before it was submitted"),
    "approved_after_end": gettext_lazy("%(project)s was approved after its end"),
    "negative_amount": gettext_lazy("%(project)s has a budget below zero"),
    "parts_exceed_budget": gettext_lazy("direct and support costs of %(project)s are more than its budget"),
    "unknown_partner_kind": gettext_lazy("the partner of %(project)s is of no kind that is known"),
    "total_differs": gettext_lazy("the total of %(project)s is not the sum of men, women, boys and girls"),
    "no_such_project": gettext_lazy("there is no project %(project)s"),
    "no_places": gettext_lazy("%(project)s has no row in locations.csv"),
    "places_differ_from_budget": gettext_lazy(
        "the places of %(project)s add up to US$ %(located)s, its budget is US$ %(budget)s"
    ),
    "percents_differ": gettext_lazy("the sector shares of %(project)s add up to %(total)s %%, not 100 %%"),
    # bundles and files that are not read
    "file_twice": gettext_lazy("%(name)s stands twice in what was uploaded"),
    "nothing_to_read": gettext_lazy("none of the known files is there; expected one or more of %(names)s"),
    "file_too_large": gettext_lazy("%(name)s is larger than %(most)s MB"),
    "no_folder": gettext_lazy("%(name)s is not a folder"),
    "too_many_entries": gettext_lazy("%(name)s holds more than %(most)s files"),
    "zip_encrypted": gettext_lazy("%(name)s is protected by a password; upload it without one"),
    "zip_broken": gettext_lazy("%(name)s cannot be opened as a zip file"),
    "derived": gettext_lazy("not read: derived from the other files"),
    "counts_twice": gettext_lazy("not read: it tells of the same money as contributions.csv, which would count twice"),
    "unknown_file": gettext_lazy("not read: not a file of this kind"),
}


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """The sentence for ``code`` in the language in force."""
    return str(SENTENCES[code]) % params


def located(file: str, line: int, column: str) -> str:
    """Where it is, in words: file, line, column."""
    if column and line:
        return _("%(file)s, line %(line)s, %(column)s") % {"file": file, "line": line, "column": column}
    if line:
        return _("%(file)s, line %(line)s") % {"file": file, "line": line}
    return file
