"""Questions about a call, asked by applicants and answered once, for everybody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from i18nfield.fields import I18nTextField

from audit import guards, walls
from audit.models import Stateful
from grants import events
from grants.models.calls import Call
from grants.states import CallQuestionState

QUESTION_LENGTH = 600
_S = CallQuestionState


@walls.walled
@guards.fixed("call", "asked", "asked_by", by_moves=("question", "answer", "answered_by"))
@guards.guarded
class CallQuestion(Stateful):
    """A question about a call. ``asked`` and who asked stay with the fund; everybody reads ``question`` and ``answer``.

    The secretariat words ``question`` so that it gives nobody away.
    """

    state = FSMField(default=_S.ASKED, choices=_S.choices, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="asked_questions")
    asked = models.TextField(_("as it was asked"), max_length=QUESTION_LENGTH)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    question = I18nTextField(_("question as everybody reads it"), null=True)
    answer = I18nTextField(_("answer to everybody"), null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["call", "state", "moved_at"], name="questions_of_a_call")]
        constraints = [
            models.CheckConstraint(
                name="answered_question_has_its_answer",
                condition=~Q(state=_S.ANSWERED)
                | Q(question__isnull=False, answer__isnull=False, answered_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @transition(field=state, source=_S.ASKED, target=_S.ANSWERED, custom={"event": events.CallQuestionAnswered})
    def be_answered(self) -> None:
        """Edge: everybody reads question and answer."""

    @transition(field=state, source=_S.ASKED, target=_S.DECLINED, custom={"event": events.CallQuestionDeclined})
    def be_declined(self) -> None:
        """Edge: it is not about the call, or was answered already; who asked learns why."""
