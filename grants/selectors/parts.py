"""The pages of an application: what each asks, how what was typed is read, and what is still missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from grants import stages
from grants.merging import last_touch
from grants.models import Application, BudgetLine, Call, Section, SectionSave
from grants.partners import own_share
from grants.selectors import amounts, asked, attachments, budget, calls, logframe
from grants.selectors.asked import yes_no
from grants.selectors.judged import Book
from grants.selectors.partners import PartnersField
from grants.selectors.place_fields import PlacesField
from grants.selectors.reading import Reading, read_fields
from grants.words import Words
from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, WholeNumberField
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.selectors import international_keys

ELIGIBILITY, BASICS, LOGFRAME, BUDGET = "eligibility", "basics", "logframe", "budget"
format_html_lazy = lazy(format_html, SafeString)
MOST_PEOPLE = 30_000_000
"""More people than live in the country: a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the application; ``section`` is set for those that the call defines."""

    key: str
    title: Words
    intro: Words = ""
    section: Section | None = None


def parts_of(application: Application) -> list[Part]:
    """The pages of the application in their order; of a concept note those of the first stage."""
    call, concept = application.call, stages.is_concept(application)
    fixed = [
        Part(ELIGIBILITY, _("May we apply?"), _("Short questions first, so that nobody writes in vain.")),
        Part(BASICS, _("The project in brief")),
    ]
    own = [
        Part(section.key, section.title, section.intro, section)
        for section in call.sections.all()
        if stages.asks(section, application)
    ]
    if concept:
        return [*fixed, *own]
    results = [Part(LOGFRAME, _("Results framework"), _LOGFRAME)] if call.logframe_from_minor is not None else []
    return [
        *fixed,
        *own,
        *results,
        Part(BUDGET, _("Budget"), _("In US dollars. The indirect costs are added by themselves.")),
    ]


_LOGFRAME = _(
    "What changes in people's lives (outcomes), what you deliver for it (outputs), and by what one sees it (indicators). Your "
    "reports will say what you reached of each. To remove one, empty it."
)


def part_called(application: Application, key: str) -> Part | None:
    """The page ``key`` of the application, or None when it has none such in its stage."""
    return next((part for part in parts_of(application) if part.key == key), None)


# Fields -----------------------------------------------------------------------------------------------------------


def _expected_field(call: Call) -> forms.Field:
    return AmountField(
        currency=call.currency,
        min_minor=call.floor_minor,
        max_minor=call.ceiling_minor,
        label=_("How much will you ask for, about?"),
        help_text=_(
            "Who asks for less is asked fewer questions. The budget says the exact amount; the larger of the two counts. "
            "You may change it: nothing that you wrote is lost."
        ),
    )


def _places_field(call: Call) -> forms.Field:
    return PlacesField(
        governorates=call.governorates,
        max_length=2000,
        rows=3,
        label=_("Communities, towns or districts"),
        help_text=format_html_lazy(
            '{} <a href="{}">{}</a>',
            _("One a line, by name or by code. Published is the governorate alone."),
            reverse_lazy("grants:place_list"),
            _("Look for a place"),
        ),
    )


def _basics_fields(application: Application) -> dict[str, forms.Field]:
    call = application.call
    durations = calls.months_allowed(call, application.organisation)
    expected = {"expected_minor": _expected_field(call)} if amounts.is_proportional(call) else {}
    return {
        **expected,
        "title": ShortTextField(max_length=150, label=_("Title of the project")),
        "summary": LongTextField(
            max_length=1500,
            label=_("Summary"),
            help_text=_("What you will do, for whom and where. If you are funded, this may be published."),
        ),
        "sector": forms.ChoiceField(
            choices=[("", _("Choose a sector")), *((key, Sector(key).label) for key in call.sectors)],
            label=_("Main sector"),
        ),
        "governorates": forms.MultipleChoiceField(
            choices=[(key, Governorate(key).label) for key in call.governorates],
            widget=forms.CheckboxSelectMultiple,
            label=_("Governorates"),
        ),
        **({"places": _places_field(call)} if call.asks_places else {}),
        "months": forms.TypedChoiceField(
            choices=[("", _("Choose a duration")), *((months, months) for months in durations)],
            coerce=int,
            label=_("Duration in months"),
        ),
        "starts_on": DayField(
            label=_("Planned start"),
            help_text=_("Not before the call closes, for example 1/3/2027."),
            earliest=timezone.localdate(call.closes_at),
        ),
        "people_reached": WholeNumberField(
            min_value=1,
            max_value=MOST_PEOPLE,
            label=_("How many people will it reach?"),
            help_text=_("Your best estimate; count each person once."),
        ),
        "partners": PartnersField(
            shared=True,
            max_length=2000,
            rows=3,
            required=False,
            label=_("Partner organisations"),
            help_text=_(
                "Who carries the project together with you, one a line as registered, with its share of the money: Name "
                "30%. The rest is yours. The committee sees these names first, to say what links its members."
            ),
        ),
        "supporters": PartnersField(
            shared=False,
            max_length=2000,
            rows=2,
            required=False,
            label=_("Technical partners and hosts"),
            help_text=_(
                "One a line; with a share only where money goes there. International organisations stand here."
            ),
        ),
    }


def fields_of(
    part: Part, application: Application, given: Mapping[str, Any] | None = None, *, more: str = ""
) -> dict[str, forms.Field]:
    """The fields of a page by name, for the answers ``given``: what is asked several times has as many fields.

    ``more`` is what the results framework asks once more. The budget has none of its own (`grants.selectors.budget.line_fields`).
    """
    if part.key == BASICS:
        return _basics_fields(application)
    if part.key == ELIGIBILITY:
        return {
            question.key: yes_no(label=question.text, help_text=question.explanation)
            for question in application.call.eligibility_questions.all()
        }
    if part.key == LOGFRAME:
        return logframe.fields_of(application.call, given or {}, more=more)
    if part.section is not None:
        return asked.fields_of(part.section, given or {})
    return {}


def names_of(part: Part, application: Application, given: Mapping[str, Any]) -> list[str]:
    """The names of `fields_of`."""
    return asked.names_of(part.section, given) if part.section else list(fields_of(part, application, given))


# Reading what was typed -------------------------------------------------------------------------------------------


def _read_budget(application: Application, raw: Mapping[str, Any]) -> Reading:
    reading = Reading()
    fields = budget.line_fields(application.call.currency)
    for index, line in enumerate(raw.get("lines", [])):
        one = Reading()
        read_fields(fields, line, one)
        if one.complete:
            reading.lines.append(BudgetLine(application=application, order=index, **one.values))
        reading.errors |= {f"{index}-{name}": messages for name, messages in one.errors.items()}
        reading.errors |= {f"{index}-{name}": [str(_("This is needed for the line."))] for name in one.missing}
        if one.complete and budget.is_too_large(reading.lines[-1]):
            reading.errors[f"{index}-unit_cost_minor"] = [
                str(_("This line comes to too much: look at its numbers again."))
            ]
            reading.lines.pop()
    if not reading.errors:
        remarks = budget.findings_of(application, reading.lines)
        reading.blocking = [remark.text for remark in remarks if remark.blocking]
    return reading


def read(part: Part, application: Application, raw: Mapping[str, Any]) -> Reading:
    """Understand what was typed on a page, as the server stands now."""
    if part.key == BUDGET:
        return _read_budget(application, raw)
    if part.key == LOGFRAME:
        return logframe.read(application.call, raw)
    if part.section is not None:
        return _book(part.section, application, raw).reading(part.section.key)
    reading = Reading()
    read_fields(fields_of(part, application), raw, reading)
    if part.key == ELIGIBILITY:
        reading.blocking = list(_wrong_answers(application.call, reading.values))
    elif part.key == BASICS:
        for name, text in list(_partners_wrong(application, reading.values)):
            reading.errors[name] = [str(text)]
            reading.values.pop(name, None)
    return reading


def _partners_wrong(application: Application, values: Mapping[str, Any]) -> Iterator[tuple[str, Words]]:
    """What does not fit between the partners, by the field beside which it is said."""
    carrying, supporting = values.get("partners") or [], values.get("supporters") or []
    if own_share([*carrying, *supporting]) <= 0:
        yield "partners", _("The shares of the partners leave nothing for you: together they stay below 100%.")
    twice = {line.key for line in carrying} & {line.key for line in supporting}
    if twice:
        yield "supporters", _("A partner stands in one of the two lists only.")
    if carrying and calls.rules_of(application.call).applications.international_only_support:
        international = international_keys()
        for line in carrying:
            if line.key in international:
                yield (
                    "partners",
                    _(
                        "By the charter %(name)s, an international organisation, takes part as technical partner or host only."
                    )
                    % {"name": line.name},
                )
                return


def _book_of(application: Application, raws: Mapping[str, Mapping[str, Any]]) -> Book:
    files, amount = partial(attachments.named, application), amounts.deciding_minor(application)
    return Book(application.call, raws, files, amount_minor=amount)


def _book(section: Section, application: Application, raw: Mapping[str, Any]) -> Book:
    """The page with what was typed, and with the other pages where it looks at them."""
    book = _book_of(application, {section.key: raw})
    if not book.needs_others(section.key):
        return book
    others = {key: save.answers for key, save in saves_of(application).items()}
    return _book_of(application, {**others, section.key: raw})


def book_of(application: Application, saves: Mapping[str, SectionSave]) -> Book:
    """All pages that the call defines, as they were saved last; the application's call has all of them."""
    return _book_of(application, {key: save.answers for key, save in saves.items()})


