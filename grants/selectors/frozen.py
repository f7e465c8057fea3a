"""What a call asks and by which rules, read once for all who write in it.

From the day that a call leaves its draft PostgreSQL refuses a change of its form and of its rules, so what this process read of
them stays true. A call is known by the leaf of its last move: what was read before another move is not asked for any more.
"""

from functools import lru_cache
from typing import Any, Final

from charter import stored
from charter.schema import CharterRules
from grants.form_tree import FORM, form_of
from grants.models import Call, Criterion, EligibilityQuestion, Question, Section
from grants.questions.forms import Form
from grants.states import CallState

CALLS: Final = 64
"""How many calls one process remembers; few are open at once."""
RULES: Final = "_rules"


@lru_cache(maxsize=CALLS)
def _sections(call: Any, leaf: Any) -> tuple[tuple[Section, ...], Form]:
    rows = tuple(Section.objects.filter(call=call).order_by("order", "pk"))
    held: dict[Any, list[Question]] = {row.pk: [] for row in rows}
    for question in Question.objects.filter(section__in=rows).order_by("order", "pk"):
        held[question.section_id].append(question)
    for row in rows:
        _keep(row, "questions", held[row.pk])
    bare = Call(pk=call)
    _keep(bare, "sections", rows)
    return rows, form_of(bare)


@lru_cache(maxsize=CALLS)
def _questions_before(call: Any, leaf: Any) -> tuple[tuple[EligibilityQuestion, ...], tuple[Criterion, ...]]:
    eligibility = EligibilityQuestion.objects.filter(call=call).order_by("order", "pk")
    return tuple(eligibility), tuple(Criterion.objects.filter(call=call).order_by("order", "pk"))


@lru_cache(maxsize=CALLS)
def _rules(call: Any, leaf: Any) -> CharterRules:
    return stored.rules_of(Call.objects.values_list("frozen_rules", flat=True).get(pk=call))


def _keep(holder: Any, name: str, rows: Any) -> None:
    """As a prefetch would: ``holder.<name>.all()`` is ``rows`` and asks nothing."""
    found = getattr(holder, name).get_queryset()
    found._result_cache, found._prefetch_done = list(rows), True  # noqa: SLF001 -- what a prefetch sets
    holder.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found


def remember(call: Call) -> Call:
    """The call with all that it asks and its rules, which cost nothing when another reader needed them before."""
    if call.state != CallState.DRAFT:
        sections, form = _sections(call.pk, call.leaf_id)
        _keep(call, "sections", sections)
        eligibility, criteria = _questions_before(call.pk, call.leaf_id)
        _keep(call, "eligibility_questions", eligibility)
        _keep(call, "criteria", criteria)
        call.__dict__[FORM] = form
        call.__dict__[RULES] = _rules(call.pk, call.leaf_id)
    return call
