"""Forms of the charter: drafts, votes, networks, holidays."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString
from pydantic import ValidationError as RulesError

from accounts.forms import ReasonField
from accounts.models import User
from accounts.selectors import person_with_address
from charter import editing, selectors
from charter.editing import Kind
from charter.labels import SECTIONS
from charter.models import Network
from charter.problems import explained
from charter.schema import CharterRules
from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, WholeNumberField

MOST_BYTES = 1_000_000
LANGUAGES = (("ar", _("in Arabic"), True), ("en", _("in English"), False), ("ku", _("in Kurmanji"), False))


def _in_languages(name: str, label: Any, make: Any) -> dict[str, forms.Field]:
    """One field for each language of the fund; Arabic is needed."""
    return {
        f"{name}_{code}": make(required=needed, label=f"{label} ({in_language})")
        for code, in_language, needed in LANGUAGES
    }


def _read_languages(cleaned: Mapping[str, Any], name: str) -> LazyI18nString:
    texts = {code: cleaned.get(f"{name}_{code}", "") for code, _label, _needed in LANGUAGES}
    return LazyI18nString({code: text for code, text in texts.items() if text})


class SummaryForm(forms.Form):
    """What a version changes and why."""

    def __init__(self, *args: Any, summary: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = getattr(summary, "data", None) or {}
        for name, made in _in_languages(
            "summary", _("What changes and why"), lambda **options: LongTextField(max_length=2000, rows=4, **options)
        ).items():
            made.initial = known.get(name.rpartition("_")[2], "") if isinstance(known, Mapping) else ""
            self.fields[name] = made

    def summary(self) -> LazyI18nString:
        """The text in the languages given."""
        return _read_languages(self.cleaned_data, "summary")


def _typed_again(data: Mapping[str, Any], **other: str) -> dict[str, Any]:
    """What was typed with ``other`` in its place; unpacking a `QueryDict` would give lists."""
    return {**{name: data[name] for name in data}, **other}


class DraftForm(forms.Form):
    """A page of a draft, which says on which text of the draft it was opened."""

    ground = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, ground: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = ground
        self.fields["ground"].initial = ground

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("ground") not in {"", self.now}:
            # Saved again the page replaces what was written meanwhile: by then the person knows.
            self.data = _typed_again(self.data, ground=self.now)
            self.add_error(None, str(selectors.DraftChanged().reason))
        return data


class SectionForm(DraftForm):
    """The numbers of one section of a draft; the whole charter must hold together when it is saved."""

    def __init__(self, *args: Any, rules_data: Mapping[str, Any], section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules_data = rules_data
        self.editables = editing.editable(rules_data, section)
        for one in self.editables:
            self.fields[one.name] = _field(one, str(rules_data["currency"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors:
            return data
        values = {one.path: self._value(one, data[one.name]) for one in self.editables}
        try:
            self.rules = CharterRules.model_validate(editing.changed(self.rules_data, values))
        except RulesError as error:
            for path, message in explained(error):
                self.add_error(path if path in self.fields else None, message)
        return data

    @staticmethod
    def _value(one: editing.Editable, value: Any) -> Any:
        return list(value) if one.kind is Kind.LIST else value


class _PlainField(forms.CharField):
    """A few figures on one line, left to right."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"data-ltr": "", "autocomplete": "off"}


class _ShareField(_PlainField):
    def clean(self, value: Any) -> Any:
        share = editing.read_share(super().clean(value))
        if share is None:
            raise ValidationError(_("Write a share as two numbers with a stroke, for example 2/3."), code="share")
        return share


class _ListField(_PlainField):
    def clean(self, value: Any) -> Any:
        numbers = editing.read_list(super().clean(value))
        if numbers is None:
            raise ValidationError(_("Write whole numbers with commas, for example 40, 30, 20, 10."), code="list")
        return numbers


def _field(one: editing.Editable, currency: str) -> forms.Field:
    common: dict[str, Any] = {"label": one.label, "initial": editing.write(one.value, one.kind)}
    if one.kind is Kind.YES_NO:
        return forms.BooleanField(required=False, **common)
    if one.kind is Kind.AMOUNT:
        return AmountField(currency=currency, **common)
    if one.kind in {Kind.NUMBER, Kind.OPTIONAL}:
        return WholeNumberField(max_value=100_000, required=one.kind is Kind.NUMBER, **common)
    return _ShareField(max_length=12, **common) if one.kind is Kind.SHARE else _ListField(max_length=80, **common)


