"""Scorecards and what they sum up to; nobody sees others' before the scoring is closed, and nobody a recused file's."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from charter.schema import ScoringRules
from charter.schema.scoring import Criterion as CriterionRules
from committees import disclosure, scoring
from committees.disclosure import Thing
from committees.models import Assignment, Panel, Score, Scorecard
from committees.rules import blinding, facts
from committees.scoring import PanelResult
from committees.states import AssignmentState
from grants.models import Application, Call, Criterion


def criteria_of(call: Call) -> list[Criterion]:
    """The call's criteria in order."""
    return list(Criterion.objects.filter(call=call).order_by("order", "pk"))


def scoring_rules(call: Call) -> ScoringRules:
    """The scoring rules frozen into the call, with the criteria and weights that the call published."""
    rules = facts.rules_of(call).scoring
    rows = Criterion.objects.filter(call=call).order_by("order", "pk").values_list("key", "weight")
    criteria = tuple(_weighed(key, weight) for key, weight in rows)
    return rules.model_copy(update={"criteria": criteria}) if criteria else rules


def _weighed(key: str, weight: int) -> CriterionRules:
    """A criterion for the arithmetic, which reads key and weight; its words stand in the call."""
    words: dict[str, Any] = {"key": key, "weight": weight}
    return CriterionRules.model_construct(**words)


