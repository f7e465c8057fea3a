"""Questions about a call: asked, answered for everybody at once, or left unpublished with the reason."""

from django.db import transaction
from i18nfield.strings import LazyI18nString

from accounts.models import User
from audit import lifecycle
from grants import events
from grants.links import link
from grants.models import Call, CallQuestion
from grants.states import ApplicationState
from kernel import identity
from kernel.database import advisory_lock
from kernel.texts import clean_text
from notices.services import notify
from organisations.selectors import users_of


@transaction.atomic
def ask(call: Call, *, text: str, actor: User) -> CallQuestion:
    """Ask the secretariat; raises `Refused` (after the charter's day, too many at once)."""
    advisory_lock(f"grants.call_question:{actor.pk}")
    question = CallQuestion(call=call, asked=clean_text(text), asked_by=actor)
    return lifecycle.create(question, events.CallQuestionAsked(call=call.reference), actor=actor)


@transaction.atomic
def answer(question: CallQuestion, *, wording: LazyI18nString, text: LazyI18nString, actor: User) -> CallQuestion:
    """Publish question and answer and tell everybody who writes an application, and who asked. Raises `Refused`."""
    event = events.CallQuestionAnswered(
        call=question.call.reference, question=_by_language(wording), answer=_by_language(text)
    )
    changes = {"question": wording, "answer": text, "answered_by": actor}
    done = lifecycle.move(question, event, actor=actor, changes=changes)
    _tell(done)
    return done


@transaction.atomic
def decline(question: CallQuestion, *, reason: str, actor: User) -> CallQuestion:
    """Leave it unpublished, and tell who asked why. Raises `Refused`."""
    done = lifecycle.move(
        question, events.CallQuestionDeclined(call=question.call.reference), actor=actor, reason=reason
    )
    params = {"call": done.call.reference, "reason": reason}
    url = link("call_questions", done.call_id)
    notify([done.asked_by], "grants.question_declined", params=params, url=url, dedupe_key=str(done.pk))
    return done


def _by_language(text: LazyI18nString) -> dict[str, str]:
    data = text.data if isinstance(text.data, dict) else {"ar": str(text.data)}
    return {language: words for language, words in data.items() if words}


@identity.system("grants.tell_of_answer")
def _tell(question: CallQuestion) -> None:
    """Everybody gets the same message at the same moment, who asked too."""
    gone = [ApplicationState.WITHDRAWN, ApplicationState.LAPSED]
    writing = question.call.applications.exclude(state__in=gone).select_related("organisation")
    told = {user for application in writing for user in users_of(application.organisation)} | {question.asked_by}
    params = {"call": question.call.reference}
    url = f"{link('call_questions', question.call_id)}#q-{question.pk}"
    notify(told, "grants.question_answered", params=params, url=url, dedupe_key=str(question.pk))