class WholeForm(DraftForm):
    """The whole charter as JSON: pasted, or from a file. What was given stays when something is wrong with it."""

    text = forms.CharField(
        label=_("The charter as JSON"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "dir": "ltr", "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("or a file"), required=False, help_text=_("JSON, up to 1 MB."))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        text = self._given(data)
        try:
            self.rules = CharterRules.model_validate(json.loads(text))
        except RulesError as error:
            for path, message in explained(error):
                self.add_error(None, f"{path}: {message}" if path else message)
        except (ValueError, RecursionError) as error:
            self.add_error("text", _("This is not JSON: %(why)s") % {"why": error})
        return data

    def _given(self, data: Mapping[str, Any]) -> str:
        """The text of the file if there is one, which then also stands in the field."""
        uploaded = data.get("file")
        if uploaded is None:
            return str(data.get("text", ""))
        if uploaded.size > MOST_BYTES:
            raise ValidationError({"file": _("This file is larger than 1 MB; a charter has a few hundred kilobytes.")})
        try:
            text: str = uploaded.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError({"file": _("This file is not UTF-8 text. Save it as JSON in UTF-8.")}) from error
        self.data = _typed_again(self.data, text=text)
        return text


class VoteForm(forms.Form):
    """A network's vote."""

    consents = forms.ChoiceField(
        label=_("Does your network consent to this version?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, we consent")), ("no", _("No, we do not consent"))],
    )
    comment = LongTextField(
        label=_("Comment"), required=False, max_length=2000, rows=4, help_text=_("Everybody can read it.")
    )


FUND = "fund"


class RemarkForm(forms.Form):
    """What a network or the fund says on a version."""

    def __init__(self, data: Any, *, speaks_for: list[Network | None]) -> None:
        super().__init__(data)
        self.known = {str(one.pk) if one else FUND: one for one in speaks_for}
        names = [(key, str(one.name) if one else _("The fund")) for key, one in self.known.items()]
        self.fields["network"] = forms.ChoiceField(label=_("You speak for"), choices=names, initial=names[0][0])
        chapters = [("", _("The whole charter")), *SECTIONS.items()]
        self.fields["chapter"] = forms.ChoiceField(label=_("On which chapter"), choices=chapters, required=False)
        self.fields["body"] = LongTextField(
            label=_("Your remark"),
            max_length=3000,
            rows=6,
            help_text=_("Everybody reads it under the network’s name, and it stays. Name no person."),
        )

    def network(self) -> Network | None:
        """For whom is spoken; None for the fund."""
        return self.known[self.cleaned_data["network"]]


class ProposeForm(forms.Form):
    """Why the version is put before the networks now."""

    reason = ReasonField()


class NetworkForm(forms.Form):
    """A network that gets a vote."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = _in_languages("name", _("Name"), lambda **options: ShortTextField(max_length=200, **options))
        self.fields.update(fields)
        self.fields["joined_on"] = DayField(label=_("Votes from"), initial=timezone.localdate)
        self.fields["reason"] = ReasonField()

    def name(self) -> LazyI18nString:
        """The name in the languages given."""
        return _read_languages(self.cleaned_data, "name")


class LeaveForm(forms.Form):
    """The end of a network's vote or of a person's mandate."""

    day = DayField(label=_("Day"), initial=timezone.localdate)
    reason = ReasonField()


class MandateForm(forms.Form):
    """A person who votes for a network."""

    email = forms.EmailField(label=_("E-mail address of the person"), help_text=_("The address of their account."))
    starts_on = DayField(label=_("From"), initial=timezone.localdate)
    reason = ReasonField()

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].lower()
        self.person = person_with_address(address)
        if self.person is None or not self.person.is_active:
            raise ValidationError(_("No account has this address. The person creates one first."), code="no_account")
        return address

    def found(self) -> User:
        """The person of the address; only for a form that is valid."""
        if self.person is None:
            raise LookupError("no account has this address")
        return self.person


class HolidayForm(forms.Form):
    """A day on which the clocks stand still."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"] = DayField(label=_("Day"))
        fields = _in_languages("name", _("Name"), lambda **options: ShortTextField(max_length=100, **options))
        self.fields.update(fields)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day in selectors.holidays():
            raise ValidationError(_("This day is a holiday already."), code="twice")
        return day

    def name(self) -> LazyI18nString:
        """The name in the languages given."""
        return _read_languages(self.cleaned_data, "name")
