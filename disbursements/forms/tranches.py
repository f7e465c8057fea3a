"""Forms of offers, agreements, requests, approvals, payments, reports and refunds."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disbursements.models import Tranche
from disbursements.states import Waivable
from disbursements.waiting import states_spending
from grants.models import Grant, Report, ReportLine
from grants.selectors.durations import latest_start
from grants.selectors.grants import lines_of
from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, ShownField, WholeNumberField
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


class NarrativeForm(forms.Form):
    """The words of a report."""

    achieved = LongTextField(
        max_length=4000,
        label=_("What was achieved"),
        help_text=_("Results for people, not a list of activities."),
    )
    did_not_work = LongTextField(
        max_length=2000,
        label=_("What did not work, and what we learned"),
        help_text=_("Honest lessons never count against you."),
    )
    participation = LongTextField(max_length=2000, label=_("How the community took part"))
    people_reached = WholeNumberField(
        max_value=10_000_000,
        label=_("People reached in this period"),
        help_text=_("Count each person once."),
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        names = ("achieved", "did_not_work", "participation", "people_reached")
        kwargs.setdefault("initial", {name: getattr(report, name) for name in names})
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        """What is missing may be saved; only the submission asks for all of it (`grants.rules.reports.is_complete`)."""
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        for field in self.fields.values():
            field.required = True


class LineForm(forms.Form):
    """Spending of one category in the period."""

    spent = AmountField(max_minor=HIGHEST_MINOR, required=False, label=_("Spent in the period"))
    explanation = ShortTextField(max_length=300, required=False, label=_("Explanation"))

    def __init__(self, *args: Any, line: ReportLine, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"spent": line.spent_minor, "explanation": line.explanation})
        kwargs["prefix"] = f"line-{line.category}"
        super().__init__(*args, **kwargs)
        self.line = line


class ReportForms:
    """A report's words and figures together; what was understood can be saved while the rest waits to be mended."""

    def __init__(self, report: Report, data: Any = None) -> None:
        self.narrative = NarrativeForm(data, report=report)
        self.lines = [LineForm(data, line=line) for line in lines_of(report)]

    @property
    def parts(self) -> list[forms.Form]:
        return [self.narrative, *self.lines]

    def is_valid(self) -> bool:
        answers = [part.is_valid() for part in self.parts]  # every part says what is wrong with it
        return all(answers)

    def understood(self) -> dict[str, Any]:
        """What could be read, for `grants.services.reports.save_report`."""
        narrative = {
            name: value if value is not None or name == "people_reached" else ""
            for name, value in self.narrative.cleaned_data.items()
        }
        return {
            "narrative": narrative,
            "spent": {
                one.line.category: one.cleaned_data["spent"] or 0 for one in self.lines if "spent" in one.cleaned_data
            },
            "explanations": {
                one.line.category: one.cleaned_data["explanation"] or ""
                for one in self.lines
                if "explanation" in one.cleaned_data
            },
        }


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
