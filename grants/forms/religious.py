"""Forms of justifications for zakat and the yield of waqfs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.states import ReligiousClass, ZakatRecipients
from kernel.fields import LongTextField, ShortTextField


class BasisForm(forms.Form):
    """Whom the line reaches, and why this money may pay it."""

    restriction = forms.ChoiceField(label=_("Paid by"), widget=forms.RadioSelect)
    recipients = forms.ChoiceField(
        label=_("Class of recipients, for zakat"), required=False, widget=forms.RadioSelect,
        help_text=_("Those that the charter names."),
    )  # fmt: skip
    justification = LongTextField(
        label=_("Justification"), max_length=2000, rows=6,
        help_text=_("Whom it reaches and how their need was found; for the yield of a waqf, how the line keeps the donor's condition. Name nobody."),
    )  # fmt: skip

    def __init__(self, *args: Any, classes: Iterable[ReligiousClass], recipients: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        restriction: Any = self.fields["restriction"]
        restriction.choices = [(one.value, one.label) for one in classes]
        served: Any = self.fields["recipients"]
        served.choices = [(one, ZakatRecipients(one).label) for one in recipients]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        zakat = cleaned.get("restriction") == ReligiousClass.ZAKAT
        if zakat and not cleaned.get("recipients") and "recipients" not in self.errors:
            self.add_error("recipients", forms.ValidationError(_("Choose whom the zakat reaches."), code="required"))
        if not zakat:
            cleaned["recipients"] = ""
        return cleaned


class OpinionForm(forms.Form):
    """Agree by a scholar's written opinion, or decline with a reason."""

    APPROVE, DECLINE = "approve", "decline"
    outcome = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[(APPROVE, _("A scholar's written opinion agrees")), (DECLINE, _("This money may not pay the line"))],
    )  # fmt: skip
    scholar = ShortTextField(label=_("Scholar who gave the opinion"), max_length=120, required=False)
    opinion = ShortTextField(
        label=_("Written opinion"),
        max_length=200,
        required=False,
        help_text=_("Its number, day, and where it is kept."),
    )
    reason = LongTextField(label=_("Reason"), max_length=1000, rows=3, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = ("scholar", "opinion") if cleaned.get("outcome") == self.APPROVE else ("reason",)
        for name in asked:
            if "outcome" in cleaned and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, forms.ValidationError(_("This field is required."), code="required"))
        return cleaned
