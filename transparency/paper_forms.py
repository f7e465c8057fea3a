"""Asking for a public report, and setting one aside."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from grants.models import Call
from kernel.fields import LongTextField


class AskForm(forms.Form):
    """Of which year or call, and what the fund learned."""

    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    call = forms.ModelChoiceField(label=_("Call"), queryset=Call.objects.none(), required=False)
    learned_ar = LongTextField(label=_("What the fund learned, in Arabic"), max_length=3000, required=False, rows=4)
    learned_en = LongTextField(label=_("What the fund learned, in English"), max_length=3000, required=False, rows=4)

    def __init__(self, *args: Any, calls: QuerySet[Call], years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "–"), *((one, str(one)) for one in years)]  # type: ignore[attr-defined]
        self.fields["call"].queryset = calls  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("year")) == bool(cleaned.get("call")):
            raise forms.ValidationError(_("Choose either a year or a call."), code="one")
        return cleaned

    def asked(self) -> dict[str, Any]:
        """Call or year, and what was learned, as the service takes them."""
        values = self.cleaned_data
        learned = LazyI18nString({"ar": values["learned_ar"], "en": values["learned_en"]})
        return {"call": values["call"], "year": values["year"] or None, "learned": learned}


class SetAsideForm(forms.Form):
    """Why it is not published."""

    reason = LongTextField(label=_("Reason"), max_length=1000, rows=3)
