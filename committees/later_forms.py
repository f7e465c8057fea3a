"""Forms of what follows a decision: the waiting list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.fields import LongTextField


class ScreeningForm(forms.Form):
    """What was screened again before an application moves up."""

    screening = LongTextField(
        label=_("Fresh screening"),
        max_length=600,
        rows=4,
        help_text=_("Which lists and registers were asked again, on which day, with which result."),
    )
