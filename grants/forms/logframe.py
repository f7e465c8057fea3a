"""The results framework on its page: results with their indicators, each box bound."""

from dataclasses import dataclass
from typing import Any

from django import forms

from charter.schema import ApplicationRules
from grants.selectors.logframe import RESULT, place_of


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator: its place as people count (``2.1``) and its boxes by name."""

    place: str
    boxes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result: its place, its boxes, its indicators; ``more`` asks for another indicator, empty where no more fit."""

    place: str
    boxes: dict[str, Any]
    indicators: list[IndicatorRow]
    more: str


def result_rows(form: forms.Form, limits: ApplicationRules) -> list[ResultRow]:
    """The boxes of the page as results and indicators, from top to bottom."""
    results: dict[str, dict[str, dict[str, Any]]] = {}
    for name in form.fields:
        place = place_of(name)
        results.setdefault(place.partition(".")[0], {}).setdefault(place, {})[name.rpartition("-")[2]] = form[name]
    return [_row(place, rows, limits) for place, rows in results.items()]


def _row(place: str, rows: dict[str, dict[str, Any]], limits: ApplicationRules) -> ResultRow:
    indicators = [IndicatorRow(name, boxes) for name, boxes in rows.items() if name != place]
    more = f"{RESULT}-{int(place) - 1}" if len(indicators) < limits.logframe_most_indicators else ""
    return ResultRow(place, rows[place], indicators, more)
