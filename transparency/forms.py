"""Uploading public files of other funds; withholding from the public; narrowing what it reads."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, BinaryIO

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.fields import LongTextField, ShortTextField
from kernel.pieces.words import month_in_words
from kernel.places import Governorate
from kernel.sectors import Sector
from transparency.figures.told import Choice
from transparency.models import FoundKind
from transparency.ocha.bundle import MAX_UPLOAD_BYTES, BundleRefused, from_uploads
from transparency.ocha.layouts import BY_FILENAME
from transparency.problems import sentence
from transparency.search.folding import MOST_CHARACTERS
from transparency.selectors.finding import Asked
from transparency.selectors.published import Filters
from transparency.states import AlertKind, Ground, WithheldPart

MAX_FILES = 10


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; each is validated like one."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """The list of files."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files] if files else [super().clean(None)]


class HistoryUploadForm(forms.Form):
    """Files of another fund: single CSV files or one zip."""

    uploads = ManyFilesField(
        label=_("Files"),
        help_text=_("One or more of %(names)s, or a zip that holds them. Together at most %(size)s MB.")
        % {"names": ", ".join(BY_FILENAME), "size": MAX_UPLOAD_BYTES // 1024 // 1024},
        widget=ManyFilesInput(attrs={"accept": ".csv,.zip,text/csv,application/zip"}),
    )
    skip_bad_rows = forms.BooleanField(
        label=_("Import the good rows and leave out the bad ones"),
        help_text=_("Otherwise a single row that cannot be read stops the whole import. Rows left out stay on record."),
        required=False,
    )

    def clean_uploads(self) -> list[tuple[str, BinaryIO]]:
        """Names and contents, within the limits and with at least one known file among them."""
        files: list[UploadedFile[Any]] = self.cleaned_data["uploads"]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("Choose at most %(most)s files."), "too_many", {"most": MAX_FILES})
        size = sum(file.size or 0 for file in files)
        if size > MAX_UPLOAD_BYTES:
            most = MAX_UPLOAD_BYTES // 1024 // 1024
            raise forms.ValidationError(
                _("Together the files are larger than %(most)s MB."), "too_large", {"most": most}
            )
        uploads: list[tuple[str, BinaryIO]] = [(file.name or "", file.file) for file in files]  # type: ignore[misc]
        try:
            from_uploads(uploads)
        except BundleRefused as refused:
            raise forms.ValidationError(sentence(refused.code, refused.params), refused.code) from refused
        return uploads


class RollbackReasonForm(forms.Form):
    """Why the rollback of the log is acknowledged, or the proposal withdrawn."""

    reason = LongTextField(label=_("Reason"), max_length=1000, rows=3)


class RollbackForm(RollbackReasonForm):
    """A new epoch of the log, with the leaves that receipts show and the database lost."""

    lost_leaves = LongTextField(
        label=_("Lost leaves"),
        help_text=_("Leaf hashes from receipts of acts that the database no longer has, one a line."),
        max_length=100_000,
        rows=4,
        required=False,
    )

    @property
    def lost(self) -> list[str]:
        """The hashes, one a line, small letters."""
        return [line.strip().lower() for line in self.cleaned_data["lost_leaves"].splitlines() if line.strip()]


class ReasonForm(forms.Form):
    """A reason in words, for the record and the other side."""

    reason = LongTextField(
        max_length=1000, label=_("Reason"), help_text=_("It is recorded, and the other side reads it.")
    )


