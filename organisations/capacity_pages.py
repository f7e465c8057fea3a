"""The page of capacity: every section with what the organisation says, what was found, and what follows from it."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from charter.models import CharterVersion
from charter.schema import CapacityQuestionRules, CapacityRules
from charter.selectors import find_charter_in_force
from kernel.pieces import Tone
from organisations import rules
from organisations.models import CapacityAnswer, CapacityAssessment, CapacityContest, Improvement, Organisation
from organisations.selectors import capacity as selectors
from organisations.selectors import latest_assessment
from organisations.selectors.capacity import Covered
from organisations.states import CapacitySection, ContestState, ImprovementState, OutsideState, Tier

OUTSIDE_TONES: Final = {
    OutsideState.GIVEN: Tone.OPEN,
    OutsideState.READ: Tone.OPEN,
    OutsideState.RECOGNISED: Tone.DONE,
    OutsideState.REFUSED: Tone.STOP,
}
POINT_TONES: Final = {
    ImprovementState.OPEN: Tone.TODO,
    ImprovementState.DONE: Tone.OPEN,
    ImprovementState.RETURNED: Tone.WARN,
    ImprovementState.CONFIRMED: Tone.DONE,
}
CONTEST_TONES: Final = {
    ContestState.LODGED: Tone.OPEN,
    ContestState.UPHELD: Tone.DONE,
    ContestState.DISMISSED: Tone.STOP,
}


def _language() -> str:
    return get_language() or "ar"


@dataclass(frozen=True, slots=True)
class Line:
    """One question beside what the organisation says and what the assessor found."""

    key: str
    asked: CapacityQuestionRules
    own: CapacityAnswer | None
    own_level: str
    found_level: str

    @property
    def text(self) -> str:
        return self.asked.name.in_language(_language())

    @property
    def evidence(self) -> str:
        return self.asked.evidence.in_language(_language())


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One section; ``score`` and ``finding`` only for who may read the assessment."""

    key: str
    title: Any
    weight: int
    lines: list[Line]
    score: int | None
    finding: str
    covered: Covered | None

    @property
    def answered(self) -> int:
        return sum(line.own is not None for line in self.lines)

    @property
    def tone(self) -> Tone:
        return Tone.DONE if self.answered == len(self.lines) else Tone.TODO


@dataclass(frozen=True, slots=True)
class Index:
    """The performance index and what it is made of."""

    score: int | None
    closed: int
    weight: int
    move_to: str
    """Name of the tier to which the charter moves the organisation; empty: it stays."""
    on_hold: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """Everything that the page shows to one reader."""

    sections: list[SectionPage]
    assessment: CapacityAssessment | None
    contest: CapacityContest | None
    contest_until: Any
    index: Index | None


def _level(capacity: CapacityRules, level: int | None) -> str:
    if level is None or not 0 <= level < len(capacity.levels):
        return ""
    return capacity.levels[level].in_language(_language())


def sections(
    organisation: Organisation, charter: CharterVersion, shown: CapacityAssessment | None
) -> list[SectionPage]:
    """The sections of the charter's questionnaire; ``shown`` is the assessment that the reader may see."""
    asked = charter.rules.capacity
    own, covered = selectors.latest_answers(organisation), selectors.covered_sections(organisation)
    levels = shown.levels if shown else {}
    return [
        SectionPage(
            key=key,
            title=CapacitySection(key).label,
            weight=rule.weight,
            lines=[
                Line(
                    one,
                    question,
                    own.get(one),
                    _level(asked, own[one].level if one in own else None),
                    _level(asked, levels.get(one)),
                )
                for one, question in asked.asked_in(key).items()
            ],
            score=shown.sections.get(key) if shown else None,
            finding=shown.findings.get(key, "") if shown else "",
            covered=covered.get(key),
        )
        for key, rule in asked.sections.items()
    ]


def _index(organisation: Organisation, charter: CharterVersion) -> Index | None:
    score, closed = rules.index_of(organisation, charter.rules)
    if not closed:
        return None
    weights = charter.rules.organisations.capacity_weight_by_closed_grants
    to = rules.tier_by_performance(organisation, charter.rules)
    moved = Tier(to).label if to is not None and to != rules.ON_HOLD else ""
    weight = weights[min(closed, len(weights) - 1)] if organisation.capacity_score is not None else 0
    return Index(score, closed, weight, str(moved), to == rules.ON_HOLD)


def of(organisation: Organisation, user: Any) -> Capacity | None:
    """The page for ``user``; None before the first charter."""
    charter = find_charter_in_force()
    if charter is None:
        return None
    latest = latest_assessment(organisation)
    shown = latest if latest is not None and rules.tells_score(organisation, user) else None
    possible = CapacityContest(organisation=organisation, assessment=latest) if latest is not None else None
    may = possible is not None and rules.may_contest(possible, actor=user)
    return Capacity(
        sections=sections(organisation, charter, shown),
        assessment=shown,
        contest=selectors.contest_of(organisation),
        contest_until=rules.contest_until(organisation) if may else None,
        index=_index(organisation, charter),
    )


def point_words(point: Improvement) -> str:
    """A point as a line of work."""
    return str(_("%(section)s: %(what)s") % {"section": point.get_section_display(), "what": point.what})


def answered(organisation: Organisation) -> tuple[int, int]:
    """How many questions of the charter the organisation answered, and of how many."""
    charter = find_charter_in_force()
    asked = charter.rules.capacity.questions if charter is not None else {}
    given = selectors.latest_answers(organisation) if asked else {}
    return sum(key in given for key in asked), len(asked)


def scores(sections: dict[str, int]) -> list[tuple[Any, int]]:
    """Scores by section with the section's name, in the order of the questionnaire."""
    return [(one.label, sections[one]) for one in CapacitySection if one in sections]
