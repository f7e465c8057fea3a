"""Forms of colleagues: a comment, and which application to copy from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models import Application
from grants.models.colleagues import COMMENT_LENGTH
from kernel.fields import LongTextField


class CommentForm(forms.Form):
    """A comment on a page."""

    text = LongTextField(
        label=_("Comment to your colleagues"),
        max_length=COMMENT_LENGTH,
        rows=3,
        help_text=_("Only people of your organisation read this; neither the fund nor the committee."),
    )


class CopyForm(forms.Form):
    """Which earlier application to copy from."""

    source = forms.ChoiceField(label=_("Earlier application"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, sources: Iterable[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {str(one.pk): one for one in sources}
        source: Any = self.fields["source"]
        source.choices = [
            (key, f"{one.call.title} · {one.title or one.reference}") for key, one in self.sources.items()
        ]

    @property
    def chosen(self) -> Application:
        """The application that was chosen."""
        return self.sources[self.cleaned_data["source"]]
