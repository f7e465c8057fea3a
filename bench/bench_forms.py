"""A form from Excel into a call, filled, and back as Excel and on paper: a thousand questions and their answers, compared."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from bench import Figure
from grants import exports
from grants.xlsforms.reading import MOST_QUESTIONS, read_form
from grants.xlsforms.writing import write_form
from tests.factories.forms import PAGE, filling, large_form
from tests.grants.test_round_trip import answers_in, filled_in, words_of
from tests.grants.test_xlsforms import without_rows

T = TypeVar("T")
QUESTIONS = MOST_QUESTIONS - MOST_QUESTIONS // PAGE
"""With the groups that are answered several times, the rows of the largest form that is taken."""


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return act(), time.perf_counter() - began


def measure() -> Iterator[Figure]:
    """Nothing may differ, in the form, in the workbook and on paper."""
    plan = large_form(QUESTIONS)
    book = write_form(plan, title="نموذج", reference="CFP-2026-000000")
    again, seconds = _timed(lambda: read_form(book))
    yield Figure("forms", f"{QUESTIONS:,} questions read from a workbook", seconds, "s")
    lost = float(without_rows(again) != without_rows(plan))
    yield Figure("forms", "forms that differ after the workbook", lost, "", expected=0)
    typed, expected = filling(plan)
    application, seconds = _timed(lambda: filled_in(again, typed))
    yield Figure("forms", f"{len(expected):,} answers saved, page by page", seconds, "s")
    workbook, seconds = _timed(lambda: exports.filled_workbook(application))
    yield Figure("forms", "the filled form as a workbook", seconds, "s")
    found = answers_in(workbook)
    wrong = sum(found.get(place) != said for place, said in expected.items()) + len(found.keys() - expected.keys())
    yield Figure("forms", "answers that differ in it", wrong, "", expected=0)
    paper, seconds = _timed(lambda: exports.filled_paper(application))
    yield Figure("forms", "the filled form as PDF", seconds, "s")
    text = words_of(paper)
    missing = sum(key not in text for key, _number in expected)
    yield Figure("forms", "questions that the paper lacks", missing, "", expected=0)
