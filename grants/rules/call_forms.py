"""What keeps a call's form from being asked."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from grants.form_tree import form_of
from grants.form_words import in_words
from grants.models import Call, Question
from grants.states import HOLDERS, QuestionKind

Problem = str | Promise


def form_problems(call: Call) -> Iterator[Problem]:
    """Everything, in the order of the form."""
    sections = list(call.sections.prefetch_related("questions"))
    if not sections:
        yield _("The form has no section yet.")
    labels: dict[str, object] = {}
    for section in sections:
        questions = list(section.questions.all())
        if not questions:
            yield format_lazy(_("The section “{title}” has no question."), title=section.title)
        held = {question.parent_id for question in questions}
        for question in questions:
            labels[question.key] = question.label
            yield from _question_problems(question, held=question.pk in held)
        labels.setdefault(section.key, section.title)
    for problem in form_of(call).problems():
        label = labels.get(problem.key) or problem.key
        yield format_lazy(
            "“{label}” ({key}): {said}", label=label, key=problem.key, said=in_words(problem.code, problem.what)
        )


def _question_problems(question: Question, *, held: bool) -> Iterator[Problem]:
    if question.kind in {QuestionKind.ONE_OF, QuestionKind.MANY_OF} and len(question.choices) < 2:
        yield format_lazy(_("The question “{label}” needs two choices at least."), label=question.label)
    if question.kind in HOLDERS and not held:
        yield format_lazy(_("The group “{label}” has no question."), label=question.label)
