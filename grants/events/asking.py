"""What happens to questions about a call. Who asked stands in no record that the public or other applicants read."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

__all__ = ["CallQuestionAnswered", "CallQuestionAsked", "CallQuestionDeclined"]


@register
class CallQuestionAsked(Event):
    type = "grants.call_question.asked"
    sentence = _("asked a question about the call")
    call: str


@register
class CallQuestionAnswered(Event):
    type = "grants.call_question.answered"
    sentence = _("answered a question about the call, for everybody")
    call: str
    question: dict[str, str]
    answer: dict[str, str]


@register
class CallQuestionDeclined(Event):
    type = "grants.call_question.declined"
    sentence = _("left a question about the call unpublished")
    call: str
