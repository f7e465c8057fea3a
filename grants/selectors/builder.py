"""Parts of a draft's form, for those who see the draft."""

from typing import Any

from django.db.models import QuerySet

from grants.models import EligibilityQuestion, Question, Section
from grants.selectors import calls


def sections_visible_to(user: Any) -> QuerySet[Section]:
    """Sections of the calls that ``user`` sees."""
    return Section.objects.filter(call__in=calls.visible_to(user)).select_related("call")


def questions_visible_to(user: Any) -> QuerySet[Question]:
    """Questions of the calls that ``user`` sees."""
    return Question.objects.filter(section__call__in=calls.visible_to(user)).select_related("section__call")


def eligibility_visible_to(user: Any) -> QuerySet[EligibilityQuestion]:
    """Questions of the self-checks that ``user`` sees."""
    return EligibilityQuestion.objects.filter(call__in=calls.visible_to(user)).select_related("call")
