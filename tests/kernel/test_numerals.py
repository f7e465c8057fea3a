"""`kernel.numerals`: a typed number is read in one way only, or refused with its reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.numerals import MESSAGES, AmountError, parse_amount, parse_whole, western_digits, without_marks

ARABIC = str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫٬")
PERSIAN = str.maketrans("0123456789.,", "۰۱۲۳۴۵۶۷۸۹٫٬")
MARKS = "\u200e\u200f\u061c\u200b\u200d\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("1234", "1234"),
        ("1234.5", "1234.5"),
        ("1,234.50", "1234.50"),
        ("1,234,567", "1234567"),
        ("1 234 567.89", "1234567.89"),
        ("1\u202f234.00", "1234.00"),
        ("١٢٣٤٫٥٠", "1234.50"),
        ("١٬٢٣٤٫٥٠", "1234.50"),
        ("١،٢٣٤", "1234"),
        ("۱۲۳۴", "1234"),
        ("  42\u00a0", "42"),
        ("\u200f١٢\u200e", "12"),
        ("007", "7"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_parse_amount_reads(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("  ", "empty"), ("\u200f", "empty")]
    + [(text, "scientific") for text in ("1e3", "1E3", "1.5e10", "1e-3", "١e٣", "2 E +4")]
    + [(text, "underscore") for text in ("1_000", "_1", "1_000.50", "١_٠٠٠")]
    + [
        (text, "grouping")
        for text in ("1,50", "1,2345", "12,34,567", "1,234 567", "1234,567", "1234,", "1 23", "1,,234", "1,234.5,6")
    ]
    + [(text, "too_many_decimals") for text in ("1.234", "0.001", "١٫٢٣٤", "1,234.567")]
    + [(text, "too_large") for text in ("1000000000000", "9" * 40, "1,000,000,000,000")]
    + [(text, "negative") for text in ("-1", "-0", "−5", "5-", "(12.50)", "- 1", "\u200e-٣", "–7")]
    + [
        (text, "not_a_number")
        for text in (
            "abc",
            ",123",
            "12 USD",
            "$12",
            "1.",
            ".5",
            "1.2.3",
            "+1",
            "½",
            "१२",
            "𝟏𝟐",
            "1/2",
            "1\n2x",
            "ألف",
            "٪",
            "1-2",
        )
    ],
)
def test_parse_amount_refuses_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(text)
    assert caught.value.code == code


def test_a_refusal_carries_the_sentence_of_its_code() -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount("1e3")
    assert caught.value.message is MESSAGES["scientific"]


@given(st.integers(min_value=0, max_value=10**14 - 1), st.booleans(), st.sampled_from(["", "ar", "fa"]), st.data())
def test_every_way_to_write_an_amount_gives_the_same_number(
    minor: int, grouped: bool, script: str, data: st.DataObject
) -> None:
    value = Decimal(minor).scaleb(-2)
    text = f"{value:,}" if grouped else str(value)
    if script:
        text = text.translate(ARABIC if script == "ar" else PERSIAN)
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + data.draw(st.sampled_from(MARKS)) + text[place:]
    assert parse_amount(text) == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_within_bounds_or_a_known_refusal(text: str) -> None:
    code, value = "", Decimal(0)
    try:
        value = parse_amount(text)
    except AmountError as error:
        code = error.code
    assert not code or code in MESSAGES
    assert 0 <= value < 10**12
    assert value == value.quantize(Decimal("0.01"))


def test_parse_whole() -> None:
    assert parse_whole("١٬٢٣٤") == 1234
    with pytest.raises(AmountError, match="no_decimals"):
        parse_whole("12.5")


def test_decimals_may_be_three() -> None:
    assert parse_amount("1.234", decimals=3) == Decimal("1.234")


def test_western_digits_leave_the_rest() -> None:
    assert western_digits("غرفة ١٢، ۳") == "غرفة 12، 3"
    assert without_marks("a\u200fb\u2066c") == "abc"
