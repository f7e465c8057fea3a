"""Rules of scoring and ranking (domain specification §4.5)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from charter.schema.base import Count, Key, Minor, Percent, Rules, Words

Points = Annotated[int, Field(strict=True, ge=0, le=10)]
TieBreak = Literal["participation", "smaller_organisation", "first_time_partner", "lot"]


class Criterion(Rules):
    """One line of the scorecard; ``anchors`` say in words what each number of points means."""

    key: Key
    weight: Percent
    name: Words
    question: Words
    anchors: dict[Annotated[str, Field(pattern=r"^(10|[0-9])$")], Words]


class Portfolio(Rules):
    """Shares of a call's awards that the ranking is checked against; a deviation from rank needs a minuted reason."""

    small_and_micro_percent: Percent
    women_led_percent: Percent
    first_time_partner_percent: Percent
    one_organisation_most_percent: Percent
    award_or_reason_in_each_governorate: bool
    deviation_worth_permille: Annotated[int, Field(strict=True, ge=0, le=1000)] = 0
    """What a departure from the rank must bring, in thousandths of the envelope, before a selection proposes it."""


class AssignmentRules(Rules):
    """How applications are given to scorers. A charter that does not speak of it sets no limit and matches nothing."""

    most_applications: Count = 0
    """Applications that one member scores in a call at most; 0: no limit."""
    language_points: Points = 0
    """How much it weighs that a scorer reads the language of the application."""
    sector_points: Points = 0
    """How much it weighs that one of the scorers knows the sector."""
    elsewhere_points: Points = 0
    """How much it weighs that a scorer comes from another governorate."""
    reminder_days: Count = 0
    """Working days before the deadline on which silent scorers are reminded; 0: never."""
    alternates_after_deadline: bool = False
    """Whether an application that was not scored in time goes to another member by itself."""


class CalibrationRules(Rules):
    """When figures about scorers are worth showing."""

    least_scorecards: Count = 5
    """Scorecards of a member below which nothing is said of the member's severity."""
    least_freedom: Count = 10
    """Degrees of freedom left in a call's scores below which severity is not estimated."""
    reliable_from_hundredths: Percent = 67
    """Krippendorff's alpha, in hundredths, from which scores are called reliable."""
    interval_percent: Annotated[int, Field(strict=True, ge=50, lt=100)] = 90
    """How sure the interval of an adjusted mean is."""


class ConceptRules(Rules):
    """How the concept notes of a call in two stages are judged (domain specification §3.3)."""

    members: Annotated[int, Field(strict=True, ge=2, le=9)]
    """Members who judge each concept note, at least."""
    criteria: Annotated[tuple[Key, ...], Field(min_length=1)]
    """The questions asked: criteria of the scorecard, with the same points."""
    invited_from: Percent
    """Mean of 100 from which an applicant is invited to write the full proposal."""


class ScoringRules(Rules):
    """The scorecard and what its totals mean. Totals are out of 100."""

    least_points: Points
    most_points: Points
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    fundable_from: Percent
    waitlist_from: Percent
    criterion_floor_tenths: Annotated[int, Field(strict=True, ge=0, le=100)]
    """A criterion whose panel mean is below this, in tenths of a point, makes an application not fundable."""
    spread_alarm_points: Percent
    """Distance between the highest and lowest total (out of 100) that makes discussion mandatory."""
    spread_alarm_deviations: Annotated[int, Field(strict=True, ge=1, le=10)]
    scorers: Annotated[int, Field(strict=True, ge=2)]
    scorers_for_large: Annotated[int, Field(strict=True, ge=2)]
    large_above_minor: Minor
    civil_society_scorers_percent: Percent
    comment_least_characters: Count
    changes_after_discussion: Count
    participation_criterion: Key
    tie_breaks: Annotated[tuple[TieBreak, ...], Field(min_length=1)]
    portfolio: Portfolio
    assignment: AssignmentRules = AssignmentRules()
    calibration: CalibrationRules = CalibrationRules()
    waiting_list_months: Count
    concepts: ConceptRules

    @model_validator(mode="after")
    def _criteria(self) -> Self:
        keys = [criterion.key for criterion in self.criteria]
        if len(set(keys)) != len(keys):
            raise ValueError("two criteria have the same key")
        weights = sum(criterion.weight for criterion in self.criteria)
        if weights != 100:
            raise ValueError(f"the weights of the criteria sum to 100, not {weights}")
        if self.participation_criterion not in keys:
            raise ValueError(f"the participation criterion {self.participation_criterion!r} is not among the criteria")
        if unknown := sorted(set(self.concepts.criteria) - set(keys)):
            raise ValueError(f"the criteria of concept notes {unknown!r} are not among the criteria")
        return self

    @model_validator(mode="after")
    def _scale(self) -> Self:
        if self.least_points >= self.most_points:
            raise ValueError("the least number of points is below the most")
        wanted = {str(points) for points in range(self.least_points, self.most_points + 1)}
        for criterion in self.criteria:
            if set(criterion.anchors) != wanted:
                raise ValueError(f"criterion {criterion.key!r} needs one anchor for each of {sorted(wanted, key=int)}")
        return self

    @model_validator(mode="after")
    def _thresholds(self) -> Self:
        if self.waitlist_from > self.fundable_from:
            raise ValueError("the waiting list begins at or below the fundable score")
        if not self.least_points * 10 <= self.criterion_floor_tenths <= self.most_points * 10:
            raise ValueError("the floor of a criterion lies on the scale of points")
        if self.scorers_for_large < self.scorers:
            raise ValueError("a large application has at least as many scorers as another")
        if self.tie_breaks[-1] != "lot" or len(set(self.tie_breaks)) != len(self.tie_breaks):
            raise ValueError("the tie-breaks differ from each other and end with the lot")
        return self

    def scorers_needed(self, requested_minor: int) -> int:
        """How many members score an application that asks for ``requested_minor``."""
        return self.scorers_for_large if requested_minor > self.large_above_minor else self.scorers

    def criterion(self, key: str) -> Criterion:
        """The criterion called ``key``; raises KeyError."""
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise KeyError(key)
