"""Concept notes: judged by members, each alone; all are answered in one act, as the points say."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction

from audit import lifecycle
from committees import events
from committees.models import ConceptScore, ConflictDeclaration, Panel, Seat
from committees.rules import concepts as rules
from committees.rules import facts
from committees.scoring import shown, total
from committees.selectors import concepts as selectors
from committees.services.conflicts import let_read
from committees.services.scores import checked
from grants.models import Application, ApplicationUserObjectPermission
from grants.services import access, review
from kernel.permissions import require


@transaction.atomic
def judge(
    seat: Seat, application: Application, judgement: Mapping[str, tuple[int, str]], *, actor: Any
) -> ConceptScore:
    """Record a member's points and sentences by criterion. Raises `Refused` with what is not allowed."""
    # The panel's row is locked, so that a judgement is in before the notes are answered, or not at all.
    Panel.objects.select_for_update(no_key=True).get(call=application.call_id)
    current = Application.objects.select_related("call").get(pk=application.pk)
    clean = checked(judgement, selectors.concept_rules(current.call))
    points = {key: value for key, (value, _sentence) in clean.items()}
    sentences = {key: sentence for key, (_value, sentence) in clean.items()}
    score = ConceptScore(seat=seat, application=current, points=points, sentences=sentences)
    event = events.ConceptScored(application=current.pk, points=points, sentences=sentences)
    return lifecycle.create(score, event, actor=actor)


@transaction.atomic
def announce(panel: Panel, *, actor: Any) -> int:
    """Answer every concept note at once: whoever reaches the charter's mean is invited. Returns how many; raises `Refused`."""
    locked = Panel.objects.select_for_update(no_key=True).select_related("call").get(pk=panel.pk)
    require(rules.may_announce(locked, actor=actor))
    notes = list(rules.notes_of(locked).select_related("call", "organisation").order_by("pk"))
    needed = facts.rules_of(locked.call).scoring.concepts.invited_from
    cards = _cards(notes)
    means = {one.pk: _mean(cards[one.pk], locked) for one in notes}
    invited = {key for key, mean in means.items() if mean >= needed}
    event = events.ShortlistAnnounced(notes=len(notes), invited=len(invited), invited_from=needed)
    lifecycle.note(locked, event, actor=actor)
    for one in notes:
        _close_to_readers(one)
        review.answer_note(
            one, invited=one.pk in invited, panel_mean=str(shown(means[one.pk])), criteria=_by_criterion(cards[one.pk])
        )
    return len(invited)


def _cards(notes: list[Application]) -> dict[UUID, list[ConceptScore]]:
    """The judgements of each note, without those of members recused or replaced since; the order tells nothing of who."""
    out, replaced = rules.recused_pairs(notes), rules.replaced_pairs(notes)
    found: defaultdict[UUID, list[ConceptScore]] = defaultdict(list)
    for one in ConceptScore.objects.filter(application__in=notes).select_related("seat").order_by("pk"):
        counts = (one.seat_id, one.application_id) not in replaced
        if counts and (one.seat.user_id, one.application_id) not in out:
            found[one.application_id].append(one)
    return found


def _mean(cards: list[ConceptScore], panel: Panel) -> Fraction:
    """The mean of the totals; the weights of the criteria asked stand for a hundred among each other."""
    scale = selectors.concept_rules(panel.call)
    totals = [total(one.points, scale) for one in cards]
    whole = sum(one.weight for one in scale.criteria)
    return sum(totals, Fraction(0)) * 100 / (len(totals) * whole)


def _by_criterion(cards: list[ConceptScore]) -> list[dict[str, Any]]:
    keys = list(cards[0].points) if cards else []
    return [
        {
            "key": key,
            "mean": str(shown(Fraction(sum(one.points[key] for one in cards), len(cards)))),
            "comments": [one.sentences[key] for one in cards],
        }
        for key in keys
    ]


def _close_to_readers(application: Application) -> None:
    """From its answer on it is the organisation's again: nobody reads along while the full proposal is written."""
    rows = ApplicationUserObjectPermission.objects.filter(content_object=application).select_related("user")
    for one in rows:
        access.remove_review_access(one.user, application, actor=None)


def judge_anew(application: Application, *, cause: str) -> None:
    """Let members who have not judged the note do so, after an upheld appeal; the call waits for the renewed answer.

    Raises `Refused`. Needs a transaction.
    """
    note = review.send_note_back(application, cause=cause)
    declared = ConflictDeclaration.objects.filter(application=note, seat__voting=True).select_related("seat__user")
    out = {user for user, _note in rules.recused_pairs([note])}
    judged = set(ConceptScore.objects.filter(application=note).values_list("seat_id", flat=True))
    for seat in {one.seat for one in declared}:
        if seat.pk not in judged and seat.user_id not in out:
            let_read(seat, note)
