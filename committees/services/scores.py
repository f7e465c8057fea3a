"""Scorecards: submitted once, changed once with a reason while the application is discussed; both are kept."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit import lifecycle
from charter.schema import ScoringRules
from committees import events
from committees.models import Assignment, Panel, Score, Scorecard
from committees.rules import facts
from committees.scoring import total
from committees.selectors.scores import criteria_of, scoring_rules
from committees.states import AssignmentState
from kernel.permissions import Refused
from kernel.texts import clean_text

Judgement = Mapping[str, tuple[int, str]]
"""Points and sentence by the criterion's key."""


def checked(judgement: Judgement, rules: ScoringRules) -> dict[str, tuple[int, str]]:
    """The judgement with clean sentences; raises `Refused` when something is missing or outside the scale."""
    try:
        total({key: points for key, (points, _sentence) in judgement.items()}, rules)
    except ValueError as error:
        raise Refused(_("Give points on the scale for every criterion.")) from error
    least = rules.comment_least_characters
    clean = {key: (points, clean_text(sentence).strip()) for key, (points, sentence) in judgement.items()}
    if any(len(sentence) < least for _points, sentence in clean.values()):
        raise Refused(
            ngettext(
                "Explain every criterion in a sentence of at least %(least)s character.",
                "Explain every criterion in a sentence of at least %(least)s characters.",
                least,
            )
            % {"least": least}
        )
    return clean


@transaction.atomic
def submit(assignment: Assignment, judgement: Judgement, *, actor: Any, reason: str = "") -> Scorecard:
    """Submit a scorecard; with ``reason`` the change after discussion. Raises `Refused` with what is not allowed."""
    # The panel's row is locked, so that a scorecard is in before the scoring is closed, or not at all.
    Panel.objects.select_for_update(no_key=True).get(call=assignment.application.call_id)
    locked = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    clean = checked(judgement, scoring_rules(locked.application.call))
    revision = 1 if reason or locked.state == AssignmentState.COMPLETED else 0
    if revision and not reason.strip():
        raise Refused(_("Say why your judgement changed."))
    card = Scorecard(assignment=locked, revision=revision, reason=reason.strip())
    event = events.ScorecardSubmitted(
        application=locked.application_id,
        points={key: value for key, (value, _sentence) in clean.items()},
        revision=revision,
        sentences={key: sentence for key, (_value, sentence) in clean.items()},
    )
    made = lifecycle.create(card, event, actor=actor, reason=reason)
    by_key = {one.key: one for one in criteria_of(locked.application.call)}
    Score.objects.bulk_create(
        Score(scorecard=made, criterion=by_key[key], points=value, sentence=sentence)
        for key, (value, sentence) in clean.items()
    )
    if not revision:
        lifecycle.move(locked, events.AssignmentCompleted(), actor=actor)
    return made


def changes_left(assignment: Assignment) -> int:
    """How often a scorer may still change the scorecard after discussion."""
    allowed = facts.rules_of(assignment.application.call).scoring.changes_after_discussion
    return allowed - assignment.scorecards.filter(revision__gt=0).count()


def initial_of(assignment: Assignment) -> dict[str, Any]:
    """What the scorer wrote, to begin the change with."""
    card = assignment.scorecards.order_by("-revision").first()
    initial: dict[str, Any] = {}
    for score in card.scores.select_related("criterion") if card is not None else []:
        initial[f"points_{score.criterion.key}"] = score.points
        initial[f"why_{score.criterion.key}"] = score.sentence
    return initial
