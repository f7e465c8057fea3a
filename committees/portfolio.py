"""Which applications to fund so that the charter's shares are kept, beside the plain order of rank. Plain Python.

A selection keeps within the envelope and the cap of one organisation. Of each share (small and micro, women-led, new
partners) it reaches the charter's percentage of the money awarded, or funds as much of that group as there is: a group that
did not apply for enough holds nobody back. As many of the call's governorates as possible have an award. Among all such
selections it takes the one with the most merit, which is money weighted by score; a departure from the rank must bring a
little merit of its own, so that nobody moves for a trifle. The committee decides; this only proposes and says why.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

from charter.schema import ScoringRules
from committees.optimising import Answer, Programme
from committees.ranking import Candidate, Placement, Ranked
from committees.scoring import Verdict

SCALE = 10_000.0
"""The envelope in the programme's own unit: large enough to count cents, small enough for its tolerances."""
SECONDS = 6.0
"""For the selection itself; each of the others, which only say which rule binds, has a third of it."""

PROVEN = 1e-4
"""Gap, as a share of the merit, below which a selection is as good as proven."""


class Rule(StrEnum):
    """A rule that can move a selection away from the rank."""

    FILL = "fill"
    SMALL_AND_MICRO = "small_and_micro"
    WOMEN_LED = "women_led"
    FIRST_TIME_PARTNER = "first_time_partner"
    ONE_ORGANISATION = "one_organisation"
    GOVERNORATE = "governorate"


SHARES: Mapping[Rule, Callable[[Candidate], bool]] = {
    Rule.SMALL_AND_MICRO: lambda one: one.small_or_micro,
    Rule.WOMEN_LED: lambda one: one.women_led,
    Rule.FIRST_TIME_PARTNER: lambda one: one.first_time_partner,
}
CHARTERED = (*SHARES, Rule.ONE_ORGANISATION, Rule.GOVERNORATE)


@dataclass(frozen=True, slots=True)
class Call:
    """What a selection is made for: the money that may be awarded, the governorates that the call named, and the charter.

    ``whole_minor`` is the whole envelope, where a part of it waits for appeals; one organisation's cap is a share of it.
    """

    envelope_minor: int
    governorates: frozenset[str]
    rules: ScoringRules
    whole_minor: int = 0

    def percent(self, rule: Rule) -> int:
        """The charter's share of a group."""
        targets = self.rules.portfolio
        return {
            Rule.SMALL_AND_MICRO: targets.small_and_micro_percent,
            Rule.WOMEN_LED: targets.women_led_percent,
            Rule.FIRST_TIME_PARTNER: targets.first_time_partner_percent,
        }[rule]

    @property
    def cap_minor(self) -> int:
        """What one organisation may have of this call at most."""
        return (self.whole_minor or self.envelope_minor) * self.rules.portfolio.one_organisation_most_percent // 100

    @property
    def worth_minor(self) -> int:
        """The merit that a departure from the rank must bring."""
        return self.envelope_minor * self.rules.portfolio.deviation_worth_permille // 1000


