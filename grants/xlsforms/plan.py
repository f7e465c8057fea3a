"""A form as plain data, between a workbook and a call."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from grants.questions.forms import PAGE, Form, Item

Texts = dict[str, str]
"""A text by language."""


@dataclass(slots=True)
class QuestionPlan:
    """A question, note, group or repeat; names of its fields are those of `grants.models.Question`."""

    key: str
    kind: str
    label: Texts = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)
    required: bool = False
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    relevant: str = ""
    constraint: str = ""
    constraint_message: Texts = field(default_factory=dict)
    calculation: str = ""
    below: "list[QuestionPlan]" = field(default_factory=list)
    row: int | None = None
    """Where it stands in the workbook; not part of the form."""

    def item(self) -> Item:
        """The question as the form's meaning sees it."""
        below = tuple(one.item() for one in self.below)
        return Item(self.key, self.kind, below, self.relevant, self.constraint, self.calculation)


@dataclass(slots=True)
class PagePlan:
    """A page of the form; ``stage`` as `grants.states.Stage`, empty where nothing is said of it."""

    key: str
    title: Texts = field(default_factory=dict)
    intro: Texts = field(default_factory=dict)
    relevant: str = ""
    questions: list[QuestionPlan] = field(default_factory=list)
    row: int | None = None
    stage: str = ""


@dataclass(slots=True)
class FormPlan:
    """All pages."""

    pages: list[PagePlan] = field(default_factory=list)

    def form(self) -> Form:
        """What the form means."""
        return Form(
            tuple(
                Item(page.key, PAGE, tuple(one.item() for one in page.questions), page.relevant) for page in self.pages
            )
        )

    def walk(self) -> Iterator[QuestionPlan]:
        """Every question, group and note from top to bottom."""
        for page in self.pages:
            yield from _walk(page.questions)

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> "FormPlan":
        """What `as_data` wrote."""
        return cls(
            [PagePlan(**{**page, "questions": [_question(one) for one in page["questions"]]}) for page in data["pages"]]
        )


def _walk(questions: list[QuestionPlan]) -> Iterator[QuestionPlan]:
    for one in questions:
        yield one
        yield from _walk(one.below)


_FIELDS = frozenset(one.name for one in fields(QuestionPlan))


def _question(data: dict[str, Any]) -> QuestionPlan:
    said = {name: value for name, value in data.items() if name in _FIELDS}
    return QuestionPlan(**{**said, "below": [_question(one) for one in data["below"]]})