def is_asked(part: Part, application: Application) -> bool:
    """Whether a page is asked for, as the answers on the others stand."""
    if part.key == LOGFRAME:
        return logframe.is_asked(application)
    if part.section is None or not part.section.relevant:
        return True
    return book_of(application, saves_of(application)).is_asked(part.key)


def _wrong_answers(call: Call, values: Mapping[str, Any]) -> Iterator[Words]:
    for question in call.eligibility_questions.all():
        given = values.get(question.key)
        if given is not None and given != question.expected:
            yield question.explanation


def typed(value: Any) -> Any:
    """A stored value as it would have been typed, for a page that was filled in by other means."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [str(item) for item in value]
    return "" if value is None else str(value)


# The whole application ----------------------------------------------------------------------------------------------


def saves_of(application: Application) -> dict[str, SectionSave]:
    """The last saving of each page by its key; one query."""
    rows = SectionSave.objects.filter(application=application).select_related("saved_by")
    latest = rows.order_by("section_key", "-version").distinct("section_key")
    return {row.section_key: row for row in latest}


def last_save(application: Application, key: str) -> SectionSave | None:
    """The last saving of one page."""
    return SectionSave.objects.filter(application=application, section_key=key).order_by("-version").first()


def answers_at(application: Application, key: str, version: int) -> dict[str, Any]:
    """What a page held in one version; nothing before the first."""
    rows = SectionSave.objects.filter(application=application, section_key=key, version=version)
    return next(iter(rows.values_list("answers", flat=True)), {})


def writer_of(save: SectionSave, name: str) -> str:
    """Who wrote the present text of the field ``name``."""
    version, _tab = last_touch(save.touched, name)
    rows = SectionSave.objects.filter(application=save.application_id, section_key=save.section_key, version=version)
    return next(iter(rows.values_list("saved_by__full_name", flat=True)), "")


@dataclass(frozen=True, slots=True)
class PartState:
    """A page with its last saving and how it reads now; ``save`` is None for a page that was never opened."""

    part: Part
    save: SectionSave | None
    reading: Reading


def states_of(application: Application) -> list[PartState]:
    """Every page of the application that is asked for, read afresh."""
    saves = saves_of(application)
    book = book_of(application, saves)
    found = []
    for part in parts_of(application):
        save = saves.get(part.key)
        if part.key == LOGFRAME and not logframe.is_asked(application):
            continue
        if part.section is None:
            found.append(PartState(part, save, read(part, application, save.answers if save else {})))
        elif book.is_asked(part.key):
            found.append(PartState(part, save, book.reading(part.key)))
    return found


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps the application from being submitted: where, what, and the field to jump to."""

    part: Part
    what: Words
    anchor: str


def _labels(part: Part, application: Application, given: Mapping[str, Any]) -> dict[str, Words]:
    """What stands over each field; in the results framework together with its number, for many are called alike."""
    labels: dict[str, Words] = {name: one.label or "" for name, one in fields_of(part, application, given).items()}
    if part.key != LOGFRAME:
        return labels
    return {name: format_lazy("{place} {label}", place=logframe.place_of(name), label=labels[name]) for name in labels}


def gaps(application: Application) -> list[Gap]:
    """All that is missing or wrong, in the order of the pages."""
    found = []
    for state in states_of(application):
        given = state.save.answers if state.save else {}
        labels = _labels(state.part, application, given)
        found += [Gap(state.part, labels.get(name, name) or name, f"id_q-{name}") for name in state.reading.missing]
        for name, messages in state.reading.errors.items():
            label = labels.get(name)
            what = f"{label}: {messages[0]}" if label else messages[0]
            found.append(Gap(state.part, what, f"id_q-{name}"))
        found += [Gap(state.part, text, "main") for text in state.reading.blocking]
    return found
