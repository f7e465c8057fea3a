"""Forms of erasing files of applications."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audit.forms import KeyErasureForm, WhyForm
from kernel.codes import normalise

__all__ = ["FileErasureForm", "NumberForm", "WhyForm"]


class FileErasureForm(KeyErasureForm):
    """Why a file is destroyed."""


class NumberForm(forms.Form):
    """Whose files are looked for."""

    q = forms.CharField(
        label=_("Number of the application"),
        max_length=40,
        help_text=_("As on its receipt, such as APP-2026-7K3QF2XM."),
        widget=forms.TextInput(attrs={"data-ltr": ""}),
    )

    def clean_q(self) -> str:
        """The number as it is written."""
        if (code := normalise(self.cleaned_data["q"])) is None:
            raise ValidationError(_("This is no number of an application: it reads like APP-2026-7K3QF2XM."))
        return code
