"""Promised and reached working days from the closing of a call to the first payment."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from charter.calendar import NO_HOLIDAYS
from charter.defaults import default_rules
from grants.promises import StageName, Way, kept_by_stage, promised, reached

DAYS = default_rules().deadlines
SUNDAY = date(2026, 3, 1)


def test_the_promise_is_the_sum_of_the_charters_steps() -> None:
    said = promised(DAYS)
    assert (said[StageName.DECISION], said[StageName.SIGNATURE], said[StageName.PAYMENT]) == (17, 25, 5)
    assert said[StageName.TOTAL] == 47


def test_weekends_and_holidays_do_not_count() -> None:
    way = Way(SUNDAY, decided=SUNDAY + timedelta(days=7), signed=SUNDAY + timedelta(days=8))
    (decision, signature) = reached(way, DAYS, NO_HOLIDAYS)
    assert (decision.name, decision.days, decision.kept) == (StageName.DECISION, 5, True)
    assert (signature.name, signature.days) == (StageName.SIGNATURE, 1)
    assert reached(way, DAYS, {SUNDAY + timedelta(days=2)})[0].days == 4


def test_a_day_too_late_is_not_kept_and_one_length_alone_is_not_told() -> None:
    late = Way(SUNDAY, decided=SUNDAY, signed=SUNDAY, paid=SUNDAY + timedelta(days=8))
    rows = reached(late, DAYS, NO_HOLIDAYS)
    decision, signature, payment, total = kept_by_stage(rows, promised(DAYS), least=2)
    assert [(one.ended, one.kept) for one in (decision, signature, payment, total)] == [(1, 1), (1, 1), (1, 0), (1, 1)]
    assert (payment.middle, payment.longest) == (None, None)
    twice = kept_by_stage([*rows, *rows], promised(DAYS), least=2)
    assert (twice[2].middle, twice[2].longest) == (6, 6)
    assert kept_by_stage([], promised(DAYS))[0].middle is None


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_the_middle_lies_between_and_kept_counts_what_is_in_time(lengths: list[int]) -> None:
    rows = [row for days in lengths for row in reached(Way(SUNDAY, SUNDAY + timedelta(days=days)), DAYS, NO_HOLIDAYS)]
    kept = kept_by_stage(rows, promised(DAYS))[0]
    assert kept.ended == len(lengths)
    assert kept.kept == sum(row.days <= 17 for row in rows)
    assert kept.middle is not None
    assert min(row.days for row in rows) <= kept.middle <= (kept.longest or 0)


def test_the_answer_to_concept_notes_is_a_stage_where_there_were_any() -> None:
    way = Way(SUNDAY + timedelta(days=60), notes_closed=SUNDAY, answered=SUNDAY + timedelta(days=14))
    (answer,) = reached(way, DAYS, NO_HOLIDAYS)
    assert (answer.name, answer.promised, answer.days, answer.kept) == (StageName.CONCEPT, 8, 10, False)
    assert next(one.name for one in kept_by_stage([answer], promised(DAYS))) == StageName.CONCEPT
    assert StageName.CONCEPT not in [one.name for one in kept_by_stage([], promised(DAYS))]
