"""`kernel.codes`: what is mistyped is noticed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.codes import ALPHABET, is_valid, normalise, reference

years = st.integers(min_value=2024, max_value=2100)
prefixes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=5)


@given(prefixes, years)
def test_a_new_code_is_valid_and_plain(prefix: str, year: int) -> None:
    code = reference(prefix, year)
    assert re.fullmatch(rf"{prefix}-{year}-[0-9A-HJKMNP-TV-Z]{{8}}", code)
    assert is_valid(code)
    assert normalise(code.lower()) == code


@given(prefixes, years, st.data())
def test_one_wrong_symbol_is_noticed(prefix: str, year: int, data: st.DataObject) -> None:
    code = reference(prefix, year)
    place = data.draw(st.integers(len(code) - 8, len(code) - 1))
    other = data.draw(st.sampled_from([symbol for symbol in ALPHABET if symbol != code[place]]))
    assert not is_valid(code[:place] + other + code[place + 1 :])


@given(prefixes, years)
def test_neighbours_exchanged_are_noticed(prefix: str, year: int) -> None:
    code = reference(prefix, year)
    for place in range(len(code) - 8, len(code) - 2):
        if code[place] != code[place + 1]:
            assert not is_valid(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(years)
def test_another_year_or_prefix_is_noticed(year: int) -> None:
    code = reference("APP", year)
    assert not is_valid(code.replace("APP", "APQ"))
    assert not is_valid(code.replace(str(year), str(year + 1)))


def test_misread_letters_and_arabic_digits_are_understood() -> None:
    code = next(code for code in iter(lambda: reference("GR", 2026), "") if "0" in code[8:] and "1" in code[8:])
    spoken = code[:8] + code[8:].replace("0", "o").replace("1", "l")
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert normalise(f" {spoken}") == code
    assert normalise(f"\u200f{arabic}") == code


@pytest.mark.parametrize(
    "code", ["", "APP", "APP-2026-", "APP-2026-7K3QF2", "APP-26-7K3QF2XM", "A-2026-7K3QF2XM", "APP-2026-UUUUUUUU"]
)
def test_other_text_is_no_code(code: str) -> None:
    assert normalise(code) is None
    assert not is_valid(code)


@pytest.mark.parametrize("prefix", ["", "A", "app", "TOOLONG", "A1", "A-"])
def test_a_prefix_is_two_to_five_capitals(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        reference(prefix, 2026)


def test_codes_do_not_repeat() -> None:
    assert len({reference("APP", 2026) for _ in range(5000)}) == 5000
