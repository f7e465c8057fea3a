"""What was understood of a page goes into its tables: answers, budget lines, results, the application's own fields."""

from collections.abc import Iterable
from typing import Any

from grants.form_tree import form_of
from grants.models import (
    Answer,
    Application,
    ApplicationPartner,
    BudgetLine,
    Call,
    EligibilityAnswer,
    ExpectedResult,
    Indicator,
    Question,
    Section,
)
from grants.selectors import budget, logframe, parts
from grants.selectors.parts import BASICS, BUDGET, ELIGIBILITY, LOGFRAME, Part
from grants.selectors.reading import Reading, is_empty
from grants.states import PartnerRole


def take_over(part: Part, application: Application, reading: Reading, changed: list[str]) -> None:
    """Put what was understood into its tables, where ``changed`` fields of the page may have changed it."""
    if part.key == BASICS:
        _take_basics(application, reading, partners=not {"partners", "supporters"}.isdisjoint(changed))
    elif part.key == ELIGIBILITY:
        _take_eligibility(application, reading)
    elif part.key == BUDGET:
        application.budget_lines.all().delete()
        BudgetLine.objects.bulk_create(reading.lines)
        _take_total(application, reading.lines)
    elif part.key == LOGFRAME:
        _take_results(application, reading)
    elif part.section is not None:
        _take_answers(application, _touched(part.section, application.call, changed), reading)


def _touched(section: Section, call: Call, changed: list[str]) -> list[Question]:
    """The questions whose answers may read differently now: with logic in the form all of the page, else the changed."""
    questions = list(section.questions.all())
    if form_of(call).has_logic:
        return questions
    return [one for one in questions if any(name == one.key or name.startswith(f"{one.key}-") for name in changed)]


_EMPTY: dict[str, Any] = {
    "title": "", "summary": "", "sector": "", "governorates": [], "months": None, "starts_on": None, "people_reached": None,
    "expected_minor": None, "places": [],
}  # fmt: skip


_PARTNERS = {"partners": PartnerRole.CARRYING, "supporters": PartnerRole.SUPPORTING}


def _take_basics(application: Application, reading: Reading, *, partners: bool) -> None:
    for name, empty in _EMPTY.items():
        setattr(application, name, reading.values.get(name, empty))
    application.save(update_fields=list(_EMPTY))
    if not partners:
        return
    application.partners.all().delete()
    ApplicationPartner.objects.bulk_create(
        ApplicationPartner(
            application=application, name=line.name, name_key=line.key, role=role, share_percent=line.percent
        )
        for field, role in _PARTNERS.items()
        for line in reading.values.get(field, [])
    )


def _take_total(application: Application, lines: Iterable[BudgetLine]) -> None:
    total = budget.total_minor(application, lines)
    if total != application.requested_minor:
        application.requested_minor = total
        application.save(update_fields=["requested_minor"])


def _take_results(application: Application, reading: Reading) -> None:
    application.results.all().delete()
    results, indicators = logframe.rows_of(application, reading)
    ExpectedResult.objects.bulk_create(results)
    Indicator.objects.bulk_create(indicators)


def _take_eligibility(application: Application, reading: Reading) -> None:
    application.eligibility_answers.all().delete()
    EligibilityAnswer.objects.bulk_create(
        EligibilityAnswer(application=application, question=question, value=reading.values[question.key])
        for question in application.call.eligibility_questions.all()
        if reading.values.get(question.key) is not None
    )


def _take_answers(application: Application, questions: list[Question], reading: Reading) -> None:
    given = {one: value for one in questions if not is_empty(value := reading.values.get(one.key))}
    if len(given) < len(questions):
        Answer.objects.filter(
            application=application, question__in=[one for one in questions if one not in given]
        ).delete()
    Answer.objects.bulk_create(
        [Answer(application=application, question=one, value=value) for one, value in given.items()],
        update_conflicts=True,
        unique_fields=["application", "question"],
        update_fields=["value"],
    )


def take_all_anew(application: Application) -> None:
    """Take over every page anew: a later answer may have changed what an earlier page asks, and the tier what is added."""
    saves = parts.saves_of(application)
    book = parts.book_of(application, saves)
    for section in book.sections.values():
        _take_answers(application, list(section.questions.all()), book.reading(section.key))
    _take_total(application, application.budget_lines.all())
    if application.call.logframe_from_minor is not None:
        save = saves.get(LOGFRAME) if logframe.is_asked(application) else None
        _take_results(application, logframe.read(application.call, save.answers) if save else Reading())
