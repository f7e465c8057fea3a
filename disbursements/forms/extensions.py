"""The form of an extension of a grant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models import Revision
from kernel.fields import LongTextField

MOST_MONTHS = 36
"""More than the longest grant runs: what is larger is a slip of the pen."""


class ExtensionForm(forms.Form):
    """How many months more, and why."""

    months = forms.IntegerField(
        min_value=1, max_value=MOST_MONTHS, label=_("Months more"),
        help_text=_("The budget stays. What is still to come moves with the end: tranches, reports."),
    )  # fmt: skip
    reason = LongTextField(
        max_length=2000, label=_("Why"), help_text=_("It is recorded, and the other side reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, revision: Revision | None = None, **kwargs: Any) -> None:
        if revision is not None:
            kwargs.setdefault("initial", {"months": revision.months, "reason": revision.reason})
        super().__init__(*args, **kwargs)
