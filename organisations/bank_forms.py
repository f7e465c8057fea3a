"""Forms of changes of bank details."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ReasonField
from accounts.models import User
from kernel.fields import DayField, LongTextField, ShownField
from organisations.forms import BankAccountForm
from organisations.models import BankAccount, BankChange, Organisation
from organisations.selectors import bank_changes as selectors
from organisations.states import SPOKEN


class BankChangeForm(BankAccountForm):
    """Another account for an organisation that has one: in place of which, and why."""

    replaces = forms.ModelChoiceField(
        BankAccount.objects.none(),
        label=_("Which account does it replace?"),
        required=False,
        empty_label=_("None: it comes beside the others"),
        help_text=_("Nothing is paid to that account while the change is checked."),
    )
    reason = ReasonField(label=_("Why does the account change?"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = selectors.replaceable(organisation)
        self.fields["replaces"].queryset = found  # type: ignore[attr-defined]
        self.fields["replaces"].initial = found.first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        replaced = cleaned.get("replaces")
        if replaced is not None and cleaned.get("currency") not in {None, replaced.currency}:
            self.add_error("currency", _("An account takes the place of one in the same currency."))
        return cleaned


class CallBackForm(forms.Form):
    """With whom, when and how an officer spoke; the number is that of the file."""

    channel = forms.ChoiceField(
        label=_("How did you speak with the organisation?"),
        choices=[(one.value, one.label) for one in SPOKEN],
        widget=forms.RadioSelect,
    )
    spoke_with = forms.ModelChoiceField(
        User.objects.none(), label=_("Who answered?"), widget=forms.RadioSelect, empty_label=None
    )
    day = DayField(label=_("Day"))
    hour = forms.TimeField(label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time", "data-ltr": ""}))
    reason = LongTextField(
        label=_("What did the person say?"),
        max_length=1000,
        rows=3,
        help_text=_("Let the person read the number to you; do not read it out. It stands in the record for ever."),
    )
    fingerprint = ShownField()

    def __init__(self, *args: Any, change: BankChange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.change = change
        self.fields["spoke_with"].queryset = selectors.who_may_have_answered(change)  # type: ignore[attr-defined]
        self.fields["day"].earliest = timezone.localdate(change.leaf.created_at)  # type: ignore[attr-defined]
        self.fields["day"].latest = timezone.localdate()  # type: ignore[attr-defined]
        self.initial.setdefault("fingerprint", change.account.fingerprint)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, hour = cleaned.get("day"), cleaned.get("hour")
        if day and hour:
            at = timezone.make_aware(datetime.combine(day, hour))
            if not self.change.leaf.created_at - timedelta(minutes=1) <= at <= timezone.now():
                self.add_error("hour", _("The call came after the request, and not later than now."))
            cleaned["called_at"] = at
        return cleaned

    def values(self) -> dict[str, Any]:
        """What is recorded."""
        return {
            name: self.cleaned_data[name] for name in ("channel", "spoke_with", "called_at", "reason", "fingerprint")
        }


class AgreeForm(forms.Form):
    """That another person agrees to exactly these details, having looked into what is odd."""

    looked = forms.BooleanField(label=_("I looked into every warning above"))
    reason = ReasonField(label=_("What did you find?"))
    fingerprint = ShownField()

    def __init__(self, *args: Any, change: BankChange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not change.warnings:
            del self.fields["looked"]
            self.fields["reason"].required = False
            self.fields["reason"].label = _("Remark")
        self.initial.setdefault("fingerprint", change.account.fingerprint)

    def values(self) -> dict[str, Any]:
        """What is recorded."""
        return {name: self.cleaned_data[name] for name in ("reason", "fingerprint")}


class EndChangeForm(forms.Form):
    """Why a change is refused or taken back."""

    reason = ReasonField()