def latest_points(applications: Iterable[UUID]) -> dict[UUID, list[scoring.Scorecard]]:
    """The valid scorecards of applications, the changed one where there are two; scorers are named by assignment."""
    scores = (
        Score.objects.filter(
            scorecard__assignment__application__in=list(applications),
            scorecard__assignment__state=AssignmentState.COMPLETED,
        )
        .order_by("scorecard__revision")
        .values_list("scorecard__assignment__application_id", "scorecard__assignment_id", "criterion__key", "points")
    )
    cards: defaultdict[UUID, defaultdict[UUID, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for application, assignment, key, points in scores:
        cards[application][assignment][key] = points
    return {
        application: [scoring.Scorecard(str(assignment), points) for assignment, points in by_scorer.items()]
        for application, by_scorer in cards.items()
    }


def results(call: Call, applications: Iterable[Application]) -> dict[UUID, PanelResult]:
    """The panel's result of each application that has scorecards; two queries."""
    rules = scoring_rules(call)
    cards = latest_points(one.pk for one in applications)
    within = usual_variance(call)
    return {key: scoring.evaluate(value, rules, within) for key, value in cards.items()}


def usual_variance(call: Call) -> Fraction | None:
    """The variance of totals round their means in a call, as it was when the scoring closed; asked once an instance."""
    if "_within" not in call.__dict__:
        said = Panel.objects.filter(call=call).values_list("within_variance", flat=True).first()
        call.__dict__["_within"] = Fraction(said) if said else None
    within: Fraction | None = call.__dict__["_within"]
    return within


def sentences(application: Application) -> dict[str, list[str]]:
    """What the scorers wrote on each criterion, in the order of their pseudonyms; the changed sentence where there is one."""
    rows = (
        Score.objects.filter(
            scorecard__assignment__application=application,
            scorecard__assignment__state=AssignmentState.COMPLETED,
        )
        .order_by("scorecard__assignment__pseudonym", "scorecard__revision")
        .values_list("scorecard__assignment_id", "criterion__key", "sentence")
    )
    last = {(assignment, key): sentence for assignment, key, sentence in rows}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for (_assignment, key), sentence in last.items():
        found[key].append(sentence)
    return dict(found)


def result_of(application: Application) -> PanelResult | None:
    """The panel's result of one application, None while nobody scored it."""
    return results(application.call, [application]).get(application.pk)


def shown(value: Fraction) -> str:
    """A mean or total for people, rounded down to two places; the same figures in every language."""
    return str(scoring.shown(value))


# What a person may see ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardLine:
    """Points and sentence of one criterion; ``before`` are the points before the change after discussion."""

    criterion: Criterion
    points: int
    sentence: str
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard as it may be shown: under its pseudonym, ``mine`` for its author."""

    pseudonym: str
    mine: bool
    lines: tuple[CardLine, ...]
    total: str
    outlier: bool
    reason: str


def my_assignments(user: Any) -> QuerySet[Assignment]:
    """What a person scores or scored, what is due first on top; recusals took theirs away."""
    return (
        Assignment.objects.filter(seat__user=user)
        .exclude(state=AssignmentState.REMOVED)
        .filter(facts.still_in_term("seat__"))
        .exclude(application__in=facts.recused_from(user))
        .select_related("application__organisation", "application__call", "seat")
        .annotate(panel_id=F("application__call__panel"), blind=blinding.HIDES_NAMES)
        .order_by("state", "due_at", "pseudonym", "pk")
    )


def my_assignment(user: Any, application: Application) -> Assignment | None:
    """A person's own assignment on an application."""
    return my_assignments(user).filter(application=application).first()


def my_totals(user: Any) -> list[tuple[Assignment, str]]:
    """A person's assignments with the total of 100 of each card, empty where none is submitted; few queries."""
    listed = list(my_assignments(user))
    rows = (
        Score.objects.filter(scorecard__assignment__in=listed)
        .order_by("scorecard__revision")
        .values_list("scorecard__assignment_id", "criterion__key", "points")
    )
    points: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for assignment, key, value in rows:
        points[assignment][key] = value
    rules = {one.application.call_id: one.application.call for one in listed}
    known = {key: scoring_rules(call) for key, call in rules.items()}
    return [
        (one, shown(scoring.total(points[one.pk], known[one.application.call_id])) if one.pk in points else "")
        for one in listed
    ]


def my_card(assignment: Assignment) -> Card | None:
    """A scorer's own scorecard: the only one he sees while the scoring is open."""
    found = cards_of([assignment], assignment.application.call, mine=assignment.pk, alarm=())
    return found[0] if found else None


def cards_visible_to(user: Any, application: Application, panel: Panel) -> list[Card]:
    """All scorecards of an application under pseudonyms, once the scoring is closed and one's own is in; never if recused."""
    if not disclosure.is_open(Thing.SCORES, panel.state) or _keeps_out(user, application):
        return []
    assignments = list(
        Assignment.objects.filter(application=application, state=AssignmentState.COMPLETED).select_related("seat")
    )
    result = result_of(application)
    mine = next((one.pk for one in assignments if one.seat.user_id == user.pk), None)
    return cards_of(assignments, application.call, mine=mine, alarm=result.alarm.outliers if result else ())


def owes_card(user: Any) -> QuerySet[Assignment, Any]:
    """Applications that a person still has to score, as a subquery: others' scores stay hidden until then."""
    return Assignment.objects.filter(seat__user=user, state=AssignmentState.ASSIGNED).values("application")


def _keeps_out(user: Any, application: Application) -> bool:
    return facts.is_recused(user, application) or owes_card(user).filter(application=application).exists()


def cards_of(assignments: list[Assignment], call: Call, *, mine: UUID | None, alarm: Iterable[str]) -> list[Card]:
    """Scorecards in the order of their pseudonyms."""
    criteria = criteria_of(call)
    rules = scoring_rules(call)
    rows: defaultdict[UUID, list[Scorecard]] = defaultdict(list)
    listed = Scorecard.objects.filter(assignment__in=assignments).prefetch_related("scores").order_by("revision")
    for card in listed:
        rows[card.assignment_id].append(card)
    outliers = set(alarm)
    return [
        _card(one, rows[one.pk], criteria, rules, mine=one.pk == mine, outlier=str(one.pk) in outliers)
        for one in sorted(assignments, key=lambda one: int(one.pseudonym))
        if rows[one.pk]
    ]


def _card(
    assignment: Assignment,
    versions: list[Scorecard],
    criteria: list[Criterion],
    rules: ScoringRules,
    *,
    mine: bool,
    outlier: bool,
) -> Card:
    last = {score.criterion_id: score for score in versions[-1].scores.all()}
    first = {score.criterion_id: score.points for score in versions[0].scores.all()}
    lines = tuple(
        CardLine(
            one,
            last[one.pk].points,
            last[one.pk].sentence,
            first[one.pk] if first[one.pk] != last[one.pk].points else None,
        )
        for one in criteria
        if one.pk in last
    )
    total = scoring.total({line.criterion.key: line.points for line in lines}, rules)
    return Card(assignment.pseudonym, mine, lines, shown(total), outlier, versions[-1].reason)


def progress(panel: Panel) -> dict[UUID, tuple[int, int]]:
    """(submitted, assigned) scorecards by application: counts only, never a score."""
    rows = (
        Assignment.objects.filter(application__call=panel.call_id)
        .exclude(state=AssignmentState.REMOVED)
        .values("application")
        .annotate(done=Count("pk", filter=Q(state=AssignmentState.COMPLETED)), every=Count("pk"))
        .values_list("application", "done", "every")
    )
    return {application: (done, every) for application, done, every in rows}


@dataclass(frozen=True, slots=True)
class Summary:
    """The panel's result for people: mean, spread, alarm, means by criterion."""

    mean: str
    spread: str
    alarm: bool
    verdict: str
    criteria: tuple[tuple[Criterion, str, bool], ...]


def summary_visible_to(user: Any, application: Application, panel: Panel) -> Summary | None:
    """The panel's result, once the scoring is closed and one's own scorecard is in; never to a recused person."""
    if not disclosure.is_open(Thing.SCORES, panel.state) or _keeps_out(user, application):
        return None
    result = result_of(application)
    if result is None:
        return None
    rows = tuple(
        (one, shown(result.criterion_means[one.key]), one.key in result.weak_criteria)
        for one in criteria_of(application.call)
    )
    return Summary(
        shown(result.mean),
        shown(result.alarm.spread),
        result.alarm.raised,
        result.verdict.value,
        rows,
    )
