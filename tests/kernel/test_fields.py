"""`kernel.fields`: what is typed is understood, or refused beside the field and kept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, WholeNumberField


def codes(field: forms.Field, value: Any) -> list[str | None]:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return [error.code for error in caught.value.error_list]


def message(field: forms.Field, value: Any) -> str:
    with override("en"):
        with pytest.raises(ValidationError) as caught:
            field.clean(value)
        return str(caught.value.messages[0])


class Everything(forms.Form):
    name = ShortTextField(max_length=10)
    story = LongTextField(max_length=10, required=False)
    amount = AmountField(min_minor=100, max_minor=5_000_000)
    people = WholeNumberField(max_value=500, required=False)
    start = DayField(earliest=date(2026, 1, 1), latest=date(2026, 12, 31), required=False)


def bound(**data: str) -> Everything:
    values = {"name": "Amal", "amount": "250", **data}
    return Everything(MultiValueDict({key: [value] for key, value in values.items()}))


def test_a_form_in_arabic_digits() -> None:
    form = bound(name=" جمعية ", story="سطر\r\nثان", amount="١٬٢٣٤٫٥", people="٤٠", start="١ أيار ٢٠٢٦")
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "name": "جمعية",
        "story": "سطر\nثان",
        "amount": 123450,
        "people": 40,
        "start": date(2026, 5, 1),
    }


def test_optional_fields_may_be_empty() -> None:
    form = bound(story="", people=" ", start="")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["story"], form.cleaned_data["people"], form.cleaned_data["start"]) == ("", None, None)


@pytest.mark.parametrize("field", [ShortTextField(), LongTextField(), AmountField(), WholeNumberField(), DayField()])
@pytest.mark.parametrize("nothing", ["", "   ", None])
def test_required_fields_say_so(field: forms.Field, nothing: str | None) -> None:
    assert codes(field, nothing) == ["required"]


@pytest.mark.parametrize("typed", ["1e3", "1_000", "1,50", "abc", "-5"])
def test_a_refused_amount_stays_as_typed(typed: str) -> None:
    form = bound(amount=typed)
    assert not form.is_valid()
    assert f'value="{typed}"' in str(form["amount"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [("1e3", "scientific"), ("1_000", "underscore"), ("0.5", "min"), ("50,000.01", "max"), ("-1", "negative")],
)
def test_amount_codes(typed: str, code: str) -> None:
    assert codes(AmountField(min_minor=100, max_minor=5_000_000), typed) == [code]


def test_amount_bounds_are_shown_as_money() -> None:
    field = AmountField(min_minor=100, max_minor=5_000_000)
    assert message(field, "0.99") == "Write at least USD\u00a01.00."
    assert message(field, "50001") == "Write at most USD\u00a050,000.00."
    assert field.clean("1") == 100
    assert field.clean("50000") == 5_000_000


def test_an_amount_is_edited_as_text_and_compared_as_money() -> None:
    form = Everything(initial={"amount": 123450})
    assert 'value="1234.50"' in str(form["amount"])
    assert 'dir="ltr"' in str(form["amount"])
    field = AmountField()
    assert not field.has_changed(123450, "1,234.50")
    assert field.has_changed(123450, "1,234.51")


def test_an_amount_may_be_left_out() -> None:
    assert AmountField(required=False, min_minor=100).clean(" ") is None
    assert AmountField().prepare_value(None) is None


def test_currencies_without_cents() -> None:
    assert AmountField(currency="JPY").clean("1,200") == 1200
    assert codes(AmountField(currency="JPY"), "1.5") == ["no_decimals"]


def test_whole_numbers() -> None:
    field = WholeNumberField(min_value=1, max_value=500)
    assert field.clean("٥٠٠") == 500
    assert codes(field, "0") == ["min"]
    assert codes(field, "501") == ["max"]
    assert codes(field, "1.5") == ["no_decimals"]
    assert field.clean(7) == 7


@pytest.mark.parametrize("field", [ShortTextField(max_length=5), LongTextField(max_length=5)])
def test_the_limit_counts_characters_and_says_how_many_there_are(field: forms.Field) -> None:
    assert field.clean("😀😀😀😀😀") == "😀😀😀😀😀"
    assert codes(field, "abcdef") == ["max_length"]
    assert "6 characters" in message(field, "abcdef")
    assert 'data-limit="5"' in field.widget.render("x", "")
    assert "maxlength" not in field.widget.render("x", "")


def test_a_line_end_counts_as_one_character() -> None:
    assert LongTextField(max_length=5).clean("ab\r\ncd") == "ab\ncd"


@pytest.mark.parametrize(("typed", "code"), [("a\u202eb", "bidi"), ("a\x07b", "control"), ("a\nb", "several_lines")])
def test_lines_refuse_trickery(typed: str, code: str) -> None:
    assert codes(ShortTextField(), typed) == [code]


def test_nul_is_named_and_not_a_crash() -> None:
    assert codes(ShortTextField(), "a\x00b") == ["control"]
    assert LongTextField().clean("a\x00b") == "ab"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("31/2/2026", "no_such_day"), ("soon", "form"), ("1/1/2025", "min"), ("1/1/2027", "max")],
)
def test_day_codes(typed: str, code: str) -> None:
    assert codes(DayField(earliest=date(2026, 1, 1), latest=date(2026, 12, 31)), typed) == [code]


def test_a_day_error_repeats_what_was_typed_and_shows_the_form() -> None:
    assert "soon" in message(DayField(), "soon")
    assert "31/12/2026" in message(DayField(), "soon")


def test_a_day_is_shown_to_the_browser_in_iso_form() -> None:
    assert 'type="date"' in str(bound(start="")["start"])
    assert 'value="2026-05-01"' in str(bound(start="١/٥/٢٠٢٦")["start"])
    assert 'value="2026-05-01"' in str(Everything(initial={"start": date(2026, 5, 1)})["start"])
    assert 'min="2026-01-01"' in str(bound()["start"])
    assert DayField().clean(datetime(2026, 5, 1, 12, tzinfo=UTC)) == date(2026, 5, 1)
    assert DayField().clean(date(2026, 5, 1)) == date(2026, 5, 1)
