"""Forms of what follows a decision: the waiting list, appeals, extensions of grants."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.states import AppealChoice, AppealGround
from kernel.fields import LongTextField, ShownField
from kernel.uploads import UploadField


class ScreeningForm(forms.Form):
    """What was screened again before an application moves up."""

    screening = LongTextField(
        label=_("Fresh screening"),
        max_length=600,
        rows=4,
        help_text=_("Which lists and registers were asked again, on which day, with which result."),
    )


class AgreeForm(forms.Form):
    """The consent of a member to exactly the extension that was shown."""

    content_sha256 = ShownField()
    read = forms.BooleanField(
        label=_(
            "I have read what is asked for and why; nothing links me to the organisation; I agree for the committee."
        )
    )


class AppealForm(forms.Form):
    """The grounds of an appeal, what happened, and up to three documents."""

    grounds = forms.MultipleChoiceField(
        label=_("Grounds"),
        choices=AppealGround.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Disagreement with the merit or with the amount is no ground."),
    )
    statement = LongTextField(
        label=_("What happened"),
        max_length=4000,
        rows=10,
        help_text=_("Which step, which rule, which number; where in your application or in the letter it can be seen."),
    )
    document_1 = UploadField(label=_("Document"), required=False)
    document_2 = UploadField(label=_("Another document"), required=False)
    document_3 = UploadField(label=_("Another document"), required=False)

    def documents(self) -> list[Any]:
        """The documents that were chosen."""
        chosen = (self.cleaned_data.get(f"document_{number}") for number in (1, 2, 3))
        return [one for one in chosen if one]


class AppealVoteForm(forms.Form):
    """A panelist's vote on an appeal."""

    choice = forms.ChoiceField(label=_("Your vote"), choices=AppealChoice.choices, widget=forms.RadioSelect)


class AppealDecisionForm(forms.Form):
    """The panel's reasons, and whether an appeal upheld in part sends the application back."""

    reasons = LongTextField(
        label=_("Reasons"),
        max_length=4000,
        rows=10,
        help_text=_("For each ground: what the panel found and why. The organisation reads them as they stand."),
    )
    re_evaluate = forms.BooleanField(
        label=_("Evaluate the application anew"),
        required=False,
        help_text=_("Counts when the appeal is upheld in part; an upheld appeal is always evaluated anew."),
    )
