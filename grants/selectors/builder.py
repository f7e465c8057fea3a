"""Parts of a draft's form, for those who see the draft."""

from typing import Any

from django.db.models import QuerySet

from grants.models import Call, EligibilityQuestion, Question, Section
from grants.questions.proportion import AMOUNT
from grants.selectors import calls
from grants.states import HOLDERS, WITHOUT_ANSWER


def sections_visible_to(user: Any) -> QuerySet[Section]:
    """Sections of the calls that ``user`` sees."""
    return Section.objects.filter(call__in=calls.visible_to(user)).select_related("call")


def questions_visible_to(user: Any) -> QuerySet[Question]:
    """Questions of the calls that ``user`` sees."""
    return Question.objects.filter(section__call__in=calls.visible_to(user)).select_related("section__call")


def eligibility_visible_to(user: Any) -> QuerySet[EligibilityQuestion]:
    """Questions of the self-checks that ``user`` sees."""
    return EligibilityQuestion.objects.filter(call__in=calls.visible_to(user)).select_related("call")


def names_of(call: Call) -> frozenset[str]:
    """The questions that expressions of the form may name, and the amount that is asked for."""
    rows = Question.objects.filter(section__call=call).exclude(kind__in=WITHOUT_ANSWER)
    return frozenset(rows.values_list("key", flat=True)) | {AMOUNT}


def choices_for(section: Section, *, besides: Question | None = None) -> dict[str, Any]:
    """What the form of a question offers: the names of questions, and the groups of its page."""
    groups = section.questions.filter(kind__in=HOLDERS).order_by("order", "pk")
    return {
        "names": names_of(section.call),
        "groups": [(str(one.pk), one.label) for one in groups if one != besides],
    }
