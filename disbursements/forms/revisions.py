"""The form of a change of a grant's budget."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disbursements.forms.tranches import HIGHEST_MINOR
from grants.models import ReportLine, Revision
from kernel.fields import AmountField, LongTextField, ShownField
from kernel.money import Money, format_money


class RevisionForm(forms.Form):
    """New amounts by category, and why; the indirect cost is a share of the rest and stays."""

    def __init__(
        self, *args: Any, now: Mapping[str, int], currency: str, revision: Revision | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.currency = dict(now), currency
        asked = dict(now)
        if revision is not None:
            asked |= {one.category: one.after_minor for one in revision.amounts.filter(round=revision.round)}
        for category, label in ReportLine.CATEGORIES:
            if category != ReportLine.INDIRECT:
                self.fields[category] = self._field(category, str(label), asked.get(category, 0))
        self.fields["new_post"] = forms.BooleanField(
            required=False, label=_("The change creates a post that the budget does not have yet"),
            initial=bool(revision and revision.new_post),
        )  # fmt: skip
        self.fields["reason"] = LongTextField(
            max_length=2000, label=_("Why"), help_text=_("It is recorded, and the other side reads it."),
            initial=revision.reason if revision else "",
        )  # fmt: skip

    def _field(self, category: str, label: str, initial: int) -> AmountField:
        return AmountField(
            currency=self.currency, max_minor=HIGHEST_MINOR, label=label, initial=initial,
            help_text=_("Now: %(amount)s") % {"amount": self._said(self.now.get(category, 0))},
        )  # fmt: skip

    def _said(self, minor: int) -> str:
        return format_money(Money(minor, self.currency), (get_language() or "en")[:2])

    def clean(self) -> dict[str, Any]:
        """The sum stays; what is missing or too much is said in numbers."""
        cleaned = super().clean() or {}
        amounts = {one: cleaned[one] for one, _label in ReportLine.CATEGORIES if one in cleaned}
        if len(amounts) < len(ReportLine.CATEGORIES) - 1:
            return cleaned
        direct = sum(minor for one, minor in self.now.items() if one != ReportLine.INDIRECT)
        given = sum(amounts.values())
        if given != direct:
            words = _("The amounts come to %(given)s; together they must stay %(direct)s.")
            raise forms.ValidationError(words % {"given": self._said(given), "direct": self._said(direct)})
        return cleaned

    def wished(self) -> dict[str, Any]:
        """What the service takes."""
        amounts = {one: self.cleaned_data[one] for one, _label in ReportLine.CATEGORIES if one in self.cleaned_data}
        if ReportLine.INDIRECT in self.now:
            amounts[ReportLine.INDIRECT] = self.now[ReportLine.INDIRECT]
        return {
            "amounts": amounts, "reason": self.cleaned_data["reason"], "new_post": self.cleaned_data["new_post"],
        }  # fmt: skip


class ApproveRevisionForm(forms.Form):
    """The approval of exactly the change that was shown."""

    content_sha256 = ShownField()


class SignAmendmentForm(forms.Form):
    """The promise of a signature, bound to the texts that were shown."""

    sha256_ar = forms.CharField(widget=forms.HiddenInput)
    sha256_en = forms.CharField(widget=forms.HiddenInput)
    read = forms.BooleanField(label=_("I have read the amendment in both languages and I sign it for my side."))


class TakeUpForm(forms.Form):
    """Nothing but the press of the button."""