class WithholdForm(forms.Form):
    """Which parts are not told in public, and why; the secretariat also says on what ground."""

    parts = forms.MultipleChoiceField(
        label=_("What is not told in public"), choices=WithheldPart.choices, widget=forms.CheckboxSelectMultiple
    )
    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    reason = LongTextField(
        max_length=1000,
        label=_("What could happen to whom?"),
        help_text=_("Only the secretariat, auditors and the organisation read this. Name no person who is in danger."),
    )

    def __init__(self, *args: Any, grounds: Sequence[Ground], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if grounds:
            self.fields["ground"].choices = [(one.value, one.label) for one in grounds]  # type: ignore[attr-defined]
        else:
            del self.fields["ground"]

    def asked(self) -> dict[str, Any]:
        """Parts, ground and reason as the service takes them."""
        return {"ground": Ground.PARTNER, **self.cleaned_data}


class PeriodForm(forms.Form):
    """From which month to which, and in which currency; it stands in the address."""

    since = forms.ChoiceField(required=False, label=_("From"))
    until = forms.ChoiceField(required=False, label=_("Until"))
    currency = forms.ChoiceField(required=False, label=_("Currency"))

    def __init__(self, *args: Any, months: Sequence[date], currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "ar"
        choices = [(f"{month:%Y-%m}", month_in_words(month, language=language)) for month in months]
        self.months, self.currencies = list(months), list(currencies) or ["USD"]
        for name, initial in (("since", choices[-1][0]), ("until", choices[0][0])):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = initial
        self.fields["currency"].choices = [(one, one) for one in self.currencies]  # type: ignore[attr-defined]
        self.fields["currency"].initial = self.currencies[0]

    def asked(self) -> tuple[str, date, date]:
        """Currency, first and last month; what cannot be read is everything there is."""
        asked = getattr(self, "cleaned_data", {}) if self.is_valid() or self.is_bound else {}
        by_text = {f"{month:%Y-%m}": month for month in self.months}
        first = by_text.get(asked.get("since", ""), self.months[-1])
        last = by_text.get(asked.get("until", ""), self.months[0])
        return asked.get("currency") or self.currencies[0], min(first, last), max(first, last)


class ToldFilterForm(forms.Form):
    """What the public list of grants is narrowed to; it stands in the address."""

    year = forms.ChoiceField(required=False, label=_("Year"))
    governorate = forms.ChoiceField(
        choices=[("", _("All")), *Governorate.choices], required=False, label=_("Governorate")
    )
    sector = forms.ChoiceField(choices=[("", _("All")), *Sector.choices], required=False, label=_("Sector"))

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("All")), *((str(one), str(one)) for one in years)]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What is asked for; what cannot be read filters nothing."""
        return Filters(**self.cleaned_data) if self.is_valid() else Filters()


class LongSelect(forms.Select):
    """A list of many choices, written without a template for each of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The list with what is chosen; every value and label is escaped."""
        chosen = set(self.format_value(value))
        written = [
            format_html('<optgroup label="{}">{}</optgroup>', label, self._options(of, chosen))
            if isinstance(of, list)
            else self._options([(label, of)], chosen)
            for label, of in self.choices
        ]
        built = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", built, SafeString("".join(written)))

    @staticmethod
    def _options(choices: Iterable[Any], chosen: set[str]) -> SafeString:
        rows = ((value, SafeString(" selected" if str(value) in chosen else ""), label) for value, label in choices)
        return format_html_join("", '<option value="{}"{}>{}</option>', rows)


class OwnFilterForm(forms.Form):
    """To what a page of the dashboard is narrowed: a year, and a governorate or a sector. It stands in the address."""

    year = forms.ChoiceField(required=False, label=_("Year"), widget=LongSelect)
    of = forms.ChoiceField(required=False, label=_("Governorate or sector"), widget=LongSelect)

    def __init__(self, *args: Any, choices: dict[str, list[Any]], parts: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(str(year), str(year)) for year in choices["years"]]
        self.fields["year"].choices = [("", _("All")), *years]  # type: ignore[attr-defined]
        places = [(code, Governorate(code).label) for code in choices["governorates"]]
        sectors = [(code, Sector(code).label) for code in choices["sectors"]]
        self.fields["of"].choices = [  # type: ignore[attr-defined]
            ("", _("All")), (_("Governorates"), places), (_("Sectors"), sectors),
        ]  # fmt: skip
        for name in {"year", "of"} - self._asked(frozenset(parts)):
            del self.fields[name]

    @staticmethod
    def _asked(parts: frozenset[str]) -> set[str]:
        return ({"year"} & parts) | ({"of"} if parts & {"governorate", "sector"} else set())

    def choice(self) -> Choice | None:
        """What is asked for, None for what is not there."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        of = said.get("of", "")
        named = {"governorate" if of in Governorate.values else "sector": of} if of else {}
        return Choice(int(said.get("year") or 0), **named)


class SearchForm(forms.Form):
    """What is looked for; it stands in the address."""

    q = forms.CharField(
        required=False, max_length=MOST_CHARACTERS, label=_("Words"), widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(choices=[("", _("All")), *FoundKind.choices], required=False, label=_("Kind of result"))
    governorate = forms.ChoiceField(
        choices=[("", _("All")), *Governorate.choices], required=False, label=_("Governorate")
    )
    sector = forms.ChoiceField(choices=[("", _("All")), *Sector.choices], required=False, label=_("Sector"))

    def asked(self) -> Asked:
        """What is asked for; what cannot be read is not asked."""
        self.is_valid()
        said = self.cleaned_data
        return Asked(said.get("q", ""), said.get("kind", ""), said.get("sector", ""), said.get("governorate", ""))


class TokenForm(forms.Form):
    """A token for programs: what it is for, and for how long."""

    DAYS = ((30, _("one month")), (90, _("three months")), (365, _("one year")))

    name = ShortTextField(
        max_length=80, label=_("Name"), help_text=_("What will read with it, for example: our yearly report.")
    )
    days = forms.TypedChoiceField(label=_("For how long"), choices=DAYS, coerce=int, widget=forms.RadioSelect)


class AlertsForm(forms.Form):
    """Of what a person of a donor is told; none is a choice too."""

    kinds = forms.MultipleChoiceField(
        label=_("Tell me when"), required=False, widget=forms.CheckboxSelectMultiple, choices=AlertKind.choices
    )

    def __init__(self, *args: Any, kinds: Iterable[AlertKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
