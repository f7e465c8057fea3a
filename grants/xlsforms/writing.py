"""From a form to a workbook that Kobo, ODK and this fund read alike."""

from collections.abc import Iterator
from typing import Any, Final

from grants.questions.forms import CALCULATED, GROUP, NOTE, REPEAT
from grants.questions.proportion import AMOUNT
from grants.xlsforms import limits
from grants.xlsforms.plan import FormPlan, PagePlan, QuestionPlan, Texts
from grants.xlsforms.reading import PAGE_SUFFIX, YES_NO, intro_key
from grants.xlsforms.sheets import CHOICES, NAMES, SETTINGS, SURVEY
from kernel.spreadsheets import workbook_bytes

_TYPES: Final = {
    "short_text": ("text", ""), "long_text": ("text", "multiline"), "whole_number": ("integer", ""),
    "decimal": ("decimal", ""), "amount": ("decimal", "amount"), "day": ("date", ""), NOTE: ("note", ""),
    CALCULATED: ("calculate", ""), "file": ("file", ""), "image": ("image", ""),
}  # fmt: skip
_YES_NO_LABELS: Final = {"yes": {"ar": "نعم", "en": "Yes", "ku": "Erê"}, "no": {"ar": "لا", "en": "No", "ku": "Na"}}
_AMOUNT_LABEL: Final = {"ar": "المبلغ المطلوب", "en": "Amount asked for", "ku": "Mîqdara ku tê xwestin"}
"""The fund asks it itself; in the workbook it stands for those who try the form elsewhere."""
_TEXTS: Final = ("label", "hint", "constraint_message")


def _columns(*names: str) -> list[str]:
    return [f"{name}::{said}" for name in names for said in NAMES.values()]


HEADER: Final = [
    "type", "name", *_columns("label", "hint"), "required", "relevant", "constraint", *_columns("constraint_message"),
    "calculation", "appearance", "stage",
]  # fmt: skip


def write_form(plan: FormPlan, *, title: str, reference: str) -> bytes:
    """The form as the bytes of an XLSForm workbook."""
    writer = _Writer(plan)
    survey = [[cells.get(column, "") for column in HEADER] for cells in writer.survey()]
    choices = [[one["list_name"], one["name"], *_in_order(one["label"])] for one in writer.choices()]
    return workbook_bytes(
        [
            (SURVEY, HEADER, survey),
            (CHOICES, ["list_name", "name", *_columns("label")], choices),
            (SETTINGS, ["form_title", "form_id", "default_language"], [[title, reference, NAMES["ar"]]]),
        ]
    )


def _in_order(text: Texts) -> list[str]:
    return [text.get(language, "") for language in NAMES]


def _texts(column: str, text: Texts) -> dict[str, str]:
    return {f"{column}::{name}": text.get(language, "") for language, name in NAMES.items()}


class _Writer:
    def __init__(self, plan: FormPlan) -> None:
        self.plan = plan
        self.form = plan.form()
        self.taken = {one.key for one in plan.walk()}
        self.lists: dict[str, list[dict[str, Any]]] = {}

    def survey(self) -> Iterator[dict[str, str]]:
        """The rows of the form, which also fill the lists of choices."""
        if any(AMOUNT in self.form.names_in(page) for page in self.form.pages):
            yield {"type": "decimal", "name": AMOUNT, **_texts("label", _AMOUNT_LABEL)}
        for page in self.plan.pages:
            name = page.key + (PAGE_SUFFIX if page.key in self.taken else "")
            yield {
                "type": "begin_group",
                "name": name,
                **_texts("label", page.title),
                "relevant": page.relevant,
                "stage": page.stage,
            }
            yield from self._intro(page)
            for question in page.questions:
                yield from self._rows(question)
            yield {"type": "end_group", "name": name}

    def _intro(self, page: PagePlan) -> Iterator[dict[str, str]]:
        if any(page.intro.values()):
            yield {"type": "note", "name": intro_key(page.key), **_texts("label", page.intro)}

    def _rows(self, one: QuestionPlan) -> Iterator[dict[str, str]]:
        said = {"name": one.key, "relevant": one.relevant}
        for column in _TEXTS:
            said |= _texts(column, getattr(one, column))
        if one.kind in {GROUP, REPEAT}:
            yield {**said, "type": f"begin_{one.kind}"}
            for below in one.below:
                yield from self._rows(below)
            yield {"type": f"end_{one.kind}", "name": one.key}
            return
        kind, appearance = self._type(one)
        factor = 100 if one.kind == "amount" else 1
        bounds = [None if bound is None else bound // factor for bound in (one.minimum, one.maximum)]
        constraint = limits.written(limits.Limits(bounds[0], bounds[1], one.max_length), one.constraint)
        yield {
            **said,
            "type": kind,
            "appearance": appearance,
            "required": "yes" if one.required and one.kind not in {NOTE, CALCULATED} else "",
            "constraint": constraint,
            "calculation": one.calculation,
        }

    def _type(self, one: QuestionPlan) -> tuple[str, str]:
        if one.kind in _TYPES:
            return _TYPES[one.kind]
        if one.kind == YES_NO:
            self.lists[YES_NO] = [{"key": key, "label": label} for key, label in _YES_NO_LABELS.items()]
            return f"select_one {YES_NO}", ""
        kind = "select_one" if one.kind == "one_of" else "select_multiple"
        return f"{kind} {self._list(one)}", ""

    def _list(self, one: QuestionPlan) -> str:
        same = next((name for name, choices in self.lists.items() if choices == one.choices), "")
        if not same:
            same = f"list_{one.key}"
            self.lists[same] = one.choices
        return same

    def choices(self) -> Iterator[dict[str, Any]]:
        """The rows of all lists; read after `survey`."""
        for name, choices in self.lists.items():
            for one in choices:
                yield {"list_name": name, "name": str(one["key"]), "label": one["label"]}
