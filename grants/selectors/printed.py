"""What the printed call and the printed receipt say."""

from typing import Any

from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from audit import papers
from grants.events import ApplicationSubmitted
from grants.form_tree import branches, walk
from grants.models import Application, Call, Question
from grants.questions.expressions import ExpressionError, parse
from grants.selectors import asked, calls
from grants.selectors.asked import choices_of
from grants.states import GrantType, QuestionKind
from grants.words import listed
from kernel.money import Money, format_money
from kernel.pieces.words import day_in_words, moment_in_words
from kernel.places import Governorate
from kernel.sectors import Sector


def in_language(text: Any, language: str) -> str:
    """A text of the fund in ``language``, else in Arabic, else in whatever there is."""
    data = text.data if isinstance(text, LazyI18nString) else text
    if not isinstance(data, dict):
        return str(data or "")
    return str(data.get(language) or data.get("ar") or data.get("en") or "")


def limit_in_words(question: Question) -> str:
    """The limits of a question in words."""
    kind = QuestionKind(question.kind)
    if question.max_length and kind in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}:
        return _("up to %(most)s characters") % {"most": f"{question.max_length:,}"}
    return str(kind.label)


def facts_of(call: Call, language: str) -> list[tuple[str, str]]:
    """The call's terms as label and value."""

    def money(minor: int) -> str:
        return format_money(Money(minor, call.currency), language)

    months = [str(number) for number in sorted(call.months_allowed)]
    return [
        (_("Number of the call"), call.reference),
        (_("Kind of grant"), str(GrantType(call.grant_type).label)),
        (_("Opens"), moment_in_words(call.opens_at, language=language)),
        (_("Closes"), moment_in_words(call.closes_at, language=language)),
        (_("Money of the call"), money(call.envelope_minor)),
        (
            _("One grant"),
            _("from %(least)s to %(most)s") % {"least": money(call.floor_minor), "most": money(call.ceiling_minor)},
        ),
        (_("Duration in months"), str(listed(months))),
        (_("Sectors"), str(listed([Sector(key).label for key in call.sectors]))),
        (_("Governorates"), str(listed([Governorate(key).label for key in call.governorates]))),
    ]


def _condition(relevant: str, labels: dict[str, str]) -> str:
    """On which questions it hangs whether something is asked; the expression itself is for programs."""
    try:
        names = parse(relevant).names
    except ExpressionError:
        return ""
    said = [labels[name] for name in sorted(names) if name in labels]
    return _("asked depending on: %(questions)s") % {"questions": str(listed(said))} if said else ""


def _question(question: Question, language: str, depth: int, labels: dict[str, str]) -> dict[str, Any]:
    """A question, note or group as it is printed; ``depth`` says how many groups it stands in."""
    return {
        "depth": depth,
        "kind": question.kind,
        "asked_if": _condition(question.relevant, labels),
        "label": in_language(question.label, language),
        "hint": in_language(question.hint, language),
        "limit": limit_in_words(question),
        "optional": "" if question.required or not asked.is_answered(question) else _("(optional)"),
        "choices": [in_language(label, language) for _key, label in choices_of(question)],
    }


def call_data(call: Call, language: str) -> dict[str, Any]:
    """Everything that the printed call shows in ``language``; the labels are in the active language."""
    rules = calls.rules_of(call)
    scoring = rules.scoring
    labels = {
        one.key: in_language(one.label, language) for section in call.sections.all() for one in section.questions.all()
    }
    return {
        "language": language,
        "title": in_language(call.title, language),
        "reference": call.reference,
        "summary": in_language(call.summary, language),
        "text": in_language(call.text, language),
        "facts": facts_of(call, language),
        "criteria": [
            {
                "name": in_language(criterion.name, language),
                "guidance": in_language(criterion.guidance, language),
                "weight": criterion.weight,
            }
            for criterion in call.criteria.all()
        ],
        "thresholds": _("From %(fundable)s of 100 points an application can be funded.")
        % {"fundable": scoring.fundable_from},
        "eligibility": [
            {"text": in_language(one.text, language), "explanation": in_language(one.explanation, language)}
            for one in call.eligibility_questions.all()
        ],
        "sections": [
            {
                "title": in_language(section.title, language),
                "intro": in_language(section.intro, language),
                "asked_if": _condition(section.relevant, labels),
                "questions": [
                    _question(branch.question, language, depth, labels)
                    for branch, depth in walk(branches(section))
                    if branch.question.label
                ],
            }
            for section in call.sections.all()
        ],
        "categories": [rules.budget.categories[code].in_language(language) for code in sorted(rules.budget.categories)],
        "words": {
            "facts": _("The call at a glance"),
            "criteria": _("How applications are scored"),
            "weight": _("Weight of 100"),
            "criterion": _("Criterion"),
            "eligibility": _("Who may apply"),
            "questions": _("All questions of the form"),
            "budget": _("The budget"),
            "budget_text": _("You list the costs in these categories; the indirect costs are added by themselves:"),
        },
    }


def _answer_of_the_screening(application: Application, language: str) -> list[tuple[str, str]]:
    """By when it is promised; a call whose clocks run in hours promises it on its own page."""
    if application.step_due is None:
        return []
    return [(_("Answer of the screening by"), day_in_words(application.step_due, language=language))]


def receipt_data(application: Application, language: str) -> dict[str, Any]:
    """Everything that the receipt shows in ``language``; the labels are in the active language."""
    call, organisation = application.call, application.organisation
    name = organisation.name_ar if language == "ar" else organisation.name_latin
    assert application.submitted_at is not None  # a receipt is drawn of what was submitted  # noqa: S101
    return {
        "language": language,
        "title": _("Receipt of an application"),
        "reference": application.reference,
        "facts": [
            (_("Receipt number"), application.reference),
            (_("Organisation"), name),
            (_("Call"), f"{in_language(call.title, language)} ({call.reference})"),
            (_("Project"), application.title),
            (_("Amount asked for"), format_money(Money(application.requested_minor, call.currency), language)),
            (_("Received by the fund"), moment_in_words(application.submitted_at, language=language)),
            (_("Submitted by"), application.submitted_by.full_name if application.submitted_by else ""),
            *_answer_of_the_screening(application, language),
        ],
        "proof": papers.printed(application, ApplicationSubmitted.type),
        "fingerprint_label": _("Fingerprint of what was submitted (SHA-256)"),
        "sha256": application.content_sha256,
        "note": _(
            "The fund keeps exactly what you submitted. Whoever changes a single letter of it gets another fingerprint. "
            "You may withdraw the application at any time before the decision."
        ),
    }
