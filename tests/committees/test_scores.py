"""Scorecards: independent, complete, unchangeable; the panel's mean comes from what is valid."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction

from accounts.models import User
from committees.models import Assignment, Panel, Score, Scorecard
from committees.selectors import scores as selectors
from committees.services import agenda, assignments, panels, scores
from committees.states import ConflictKind
from kernel.permissions import Refused
from tests.factories import accounts
from tests.factories import committees as make

pytestmark = pytest.mark.django_db


@pytest.mark.database("scoring")
def test_a_scorecard_is_submitted_once_by_its_scorer() -> None:
    case = make.scoring(number=1)
    one, other = make.assignments(case)[:2]
    for person in (other.seat.user, make.officer(), accounts.user()):
        with pytest.raises(Refused):
            scores.submit(one, make.judgement(one.application), actor=person)
    make.score(one)
    with pytest.raises(Refused):
        make.score(Assignment.objects.select_related("seat__user").get(pk=one.pk))
    assert Scorecard.objects.count() == 1


@pytest.mark.database("scoring")
@pytest.mark.parametrize("broken", ["missing", "beyond", "silent", "short"])
def test_every_criterion_has_points_on_the_scale_and_a_sentence(broken: str) -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    said = make.judgement(one.application)
    key = next(iter(said))
    if broken == "missing":
        del said[key]
    else:
        said[key] = {"beyond": (6, said[key][1]), "silent": (4, " "), "short": (4, "جيد")}[broken]
    with pytest.raises(Refused):
        scores.submit(one, said, actor=one.seat.user)


@pytest.mark.database("scoring")
def test_scores_never_change_in_the_database() -> None:
    case = make.scoring(number=1)
    make.score(make.assignments(case)[0])
    with pytest.raises(DatabaseError), transaction.atomic():
        Score.objects.update(points=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        Score.objects.all().delete()


@pytest.mark.database("scoring")
def test_after_the_time_only_an_extension_helps() -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    with time_machine.travel(one.due_at + timedelta(minutes=1), tick=True):
        with pytest.raises(Refused):
            make.score(one)
        longer = assignments.extend_scoring(case.panel, actor=make.officer(), reason="انقطاع الكهرباء")
        assert longer.scoring_due is not None
        assert longer.scoring_due > one.due_at
        make.score(Assignment.objects.select_related("seat__user", "application__call").get(pk=one.pk))


@pytest.mark.database("scoring")
def test_silence_is_not_consent() -> None:
    case = make.scoring(number=1)
    for one in make.assignments(case)[:2]:
        make.score(one)
    with pytest.raises(Refused, match=case.applications[0].reference):
        panels.close_scoring(case.panel, actor=make.officer())
    make.score(make.assignments(case)[0])
    assert panels.close_scoring(case.panel, actor=make.officer()).state == "deliberating"


@pytest.mark.database("scoring")
def test_far_apart_scores_raise_the_alarm() -> None:
    case = make.scoring(number=1)
    for one, points in zip(make.assignments(case), (5, 2, 4), strict=True):
        make.score(one, points)
    panels.close_scoring(case.panel, actor=make.officer())
    case.fresh()
    found = selectors.summary_visible_to(case.chair, case.applications[0], case.panel)
    assert found is not None
    assert (found.mean, found.spread, found.alarm) == ("73.33", "60.00", True)


@pytest.mark.database("scoring")
def test_a_change_after_discussion_keeps_both_and_is_made_once() -> None:
    case = make.scoring(number=1)
    scorers = make.assignments(case)
    make.deliberating(case)
    one = Assignment.objects.select_related("seat__user", "application__call").get(pk=scorers[0].pk)
    later = make.judgement(one.application, 5)
    with pytest.raises(Refused):
        scores.submit(one, later, actor=one.seat.user, reason="أقنعتني المداولة")
    meeting = make.open_meeting(case)
    item = make.item_of(meeting, one.application)
    agenda.discuss(item, actor=case.chair)
    with pytest.raises(Refused):
        scores.submit(one, later, actor=one.seat.user)
    scores.submit(one, later, actor=one.seat.user, reason="أقنعتني المداولة")
    with pytest.raises(Refused):
        scores.submit(one, make.judgement(one.application, 3), actor=one.seat.user, reason="مرة أخرى")
    cards = selectors.cards_visible_to(case.chair, one.application, case.panel)
    changed = next(card for card in cards if card.reason)
    assert {(line.before, line.points) for line in changed.lines} == {(4, 5)}
    result = selectors.result_of(one.application)
    assert result is not None
    assert selectors.shown(result.mean) == "86.66"


def test_the_card_of_a_recused_scorer_leaves_the_mean() -> None:
    case = make.scoring(number=1, alternates=1)
    for one, points in zip(make.assignments(case), (0, 4, 4), strict=True):
        make.score(one, points)
    first = Assignment.objects.filter(scorecards__scores__points=0).distinct().select_related("seat__user").get()
    make.declare(first.seat, first.application, ConflictKind.HARD, "family")
    result = selectors.result_of(case.applications[0])
    assert result is not None
    assert selectors.shown(result.mean) == "80.00"


@pytest.mark.database("scoring_two")
def test_pseudonyms_tell_nothing_and_differ() -> None:
    case = make.scoring(number=2)
    for application in case.applications:
        names = [one.pseudonym for one in make.assignments(case, application)]
        assert len(set(names)) == len(names) == 3


@pytest.mark.database("scoring")
def test_nobody_sees_anything_before_the_close() -> None:
    case = make.scoring(number=1)
    scorers = make.assignments(case)
    make.score(scorers[0])
    panel = Panel.objects.get(pk=case.panel.pk)
    people = [scorers[0].seat.user_id, scorers[1].seat.user_id, make.officer().pk]
    for person in User.objects.filter(pk__in=people):
        assert selectors.cards_visible_to(person, case.applications[0], panel) == []
        assert selectors.summary_visible_to(person, case.applications[0], panel) is None
