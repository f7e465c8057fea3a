"""Which period a statement of the fund is of."""

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