@dataclass(frozen=True, slots=True)
class Deviation:
    """An application that the selection treats otherwise than the rank does, and the rules that make it."""

    key: str
    awarded: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Awards by key beside those of the plain order.

    ``nil`` are governorates of the call without an award, ``exhausted`` the shares that are missed although the whole group
    is funded. ``gap`` is how far the merit may lie from the best at most, as a share of it; 0 means proven the best.
    """

    awards: frozenset[str]
    plain: frozenset[str]
    deviations: tuple[Deviation, ...]
    nil: tuple[str, ...]
    exhausted: tuple[Rule, ...]
    merit_minor: int
    plain_merit_minor: int
    gap: float


def merit_minor(candidates: Iterable[Candidate]) -> int:
    """Money weighted by score: what is asked for, times the score out of 100."""
    return sum(int(one.requested_minor * one.score / 100) for one in candidates)


def select(ranked: Sequence[Ranked], call: Call, *, seconds: float = SECONDS) -> Selection:
    """The best selection from a ranking, with the rule behind each departure from it."""
    able = [one.candidate for one in ranked if one.candidate.verdict is Verdict.FUNDABLE]
    plain = frozenset(one.candidate.key for one in ranked if one.placement is Placement.WITHIN_ENVELOPE)
    choice = _Choice(able, plain, call, seconds / 3)
    awards, gap = choice.best(frozenset(CHARTERED), seconds=seconds)
    deviating = sorted(awards ^ plain)
    reasons = choice.reasons(awards, deviating) if deviating else {}
    order = {one.candidate.key: one.rank for one in ranked}
    chosen = [one for one in able if one.key in awards]
    return Selection(
        awards,
        plain,
        tuple(Deviation(key, key in awards, reasons[key]) for key in sorted(deviating, key=lambda key: order[key])),
        tuple(sorted(choice.named - _reached(chosen))),
        tuple(rule for rule in SHARES if not share_reached(chosen, rule, call)),
        merit_minor(chosen),
        merit_minor(one for one in able if one.key in plain),
        gap,
    )


def _reached(chosen: Iterable[Candidate]) -> frozenset[str]:
    return frozenset[str]().union(*(one.governorates for one in chosen))


def share_reached(chosen: Sequence[Candidate], rule: Rule, call: Call) -> bool:
    """Whether a group has its share of the money awarded."""
    whole = sum(one.requested_minor for one in chosen)
    part = sum(one.requested_minor for one in chosen if SHARES[rule](one))
    return part * 100 >= call.percent(rule) * whole


@dataclass(slots=True)
class _Choice:
    """All selections from the applications that may be funded, under any set of the charter's rules."""

    able: Sequence[Candidate]
    plain: AbstractSet[str]
    call: Call
    seconds: float
    most: dict[tuple[Rule, bool], int] = field(default_factory=dict)

    @property
    def named(self) -> frozenset[str]:
        """The governorates that want an award."""
        wanted = self.call.rules.portfolio.award_or_reason_in_each_governorate
        return self.call.governorates if wanted else frozenset()

    def best(self, rules: AbstractSet[Rule], *, seconds: float | None = None) -> tuple[frozenset[str], float]:
        """The best selection under ``rules``, and its gap."""
        least_nil = 0
        if Rule.GOVERNORATE in rules and self.named:
            programme = self._programme(rules)
            answer = self._solved(programme.programme)
            least_nil = sum(answer.whole(one) for one in programme.nil)
        programme = self._programme(rules, nil=least_nil, merit=True)
        answer = self._solved(programme.programme, seconds)
        return frozenset(key for key, one in programme.funded.items() if answer.chosen(one)), answer.gap

    def _solved(self, programme: Programme, seconds: float | None = None) -> Answer:
        answer = programme.solve(seconds=seconds or self.seconds, gap=PROVEN)
        if answer is None:
            raise ArithmeticError("no selection was found in time, though funding nobody is one")
        return answer

    def _programme(self, rules: AbstractSet[Rule], *, nil: int | None = None, merit: bool = False) -> "_Programme":
        made = _Programme(self, rules)
        if merit:
            made.weigh_merit()
        if Rule.GOVERNORATE in rules:
            made.reach_governorates(most=nil)
        for rule in SHARES:
            if rule in rules:
                made.keep_share(rule, self.most_of(rule, capped=Rule.ONE_ORGANISATION in rules))
        return made

    def most_of(self, rule: Rule, *, capped: bool) -> int:
        """The most money that a group can have; the whole envelope where the group asks for its share or more."""
        if (rule, capped) not in self.most:
            most_each = min(self.call.cap_minor, self.call.envelope_minor) if capped else self.call.envelope_minor
            group = [one for one in self.able if SHARES[rule](one) and one.requested_minor <= most_each]
            asked = sum(one.requested_minor for one in group)
            if asked * 100 >= self.call.percent(rule) * self.call.envelope_minor:
                self.most[rule, capped] = self.call.envelope_minor
            else:
                made = _Programme(self, frozenset({Rule.ONE_ORGANISATION} if capped else ()))
                made.weigh_money(group)
                answer = self._solved(made.programme)
                funded = (one for one in group if answer.chosen(made.funded[one.key]))
                self.most[rule, capped] = sum(one.requested_minor for one in funded)
        return self.most[rule, capped]

    def reasons(self, awards: AbstractSet[str], deviating: Iterable[str]) -> dict[str, tuple[Rule, ...]]:
        """For each departure from the rank: filling the envelope, or the rules without which it would not be made."""
        filled, _gap = self.best(frozenset())
        others = {rule: self.best(frozenset(CHARTERED) - {rule}) for rule in CHARTERED if self._asks(rule)}
        proven = {rule: other for rule, (other, gap) in others.items() if gap <= PROVEN}
        # A comparison that was cut off moves applications at random: it speaks only where no other does.
        without = proven or {rule: other for rule, (other, _gap) in others.items()}
        found: dict[str, tuple[Rule, ...]] = {}
        for key in deviating:
            if (key in filled) == (key in awards):
                found[key] = (Rule.FILL,)
                continue
            single = tuple(rule for rule, other in without.items() if (key in other) == (key in self.plain))
            binding = tuple(rule for rule, other in without.items() if other != awards)
            found[key] = single or binding or (Rule.FILL,)
        return found

    def _asks(self, rule: Rule) -> bool:
        """Whether a rule asks for anything in this call."""
        if rule is Rule.GOVERNORATE:
            return bool(self.named)
        return rule is Rule.ONE_ORGANISATION or self.call.percent(rule) > 0


