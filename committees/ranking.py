"""The order of applications in a call, who fits into its envelope, and the portfolio that comes of it. Plain Python.

Money is given strictly in the order of rank: when an application does not fit, no later and smaller one overtakes it. A
committee that deviates says why in its minutes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from charter.schema import ScoringRules, TieBreak
from committees.scoring import Verdict


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scored application. ``lot`` is its number in the lot drawn beforehand; the lower goes first."""

    key: str
    organisation: str
    score: Fraction
    verdict: Verdict
    requested_minor: int
    participation: Fraction
    last_year_spend_minor: int
    first_time_partner: bool
    lot: int
    small_or_micro: bool = False
    women_led: bool = False
    governorates: frozenset[str] = frozenset()


class Placement(StrEnum):
    """Where the ranking puts an application."""

    WITHIN_ENVELOPE = "within_envelope"
    WAITLIST = "waitlist"
    NOT_FUNDABLE = "not_fundable"


class Reason(StrEnum):
    """Why it is there."""

    SCORE = "score"
    ENVELOPE = "envelope"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate at its ``rank`` (from 1); ``decided_by`` is what put it behind the one before it.

    ``cumulative_minor`` is the money of all placed within the envelope down to here.
    """

    rank: int
    candidate: Candidate
    placement: Placement
    reason: Reason
    decided_by: TieBreak | None
    cumulative_minor: int


_TIE_KEYS: dict[TieBreak, Callable[[Candidate], Any]] = {
    "participation": lambda one: -one.participation,
    "smaller_organisation": lambda one: one.last_year_spend_minor,
    "first_time_partner": lambda one: not one.first_time_partner,
    "lot": lambda one: one.lot,
}


def _decided_by(before: Candidate, after: Candidate, rules: ScoringRules) -> TieBreak | None:
    """The first tie-break that separates two neighbours of the same score; None when the score does."""
    if before.score != after.score or _unfundable(before) != _unfundable(after):
        return None
    return next((name for name in rules.tie_breaks if _TIE_KEYS[name](before) != _TIE_KEYS[name](after)), None)


def _unfundable(one: Candidate) -> bool:
    return one.verdict is Verdict.NOT_FUNDABLE


def in_order(candidates: Iterable[Candidate], rules: ScoringRules) -> list[Candidate]:
    """Candidates from first to last: those that may be funded before the others, then by score, then by the tie-breaks.

    Raises ValueError when two of them drew the same lot, for then their order would be accidental.
    """
    listed = list(candidates)
    if len({one.lot for one in listed}) != len(listed):
        raise ValueError("each application draws its own lot")

    def position(one: Candidate) -> tuple[Any, ...]:
        return (_unfundable(one), -one.score, *(_TIE_KEYS[name](one) for name in rules.tie_breaks))

    return sorted(listed, key=position)


def rank(candidates: Iterable[Candidate], envelope_minor: int, rules: ScoringRules) -> list[Ranked]:
    """The ranking of a call with an envelope of ``envelope_minor``.

    Fundable applications are placed within the envelope as long as each next one fits; the rest of them wait, ranked.
    Applications between the two thresholds wait only if money of the envelope remains after the fundable ones.
    """
    ordered = in_order(candidates, rules)
    placed: list[Ranked] = []
    used, full = 0, False
    for index, one in enumerate(ordered):
        if one.verdict is Verdict.FUNDABLE:
            full = full or used + one.requested_minor > envelope_minor
            placement, reason = (
                (Placement.WAITLIST, Reason.ENVELOPE) if full else (Placement.WITHIN_ENVELOPE, Reason.SCORE)
            )
            used += 0 if full else one.requested_minor
        elif one.verdict is Verdict.WAITLIST:
            nothing_left = full or used >= envelope_minor
            placement, reason = (
                (Placement.NOT_FUNDABLE, Reason.ENVELOPE) if nothing_left else (Placement.WAITLIST, Reason.SCORE)
            )
        else:
            placement, reason = Placement.NOT_FUNDABLE, Reason.SCORE
        tie = _decided_by(ordered[index - 1], one, rules) if index else None
        placed.append(Ranked(index + 1, one, placement, reason, tie, used))
    return placed


class PortfolioCode(StrEnum):
    """What is looked at in a portfolio."""

    SMALL_AND_MICRO = "small_and_micro"
    WOMEN_LED = "women_led"
    FIRST_TIME_PARTNER = "first_time_partner"
    ONE_ORGANISATION = "one_organisation"
    GOVERNORATE = "governorate"


@dataclass(frozen=True, slots=True)
class PortfolioFinding:
    """One target of the portfolio: ``part_minor`` of ``whole_minor`` against ``target_percent``.

    ``subject`` is the organisation or the governorate that a finding is about. Shares at least reach their target, one
    organisation's stays at or below it, a governorate has some award.
    """

    code: PortfolioCode
    passed: bool
    part_minor: int
    whole_minor: int
    target_percent: int
    subject: str = ""


def _at_least(code: PortfolioCode, part: int, whole: int, percent: int) -> PortfolioFinding:
    return PortfolioFinding(code, part * 100 >= percent * whole, part, whole, percent)


def portfolio(
    awards: Sequence[Candidate], *, envelope_minor: int, governorates: AbstractSet[str], rules: ScoringRules
) -> list[PortfolioFinding]:
    """How the awards of a call meet the charter's shares; ``governorates`` are those that the call named.

    Shares are of the money awarded, an organisation's share is of the envelope.
    """
    targets = rules.portfolio
    whole = sum(one.requested_minor for one in awards)

    def money(fits: Callable[[Candidate], bool]) -> int:
        return sum(one.requested_minor for one in awards if fits(one))

    findings = [
        _at_least(
            PortfolioCode.SMALL_AND_MICRO, money(lambda one: one.small_or_micro), whole, targets.small_and_micro_percent
        ),
        _at_least(PortfolioCode.WOMEN_LED, money(lambda one: one.women_led), whole, targets.women_led_percent),
        _at_least(
            PortfolioCode.FIRST_TIME_PARTNER,
            money(lambda one: one.first_time_partner),
            whole,
            targets.first_time_partner_percent,
        ),
    ]
    by_organisation: Counter[str] = Counter()
    for one in awards:
        by_organisation[one.organisation] += one.requested_minor
    most = targets.one_organisation_most_percent
    findings += [
        PortfolioFinding(PortfolioCode.ONE_ORGANISATION, False, part, envelope_minor, most, organisation)
        for organisation, part in sorted(by_organisation.items())
        if part * 100 > most * envelope_minor
    ]
    if targets.award_or_reason_in_each_governorate:
        reached = frozenset[str]().union(*(one.governorates for one in awards))
        findings += [
            PortfolioFinding(PortfolioCode.GOVERNORATE, False, 0, whole, 0, place)
            for place in sorted(governorates - reached)
        ]
    return findings
