"""An application as its readers see it: every answer in words, the budget with its sums."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grants import stages
from grants.form_tree import Branch, branches, walk
from grants.models import Application, ApplicationPartner, Attachment, Question
from grants.partners import WHOLE, PartnerLine, own_share
from grants.selectors import logframe
from grants.selectors.asked import choices_of
from grants.selectors.budget import Budget, Remark, budget_of, findings_of
from grants.selectors.erasures import erased_in
from grants.selectors.logframe import ResultShown
from grants.selectors.places import called
from grants.states import FILES, PartnerRole, QuestionKind
from grants.words import Words, amount, listed
from kernel.pieces.words import day_in_words
from kernel.places import Governorate
from kernel.sectors import Sector


@dataclass(frozen=True, slots=True)
class Said:
    """A question and what was answered; ``long`` answers keep their lines, ``file`` is a file that was attached.

    ``erased`` is that file where it was erased since.
    """

    label: Words
    answer: Any
    long: bool = False
    file: Mapping[str, Any] | None = None
    erased: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the form with its answers."""

    key: str
    title: Words
    said: list[Said]


@dataclass(frozen=True, slots=True)
class ReviewContent:
    """Everything that a scorer or an officer reads of an application."""

    basics: Chapter
    chapters: list[Chapter]
    results: list[ResultShown]
    eligibility: Chapter
    budget: Budget
    remarks: list[Remark]
    concept: bool = False
    """Whether it is a concept note: without results framework and budget."""


def _day(value: date | None) -> str:
    return day_in_words(value, language=get_language() or "en") if value else ""


def in_words(question: Question, value: Any) -> Any:  # noqa: PLR0911 -- one answer a kind
    """A stored answer as people read it; empty where nothing was answered."""
    if value is None:
        return ""
    match question.kind:
        case QuestionKind.AMOUNT:
            return amount(value, "USD")
        case QuestionKind.WHOLE_NUMBER:
            return number_format(value, use_l10n=False, force_grouping=False)
        case QuestionKind.DAY:
            return _day(date.fromisoformat(value))
        case QuestionKind.YES_NO:
            return _("Yes") if value else _("No")
        case QuestionKind.ONE_OF | QuestionKind.MANY_OF:
            labels = dict(choices_of(question))
            return listed([labels.get(key, key) for key in ([value] if isinstance(value, str) else value)])
        case QuestionKind.FILE | QuestionKind.IMAGE:
            return value["name"]
        case _:
            return value


def _by_role(partners: list[ApplicationPartner]) -> list[tuple[Words, list[ApplicationPartner]]]:
    labels = {
        PartnerRole.CARRYING: _("Partner organisations"),
        PartnerRole.SUPPORTING: _("Technical partners and hosts"),
    }
    return [(label, [one for one in partners if one.role == role]) for role, label in labels.items()]


def _shared(partner: ApplicationPartner) -> str:
    return f"{partner.name} {partner.share_percent}%" if partner.share_percent else partner.name


def _basics(application: Application, *, names: bool) -> Chapter:
    people = application.people_reached
    partners = list(application.partners.all()) if names else []
    own = own_share(PartnerLine(one.name, one.share_percent) for one in partners)
    return Chapter(
        "basics",
        _("The project in brief"),
        [
            Said(_("Title of the project"), application.title),
            Said(_("Summary"), application.summary, long=True),
            Said(_("Main sector"), Sector(application.sector).label if application.sector else ""),
            Said(_("Governorates"), listed([Governorate(key).label for key in application.governorates])),
            *_places(application),
            Said(_("Duration in months"), application.months or ""),
            Said(_("Planned start"), _day(application.starts_on)),
            Said(_("How many people will it reach?"), f"{people:,}" if people else ""),
            *_planned(application),
            *(Said(label, listed([_shared(one) for one in rows])) for label, rows in _by_role(partners) if rows),
            *([Said(_("Share of the applicant"), f"{own}%")] if own < WHOLE else []),
        ],
    )


def _places(application: Application) -> list[Said]:
    if not application.places:
        return []
    return [Said(_("Communities, towns or districts"), listed([str(one) for one in called(application.places)]))]


def _planned(application: Application) -> list[Said]:
    """What a concept note asks for, about; a full proposal has its budget."""
    if not stages.is_concept(application) or application.expected_minor is None:
        return []
    return [Said(_("Amount asked for, about"), amount(application.expected_minor, application.call.currency))]


def _chapters(application: Application) -> list[Chapter]:
    """The pages with their answers; what was not asked, as the other answers stand, is left out."""
    given = {answer.question_id: answer.value for answer in application.answers.all()}
    erased = erased_in(application)
    sections = [one for one in application.call.sections.prefetch_related("questions") if stages.asks(one, application)]
    return [
        Chapter(section.key, section.title, said)
        for section in sections
        if (said := [_marked(one, erased) for one in _said(branches(section), given)]) or not section.relevant
    ]


def _marked(said: Said, erased: Mapping[str, Attachment]) -> Said:
    gone = erased.get(said.file["file"]) if said.file else None
    return replace(said, erased=gone) if gone else said


def _said(found: Iterable[Branch], given: Mapping[Any, Any]) -> Iterator[Said]:
    for branch in found:
        one = branch.question
        value = given.get(one.pk)
        if one.kind == QuestionKind.NOTE or not one.label or (value is None and _may_be_unasked(branch)):
            continue
        if one.kind == QuestionKind.GROUP:
            yield from _said(branch.below, given)
        elif one.kind == QuestionKind.REPEAT:
            for number, row in enumerate(value or [], start=1):
                inside = {below.question.pk: row.get(below.question.key) for below, _depth in walk(branch.below)}
                for said in _said(branch.below, inside):
                    yield replace(
                        said, label=format_lazy("{name} {n}: {label}", name=one.label, n=number, label=said.label)
                    )
        else:
            file = value if one.kind in FILES else None
            yield Said(one.label, in_words(one, value), long=one.kind == QuestionKind.LONG_TEXT, file=file)


def _may_be_unasked(branch: Branch) -> bool:
    """Whether no answer may mean that nothing was asked; a group's answers stand at its questions."""
    one = branch.question
    if one.kind == QuestionKind.GROUP:
        return False
    return bool(one.relevant) or one.kind == QuestionKind.CALCULATED or one.parent_id is not None


def _eligibility(application: Application) -> Chapter:
    given = {answer.question_id: answer.value for answer in application.eligibility_answers.all()}
    words = {True: _("Yes"), False: _("No"), None: ""}
    questions = application.call.eligibility_questions.all()
    return Chapter("eligibility", _("May we apply?"), [Said(one.text, words[given.get(one.pk)]) for one in questions])


def review_content(application: Application, *, names: bool = True) -> ReviewContent:
    """All of the application in words, the partners' names only with ``names``; a constant number of queries."""
    lines = list(application.budget_lines.all())
    return ReviewContent(
        _basics(application, names=names),
        _chapters(application),
        logframe.shown(logframe.results_of(application)),
        _eligibility(application),
        budget_of(application, lines),
        [] if stages.is_concept(application) else findings_of(application, lines),
        concept=stages.is_concept(application),
    )
