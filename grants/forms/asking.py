"""A question about a call, and its answer to everybody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.forms.i18n import I18nForm
from grants.models.asking import QUESTION_LENGTH
from kernel.fields import LongTextField


class AskForm(forms.Form):
    """What an applicant wants to know."""

    text = LongTextField(
        label=_("Your question"),
        max_length=QUESTION_LENGTH,
        rows=4,
        help_text=_(
            "About this call only. Everybody reads the answer; nobody reads who asked. Name no person or organisation."
        ),
    )


class AnswerForm(I18nForm):
    """Published for everybody, or left unpublished with a reason for who asked."""

    PUBLISH, DECLINE = "publish", "decline"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"] = forms.ChoiceField(
            label=_("What do you do?"),
            choices=[
                (self.PUBLISH, _("Answer it for everybody")),
                (self.DECLINE, _("Leave it unpublished: not about the call, or answered already")),
            ],
            widget=forms.RadioSelect,
            initial=self.PUBLISH,
        )
        hint = _("Word it so that nobody can tell who asked.")
        self.add_text("question", _("Question"), most=QUESTION_LENGTH, long=True, required=False, hint=hint)
        self.add_text("answer", _("Answer to everybody"), most=3000, long=True, required=False)
        self.fields["reason"] = LongTextField(
            label=_("Reason, to who asked"),
            max_length=1000,
            rows=3,
            required=False,
            help_text=_("Where is it answered?"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == self.DECLINE:
            if not cleaned.get("reason"):
                self.add_error("reason", _("Write why: who asked reads this."))
            return cleaned
        for name in ("question_ar", "answer_ar"):
            if name in cleaned and not cleaned[name]:
                self.add_error(name, _("Arabic is needed: most applicants read it."))
        return cleaned
