"""What a scorer reads of an application: its answers in the order of the call's form, and its budget."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from grants.models import Answer, Application, BudgetLine, Question, Section
from grants.states import BudgetCategory, QuestionKind
from kernel.money import Money, format_money
from kernel.pieces.words import day_in_words
from kernel.places import Governorate
from kernel.sectors import Sector


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its answer in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the form with what was answered."""

    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class CostLine:
    """A line of the budget; ``total_minor`` is what the fund is asked for, rounded down to the cent."""

    category: str
    description: str
    detail: str
    total_minor: int


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a scorer reads."""

    basics: tuple[Pair, ...]
    parts: tuple[Part, ...]
    budget: tuple[CostLine, ...]
    direct_minor: int
    indirect_minor: int
    requested_minor: int
    currency: str


def content_of(application: Application) -> Content:
    """The application as a scorer reads it; a constant number of queries."""
    lines = tuple(_cost(one) for one in application.budget_lines.order_by("category", "order"))
    direct = sum(one.total_minor for one in lines)
    return Content(
        basics=_basics(application),
        parts=_parts(application),
        budget=lines,
        direct_minor=direct,
        indirect_minor=max(application.requested_minor - direct, 0),
        requested_minor=application.requested_minor,
        currency=application.call.currency,
    )


def _basics(application: Application) -> tuple[Pair, ...]:
    language = get_language() or "ar"
    places = "، ".join(str(Governorate(one).label) for one in application.governorates)
    starts = day_in_words(application.starts_on, language=language) if application.starts_on else ""
    return (
        Pair(_("Summary"), application.summary),
        Pair(_("Sector"), str(Sector(application.sector).label) if application.sector else ""),
        Pair(_("Governorates"), places),
        Pair(_("Duration in months"), str(application.months or "")),
        Pair(_("Planned start"), starts),
        Pair(_("People reached"), f"{application.people_reached:,}" if application.people_reached else ""),
    )


def _parts(application: Application) -> tuple[Part, ...]:
    answers = dict(Answer.objects.filter(application=application).values_list("question_id", "value"))
    questions: defaultdict[Any, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(section__call=application.call_id).order_by("order", "pk"):
        questions[question.section_id].append(question)
    currency = application.call.currency
    return tuple(
        Part(
            str(section.title),
            tuple(Pair(str(one.label), _answer(one, answers.get(one.pk), currency)) for one in questions[section.pk]),
        )
        for section in Section.objects.filter(call=application.call_id).order_by("order", "pk")
    )


def _answer(question: Question, value: Any, currency: str) -> str:
    """An answer in words; nothing for what was left open."""
    if value is None or value == "":
        return ""
    language = get_language() or "ar"
    match question.kind:
        case QuestionKind.AMOUNT:
            return format_money(Money(int(value), currency), language)
        case QuestionKind.DAY:
            return day_in_words(date.fromisoformat(value), language=language)
        case QuestionKind.YES_NO:
            return _("Yes") if value else _("No")
        case QuestionKind.ONE_OF | QuestionKind.MANY_OF:
            labels = {str(choice["key"]): str(LazyI18nString(choice["label"])) for choice in question.choices}
            keys = value if isinstance(value, list) else [value]
            return "، ".join(labels.get(str(key), str(key)) for key in keys)
        case _:
            return str(value)


def _cost(line: BudgetLine) -> CostLine:
    times = line.quantity * line.unit_cost_minor * line.months
    return CostLine(
        str(BudgetCategory(line.category).label),
        line.description,
        f"{line.quantity:,} × {line.unit} × {line.months} · {line.percent_charged} %",
        times * line.percent_charged // 100,
    )
