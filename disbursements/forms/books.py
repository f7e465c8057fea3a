"""Which period a statement of the fund, or of a waqf, is of."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.fields import DayField


class PeriodForm(forms.Form):
    """Two days, both included; this year until today when nothing is said."""

    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("A period ends after it has begun."))
        return cleaned

    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        self.is_valid()
        today = timezone.localdate()
        until = self.cleaned_data.get("until") or today
        since = self.cleaned_data.get("since") or until.replace(month=1, day=1)
        return min(since, until), until


class YearForm(forms.Form):
    """A year of which there is a statement; this one when nothing is said."""

    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        self.fields["year"].choices = [(one, str(one)) for one in years]  # type: ignore[attr-defined]
        self.fields["year"].initial = years[0]

    def chosen(self) -> int:
        """The year that is asked for."""
        found = self.cleaned_data.get("year") if self.is_valid() else None
        return int(found or self.years[0])
