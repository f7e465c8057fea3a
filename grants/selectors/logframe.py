"""The results framework: the boxes of its page, what was typed read as outcomes, outputs and indicators, and how it is shown.

A result has boxes called ``result-<n>-<box>``, its indicators ``result-<n>-<m>-<box>``, so that the page is saved, merged and
sent box by box as any other. The first result is an outcome; each other is an outcome, or an output of the one above.
"""
# public: what applicants are asked and told

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.models import Application, Call, ExpectedResult, Indicator
from grants.questions.values import number_text
from grants.selectors import calls
from grants.selectors.amounts import deciding_minor
from grants.selectors.reading import Reading, is_empty, read_fields
from grants.states import ResultLevel, Split
from grants.words import Words, listed
from kernel.fields import NumberField, ShortTextField

RESULT: Final = "result"
RESULTS: Final = "results"
"""Under this name stand the results that were understood in `Reading.values`."""
FEWEST: Final = 2
"""An outcome and an output are on the page from the beginning."""
DECIMALS: Final = 2
HIGHEST: Final = 10**11
"""A value above this is a slip of the keyboard: a bound of the column, not a rule of the fund."""
_NAME: Final = re.compile(rf"{RESULT}-(\d{{1,2}})-(?:(\d{{1,2}})-)?[a-z_]+", re.ASCII)
_TICKED: Final = ("-level", "-split_by")
"""Boxes that are ticked begin nothing by themselves: a result is taken away by emptying what was written."""
_PERCENT: Final = frozenset({"%", "٪"})
WHOLE: Final = 100


def is_asked(application: Application) -> bool:
    """Whether what is asked for is enough for the call to want a results framework."""
    least = application.call.logframe_from_minor
    return least is not None and deciding_minor(application) >= least


# The page -----------------------------------------------------------------------------------------------------------


def shape(call: Call, given: Mapping[str, Any], *, more: str = "") -> list[int]:
    """How many indicators each result on the page has, for the answers ``given``.

    ``more`` is ``result`` for one more result, or ``result-<n>`` for one more indicator of that one.
    """
    limits = calls.rules_of(call).applications
    typed: dict[int, int] = {}
    for name, said in given.items():
        found = _NAME.fullmatch(name)
        if found and not is_empty(said) and not name.endswith(_TICKED):
            number = int(found[1])
            typed[number] = max(typed.get(number, 0), int(found[2]) + 1 if found[2] else 0)
    results = max(max(typed, default=-1) + 1, FEWEST) + (more == RESULT)
    return [
        min(max(typed.get(number, 0), 1) + (more == f"{RESULT}-{number}"), limits.logframe_most_indicators)
        for number in range(min(results, limits.logframe_most_results))
    ]


def _result_fields(number: int) -> dict[str, forms.Field]:
    level = forms.ChoiceField(
        choices=ResultLevel.choices, required=False, initial=ResultLevel.OUTPUT, widget=forms.RadioSelect, label=_("What is it?")
    )  # fmt: skip
    statement = ShortTextField(
        max_length=300, label=_("Result"), help_text=_("One sentence: who will have, know or do what at the end?")
    )
    fields: dict[str, forms.Field] = {"level": level} if number else {}
    return {f"{RESULT}-{number}-{name}": one for name, one in {**fields, "statement": statement}.items()}


def indicator_fields() -> dict[str, forms.Field]:
    """The boxes of one indicator by name, fresh each time."""
    return {
        "name": ShortTextField(
            max_length=200, label=_("Indicator"), help_text=_("What you count or ask, for example: households with clean water")
        ),
        "unit": ShortTextField(max_length=40, label=_("Unit (people, households, %)")),
        "baseline": NumberField(
            max_value=HIGHEST, decimals=DECIMALS, required=False, label=_("Baseline"), help_text=_("Empty: measured at the start.")
        ),
        "target": NumberField(max_value=HIGHEST, decimals=DECIMALS, label=_("Target")),
        "split_by": forms.MultipleChoiceField(
            choices=Split.choices, required=False, widget=forms.CheckboxSelectMultiple, label=_("Counted apart by")
        ),
        "verification": ShortTextField(
            max_length=300,
            label=_("Means of verification"),
            help_text=_("How you will know it, for example: survey, list of participants, photo"),
        ),
    }  # fmt: skip


def _indicator_fields(number: int, place: int) -> dict[str, forms.Field]:
    return {f"{RESULT}-{number}-{place}-{name}": one for name, one in indicator_fields().items()}


def fields_of(call: Call, given: Mapping[str, Any], *, more: str = "") -> dict[str, forms.Field]:
    """The boxes of the page by name, for the answers ``given``."""
    found: dict[str, forms.Field] = {}
    for number, indicators in enumerate(shape(call, given, more=more)):
        found |= _result_fields(number)
        for place in range(indicators):
            found |= _indicator_fields(number, place)
    return found


def place_of(name: str) -> str:
    """Where a box stands, as people count: ``2`` for the second result, ``2.1`` for its first indicator."""
    found = _NAME.fullmatch(name)
    if found is None:
        return ""
    return ".".join(str(int(number) + 1) for number in found.groups() if number is not None)


# Reading ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ResultRead:
    """A result that was understood, with those of its indicators that were; ``number`` is its place on the page."""

    number: int
    level: str
    statement: str
    indicators: list[dict[str, Any]] = field(default_factory=list)


