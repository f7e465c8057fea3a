"""The reasons that an organisation receives with every decision, and the last day of an appeal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from audit import lifecycle
from audit.models import RecordedEvent
from charter.selectors import working_deadline
from grants import events
from grants.conditions import Asked
from grants.models import Application, Feedback
from grants.selectors import calls
from grants.services.letters import send_letter
from grants.states import CONCEPT_ANSWERS

TAKEN_BACK = (events.ApplicationReopened.type, events.ApplicationSentBack.type)
"""Acts after which a decision needs reasons of its own."""


@dataclass(frozen=True, slots=True)
class FeedbackDraft:
    """What the panel says to an organisation.

    ``criteria`` holds for each criterion ``key``, ``mean`` (text such as "3.67") and ``comments`` (list of texts);
    ``panel_mean`` is the total out of 100 as text, empty where nothing was scored.
    """

    panel_mean: str
    criteria: list[dict[str, Any]] = field(default_factory=list)
    strengths: str = ""
    weaknesses: str = ""
    advice: str = ""


def give_feedback(
    application: Application,
    *,
    outcome: str,
    draft: FeedbackDraft,
    amount_minor: int = 0,
    conditions: Sequence[Asked] = (),
) -> Feedback:
    """Write the reasons down for ever and send the organisation its letter.

    A second decision keeps the first reasons, unless the first was taken back: then both stay on record.
    """
    given = None if outcome in CONCEPT_ANSWERS else reasons_in_force(application)
    feedback = given or _written(application, outcome=outcome, draft=draft)
    send_letter(application, outcome=outcome, feedback=feedback, amount_minor=amount_minor, conditions=conditions)
    return feedback


def _written(application: Application, *, outcome: str, draft: FeedbackDraft) -> Feedback:
    days = calls.rules_of(application.call).deadlines.appeal_lodge_days
    feedback = Feedback(
        application=application,
        outcome=outcome,
        panel_mean=draft.panel_mean,
        criteria=draft.criteria,
        strengths=draft.strengths,
        weaknesses=draft.weaknesses,
        advice=draft.advice,
        appeal_until=timezone.localdate(working_deadline(timezone.now(), days)),
    )
    words = ("outcome", "panel_mean", "criteria", "strengths", "weaknesses", "advice", "appeal_until")
    return lifecycle.create(
        feedback, events.FeedbackSent(**{name: getattr(feedback, name) for name in words}), actor=None
    )


def reasons_in_force(application: Application) -> Feedback | None:
    """The reasons of the decision, not of a concept note, given since the last time that a decision on the application was taken back."""
    given = Feedback.objects.filter(application=application).exclude(outcome__in=CONCEPT_ANSWERS)
    taken_back = RecordedEvent.objects.filter(type__in=TAKEN_BACK, subject_id=application.pk)
    if taken_back.exists():
        given = given.filter(recorded_at__gte=taken_back.latest("at").at)
    return given.order_by("recorded_at").last()
