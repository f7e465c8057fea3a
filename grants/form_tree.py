"""The questions of a call as they stand in each other: pages, groups, repeats."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import prefetch_related_objects

from grants.models import Call, Question, Section
from grants.questions.forms import PAGE, Form, Item


@dataclass(frozen=True, slots=True)
class Branch:
    """A question, or a group with what it holds."""

    question: Question
    below: "tuple[Branch, ...]" = ()


def branches(section: Section) -> tuple[Branch, ...]:
    """The questions of a page as they stand in each other."""
    held: dict[Any, list[Question]] = defaultdict(list)
    for question in sorted(section.questions.all(), key=lambda one: (one.order, str(one.pk))):
        held[question.parent_id].append(question)

    def grow(parent: Any) -> tuple[Branch, ...]:
        return tuple(Branch(one, grow(one.pk)) for one in held[parent])

    return grow(None)


def walk(found: Iterable[Branch], depth: int = 0) -> Iterator[tuple[Branch, int]]:
    """Branches from top to bottom, each with its depth."""
    for branch in found:
        yield branch, depth
        yield from walk(branch.below, depth + 1)


def _item(branch: Branch) -> Item:
    one = branch.question
    below = tuple(map(_item, branch.below))
    return Item(one.key, one.kind, below, one.relevant, one.constraint, one.calculation)


FORM: Final = "_form"


def pages_of(call: Call) -> list[Section]:
    """The pages of a call with their questions: read in two statements, or in none where they stand ready."""
    pages = list(call.sections.all())
    prefetch_related_objects(pages, "questions")
    return pages


def form_of(call: Call) -> Form:
    """The call's form as plain data; of a call that carries it (`grants.selectors.frozen`), that one."""
    known: Form | None = call.__dict__.get(FORM)
    return known or Form(
        tuple(
            Item(section.key, PAGE, tuple(map(_item, branches(section))), section.relevant)
            for section in pages_of(call)
        )
    )
