"""Forms of the builder: pages, questions with their conditions, the self-check, and a form as a workbook."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.form_words import in_words
from grants.forms.i18n import LANGUAGES, I18nForm, texts
from grants.models import Question, Section
from grants.questions.expressions import NAME, ExpressionError, parse
from grants.questions.proportion import AMOUNT, asked_from, condition
from grants.selectors.calls import bands_from
from grants.states import HOLDERS, QuestionKind, Stage
from grants.words import amount, listed
from kernel.fields import AmountField, LongTextField, ShortTextField, WholeNumberField
from kernel.workbooks import LARGEST


class ExpressionField(ShortTextField):
    """An expression over the questions ``names``; empty is none."""

    def __init__(self, *, names: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        self.names = names
        super().__init__(max_length=2000, required=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Expressions are written from left to right in every language."""
        return super().widget_attrs(widget) | {"dir": "ltr", "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        """The expression as written. Raises ValidationError that says where it goes wrong."""
        text = super().clean(value)
        if not text.strip():
            return ""
        try:
            read = parse(text)
        except ExpressionError as error:
            raise ValidationError(in_words(error.code, error.what), code=error.code) from error
        for name in sorted(read.names - self.names):
            raise ValidationError(in_words("unknown", "${" + name + "}"), code="unknown")
        return text.strip()


class SectionForm(I18nForm):
    """Words of a section, and when it is asked."""

    def __init__(self, *args: Any, names: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_text("title", _("Title"), most=120)
        self.add_text("intro", _("Introduction"), most=800, long=True, required=False)
        self.fields["stage"] = forms.ChoiceField(
            label=_("In calls in two stages, asked"),
            choices=Stage.choices,
            help_text=_("What the concept note asks stands in the full proposal too, with its answers."),
        )
        self.fields["least"] = _least_field()
        self.fields["relevant"] = ExpressionField(names=names, label=_("Asked only if"), help_text=CONDITION_HINT)

    def values(self) -> dict[str, Any]:
        """As the service takes it."""
        said = self.cleaned_data
        words = {"title": self.text("title"), "intro": self.text("intro")}
        return {**words, "relevant": _condition(said), "stage": said["stage"]}


def initial_section(section: Section) -> dict[str, Any]:
    """A section as initial values of `SectionForm`."""
    words = {**texts("title", section.title), **texts("intro", section.intro)}
    return {**words, **_asked(section.relevant), "stage": section.stage}


def _least_field() -> AmountField:
    return AmountField(
        required=False,
        label=_("Asked from this requested amount on"),
        help_text=lazy(_least_hint, str)(),
    )


def _least_hint() -> str:
    bands = listed(f"{name} {amount(least, 'USD')}" for least, name in bands_from())
    return gettext("Empty: of everybody. The charter's bands begin at: %(bands)s.") % {"bands": bands}


def _condition(said: dict[str, Any]) -> str:
    """The amount and the expression of a form as one condition."""
    return condition(said["least"], said["relevant"])


def _asked(relevant: str) -> dict[str, Any]:
    """A condition as the boxes of a form show it."""
    least, rest = asked_from(relevant)
    return {"least": least, "relevant": rest}


CONDITION_HINT = _("For example: ${people} > 100 and selected(${needs}, 'water'). Names stand beside the questions.")


class EligibilityForm(I18nForm):
    """A question of the self-check."""

    expected = forms.TypedChoiceField(
        label=_("Answer that makes eligible"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_text("text", _("Question"), most=300)
        self.add_text("explanation", _("Why we ask, and what to do otherwise"), most=500)

    def values(self) -> dict[str, Any]:
        """As the service takes it."""
        expected = self.cleaned_data["expected"]
        return {"text": self.text("text"), "explanation": self.text("explanation"), "expected": expected}


_CHOICE_KEY = re.compile(r"\s*([A-Za-z0-9_\-]{1,40})\s*:\s*(.*)", re.DOTALL)
_LIMITED = frozenset({QuestionKind.WHOLE_NUMBER, QuestionKind.DECIMAL, QuestionKind.AMOUNT})


class QuestionForm(I18nForm):
    """A question of the form, a note, or a group."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=QuestionKind.choices)
    parent = forms.ChoiceField(label=_("Stands in"), required=False)
    key = ShortTextField(
        label=_("Name in conditions"),
        required=False,
        max_length=40,
        help_text=_("Latin letters, digits, - and _. Empty: the fund gives one."),
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False, initial=True)
    max_length = WholeNumberField(
        label=_("Characters at most"), required=False, min_value=1, max_value=10_000, help_text=_("For texts.")
    )
    minimum = WholeNumberField(label=_("At least"), required=False, help_text=_("For numbers and amounts."))
    maximum = WholeNumberField(label=_("At most"), required=False, help_text=_("For numbers and amounts."))
    choices = LongTextField(
        label=_("Choices"),
        required=False,
        max_length=30_000,
        rows=5,
        help_text=_(
            "For lists: one choice a line, in Arabic | English | Kurmanji. A name for conditions may stand before it, "
            "for example water: مياه | Water | Av"
        ),
    )

    def __init__(
        self,
        *args: Any,
        names: frozenset[str] = frozenset(),
        groups: list[tuple[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)  # noqa: S101 -- declared above
        parent.choices = [("", _("Directly on the page")), *(groups or [])]
        self.add_text("label", _("Question"), most=300)
        self.add_text("hint", _("Help"), most=500, required=False)
        for name, label, hint in (
            ("relevant", _("Asked only if"), CONDITION_HINT),
            ("constraint", _("Right only if"), _("The answer itself is a point, for example: . <= ${people}")),
            ("calculation", _("Calculation"), _("For what is calculated by itself, for example: sum(${cost}) * 2")),
        ):
            if name == "relevant":
                self.fields["least"] = _least_field()
            self.fields[name] = ExpressionField(names=names, label=label, help_text=hint)
        self.add_text("constraint_message", _("What is said otherwise"), most=500, required=False)
        texts_first = [name for name in self.fields if name.startswith(("label_", "hint_"))]
        self.order_fields([*texts_first, *self.fields])

    def clean_key(self) -> str:
        """The name, which an expression must be able to write."""
        key = str(self.cleaned_data["key"]).strip()
        if key and (not NAME.fullmatch(key) or key == AMOUNT):
            raise ValidationError(in_words("name", key), code="name")
        return key

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        least, most = cleaned.get("minimum"), cleaned.get("maximum")
        if least is not None and most is not None and most < least:
            self.add_error("maximum", _("This must be at least the smallest value."))
        kind = cleaned.get("kind")
        if kind in {QuestionKind.ONE_OF, QuestionKind.MANY_OF} and len(self._choices(cleaned)) < 2:
            self.add_error("choices", _("Write two choices at least, one a line."))
        keys = [one["key"] for one in self._choices(cleaned)]
        if len(set(keys)) < len(keys):
            self.add_error("choices", _("Two choices have the same name."))
        if kind == QuestionKind.CALCULATED and not cleaned.get("calculation") and "calculation" not in self.errors:
            self.add_error("calculation", _("Write what is to be calculated."))
        return cleaned

    @staticmethod
    def _choices(cleaned: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for number, line in enumerate(filter(str.strip, (cleaned.get("choices") or "").splitlines()), start=1):
            named = _CHOICE_KEY.fullmatch(line)
            words = [part.strip() for part in (named[2] if named else line).split("|")]
            arabic = words[0]
            label = {
                "ar": arabic,
                "en": words[1] if len(words) > 1 else arabic,
                "ku": words[-1] if len(words) > 2 else arabic,
            }
            found.append({"key": named[1] if named else f"c{number}", "label": label})
        return found

    def values(self) -> dict[str, Any]:
        """As the service takes it; bounds of amounts in minor units. What the kind does not know is left out."""
        said = self.cleaned_data
        kind = said["kind"]
        factor = 100 if kind == QuestionKind.AMOUNT else 1
        bounds = {
            name: None if said[name] is None or kind not in _LIMITED else said[name] * factor
            for name in ("minimum", "maximum")
        }
        judged = kind not in {*HOLDERS, QuestionKind.NOTE, QuestionKind.CALCULATED}
        return {
            "kind": kind,
            "key": said["key"],
            "parent": said["parent"],
            "label": self.text("label"),
            "hint": self.text("hint"),
            "required": said["required"] and (judged or kind == QuestionKind.REPEAT),
            "max_length": said["max_length"],
            "choices": self._choices(said) if kind in {QuestionKind.ONE_OF, QuestionKind.MANY_OF} else [],
            "relevant": _condition(said),
            "constraint": said["constraint"] if judged else "",
            "constraint_message": self.text("constraint_message"),
            "calculation": said["calculation"] if kind == QuestionKind.CALCULATED else "",
            **bounds,
        }


def initial_question(question: Question) -> dict[str, Any]:
    """A question as initial values of `QuestionForm`."""
    factor = 100 if question.kind == QuestionKind.AMOUNT else 1
    same = ("kind", "key", "required", "max_length", "constraint", "calculation")
    return {
        **texts("label", question.label),
        **texts("hint", question.hint),
        **texts("constraint_message", question.constraint_message),
        **{name: getattr(question, name) for name in same},
        **_asked(question.relevant),
        "parent": str(question.parent_id or ""),
        "minimum": None if question.minimum is None else question.minimum // factor,
        "maximum": None if question.maximum is None else question.maximum // factor,
        "choices": "\n".join(_choice_line(number, one) for number, one in enumerate(question.choices, start=1)),
    }


def _choice_line(number: int, choice: dict[str, Any]) -> str:
    said = [choice["label"].get(language, "") for language in LANGUAGES]
    words = " | ".join(filter(None, said))
    return words if choice["key"] == f"c{number}" else f"{choice['key']}: {words}"


class WorkbookForm(forms.Form):
    """A form as an XLSForm workbook."""

    file = forms.FileField(
        label=_("XLSForm (Excel workbook, .xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("As for Kobo or ODK: the sheets survey, choices and settings."),
        error_messages={"empty": _("The file is empty.")},
    )

    def clean_file(self) -> bytes:
        """The bytes of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(in_words("size"), code="size")
        data: bytes = file.read()
        return data


class BudgetFileForm(WorkbookForm):
    """A budget as a workbook."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Budget (Excel workbook, .xlsx)")
        self.fields["file"].help_text = _(
            "The workbook that you downloaded here, filled in; one line of the budget a row."
        )
