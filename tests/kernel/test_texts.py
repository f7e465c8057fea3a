"""`kernel.texts`: text keeps its meaning and cannot pretend to be other text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.texts import TextError, clean_line, clean_text, count_characters, search_key

BIDI = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
CONTROLS = [chr(code) for code in (*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0))]


@pytest.mark.parametrize("char", BIDI)
def test_a_line_refuses_characters_that_reverse_direction(char: str) -> None:
    with pytest.raises(TextError) as caught:
        clean_line(f"Al{char}Amal")
    assert caught.value.code == "bidi"


@pytest.mark.parametrize("char", CONTROLS)
def test_a_line_refuses_control_characters(char: str) -> None:
    with pytest.raises(TextError) as caught:
        clean_line(f"Al{char}Amal")
    assert caught.value.code == "control"


@pytest.mark.parametrize("char", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_a_line_is_one_line(char: str) -> None:
    with pytest.raises(TextError) as caught:
        clean_line(f"Al{char}Amal")
    assert caught.value.code == "several_lines"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  جمعية   الأمل ", "جمعية الأمل"),
        ("جمعية\u00a0الأمل\n", "جمعية الأمل"),
        ("\ufeffAl-Amal\u200b", "Al-Amal"),
        ("e\u0301cole", "école"),
        ("e\u200b\u0301cole", "école"),
        ("e\u200c\u0301cole", "école"),
        ("خانه\u200cها", "خانه\u200cها"),
        ("a\u200db", "ab"),
        ("\u200fAmal\u200e", "Amal"),
        ("ألف \u200e(A)", "ألف \u200e(A)"),
        ("", ""),
    ],
)
def test_clean_line(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\u202eb\u2066c", "abc"),
        ("x\x00y\x9fz", "xyz"),
        ("one \n\n two\t ", "one\n\n two"),
        ("👩\u200d🏫", "👩\u200d🏫"),
        ("e\x00\u0301cole", "école"),
    ],
)
def test_clean_text(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(BIDI) & set(once)


@given(st.text(max_size=60))
def test_a_clean_line_stays_clean(text: str) -> None:
    try:
        line = clean_line(text)
    except TextError:
        return
    assert clean_line(line) == line
    assert "\n" not in line
    assert unicodedata.is_normalized("NFC", line)


def test_a_line_end_counts_once() -> None:
    assert count_characters("a\r\nb") == 3
    assert count_characters("\U0001f600") == 1


@pytest.mark.parametrize(
    "same",
    [
        ("جمعية الأمل", "جمعيه الامل", "جَمْعِيَّة الأَمَل", "جمعيـــة  الآمل"),
        ("مؤسسة هدى", "موسسه هدي", "مؤسسة\u200f هدى"),
        ("Hesekê", "heseke", "HESEKÊ"),
        ("غرفة ١٢", "غرفة 12", "غرفه ۱۲"),
        ("کوباني", "كوبانى"),
    ],
)
def test_search_key_makes_spellings_one(same: tuple[str, ...]) -> None:
    assert len({search_key(text) for text in same}) == 1


def test_search_key_keeps_different_names_apart() -> None:
    assert len({search_key(text) for text in ("حمص", "حماة", "حلب", "الرقة", "درعا")}) == 5


@given(st.text(max_size=40))
def test_search_key_is_stable(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
