"""Letters about decisions: written in the act that decides, kept word for word, told to the organisation."""

import hashlib
from collections.abc import Sequence
from typing import Any

import rfc8785
from django.utils import timezone
from django.utils.translation import override

from audit import lifecycle
from grants import events
from grants.conditions import Asked
from grants.models import Application, Feedback, Letter
from grants.selectors import calls
from grants.selectors.letters import language_of, letter_content
from grants.services.applications import tell
from grants.states import APPEALABLE
from kernel.codes import reference


def send_letter(
    application: Application,
    *,
    outcome: str,
    feedback: Feedback | None = None,
    amount_minor: int = 0,
    conditions: Sequence[Asked] = (),
) -> Letter:
    """Write to the organisation what was decided and why, and tell its people; ``amount_minor`` counts for awards."""
    number = reference("LET", timezone.localdate().year)
    language = language_of(application)
    with override(language):
        content = letter_content(
            application,
            reference=number,
            outcome=outcome,
            amount_minor=amount_minor,
            conditions=conditions,
            feedback=feedback,
        )
    letter = Letter(
        application=application,
        reference=number,
        outcome=outcome,
        language=language,
        content=content,
        content_sha256=hashlib.sha256(rfc8785.dumps(content)).hexdigest(),
    )
    event = events.LetterSent(letter=number, application=application.pk, outcome=outcome, sha256=letter.content_sha256)
    sent = lifecycle.create(letter, event, actor=None)
    tell(application, "grants.decision", dedupe=application.leaf_id, **_said(sent, feedback))
    return sent


def _said(letter: Letter, feedback: Feedback | None) -> dict[str, Any]:
    """What the message says beside the letter: the means by criterion in the call's own words, the day of an appeal."""
    said: dict[str, Any] = {"outcome": str(letter.outcome), "letter": letter.reference}
    if feedback is None:
        return said
    call = letter.application.call
    means = {row["key"]: row["mean"] for row in feedback.criteria}
    said["most"] = calls.rules_of(call).scoring.most_points
    said["means"] = [[one.name.data, means[one.key]] for one in call.criteria.all() if one.key in means]
    if letter.outcome in APPEALABLE:
        said["appeal_until"] = feedback.appeal_until.isoformat()
    return said
