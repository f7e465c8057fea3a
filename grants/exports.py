"""A filled application to take along: as a workbook that programs read too, and on paper."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from grants.form_tree import Branch, branches
from grants.models import Application, Question
from grants.questions.values import as_text
from grants.selectors.judged import scalar
from grants.selectors.logframe import IndicatorShown, ResultShown
from grants.selectors.printed import in_language
from grants.selectors.review import Chapter, Said, in_words, review_content
from grants.services.budget_files import budget_sheet
from grants.states import FILES, HOLDERS, QuestionKind
from grants.words import Words, amount
from kernel.pdf import render_pdf
from kernel.pieces.words import moment_in_words
from kernel.spreadsheets import workbook_bytes


@dataclass(frozen=True, slots=True)
class Filled:
    """One answer of one application; ``number`` says which time of a repeat, from 1, 0 outside of any."""

    page: Words
    question: Question
    number: int
    value: Any


def filled(application: Application) -> Iterator[Filled]:
    """Every answer in the order of the form, the empty ones too; of a repeat each time by itself."""
    given = {one.question_id: one.value for one in application.answers.all()}
    for section in application.call.sections.prefetch_related("questions"):
        yield from _filled(section.title, branches(section), given)


def _filled(page: Words, found: Iterable[Branch], given: Mapping[Any, Any], number: int = 0) -> Iterator[Filled]:
    for branch in found:
        one = branch.question
        if one.kind == QuestionKind.REPEAT:
            for time, row in enumerate(given.get(one.pk) or [], start=1):
                yield from _filled(page, branch.below, _by_question(branch.below, row), time)
        elif one.kind in HOLDERS:
            yield from _filled(page, branch.below, given, number)
        elif one.kind != QuestionKind.NOTE:
            yield Filled(page, one, number, given.get(one.pk))


def _by_question(found: Iterable[Branch], row: Mapping[str, Any]) -> dict[Any, Any]:
    held: dict[Any, Any] = {}
    for branch in found:
        held |= {branch.question.pk: row.get(branch.question.key), **_by_question(branch.below, row)}
    return held


def plain(question: Question, value: Any) -> str:
    """An answer for programs: whole units of money, ISO days, keys of choices, the hash of a file."""
    if question.kind in FILES and value:
        return str(value["sha256"])
    return as_text(scalar(question, value))


# As a workbook ----------------------------------------------------------------------------------------------------


def filled_workbook(application: Application) -> bytes:
    """The application in the active language: the project, every answer in a row of its own, the budget."""
    answers = [
        [str(one.page), one.question.key, one.number or "", str(one.question.label), str(in_words(one.question, one.value)),
         plain(one.question, one.value)]
        for one in filled(application)
    ]  # fmt: skip
    header = [_("Page"), _("Name"), _("Which time"), _("Question"), _("In words"), _("For programs")]
    content = review_content(application)
    return workbook_bytes(
        [
            (_("Answers"), header, answers),
            (
                _("Project"),
                [_("Question"), _("In words")],
                [[str(one.label), str(one.answer)] for one in content.basics.said],
            ),
            *(
                [(_("Results framework"), _results_head(), list(_result_rows(content.results)))]
                if content.results
                else []
            ),
            budget_sheet(application),
        ],
        right_to_left=translation.get_language_bidi(),
    )


def _results_head() -> list[str]:
    return [
        _("Number"), _("Level"), _("Result"), _("Indicator"), _("Unit"), _("Baseline"), _("Target"), _("Counted apart by"),
        _("Means of verification"),
    ]  # fmt: skip


def _result_rows(results: Iterable[ResultShown]) -> Iterator[list[str]]:
    """One row an indicator, numbers as programs read them."""
    for result in results:
        for one in result.indicators:
            baseline = "" if one.row.baseline is None else str(one.baseline)
            yield [
                result.place, str(result.level), result.statement, one.name, one.unit, baseline, str(one.target),
                str(one.split), one.verification,
            ]  # fmt: skip


# On paper ---------------------------------------------------------------------------------------------------------


def filled_paper(application: Application) -> bytes:
    """The application as PDF in the active language; a file is named with its hash."""
    return render_pdf("grants/application.typ", paper_data(application, translation.get_language() or "ar"))


def paper_data(application: Application, language: str) -> dict[str, Any]:
    """Everything that the paper shows."""
    call, content = application.call, review_content(application)
    sent = application.submitted_at
    budget = content.budget
    name = application.organisation.name_ar if language == "ar" else application.organisation.name_latin
    return {
        "language": language,
        "title": application.title or _("Application"),
        "reference": application.reference,
        "facts": [
            (_("Organisation"), name),
            (_("Call"), f"{in_language(call.title, language)} ({call.reference})"),
            (_("State"), str(application.get_state_display())),
            *([(_("Received by the fund"), moment_in_words(sent, language=language))] if sent else []),
            *((str(one.label), str(one.answer) or "–") for one in content.basics.said if not one.long),
        ],
        "chapters": [_chapter(_summary(content.basics)), *map(_chapter, content.chapters), _chapter(content.eligibility)],
        "results": [_result_on_paper(one) for one in content.results],
        "results_words": (_("Results framework"), [_("Indicator"), _("Baseline"), _("Target")]),
        "lines": [
            (line.description, str(format_lazy("{} × {} × {} × {} %", line.quantity, amount(line.unit_cost_minor, budget.currency), line.months, line.percent_charged)), str(amount(minor, budget.currency)))
            for group in budget.groups
            for line, minor in group.lines
        ],
        "sums": [
            (_("Direct costs"), str(amount(budget.direct_minor, budget.currency))),
            (_("Indirect costs"), str(amount(budget.indirect_minor, budget.currency))),
            (_("Total"), str(amount(budget.total_minor, budget.currency))),
        ],
        "budget": (_("Budget"), [_("What"), _("Reckoning"), _("Amount")]),
        "fingerprint_label": _("Fingerprint of what was submitted (SHA-256)"),
        "sha256": application.content_sha256,
    }  # fmt: skip


def _summary(basics: Chapter) -> Chapter:
    return Chapter(basics.key, basics.title, [one for one in basics.said if one.long])


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {"title": str(chapter.title), "said": [_said(one) for one in chapter.said]}


def _said(one: Said) -> dict[str, str]:
    return {
        "label": str(one.label),
        "answer": str(one.answer) or "–",
        "sha256": one.file["sha256"] if one.file else "",
    }


def _result_on_paper(result: ResultShown) -> dict[str, Any]:
    return {
        "title": f"{result.place} {result.level}",
        "statement": result.statement,
        "rows": [_indicator_on_paper(one) for one in result.indicators],
    }


def _indicator_on_paper(one: IndicatorShown) -> tuple[str, str, str]:
    split = [f"{_('Counted apart by')}: {one.split}"] if one.row.split_by else []
    said = [f"{one.name} ({one.unit})", *split, f"{_('Means of verification')}: {one.verification}"]
    return "\n".join(said), str(one.baseline), str(one.target)
