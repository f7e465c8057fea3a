"""The one questionnaire of capacity, and how its score gives way to performance (domain specification §3.2)."""

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, field_validator, model_validator

from charter.schema.base import Count, Key, Rules, Words

CapacitySectionKey = Literal[
    "governance", "programme", "finance", "procurement", "staff", "safeguarding", "monitoring", "security", "community"
]
Weight = Annotated[int, Field(strict=True, ge=1, le=100)]


class CapacitySectionRules(Rules):
    """A section and its weight of 100."""

    name: Words
    weight: Weight


class CapacityQuestionRules(Rules):
    """What is asked in a section; ``weight`` is beside the other questions of the section."""

    name: Words
    section: CapacitySectionKey
    weight: Weight = 1
    evidence: Words
    """Which paper shows it."""
    place: Count = 0
    """The place in the questionnaire, counted from 1; 0: as the charter lists it."""


class CapacityRules(Rules):
    """Sections, questions by key, and the levels of an answer from nothing to the best."""

    sections: dict[CapacitySectionKey, CapacitySectionRules]
    questions: dict[Key, CapacityQuestionRules]
    levels: Annotated[tuple[Words, ...], Field(min_length=2, max_length=6)]
    late_day_points: Count
    """A closed grant begins with 100 points a report; each day after the due day takes so many."""
    return_points: Count
    """Each return of a report takes so many."""

    @field_validator("sections")
    @classmethod
    def _in_their_order(
        cls, sections: dict[CapacitySectionKey, CapacitySectionRules]
    ) -> dict[CapacitySectionKey, CapacitySectionRules]:
        """As the questionnaire goes: the database keeps no order of names."""
        return {key: sections[key] for key in get_args(CapacitySectionKey) if key in sections}

    @field_validator("questions")
    @classmethod
    def _in_their_places(cls, questions: dict[Key, CapacityQuestionRules]) -> dict[Key, CapacityQuestionRules]:
        """As the charter lists them: numbered, for the database keeps no order of names; what has no place comes last."""
        listed = sorted(questions.items(), key=lambda item: item[1].place or len(questions) + 1)
        return {key: one.model_copy(update={"place": number}) for number, (key, one) in enumerate(listed, start=1)}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.sections) != set(get_args(CapacitySectionKey)):
            raise ValueError("the assessment has its nine sections")
        if sum(one.weight for one in self.sections.values()) != 100:
            raise ValueError("the weights of the sections sum to 100")
        if {one.section for one in self.questions.values()} != set(self.sections):
            raise ValueError("every section of the assessment asks something")
        return self

    def asked_in(self, section: str) -> dict[str, CapacityQuestionRules]:
        """The questions of one section."""
        return {key: one for key, one in self.questions.items() if one.section == section}