class _Programme:
    """One programme: a yes or no for each application, the envelope, and the rules that are asked for."""

    def __init__(self, choice: _Choice, rules: AbstractSet[Rule]) -> None:
        self.choice = choice
        self.unit = SCALE / max(choice.call.envelope_minor, 1)
        self.programme = Programme()
        self.funded = {one.key: self.programme.variable() for one in choice.able}
        self.nil: list[int] = []
        self.programme.row(self._money(choice.able), most=choice.call.envelope_minor * self.unit)
        if Rule.ONE_ORGANISATION in rules:
            self._cap()

    def _money(self, candidates: Iterable[Candidate]) -> list[tuple[int, float]]:
        return [(self.funded[one.key], one.requested_minor * self.unit) for one in candidates]

    def _cap(self) -> None:
        cap = self.choice.call.cap_minor
        by_organisation: defaultdict[str, list[Candidate]] = defaultdict(list)
        for one in self.choice.able:
            by_organisation[one.organisation].append(one)
        for group in by_organisation.values():
            if sum(one.requested_minor for one in group) > cap:
                self.programme.row(self._money(group), most=cap * self.unit)

    def weigh_merit(self) -> None:
        """Money times score, less what a departure from the rank must bring."""
        worth = self.choice.call.worth_minor * self.unit
        for one in self.choice.able:
            kept = worth if one.key in self.choice.plain else -worth
            self.programme.gains[self.funded[one.key]] = float(one.requested_minor * one.score / 100) * self.unit + kept

    def weigh_money(self, group: Iterable[Candidate]) -> None:
        """The money of a group alone."""
        for variable, money in self._money(group):
            self.programme.gains[variable] = money

    def reach_governorates(self, *, most: int | None) -> None:
        """An award in each governorate, or a nil; as few of them as can be, or at most ``most``."""
        for place in sorted(self.choice.named):
            nil = self.programme.variable(gain=-1.0 if most is None else 0.0)
            here = [(self.funded[one.key], 1.0) for one in self.choice.able if place in one.governorates]
            self.programme.row([(nil, 1.0), *here], least=1.0)
            self.nil.append(nil)
        if most is not None:
            self.programme.row([(one, 1.0) for one in self.nil], most=float(most))

    def keep_share(self, rule: Rule, most_of_group: int) -> None:
        """The charter's share of what is awarded, or all that the group can have."""
        percent = self.choice.call.percent(rule)
        fits = SHARES[rule]
        exhausted = self.programme.variable()
        share = [
            (self.funded[one.key], (100 * fits(one) - percent) / 100 * one.requested_minor * self.unit)
            for one in self.choice.able
        ]
        self.programme.row([*share, (exhausted, SCALE * percent / 100)], least=0.0)
        group = self._money(one for one in self.choice.able if fits(one))
        self.programme.row([*group, (exhausted, -most_of_group * self.unit)], least=0.0)
