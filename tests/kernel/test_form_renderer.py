"""The form renderer: label, hint, counter and error beside every field, tied together for those who do not see."""

import re

import pytest
from django import forms
from django.utils import translation

from kernel.fields import DayField, LongTextField


class Sample(forms.Form):
    name = forms.CharField(
        label="Name", help_text="As registered.", widget=forms.TextInput(attrs={"placeholder": "Ali"})
    )
    story = LongTextField(label="Story", max_length=1500, required=False)
    kind = forms.ChoiceField(
        label="Kind", widget=forms.RadioSelect, choices=[("Small", [("a", "A"), ("b", "B")]), ("c", "C")]
    )
    agree = forms.BooleanField(label="I agree", help_text="To the charter.")
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("The two do not fit together.")


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


def test_an_empty_form_shows_labels_hints_and_what_is_optional() -> None:
    page = str(Sample())
    assert '<label for="id_name">Name</label>' in page
    assert '<div class="hint" id="id_name_helptext">As registered.</div>' in page
    assert 'aria-describedby="id_name_helptext"' in page
    assert 'Story <span class="optional">(optional)</span>' in page
    assert "error" not in page


def test_the_counter_names_its_field_and_limit() -> None:
    page = str(Sample())
    assert (
        'data-count="id_story" data-limit="1500" data-words="Characters: {used} of {limit}">Up to 1500 characters'
        in page
    )
    assert "maxlength" not in page, "browsers cut a longer paste off without a word"


def test_a_question_with_choices_is_a_group_with_a_legend() -> None:
    page = str(Sample())
    group = re.search(r'<fieldset class="field[^"]*" id="id_kind_group".*?</fieldset>', page, re.DOTALL)
    assert group
    assert "<legend>Kind</legend>" in group[0]
    assert group[0].count('<label class="choice"') == 3
    assert '<p class="choice-group">Small</p>' in group[0]


def test_one_tick_box_has_its_words_beside_it() -> None:
    page = str(Sample())
    assert re.search(
        r'<label class="choice" for="id_agree"><input type="checkbox"[^>]*>\s*<span>I agree</span></label>', page
    )
    assert page.count("I agree") == 1


def test_errors_stand_beside_their_fields_and_what_was_typed_stays() -> None:
    page = str(Sample({"name": "", "story": "x" * 1501, "token": ""}))
    assert (
        '<ul class="error" id="id_name_error"><li><span class="sr">Error: </span>This field is required.</li></ul>'
        in page
    )
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert re.search(
        r'<input[^>]*id="id_name"[^>]*aria-invalid="true"|<input[^>]*aria-invalid="true"[^>]*id="id_name"', page
    )
    assert "x" * 1501 in page
    assert "The two do not fit together." in page


def test_hidden_fields_are_there_once_and_have_no_label() -> None:
    page = str(Sample())
    assert page.count('name="token"') == 1
    assert "id_token_group" not in page


def test_placeholders_are_left_out() -> None:
    assert "placeholder" not in str(Sample())


def test_rows_of_a_formset_are_set_apart() -> None:
    class Line(forms.Form):
        item = forms.CharField(label="Item")

    page = str(forms.formset_factory(Line, extra=2)())
    assert page.count('class="fields form-row"') == 2
    assert 'name="form-TOTAL_FORMS"' in page


@pytest.mark.parametrize(
    ("typed", "read"),
    [("3/4/2026", "3 نيسان 2026"), ("٣ نيسان ٢٠٢٦", "3 نيسان 2026"), ("2026-04-03", ""), ("32/1/2026", "")],
)
def test_a_day_typed_otherwise_than_in_iso_form_is_said_back_with_its_month_named(typed: str, read: str) -> None:
    class Period(forms.Form):
        begins = DayField()
        name = forms.CharField()

    with translation.override("ar"):
        page = str(Period({"begins": typed}))
        assert "نيسان 2026" not in str(Period(initial={"begins": "3/4/2026"})), (
            "what stood there before needs no reading"
        )
    assert re.findall(r'<p class="count">قُرئ: ([^<]+)</p>', page) == ([read] if read else [])
