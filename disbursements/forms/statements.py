"""Forms of the bank's files and of the lines that nothing matched."""

from pathlib import PurePosixPath
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from disbursements.iso20022 import tables
from disbursements.models import FundAccount, Payment, Refund
from disbursements.selectors import Candidates
from funds.models import Contribution
from kernel.fields import LongTextField, ShortTextField
from kernel.money import Money, format_money
from kernel.texts import TextError, clean_line
from kernel.uploads import largest

_KINDS: Final = (".xml", ".csv", ".txt")
_NOTE: Final = 250


class StatementForm(forms.Form):
    """The bank's file; for a table also its account and the names of its columns."""

    file = forms.FileField(
        label=_("File of the bank"),
        help_text=_("A statement or notice (camt.052, 053, 054), rejections (pain.002), or a table (CSV)."),
    )
    account: Any = forms.ModelChoiceField(
        FundAccount.objects.none(), required=False, label=_("Account, for a table"), empty_label="—"
    )
    day = ShortTextField(max_length=60, required=False, label=_("Column of the day"))
    amount = ShortTextField(
        max_length=60, required=False, label=_("Column of the amount"), help_text=_("What goes out has a minus sign.")
    )
    debit = ShortTextField(max_length=60, required=False, label=_("Or: column of what goes out"))
    credit = ShortTextField(max_length=60, required=False, label=_("and column of what comes in"))
    end_to_end = ShortTextField(max_length=60, required=False, label=_("Column of your own reference"))
    reference = ShortTextField(max_length=60, required=False, label=_("Column of the bank's reference"))
    party = ShortTextField(max_length=60, required=False, label=_("Column of the other side"))
    text = ShortTextField(max_length=60, required=False, label=_("Column of the text"))
    comma = forms.BooleanField(required=False, label=_("Amounts are written like 1.234,50"))

    def __init__(self, *args: Any, accounts: list[FundAccount], mapping: dict[str, str], **kwargs: Any) -> None:
        kwargs.setdefault("initial", mapping)
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = FundAccount.objects.filter(pk__in=[one.pk for one in accounts])  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > largest():
            raise ValidationError(
                _("This file has %(size)s; the limit is %(limit)s. Ask the bank for fewer days in one file."),
                code="size", params={"size": filesizeformat(file.size), "limit": filesizeformat(largest())},
            )  # fmt: skip
        try:
            file.name = clean_line(file.name or "")
        except TextError as error:
            raise ValidationError(str(error.message), code=error.code) from error
        if PurePosixPath(file.name).suffix.lower() not in _KINDS:
            raise ValidationError(_("Choose the file as the bank gave it: XML or CSV."), code="kind")
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self._is_table(data):
            if data.get("account") is None:
                self.add_error("account", _("Say which account the table is of."))
            if not data.get("day"):
                self.add_error("day", _("Name the column as the first line of the table does."))
            if not data.get("amount") and not (data.get("debit") and data.get("credit")):
                self.add_error("amount", _("Name the column of the amount, or the columns of both sides."))
        return data

    @staticmethod
    def _is_table(data: dict[str, Any]) -> bool:
        file = data.get("file")
        return file is not None and PurePosixPath(file.name).suffix.lower() != ".xml"

    def taken(self) -> dict[str, Any]:
        """What the form says, for `disbursements.services.statements.take_statement`."""
        data = self.cleaned_data
        if not self._is_table(data):
            return {"upload": data["file"]}
        mapping = {name: data[name] for name in tables.COLUMNS if data.get(name)}
        return {
            "upload": data["file"],
            "account": data["account"],
            "mapping": mapping | ({tables.COMMA: "1"} if data.get("comma") else {}),
        }


def _money(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency), (get_language() or "en")[:2])


def _payment(payment: Payment) -> str:
    return f"{payment.tranche.grant.organisation} · {_money(payment.amount_minor, payment.currency)} · {payment.key}"


def _contribution(one: Contribution) -> str:
    return f"{one.reference} · {_money(one.amount_minor, one.currency)} · {one.bank_reference}"


def _refund(one: Refund) -> str:
    return f"{one.grant.organisation} · {_money(one.amount_minor, one.grant.currency)} · {one.grant.reference}"


class _OneOf(forms.Form):
    """A choice among what a line could be; the choice itself is the object."""

    def __init__(self, *args: Any, offered: list[Any], label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(one.pk): one for one in offered}
        field: Any = self.fields["chosen"]
        field.choices = [(pk, label(one)) for pk, one in self.offered.items()]
        if len(offered) == 1:
            field.initial = str(offered[0].pk)

    def clean_chosen(self) -> Any:
        return self.offered[self.cleaned_data["chosen"]]


class MatchForm(_OneOf):
    """What the line is: a payment that left, a contribution or a refund that arrived."""

    chosen = forms.ChoiceField(label=_("The line is"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: Candidates, **kwargs: Any) -> None:
        offered: list[Any] = [*candidates.payments, *candidates.contributions, *candidates.refunds]
        super().__init__(*args, offered=offered, label=_label, **kwargs)

    def matched(self) -> dict[str, Any]:
        """The choice under the name of its kind."""
        one = self.cleaned_data["chosen"]
        return {type(one).__name__.lower(): one}


def _label(one: Any) -> str:
    if isinstance(one, Payment):
        return _payment(one)
    return _contribution(one) if isinstance(one, Contribution) else _refund(one)


class ReturnForm(_OneOf):
    """Which payment came back, and why."""

    chosen = forms.ChoiceField(label=_("The payment that came back"), widget=forms.RadioSelect)
    reason = LongTextField(
        max_length=_NOTE, label=_("Reason"), help_text=_("It is recorded, and the other side reads it.")
    )

    def __init__(self, *args: Any, payments: list[Payment], **kwargs: Any) -> None:
        super().__init__(*args, offered=payments, label=_payment, **kwargs)


class ExplainForm(forms.Form):
    """What a line is that belongs to no payment, contribution or refund."""

    note = LongTextField(
        max_length=_NOTE, label=_("What the line is"), help_text=_("For example: the bank's fee for the quarter.")
    )


class HandOverForm(forms.Form):
    """Who looks after an open line from now on."""

    owner = forms.ChoiceField(label=_("New owner"))
    note = LongTextField(max_length=_NOTE, required=False, label=_("Note"), rows=2)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self.fields["owner"].choices = [(pk, str(one)) for pk, one in self.people.items()]  # type: ignore[attr-defined]

    def clean_owner(self) -> User:
        return self.people[self.cleaned_data["owner"]]
