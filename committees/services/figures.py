"""Figures on the scores of a call, computed by a worker when the window closes and after each change: facts with hashes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

import rfc8785
from django.db import transaction

from audit import lifecycle, outbox
from charter.schema import ScoringRules
from committees import calculation_events as events
from committees import ranking as ranks
from committees import scoring
from committees.models import Assignment, ComputedFacts, Panel
from committees.ranking import Candidate, Ranked
from committees.rules import facts, held
from committees.scoring import PanelResult, Scorecard
from committees.selectors import ranking, scores
from committees.states import AssignmentState, FactsKind, PanelState

COMPUTE = "committees.compute_figures"
LIVE = (PanelState.DELIBERATING, PanelState.CLOSED)


def ask(panel: Panel, *, leaf_id: Any) -> None:
    """Compute the figures of a panel after this transaction; ``leaf_id`` is the leaf of what changed them."""
    outbox.put(COMPUTE, {"panel": str(panel.pk)}, dedupe_key=str(leaf_id))


@outbox.handler(COMPUTE)
def compute(payload: dict[str, Any]) -> None:
    """Compute and keep what changed; the same scores are never computed twice."""
    panel = Panel.objects.select_related("call", "committee").get(pk=payload["panel"])
    if panel.state not in LIVE:
        return
    call = _Call.of(panel)
    if not call.candidates:
        return
    for kind, figures in ((FactsKind.CALIBRATION, calibration), (FactsKind.PORTFOLIO, portfolio)):
        inputs = _sha256(call.inputs())
        if not ComputedFacts.objects.filter(panel=panel, kind=kind, inputs_sha256=inputs).exists():
            _keep(panel, kind, figures(call), inputs)


@transaction.atomic
def _keep(panel: Panel, kind: FactsKind, figures: dict[str, Any], inputs: str) -> ComputedFacts:
    sha256 = _sha256(figures)
    made = ComputedFacts(panel=panel, kind=kind, facts=figures, inputs_sha256=inputs, sha256=sha256)
    event = events.FactsComputed(kind=kind.value, inputs_sha256=inputs, sha256=sha256)
    return lifecycle.create(made, event, actor=None)


def _sha256(value: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


@dataclass(frozen=True, slots=True)
class _Call:
    """Everything that the figures of a call are computed from."""

    panel: Panel
    rules: ScoringRules
    candidates: Mapping[UUID, tuple[Candidate, PanelResult]]
    cards: Mapping[UUID, list[Scorecard]]
    seats: Mapping[str, str]

    @classmethod
    def of(cls, panel: Panel) -> "_Call":
        """Read in a constant number of queries."""
        listed = ranking.applications_ranked(panel)
        pairs = Assignment.objects.filter(application__in=listed, state=AssignmentState.COMPLETED)
        return cls(
            panel,
            scores.scoring_rules(panel.call),
            ranking.candidates(panel, listed),
            scores.latest_points(one.pk for one in listed),
            {str(assignment): str(seat) for assignment, seat in pairs.values_list("pk", "seat")},
        )

    def inputs(self) -> dict[str, Any]:
        """What decides the figures, for their hash."""
        return {
            "cards": {
                str(key): {card.scorer: dict(card.points) for card in cards} for key, cards in self.cards.items()
            },
            "candidates": [
                [str(key), one.requested_minor, one.small_or_micro, one.women_led, one.first_time_partner, one.lot]
                for key, (one, _result) in sorted(self.candidates.items())
            ],
            "envelope_minor": held.awardable_minor(self.panel.call),
            "rules_version": self.panel.rules_version or 0,
        }

    def ranked(self, candidates: Iterable[Candidate] | None = None) -> list[Ranked]:
        """The ranking of the call, or of other candidates in their place."""
        listed = candidates if candidates is not None else [one for one, _result in self.candidates.values()]
        return ranks.rank(listed, held.awardable_minor(self.panel.call), self.rules)


def _text(value: float) -> str:
    return f"{value:.2f}"


# Calibration ---------------------------------------------------------------------------------------------------------


def calibration(call: _Call) -> dict[str, Any]:
    """Agreement, severities with what would change without each scorer, adjusted means and where they would stand."""
    from committees import calibration as model  # numpy is the worker's: a page never loads it

    rows = [
        model.Total(str(key), call.seats[scorer], float(value))
        for key, (_one, result) in call.candidates.items()
        for scorer, value in result.totals.items()
    ]
    found = model.calibrate(rows, call.rules.calibration)
    plain = {one.candidate.key: one.placement.value for one in call.ranked()}
    by_adjusted = {} if found.thin else _places_by_means(call, {key: one.mean for key, one in found.adjusted.items()})
    return {
        "alpha": None if found.alpha is None else _text(found.alpha),
        "criteria": _agreement_by_criterion(call),
        "reliable": found.reliable,
        "reliable_from": _text(call.rules.calibration.reliable_from_hundredths / 100),
        "thin": found.thin.value if found.thin else "",
        "severity_deviation": _text(found.severity_deviation),
        "chance_deviation": _text(found.chance_deviation),
        "interval_percent": call.rules.calibration.interval_percent,
        "scorers": {
            key: {
                "points": f"{one.points:+.2f}",
                "error": _text(one.error),
                "scorecards": one.scorecards,
                "told": one.told,
                "moves": _moves_without(call, key, plain),
            }
            for key, one in found.severities.items()
        },
        "adjusted": {
            key: {
                "mean": _text(one.mean),
                "low": _text(one.low),
                "high": _text(one.high),
                "crosses": by_adjusted[key] if by_adjusted.get(key, plain[key]) != plain[key] else "",
            }
            for key, one in found.adjusted.items()
        },
    }


def _agreement_by_criterion(call: _Call) -> dict[str, str | None]:
    from committees import calibration as model  # as above

    found: dict[str, str | None] = {}
    for criterion in call.rules.criteria:
        rows = [
            model.Total(str(key), call.seats[card.scorer], float(card.points[criterion.key]))
            for key, cards in call.cards.items()
            for card in cards
        ]
        value = model.alpha(rows, "ordinal")
        found[criterion.key] = None if value is None else _text(value)
    return found


def _places_by_means(call: _Call, means: Mapping[str, float]) -> dict[str, str]:
    """Where each application would stand if its adjusted mean counted."""
    moved = []
    for one, result in call.candidates.values():
        mean = Fraction(_text(means[one.key]))
        moved.append(replace(one, score=mean, verdict=scoring.verdict(mean, result.weak_criteria, call.rules)))
    return {one.candidate.key: one.placement.value for one in call.ranked(moved)}


def _moves_without(call: _Call, seat: str, plain: Mapping[str, str]) -> list[dict[str, str]]:
    """Applications that would be placed elsewhere without a scorer; where nobody else scored, nothing is taken away."""
    moved = []
    for key, (one, _result) in call.candidates.items():
        left = [card for card in call.cards[key] if call.seats[card.scorer] != seat]
        if not left or len(left) == len(call.cards[key]):
            moved.append(one)
            continue
        result = scoring.evaluate(left, call.rules)
        moved.append(
            replace(one, score=result.mean, verdict=result.verdict, participation=_participation(call, result))
        )
    after = {one.candidate.key: one.placement.value for one in call.ranked(moved)}
    return [
        {"application": key, "before": plain[key], "after": after[key]}
        for key in sorted(plain)
        if after[key] != plain[key]
    ]


def _participation(call: _Call, result: PanelResult) -> Fraction:
    return result.criterion_means.get(call.rules.participation_criterion, result.mean)


# Portfolio -----------------------------------------------------------------------------------------------------------


def portfolio(call: _Call) -> dict[str, Any]:
    """The best selection under the charter's shares beside the plain order, every deviation with its rules."""
    from committees import portfolio as model  # the solver is the worker's: a page never loads it

    whole = call.panel.call.envelope_minor
    awardable = held.awardable_minor(call.panel.call)
    terms = model.Call(awardable, frozenset(call.panel.call.governorates), _chartered(call), whole_minor=whole)
    found = model.select(call.ranked(), terms)
    listed = {one.key: one for one, _result in call.candidates.values()}
    chosen = [listed[key] for key in sorted(found.awards)]
    plain = [listed[key] for key in sorted(found.plain)]
    return {
        "awards": sorted(found.awards),
        "plain": sorted(found.plain),
        "deviations": [
            {"application": one.key, "awarded": one.awarded, "rules": [rule.value for rule in one.rules]}
            for one in found.deviations
        ],
        "nil": list(found.nil),
        "shares": {
            rule.value: {
                "selected": _percent(chosen, fits),
                "plain": _percent(plain, fits),
                "target": terms.percent(rule),
                "kept": model.share_reached(chosen, rule, terms),
                "exhausted": rule in found.exhausted,
            }
            for rule, fits in model.SHARES.items()
        },
        "money_minor": sum(one.requested_minor for one in chosen),
        "plain_money_minor": sum(one.requested_minor for one in plain),
        "merit_minor": found.merit_minor,
        "plain_merit_minor": found.plain_merit_minor,
        "gap": f"{found.gap * 100:.2f}",
    }


def _chartered(call: _Call) -> ScoringRules:
    return facts.rules_of(call.panel.call).scoring


def _percent(candidates: Iterable[Candidate], fits: Any) -> int:
    """A group's share of the money in whole percent, rounded down as thresholds are."""
    listed = list(candidates)
    whole = sum(one.requested_minor for one in listed)
    part = sum(one.requested_minor for one in listed if fits(one))
    return part * 100 // whole if whole else 0
