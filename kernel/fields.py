"""Form fields that read what people type, in any of the fund's scripts, and say what is wrong with it.

All of them give the value back as it was typed when they refuse it.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.days import UnreadableDayError, parse_day
from kernel.money import Money, format_money, minor_digits
from kernel.numerals import AmountError, parse_amount, parse_whole
from kernel.pieces.words import day_in_words
from kernel.texts import TextError, clean_line, clean_text

LINE_LENGTH: Final = 200
TEXT_LENGTH: Final = 5000


class _CharacterLimit(MaxLengthValidator):
    """Counts Unicode code points of the cleaned text and says both numbers."""

    message = ngettext_lazy(
        "This text has %(show_value)d characters; the limit is %(limit_value)d character. Shorten it.",
        "This text has %(show_value)d characters; the limit is %(limit_value)d characters. Shorten it.",
        "limit_value",
    )


class _TextField(forms.CharField):
    """Text under a character limit.

    The widget carries the limit as ``data-limit`` for the counter, not as ``maxlength``: browsers cut a longer paste
    off without a word, and count emoji twice.
    """

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.limit = max_length
        self.validators.append(_CharacterLimit(max_length))
        self.widget.attrs.setdefault("data-limit", str(max_length))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"dir": "auto"}

    def _cleaned(self, text: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> str:
        try:
            return self._cleaned(super().to_python(value) or "")
        except TextError as error:
            raise ValidationError(str(error.message), code=error.code) from error


class ShortTextField(_TextField):
    """One line of text, cleaned by `kernel.texts.clean_line`."""

    def __init__(self, *, max_length: int = LINE_LENGTH, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def _cleaned(self, text: str) -> str:
        return clean_line(text)


class LongTextField(_TextField):
    """Text of several lines, cleaned by `kernel.texts.clean_text`."""

    def __init__(self, *, max_length: int = TEXT_LENGTH, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def _cleaned(self, text: str) -> str:
        return clean_text(text)


class _MeasuredField(forms.Field):
    """Something typed as text that is read to a value between two bounds, both included; blank is nothing."""

    kept: type = int
    """What an initial value, or one from the code, may be already."""
    too_little: Any = _("Write at least %(bound)s.")
    too_much: Any = _("Write at most %(bound)s.")

    def _bounds(self) -> tuple[Any, Any]:
        """The least and the most; None is no bound."""
        raise NotImplementedError

    def _read(self, text: str) -> Any:
        """The value of what was typed; raises ValidationError."""
        raise NotImplementedError

    def _shown(self, bound: Any) -> str:
        """A bound as the error says it."""
        return str(bound)

    def to_python(self, value: Any) -> Any:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return value if isinstance(value, self.kept) else self._read(str(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        least, most = self._bounds()
        if least is not None and value < least:
            raise ValidationError(self.too_little, code="min", params={"bound": self._shown(least)})
        if most is not None and value > most:
            raise ValidationError(self.too_much, code="max", params={"bound": self._shown(most)})


class _NumberField(_MeasuredField):
    """A number typed as text: browsers' number inputs refuse Arabic digits and change by the mouse wheel."""

    widget = forms.TextInput
    inputmode = "numeric"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": self.inputmode, "dir": "ltr", "autocomplete": "off"}

    def _number(self, text: str) -> int:
        raise NotImplementedError

    def _read(self, text: str) -> int:
        try:
            return self._number(text)
        except AmountError as error:
            raise ValidationError(str(error.message), code=error.code) from error


