"""A call's form as a plan and as a workbook."""

from typing import Any

from i18nfield.strings import LazyI18nString

from grants import stages
from grants.form_tree import Branch, branches
from grants.models import Call, Section
from grants.xlsforms.plan import FormPlan, PagePlan, QuestionPlan, Texts
from grants.xlsforms.writing import write_form


def texts_of(value: Any) -> Texts:
    """A text of the fund by language, without the empty ones."""
    data = value.data if isinstance(value, LazyI18nString) else value
    said = data if isinstance(data, dict) else {"ar": data}
    return {str(language): str(text) for language, text in said.items() if str(text or "").strip()}


def plan_of(call: Call) -> FormPlan:
    """The form of a call as plain data; in a call of two stages each page says its stage."""
    return FormPlan([_page(section, section.stage if stages.in_two(call) else "") for section in call.sections.all()])


def _page(section: Section, stage: str) -> PagePlan:
    questions = [_question(branch) for branch in branches(section)]
    return PagePlan(
        section.key, texts_of(section.title), texts_of(section.intro), section.relevant, questions, stage=stage
    )


def _question(branch: Branch) -> QuestionPlan:
    one = branch.question
    same = ("key", "kind", "required", "max_length", "minimum", "maximum", "relevant", "constraint", "calculation")
    return QuestionPlan(
        **{name: getattr(one, name) for name in same},
        label=texts_of(one.label),
        hint=texts_of(one.hint),
        choices=[{"key": str(choice["key"]), "label": texts_of(choice["label"])} for choice in one.choices],
        constraint_message=texts_of(one.constraint_message),
        below=[_question(below) for below in branch.below],
    )


def workbook_of(call: Call) -> bytes:
    """The form of a call as an XLSForm."""
    title = texts_of(call.title)
    return write_form(plan_of(call), title=title.get("ar") or next(iter(title.values()), ""), reference=call.reference)
