"""One value of OCHA's files: read exactly or refused with a code."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transparency.ocha import values
from transparency.ocha.places import governorate_code
from transparency.ocha.values import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("603993.6", Decimal("603993.6")),
        ("1.60762E+07", Decimal(16076200)),
        ("2E+07", Decimal(20000000)),
        ("0.1234567891", Decimal("0.1234567891")),
        ("-5.00", Decimal("-5.00")),
        (" 12 ", Decimal(12)),
        ("", None),
    ],
)
def test_an_amount_is_exactly_what_is_written(text: str, expected: Decimal | None) -> None:
    read = values.amount(text)

    assert read == expected
    assert read is None or str(read) == str(expected) or "E" in text


@pytest.mark.parametrize(
    "text", ["1,200", "1_000", "NaN", "Infinity", "twelve", "1.2.3", "0x10", "١٢", "$5", "1e", "--1"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        values.amount(text)

    assert caught.value.code == "amount"
    assert caught.value.params == {"value": text}


@pytest.mark.parametrize("text", ["1E+40", "1" * 16, "0.1234567890123456"])
def test_an_amount_that_a_column_cannot_keep_exactly_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        values.amount(text)

    assert caught.value.code == "amount_too_long"


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=10))
def test_every_amount_of_ten_places_survives(value: Decimal) -> None:
    assert values.amount(str(value)) == value
    assert values.amount(f"{value:.25e}") == value if len(f"{value:.25e}") < 20 else True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9/30/2019 12:00:00 AM", date(2019, 9, 30)),
        ("1/2/2020 9:01:33 PM", date(2020, 1, 2)),
        ("2020-02-29", date(2020, 2, 29)),
        ("2020-02-29T10:00:00Z", date(2020, 2, 29)),
        ("1/1/0001 12:00:00 AM", date(1, 1, 1)),
        ("", None),
    ],
)
def test_days_put_the_month_first(text: str, expected: date | None) -> None:
    assert values.day(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30/9/2019", "no_such_day"),
        ("2/30/2020", "no_such_day"),
        ("30.9.2019", "day"),
        ("soon", "day"),
        ("9/30/19", "day"),
    ],
)
def test_days_that_are_none_say_why(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        values.day(text)

    assert caught.value.code == code


def test_people_are_four_numbers() -> None:
    assert values.people("1##2##3##4") == (1, 2, 3, 4)
    assert values.people("1##2##3##") == (1, 2, 3, 0)
    assert values.people("") is None
    with pytest.raises(Unreadable, match="people"):
        values.people("1##2##3")
    with pytest.raises(Unreadable, match="whole"):
        values.people("1##2##3##many")


@pytest.mark.parametrize(("text", "expected"), [("12", 12), ("12.0", 12), ("1.2E+01", 12), ("", None)])
def test_whole_numbers(text: str, expected: int | None) -> None:
    assert values.whole(text) == expected


@pytest.mark.parametrize("text", ["12.5", "many", "1,000"])
def test_what_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        values.whole(text)


def test_years_codes_and_identifiers_have_limits() -> None:
    assert (values.year("2019"), values.year(""), values.small("2")) == (2019, None, 2)
    for reader, text in (
        (values.year, "19"),
        (values.year, "3019"),
        (values.small, "40000"),
        (values.identifier, "9" * 21),
    ):
        with pytest.raises(Unreadable):
            reader(text)


def test_words_lose_what_the_eye_does_not_see() -> None:
    assert values.words("  Water &amp;amp; light\u200b \xa0now ") == "Water & light now"


def test_documents_and_plans() -> None:
    assert values.documents("a.pdf##1##kind##https://example.org##A|||") == [
        {"name": "a.pdf", "size": "1", "kind": "kind", "url": "https://example.org", "title": "A"}
    ]
    assert values.plans("Plan##2020") == [{"plan": "Plan", "year": "2020"}]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Idleb ", "SY07"),
        ("Idlib", "SY07"),
        ("Dar'a", "SY12"),
        ("Dar’a", "SY12"),
        ("DEIR-EZ-ZOR", "SY09"),
        ("Aleppo (Archived)", "SY02"),
        ("Banadir", ""),
        ("", ""),
    ],
)
def test_spellings_of_governorates(spelling: str, code: str) -> None:
    assert governorate_code(spelling) == code
