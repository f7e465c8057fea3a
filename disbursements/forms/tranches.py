"""Forms of offers, agreements, requests, approvals, payments, reports and refunds."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disbursements.models import Tranche
from disbursements.states import Waivable
from disbursements.waiting import states_spending
from grants.models import Grant
from grants.selectors.durations import latest_start
from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, ShownField
from kernel.places import Governorate
from kernel.uploads import UploadField
from organisations.models import BankAccount
from organisations.selectors import usable_bank_accounts

REASON_LENGTH = 300
HIGHEST_MINOR = 10**12
"""An amount above this is a slip of the keyboard: a bound of the column, not a rule of the fund."""


class ReasonForm(forms.Form):
    """A reason in words, for the record and the other side."""

    reason = LongTextField(
        max_length=REASON_LENGTH, label=_("Reason"), help_text=_("It is recorded, and the other side reads it.")
    )


class NoteForm(forms.Form):
    """What must be mended."""

    note = LongTextField(
        max_length=1000, label=_("What must be mended"), help_text=_("Say it so that one more round is enough.")
    )


class AcceptReportForm(forms.Form):
    """The acceptance of exactly the report that was shown."""

    content_sha256 = ShownField()


class ReturnReportForm(AcceptReportForm, NoteForm):
    """The return of exactly the report that was shown, with what must be mended."""


class WaiveForm(ReasonForm):
    """Which condition of a tranche is waived, and why."""

    condition = forms.ChoiceField(label=_("Which condition?"), widget=forms.RadioSelect)
    field_order = ("condition", "reason")

    def __init__(self, *args: Any, conditions: list[Waivable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = [(one.value, one.label) for one in conditions]  # type: ignore[attr-defined]
        self.fields["condition"].initial = conditions[0].value


class EvidenceForm(forms.Form):
    """How a condition was met."""

    evidence = LongTextField(max_length=REASON_LENGTH, label=_("How was it met?"))


class AnswerForm(forms.Form):
    """What the organisation did for a condition, and shows."""

    text = LongTextField(
        max_length=2000, label=_("What was done"), help_text=_("Say where in the document it can be seen.")
    )
    file = UploadField(label=_("Document"), required=False)


class ExtendForm(ReasonForm):
    """A later day for a condition, and why."""

    due_on = DayField(label=_("Until"))
    field_order = ("due_on", "reason")


class StartForm(forms.Form):
    """When the grant begins."""

    starts_on = DayField(label=_("The grant begins on"), help_text=_("Costs count from this day."))

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned = grant.application.starts_on
        field = self.fields["starts_on"]
        field.initial = max(planned or timezone.localdate(), timezone.localdate())
        field.latest = latest_start(grant)  # type: ignore[attr-defined]
        field.initial = min(field.initial, field.latest or field.initial)  # type: ignore[attr-defined]
        field.earliest = timezone.localdate(grant.application.decided_at) if grant.application.decided_at else None  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """The promise of a signature, bound to the texts that were shown."""

    sha256_ar = forms.CharField(widget=forms.HiddenInput)
    sha256_en = forms.CharField(widget=forms.HiddenInput)
    read = forms.BooleanField(label=_("I have read the agreement in both languages and I sign it for my side."))


class RequestForm(forms.Form):
    """What a partner states when it asks for a payment."""

    bank_account = forms.ModelChoiceField(
        BankAccount.objects.none(), label=_("Send the money to"), empty_label=None, widget=forms.RadioSelect
    )
    spent_minor = AmountField(
        max_minor=HIGHEST_MINOR,
        label=_("Spent so far"),
        help_text=_("Of all the money received in this grant. Keep the receipts; they are not sent."),
    )
    cash_on_hand_minor = AmountField(
        max_minor=HIGHEST_MINOR, label=_("Cash on hand"), help_text=_("Of this grant, in the bank and in the safe.")
    )
    outstanding_advances_minor = AmountField(
        max_minor=HIGHEST_MINOR,
        required=False,
        label=_("Advances not yet cleared"),
        help_text=_("Money given to staff or suppliers without receipts so far."),
    )
    forecast_minor = AmountField(
        max_minor=HIGHEST_MINOR,
        label=_("Planned spending of the next period"),
        help_text=_("What this tranche is for."),
    )
    note = LongTextField(max_length=1000, required=False, label=_("Note to the fund"))

    def __init__(self, *args: Any, tranche: Tranche, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not states_spending(tranche):
            del self.fields["spent_minor"]
        accounts = usable_bank_accounts(tranche.grant.organisation).filter(currency=tranche.currency)
        field: Any = self.fields["bank_account"]
        field.queryset = accounts
        field.label_from_instance = account_label
        if not self.is_bound and accounts:
            field.initial = accounts[0]


def account_label(account: BankAccount) -> str:
    """Bank, holder and the last four of the number."""
    return f"{account.bank} · {account.holder_latin} · …{account.number[-4:]}"


class ApproveForm(forms.Form):
    """An approval of exactly what was shown."""

    payload_sha256 = ShownField()


class ReleaseForm(forms.Form):
    """What the bank said when the payment was released."""

    bank_reference = ShortTextField(max_length=80, label=_("Bank reference"), help_text=_("As the slip shows it."))
    sent_on = DayField(label=_("Sent on"))
    slip = UploadField(label=_("Bank slip"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["sent_on"]
        today = timezone.localdate()
        field.initial, field.latest, field.earliest = today, today, today - timedelta(days=60)


class ConfirmForm(forms.Form):
    """What arrived at the partner."""

    received_on = DayField(label=_("Arrived on"))
    fee_minor = AmountField(
        required=False, label=_("Bank fee taken off"), help_text=_("0 if the whole amount arrived.")
    )

    def __init__(self, *args: Any, payment: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day: Any = self.fields["received_on"]
        day.initial, day.latest, day.earliest = timezone.localdate(), timezone.localdate(), payment.sent_on
        fee: Any = self.fields["fee_minor"]
        fee.currency, fee.max_minor = payment.currency, payment.amount_minor - 1

    def clean_fee_minor(self) -> int:
        return self.cleaned_data["fee_minor"] or 0


class RefundForm(forms.Form):
    """Spending that the fund does not accept."""

    disallowed_minor = AmountField(
        required=False,
        label=_("Spending not accepted"),
        help_text=_("After review or audit; 0 if everything is accepted."),
    )

    def clean_disallowed_minor(self) -> int:
        return self.cleaned_data["disallowed_minor"] or 0


class RefundReceivedForm(forms.Form):
    """A refund as the bank statement shows it."""

    received_on = DayField(label=_("Received on"))
    bank_reference = ShortTextField(max_length=80, label=_("Bank reference"), help_text=_("As the statement shows it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["received_on"]
        field.initial = field.latest = timezone.localdate()


class GrantFilterForm(forms.Form):
    """Filters of the list of grants; they stand in the address."""

    state = forms.ChoiceField(required=False, label=_("State"))
    call: Any = forms.ModelChoiceField(None, required=False, label=_("Call"), empty_label=_("All"))
    governorate = forms.ChoiceField(
        choices=[("", _("All")), *Governorate.choices], required=False, label=_("Governorate")
    )
    text = forms.CharField(required=False, label=_("Name or reference"), max_length=100)

    def __init__(self, *args: Any, calls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call: Any = self.fields["call"]
        call.queryset = calls
        states: Any = Grant._meta.get_field("state").choices
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]


class ListFilterForm(forms.Form):
    """Filters of a list of tranches, payments or reports: the state, and words."""

    state = forms.ChoiceField(required=False, label=_("State"))
    text = forms.CharField(required=False, label=_("Grant, organisation or bank reference"), max_length=100)

    def __init__(self, *args: Any, states: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]

    def filters(self) -> dict[str, str]:
        """What is asked for; what cannot be read filters nothing."""
        return dict(self.cleaned_data) if self.is_valid() else {}
