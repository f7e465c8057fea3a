"""Reading questions about calls."""

from typing import Any

from django.db.models import QuerySet

from grants.models import Call, CallQuestion
from grants.rules.asking import sees_waiting
from grants.states import CallQuestionState


def answered(call: Call) -> QuerySet[CallQuestion]:
    """What everybody reads, the newest first; who asked is not even fetched."""
    rows = CallQuestion.objects.filter(call=call, state=CallQuestionState.ANSWERED)
    return rows.defer("asked", "asked_by").order_by("-moved_at", "pk")


def waiting(user: Any, call: Call | None = None) -> QuerySet[CallQuestion]:
    """Questions without an answer, the oldest first; for the secretariat and auditors."""
    rows = (
        CallQuestion.objects.filter(state=CallQuestionState.ASKED)
        if sees_waiting(user)
        else CallQuestion.objects.none()
    )
    rows = rows.filter(call=call) if call is not None else rows
    return rows.select_related("call", "call__charter").defer("asked_by").order_by("moved_at", "pk")


def own_waiting(user: Any, call: Call) -> QuerySet[CallQuestion]:
    """A person's own questions that wait, or were left unpublished."""
    if not user.is_authenticated:
        return CallQuestion.objects.none()
    states = [CallQuestionState.ASKED, CallQuestionState.DECLINED]
    return CallQuestion.objects.filter(call=call, asked_by=user, state__in=states).order_by("moved_at", "pk")
