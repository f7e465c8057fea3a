"""`kernel.days`: one reading of a date, or none."""

from datetime import date

import pytest
from babel.dates import get_month_names
from hypothesis import given
from hypothesis import strategies as st

from kernel.days import UnreadableDayError, _names, parse_day

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@given(days, st.sampled_from(["ar_SY", "ar", "en", "ku"]), st.booleans())
def test_a_day_in_every_form(day: date, locale: str, arabic: bool) -> None:
    month = get_month_names("wide", locale=locale)[day.month]
    forms = [
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02}-{day.month:02}-{day.year}",
        f" {day.day}.{day.month}.{day.year}\u200f",
        f"{day.day} {month} {day.year}",
    ]
    for form in forms:
        assert parse_day(form.translate(ARABIC) if arabic else form) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05/01/2026", date(2026, 1, 5)),
        ("١ أيار ٢٠٢٦", date(2026, 5, 1)),
        ("1 ايار، 2026", date(2026, 5, 1)),
        ("٣ كانون الثاني/يناير ٢٠٢٦", date(2026, 1, 3)),
        ("3 كانون ثاني 2026", date(2026, 1, 3)),
        ("1 MAY 2026", date(2026, 5, 1)),
        ("1 Sept. 2026", date(2026, 9, 1)),
        ("29/2/2028", date(2028, 2, 29)),
        ("2026/05/01", date(2026, 5, 1)),
    ],
)
def test_parse_day(text: str, day: date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize("text", ["29/2/2026", "31/4/2026", "13/13/2026", "2026-00-10", "0/1/2026", "01/01/0000"])
def test_days_that_do_not_exist(text: str) -> None:
    with pytest.raises(UnreadableDayError) as caught:
        parse_day(text)
    assert caught.value.code == "no_such_day"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "1/2",
        "1/2/26",
        "1/2-2026",
        "1 Foo 2026",
        "1 أيار/يناير 2026",
        "20260501",
        "१/१/2026",
        "May 2026",
    ],
)
def test_other_text_is_no_day(text: str) -> None:
    with pytest.raises(UnreadableDayError) as caught:
        parse_day(text)
    assert caught.value.code == "form"


def test_no_name_means_two_months() -> None:
    meanings = {name: {month for other, month in _names() if other == name} for name, _month in _names()}
    assert len(meanings) > 40
    assert all(len(months) == 1 and not name.isdigit() for name, months in meanings.items())
