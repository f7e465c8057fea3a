"""What anybody may write to the fund, and what the fund answers."""
# public: the form of complaints, for anybody

import uuid
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accountability.models import SHORT_LENGTH, TEXT_LENGTH, Complaint
from accountability.rules import readers
from accountability.states import RESTRICTED, Category, Outcome, Safety
from kernel.fields import LongTextField, ShortTextField

_worded: Any = lazy(format_html, SafeString)
EXAMPLE = format_html('<bdi class="nowrap">{}</bdi>', "7K3QF-2XMAB-9TR4W-C5D6E")


class ComplaintForm(forms.Form):
    """A complaint. ``once`` names the form, so that one that is sent twice arrives once."""

    category = forms.ChoiceField(label=_("What it is about"), choices=Category.choices, widget=forms.RadioSelect)
    text = LongTextField(
        label=_("What happened"),
        help_text=_("What, when, who did it. Of somebody who was harmed write no name: we ask if we need it."),
        max_length=TEXT_LENGTH,
        rows=8,
    )
    about = ShortTextField(label=_("Where, and of which project or office"), max_length=SHORT_LENGTH, required=False)
    contact = ShortTextField(
        label=_("How we can reach you"),
        help_text=_("You need not say. Without it, you read our answer here with a code."),
        max_length=SHORT_LENGTH,
        required=False,
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class CodeForm(forms.Form):
    """The code that was shown when the complaint was sent."""

    code = ShortTextField(
        label=_("Your code"),
        help_text=_worded(_("Twenty letters and digits, for example {}."), EXAMPLE),
        max_length=40,
        widget=forms.TextInput(attrs={"data-ltr": "", "autocomplete": "off"}),
    )


class MoreForm(forms.Form):
    """A word more of who complained; the code comes along hidden."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    text = LongTextField(label=_("Say more"), max_length=TEXT_LENGTH, rows=4)


class CategoryForm(forms.Form):
    """What a complaint is about, as who read it sees it."""

    category = forms.ChoiceField(label=_("What it is about"), choices=Category.choices, widget=forms.RadioSelect)


class PersonForm(forms.Form):
    """One of some people, by name."""

    def __init__(self, *args: Any, people: list[Any], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        field: Any = self.fields[name]
        named = [(pk, one.full_name) for pk, one in self.people.items()]
        field.choices = named if field.required else [("", _("Decided later")), *named]


class AssignForm(PersonForm):
    """Who looks into it."""

    handler = forms.ChoiceField(label=_("Who looks into it"))

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, people=people, name="handler", **kwargs)

    def clean_handler(self) -> Any:
        """The person behind the choice."""
        return self.people.get(self.cleaned_data["handler"])


class TakeUpForm(CategoryForm, AssignForm):
    """What it is about, and who looks into it where that is clear already."""

    field_order = ("category", "handler")
    handler = forms.ChoiceField(label=_("Who looks into it"), required=False)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, people=readers(complaint), **kwargs)
        self.complaint = complaint

    def clean(self) -> dict[str, Any]:
        """A restricted complaint is looked into by a case handler."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        closed = self.complaint.restricted or said.get("category") in RESTRICTED
        if said.get("handler") and said["handler"] not in readers(self.complaint, restricted=closed):
            self.add_error("handler", _("Only a case handler looks into this. Leave it open: case handlers decide."))
        return said


class AnswerForm(forms.Form):
    """What was found, and why."""

    outcome = forms.ChoiceField(label=_("What we found"), choices=Outcome.choices, widget=forms.RadioSelect)
    answer = LongTextField(
        label=_("Answer with its reasons"),
        help_text=_("Who complained reads it with the code. Name nobody who is in danger."),
        max_length=TEXT_LENGTH,
        rows=6,
    )


class AskForm(forms.Form):
    """A question to who complained."""

    text = LongTextField(label=_("Ask who complained"), max_length=TEXT_LENGTH, rows=3)


class ExcludeForm(PersonForm):
    """Which case handler is not to read it."""

    person = forms.ChoiceField(label=_("Case handler"))

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, people=people, name="person", **kwargs)

    def clean_person(self) -> Any:
        """The person behind the choice."""
        return self.people[self.cleaned_data["person"]]


class SafetyForm(forms.Form):
    """What was heard when the fund asked about revenge."""

    found = forms.ChoiceField(label=_("What we heard"), choices=Safety.choices, widget=forms.RadioSelect)
    note = LongTextField(
        label=_("What was said"),
        help_text=_(
            "Name nobody who is in danger. Where somebody took revenge, a complaint is opened with these words."
        ),
        max_length=TEXT_LENGTH,
        rows=5,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Revenge is told in words."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("found") == Safety.REVENGE and not said.get("note"):
            self.add_error("note", _("Say what happened: a complaint is opened with it."))
        return said
