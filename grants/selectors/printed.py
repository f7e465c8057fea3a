"""What the printed call and the printed receipt say."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from i18nfield.strings import LazyI18nString

from audit import papers
from grants.events import ApplicationSubmitted, ConceptNoteSent
from grants.form_tree import branches, walk
from grants.models import Application, Call, ConceptNote, Question
from grants.questions.expressions import ExpressionError, parse
from grants.questions.proportion import AMOUNT, asked_from
from grants.selectors import asked, calls
from grants.selectors.amounts import deciding_minor
from grants.selectors.asked import choices_of
from grants.selectors.steps import answered_by
from grants.states import GrantType, QuestionKind, Stage
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
        *_concepts(call, language),
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


def _concepts(call: Call, language: str) -> list[tuple[str, str]]:
    if call.concept_closes_at is None:
        return []
    return [(_("Concept notes until"), moment_in_words(call.concept_closes_at, language=language))]


def stages_in_words(call: Call, language: str) -> list[str]:
    """How a call in two stages goes, a sentence for each step; nothing for another."""
    if call.concept_closes_at is None:
        return []
    rules = calls.rules_of(call)
    closes = moment_in_words(call.closes_at, language=language)
    return [
        _(
            "First a short concept note, until %(until)s: who you are, the project in brief and the first questions below."
        )
        % {"until": moment_in_words(call.concept_closes_at, language=language)},
        ngettext(
            "Then %(n)s member of the committee at least reads each concept note, by %(criteria)s of the criteria below.",
            "Then %(n)s members of the committee at least read each concept note, by %(criteria)s of the criteria below.",
            rules.scoring.concepts.members,
        )
        % {"n": rules.scoring.concepts.members, "criteria": len(rules.scoring.concepts.criteria)},
        _("All are answered together, by %(day)s, with reasons; from a mean of %(from)s of 100 you are invited.")
        % {"day": day_in_words(answered_by(call), language=language), "from": rules.scoring.concepts.invited_from},
        _(
            "Only who is invited writes the full proposal, until %(closes)s. What the concept note said stands in it already."
        )
        % {"closes": closes},
    ]


def _condition(relevant: str, *, labels: dict[str, str], language: str, currency: str) -> str:
    """From which amount on something is asked, and on which questions it hangs; the expression itself is for programs."""
    least, rest = asked_from(relevant)
    said = []
    if least is not None:
        said.append(_("asked from %(least)s on") % {"least": format_money(Money(least, currency), language)})
    try:
        names = parse(rest).names if rest else frozenset()
    except ExpressionError:
        names = frozenset()
    if found := [labels[name] for name in sorted(names) if name in labels]:
        said.append(_("asked depending on: %(questions)s") % {"questions": str(listed(found))})
    return " · ".join(said)


def _question(question: Question, depth: int, *, language: str, asked_if: str) -> dict[str, Any]:
    """A question, note or group as it is printed; ``depth`` says how many groups it stands in."""
    return {
        "depth": depth,
        "kind": question.kind,
        "asked_if": asked_if,
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
    } | {AMOUNT: _("the amount asked for")}
    asked_if = partial(_condition, labels=labels, language=language, currency=call.currency)
    return {
        "language": language,
        "title": in_language(call.title, language),
        "reference": call.reference,
        "summary": in_language(call.summary, language),
        "text": in_language(call.text, language),
        "facts": facts_of(call, language),
        "stages": stages_in_words(call, language),
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
                "asked_if": asked_if(section.relevant),
                "stage": section.stage if call.concept_closes_at else Stage.CONCEPT,
                "questions": [
                    _question(branch.question, depth, language=language, asked_if=asked_if(branch.question.relevant))
                    for branch, depth in walk(branches(section))
                    if branch.question.label
                ],
            }
            for section in call.sections.all()
        ],
        "logframe": _logframe(call, language),
        "categories": [rules.budget.categories[code].in_language(language) for code in sorted(rules.budget.categories)],
        "words": {
            "facts": _("The call at a glance"),
            "stages": _("Two stages"),
            "concept": _("The concept note"),
            "full": _("The full proposal"),
            "criteria": _("How applications are scored"),
            "weight": _("Weight of 100"),
            "criterion": _("Criterion"),
            "eligibility": _("Who may apply"),
            "questions": _("All questions of the form"),
            "budget": _("The budget"),
            "budget_text": _("You list the costs in these categories; the indirect costs are added by themselves:"),
        },
    }


def _logframe(call: Call, language: str) -> list[str]:
    """What is printed of the results framework: its title, of whom it is asked, and what."""
    if call.logframe_from_minor is None:
        return []
    least = format_money(Money(call.logframe_from_minor, call.currency), language)
    return [
        _("Results framework"),
        _("Asked of those who apply for %(least)s or more.") % {"least": least},
        _(
            "Outcomes and the outputs below them; for each its indicators with unit, baseline, target, by what people are "
            "counted apart, and means of verification."
        ),
    ]


def _answer_of_the_screening(application: Application, language: str) -> list[tuple[str, str]]:
    """By when it is promised; a call whose clocks run in hours promises it on its own page."""
    if application.step_due is None:
        return []
    return [(_("Answer of the screening by"), day_in_words(application.step_due, language=language))]


def receipt_data(application: Application, language: str) -> dict[str, Any]:
    """Everything that the receipt shows in ``language``; the labels are in the active language."""
    call, organisation = application.call, application.organisation
    name = organisation.name_ar if language == "ar" else organisation.name_latin
    note = None if application.submitted_at else ConceptNote.objects.get(application=application)
    received = note.recorded_at if note is not None else application.submitted_at
    assert received is not None  # a receipt is drawn of what was sent  # noqa: S101
    return {
        "language": language,
        "title": _("Receipt of a concept note") if note is not None else _("Receipt of an application"),
        "reference": application.reference,
        "facts": [
            (_("Receipt number"), application.reference),
            (_("Organisation"), name),
            (_("Call"), f"{in_language(call.title, language)} ({call.reference})"),
            (_("Project"), application.title),
            (_("Amount asked for"), format_money(Money(deciding_minor(application), call.currency), language)),
            (_("Received by the fund"), moment_in_words(received, language=language)),
            (_("Submitted by"), application.submitted_by.full_name if application.submitted_by else ""),
            *_answer_of_the_screening(application, language),
        ],
        "proof": papers.printed(application, (ConceptNoteSent if note is not None else ApplicationSubmitted).type),
        "fingerprint_label": _("Fingerprint of what was submitted (SHA-256)"),
        "sha256": note.sha256 if note is not None else application.content_sha256,
        "note": _(
            "The fund keeps exactly what you submitted. Whoever changes a single letter of it gets another fingerprint. "
            "You may withdraw the application at any time before the decision."
        ),
    }
