"""Filters of the books, kept in the URL, and the rates that amounts are valued by."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.fields import DayField, LongTextField, NumberField, ShortTextField
from kernel.pieces.words import month_in_words
from ledger import selectors
from ledger.models import PoundSeries, TransferKind
from ledger.rates import POUND, mixed_up, series_fits

CURRENCIES: Final = [("EUR", "EUR"), ("SYP", "SYP"), ("TRY", "TRY")]


class TransferFilterForm(forms.Form):
    """Which transfers are shown."""

    account = ShortTextField(
        label=_("Account"), required=False, max_length=80, help_text=_("The beginning of its code, for example 3020.")
    )
    about = ShortTextField(
        label=_("Reference"),
        required=False,
        max_length=40,
        help_text=_("Of a grant, contribution or call: all of its money."),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *TransferKind.choices])
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def filters(self) -> dict[str, Any]:
        """What is asked for; what cannot be read filters nothing, and says so beside its field."""
        self.is_valid()
        return {
            name: self.cleaned_data.get(name) or ("" if name in {"account", "about", "kind"} else None)
            for name in self.fields
        }


class BalanceForm(forms.Form):
    """At the end of which day the trial balance is drawn."""

    until = DayField(label=_("At the end of"), required=False)

    def day(self) -> date | None:
        """The day, or None for now."""
        return self.cleaned_data.get("until") if self.is_valid() else None


class PeriodForm(forms.Form):
    """Which month is closed."""

    month = forms.ChoiceField(label=_("Month"))

    def __init__(self, *args: Any, months: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        choices = [(one.isoformat(), month_in_words(one, language=language)) for one in months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> date:
        """Its first day."""
        return date.fromisoformat(self.cleaned_data["month"])


class UnlockForm(forms.Form):
    """Why a month is opened, or stays locked."""

    reason = LongTextField(label=_("Reason"), max_length=1000, rows=3)


class PoundForm(forms.Form):
    """A form in which an amount or a rate may be in Syrian pounds: then it says which."""

    series = forms.ChoiceField(
        label=_("Old or new pounds?"),
        required=False,
        choices=[("", _("not in Syrian pounds")), *PoundSeries.choices],
        help_text=_("On 1 January 2026 a hundred old pounds became one new pound."),
    )

    def check_series(self, cleaned: dict[str, Any], day: str) -> None:
        """Pounds say their series, new ones only since there are any; other currencies have none."""
        series, on = cleaned.get("series", ""), cleaned.get(day)
        if cleaned.get("currency") != POUND:
            cleaned["series"] = ""
        elif not series:
            self.add_error("series", _("Say whether these are old or new pounds."))
        elif on is not None and not series_fits(series, on):
            self.add_error("series", _("On this day there were old pounds only."))


class RateForm(PoundForm):
    """The rate of a public bulletin; a hundredfold jump must be confirmed."""

    day = DayField(label=_("Day"))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    units = NumberField(label=_("Units of it for one US dollar"))
    source = ShortTextField(
        label=_("Source"), max_length=200, help_text=_("For example: bulletin of the central bank, number and page.")
    )
    sure = forms.BooleanField(label=_("The number is right although it jumped"), required=False)
    field_order = ("day", "currency", "series", "units", "source", "sure")

    def __init__(self, *args: Any, base: str = "USD", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base
        self.fields["day"].latest = timezone.localdate()  # type: ignore[attr-defined]

    def clean_units(self) -> Decimal:
        units: Decimal = self.cleaned_data["units"]
        if not units:
            raise forms.ValidationError(_("A rate is above zero."), code="zero")
        return units

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_series(cleaned, "day")
        if not self.errors:
            self._check_jump(cleaned)
        return cleaned

    def _check_jump(self, cleaned: dict[str, Any]) -> None:
        before = selectors.rate_before(self.base, cleaned["currency"], cleaned["series"], cleaned["day"])
        if before is not None and mixed_up(cleaned["units"], before.units) and not cleaned["sure"]:
            said = _(
                "The last rate was %(before)s: this is about a hundred times as much or as little. Old or new pounds?"
            )
            self.add_error("units", forms.ValidationError(said, params={"before": before}))

    def values(self) -> dict[str, Any]:
        """What is recorded."""
        return {name: self.cleaned_data[name] for name in ("day", "currency", "series", "units", "source")}