class AmountField(_NumberField):
    """An amount of money; cleans to a whole number of minor units of ``currency``.

    ``min_minor`` (default 0) and ``max_minor`` are the bounds in minor units. An initial value is minor units too.
    """

    inputmode = "decimal"

    def __init__(
        self, *, currency: str = "USD", min_minor: int = 0, max_minor: int | None = None, **kwargs: Any
    ) -> None:
        self.currency = currency
        self.min_minor = min_minor
        self.max_minor = max_minor
        super().__init__(**kwargs)

    def _bounds(self) -> tuple[int, int | None]:
        return self.min_minor, self.max_minor

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"data-currency": self.currency}

    def _number(self, text: str) -> int:
        return Money.of(parse_amount(text, decimals=minor_digits(self.currency)), self.currency).minor

    def _shown(self, bound: int) -> str:
        return format_money(Money(bound, self.currency), (get_language() or "en")[:2])

    def prepare_value(self, value: Any) -> Any:
        """Minor units as the text to edit; what was typed stays as typed."""
        if isinstance(value, int):
            return str(Money(value, self.currency).amount)
        return str(value) if isinstance(value, Decimal) else value


class WholeNumberField(_NumberField):
    """A whole number from ``min_value`` (default 0) to ``max_value``."""

    def __init__(self, *, min_value: int = 0, max_value: int | None = None, **kwargs: Any) -> None:
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def _bounds(self) -> tuple[int, int | None]:
        return self.min_value, self.max_value

    def _number(self, text: str) -> int:
        return parse_whole(text)


class LongSelect(forms.Select):
    """A choice of many, written at once: Django's own reads a template for each of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = ((key, mark_safe(" selected") if str(key) in chosen else "", label) for key, label in self.choices)
        written = format_html_join("", '<option value="{}"{}>{}</option>', options)
        kept = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, kept, written)


class NumberField(_MeasuredField):
    """A number with at most ``decimals`` digits after the point, from ``min_value`` (default 0) to ``max_value``."""

    widget = forms.TextInput
    kept = Decimal

    def __init__(self, *, min_value: int = 0, max_value: int | None = None, decimals: int = 6, **kwargs: Any) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.decimals = decimals
        super().__init__(**kwargs)

    def _bounds(self) -> tuple[int, int | None]:
        return self.min_value, self.max_value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}

    def _read(self, text: str) -> Decimal:
        try:
            return parse_amount(text, decimals=self.decimals)
        except AmountError as error:
            raise ValidationError(str(error.message), code=error.code) from error


class DayInput(forms.DateInput):
    """A browser's date input; a day that was typed in another readable form is shown in ISO form."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, str):
            try:
                return parse_day(value).isoformat()
            except UnreadableDayError:
                return value
        return super().format_value(value)


class DayField(_MeasuredField):
    """A day, read by `kernel.days.parse_day`; day first where the order could be doubted.

    ``earliest`` and ``latest`` are the bounds, both included.
    """

    widget = DayInput
    kept = date
    too_little = _("Choose %(bound)s or a later day.")
    too_much = _("Choose %(bound)s or an earlier day.")

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any) -> None:
        self.earliest = earliest
        self.latest = latest
        super().__init__(**kwargs)

    def _bounds(self) -> tuple[date | None, date | None]:
        return self.earliest, self.latest

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        bounds = {"min": self.earliest, "max": self.latest}
        return {name: day.isoformat() for name, day in bounds.items() if day is not None}

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        return day.date() if isinstance(day, datetime) else day

    def _read(self, text: str) -> date:
        try:
            return parse_day(text)
        except UnreadableDayError as error:
            raise ValidationError(self._refusal(error.code), code=error.code, params={"typed": text}) from error

    @staticmethod
    def _refusal(code: str) -> Any:
        if code == "no_such_day":
            return _("“%(typed)s” is not a day of the calendar. Write day, month and year, for example 31/12/2026.")
        return _("“%(typed)s” could not be read. Write day, month and year, for example 31/12/2026 or 2026-12-31.")

    def _shown(self, bound: date) -> str:
        return day_in_words(bound, language=(get_language() or "en")[:2])


class ShownField(forms.CharField):
    """The hash of what a page shows, posted back with the decision on it.

    A page that is shown again after a refusal carries the hash of what it shows now, not of what was posted.
    """

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial
