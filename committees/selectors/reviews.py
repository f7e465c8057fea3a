"""The list of everything under review, across calls: how far the scorers are, and what they said once they are done."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT

from charter import stored
from charter.schema import ScoringRules
from committees import disclosure, scoring
from committees.models import Assignment, Score, Scorecard
from committees.rules import facts
from committees.states import AssignmentState
from grants.models import Application, Call
from grants.selectors import applications as grants_applications
from grants.selectors.applications import Filters


@dataclass(frozen=True, slots=True)
class Review:
    """One application under review, ``state`` in words; ``mean`` and ``spread`` (of 100) are None until the scoring is closed."""

    application: Application
    done: int
    assigned: int
    needed: int
    mean: Decimal | None
    spread: Decimal | None
    alarm: bool
    state: str

    @property
    def short(self) -> bool:
        """Whether scorecards are missing."""
        return self.done < self.needed


def under_review(user: Any, filters: Filters) -> QuerySet[Application]:
    """Applications that came before a committee, narrowed; for those who oversee committees, nothing for others."""
    if not facts.oversees(user):
        return Application.objects.none()
    found = grants_applications.pipeline(user, filters)
    return found.filter(state__in=[*facts.BEFORE_COMMITTEE, *facts.DECIDED])


def rows(applications: QuerySet[Application]) -> Iterator[Review]:
    """The applications with their reviews, read as they are asked for: three queries, however many there are."""
    return _reviews(applications, lambda listed: listed.iterator(chunk_size=1000))


def page_rows(keys: Iterable[UUID]) -> list[Review]:
    """The same for the applications of one page, in their order: so few that a cursor would cost more than they do."""
    wanted = list(keys)
    found = {one.application.pk: one for one in _reviews(Application.objects.filter(pk__in=wanted), iter)}
    return [found[key] for key in wanted]


def _reviews(
    applications: QuerySet[Application], read: Callable[[QuerySet[Application]], Iterable[Application]]
) -> Iterator[Review]:
    calls = _calls(applications)
    states = grants_applications.state_labels()
    # The calls are known already: read again with every row they would be most of the work.
    listed = applications.select_related(None).select_related("organisation").only(*grants_applications.LISTED)
    for application in read(_with_scores(listed)):
        yield _review(application, states[application.state], calls[application.call_id])


def _with_scores(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Together with counts of assignments and the weighted sum of each valid scorecard, counted by PostgreSQL."""
    assignments = Assignment.objects.filter(application=OuterRef("pk")).exclude(state=AssignmentState.REMOVED)
    completed = assignments.filter(state=AssignmentState.COMPLETED)
    last_card = Scorecard.objects.filter(assignment=OuterRef("pk")).order_by("-revision").values("pk")[:1]
    points = (
        Score.objects.filter(scorecard=OuterRef("card"))
        .order_by()
        .values("scorecard")
        .annotate(points=Sum(F("points") * F("criterion__weight")))
        .values("points")
    )
    cards = completed.annotate(card=Subquery(last_card)).annotate(points=Subquery(points)).order_by("pk")
    every = assignments.order_by().values("application").annotate(n=Count("pk")).values("n")
    return applications.annotate(
        card_points=ArraySubquery(cards.values("points")),
        assigned=Subquery(every),
        panel_state=F("call__panel__state"),
    )


@dataclass(frozen=True, slots=True)
class _Scored:
    """A call with its rules of scoring and the usual variance of its scorers, where it is known."""

    call: Call
    rules: ScoringRules
    within: Fraction | None


@lru_cache(maxsize=64)
def _rules(said: str) -> ScoringRules:
    """Rules of scoring by what the frozen charter says: most calls were frozen under the same few."""
    return stored.scoring_of(json.loads(said))


def _calls(applications: QuerySet[Application]) -> dict[UUID, _Scored]:
    """The calls of these applications with their rules of scoring alone: the whole frozen charter is long."""
    calls = Call.objects.filter(pk__in=applications.order_by().values("call")).only("reference", "currency")
    listed = calls.annotate(scoring=KT("frozen_rules__scoring"), within=F("panel__within_variance"))
    return {one.pk: _Scored(one, _rules(one.scoring), Fraction(one.within) if one.within else None) for one in listed}


def _review(application: Any, state: str, call: _Scored) -> Review:
    application.call, rules = call.call, call.rules
    sums = application.card_points
    counts = (len(sums), application.assigned or 0, rules.scorers_needed(application.requested_minor))
    if not sums or not disclosure.is_open(disclosure.Thing.SCORES, application.panel_state):
        return Review(application, *counts, None, None, alarm=False, state=state)
    totals = {str(order): Fraction(value, rules.most_points) for order, value in enumerate(sums)}
    alarm = scoring.spread_alarm(totals, rules, call.within)
    mean = scoring.shown(Fraction(sum(sums), rules.most_points * len(sums)))
    return Review(application, *counts, mean, scoring.shown(alarm.spread), alarm=alarm.raised, state=state)
