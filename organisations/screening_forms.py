"""Forms of lists of sanctions and of likenesses."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.forms import ReasonField
from kernel.texts import TextError, clean_line
from kernel.uploads import largest
from organisations.states import HitVerdict, ListSource

_ENDS: Final = {ListSource.UN: ".xml", ListSource.OFAC: ".csv"}


class SanctionsListForm(forms.Form):
    """A version of a list, as it is published."""

    source = forms.ChoiceField(label=_("List"), choices=ListSource.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File of the list"), help_text=_("The United Nations' consolidated list as XML; OFAC's sdn.csv.")
    )
    aliases = forms.FileField(
        label=_("Other names"), required=False, help_text=_("For OFAC only: alt.csv, the table of other names.")
    )

    def clean_file(self) -> Any:
        return self._named(self.cleaned_data["file"])

    def clean_aliases(self) -> Any:
        file = self.cleaned_data.get("aliases")
        return self._named(file) if file else None

    @staticmethod
    def _named(file: Any) -> Any:
        if file.size > largest():
            raise ValidationError(
                _("This file has %(size)s; the limit is %(limit)s."), code="size",
                params={"size": filesizeformat(file.size), "limit": filesizeformat(largest())},
            )  # fmt: skip
        try:
            file.name = clean_line(file.name or "")
        except TextError as error:
            raise ValidationError(str(error.message), code=error.code) from error
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        end = _ENDS.get(data.get("source", ""))
        for name in ("file", "aliases"):
            file = data.get(name)
            if end and file and not file.name.casefold().endswith(end):
                self.add_error(name, _("This list is published as a file that ends in %(end)s.") % {"end": end})
        if data.get("source") == ListSource.UN and data.get("aliases"):
            self.add_error("aliases", _("The United Nations' list holds its other names itself."))
        return data


class JudgementForm(forms.Form):
    """What one person makes of a likeness, and why."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=HitVerdict.choices, widget=forms.RadioSelect)
    reason = ReasonField(
        label=_("Reason"),
        help_text=_("What tells them apart, or shows that they are the same: year of birth, nationality, papers seen."),
    )