def read(call: Call, raw: Mapping[str, Any]) -> Reading:
    """Understand what was typed on the page; what was begun is asked for in full, what is blank is left out."""
    reading = Reading()
    found = [_result(number, most, raw, reading) for number, most in _begun(call, raw)]
    _check_order(found, reading)
    reading.values = {RESULTS: [one for one in found if one.statement]}
    return reading


def _begun(call: Call, raw: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The results in which anything was typed, each with the number of its indicators; the first where there are none."""
    rows = list(enumerate(shape(call, raw)))
    return [(number, most) for number, most in rows if _is_typed(raw, f"{RESULT}-{number}-")] or rows[:1]


def _is_typed(raw: Mapping[str, Any], prefix: str) -> bool:
    return any(
        name.startswith(prefix) and not name.endswith(_TICKED) and not is_empty(said) for name, said in raw.items()
    )


def _result(number: int, most: int, raw: Mapping[str, Any], reading: Reading) -> ResultRead:
    read_fields(_result_fields(number), raw, reading)
    level = ResultLevel.OUTCOME if number == 0 else reading.values.get(f"{RESULT}-{number}-level") or ResultLevel.OUTPUT
    found = ResultRead(number, str(level), reading.values.get(f"{RESULT}-{number}-statement", ""))
    begun = [place for place in range(most) if _is_typed(raw, f"{RESULT}-{number}-{place}-")] or [0]
    for place in begun:
        one = _indicator(f"{RESULT}-{number}-{place}-", _indicator_fields(number, place), raw, reading)
        if one is not None:
            found.indicators.append(one)
    return found


def _indicator(
    prefix: str, fields: Mapping[str, forms.Field], raw: Mapping[str, Any], reading: Reading
) -> dict[str, Any] | None:
    one = Reading()
    read_fields(fields, raw, one)
    values = {name.removeprefix(prefix): value for name, value in one.values.items()}
    if str(values.get("unit", "")).strip() in _PERCENT:
        for name in ("baseline", "target"):
            if (values.get(name) or 0) > WHOLE:
                one.errors[f"{prefix}{name}"] = [str(_("A share is at most 100 %."))]
    reading.errors |= one.errors
    reading.missing += one.missing
    return values if one.complete else None


def _check_order(found: list[ResultRead], reading: Reading) -> None:
    """Say at its line which output stands under no outcome, and which outcome has no output."""
    if found[0].level == ResultLevel.OUTPUT:
        reading.errors[f"{RESULT}-{found[0].number}-level"] = [str(_("Begin with an outcome."))]
    for one, after in zip(found, [*found[1:], None], strict=True):
        alone = after is None or after.level == ResultLevel.OUTCOME
        name = f"{RESULT}-{one.number}-statement"
        if one.level == ResultLevel.OUTCOME and alone and name not in [*reading.missing, *reading.errors]:
            reading.errors[name] = [str(_("Add an output below this outcome: what will you deliver for it?"))]


def rows_of(application: Application, reading: Reading) -> tuple[list[ExpectedResult], list[Indicator]]:
    """What was understood as rows to be stored; an output whose outcome could not be read waits for it."""
    results: list[ExpectedResult] = []
    indicators: list[Indicator] = []
    outcome: ExpectedResult | None = None
    for one in reading.values.get(RESULTS, []):
        below = one.level == ResultLevel.OUTPUT
        if below and outcome is None:
            continue
        row = ExpectedResult(
            application=application,
            parent=outcome if below else None,
            level=one.level,
            order=one.number,
            statement=one.statement,
        )
        outcome = outcome if below else row
        results.append(row)
        indicators += [Indicator(result=row, order=place, **said) for place, said in enumerate(one.indicators)]
    return results, indicators


# Showing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResultShown:
    """A result with its indicators as readers see it; ``place`` is 1 for the first outcome, 1.1 for its first output."""

    place: str
    level: Words
    statement: str
    indicators: list["IndicatorShown"]


@dataclass(frozen=True, slots=True)
class IndicatorShown:
    """An indicator in words; ``row`` is what is stored."""

    row: Indicator
    name: str
    unit: str
    baseline: Words
    target: Words
    split: Words
    verification: str


LEVELS: Final[Mapping[str, Words]] = {
    ResultLevel.OUTCOME: pgettext_lazy("results framework", "Outcome"),
    ResultLevel.OUTPUT: _("Output"),
}


def results_of(application: Application) -> list[ExpectedResult]:
    """The stored framework in its order; nothing where the call does not ask for one. Two queries."""
    if application.call.logframe_from_minor is None:
        return []
    return list(application.results.prefetch_related("indicators"))


def shown(results: Iterable[ExpectedResult]) -> list[ResultShown]:
    """The framework as readers see it."""
    return list(_shown(results))


def _shown(results: Iterable[ExpectedResult]) -> Iterator[ResultShown]:
    outcome = output = 0
    for one in results:
        below = one.level == ResultLevel.OUTPUT
        outcome, output = (outcome, output + 1) if below else (outcome + 1, 0)
        place = f"{outcome}.{output}" if below else str(outcome)
        indicators = [_indicator_shown(row) for row in one.indicators.all()]
        yield ResultShown(place, LEVELS[one.level], one.statement, indicators)


def _indicator_shown(row: Indicator) -> IndicatorShown:
    baseline = _("measured at the start") if row.baseline is None else number_text(row.baseline)
    split = listed([Split(key).label for key in row.split_by])
    return IndicatorShown(row, row.name, row.unit, baseline, number_text(row.target), split, row.verification)
