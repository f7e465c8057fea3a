"""The form of a draft call: words, order and limits, before anybody answers it."""

from datetime import timedelta

import pytest

from grants.models import Application, Call, EligibilityQuestion, Grant, Question
from grants.rules.calls import MOST_ELIGIBILITY_QUESTIONS
from grants.services import agreements, awards, call_forms, calls, extending, reports, review, screening
from grants.states import ApplicationState
from grants.xlsforms.reading import MOST_QUESTIONS
from kernel.permissions import Refused
from tests.factories import grants as make
from tests.factories import shelf

pytestmark = pytest.mark.django_db
WORDS = make.words("كم شخصاً يستفيد؟", "How many people benefit?")


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(make.draft_call, planned=False)


def draft() -> Call:
    return make.draft_call(planned=False)


def order_of(call: Call) -> list[str]:
    return [one.key for one in call.sections.order_by("order")]


def test_words_of_sections_and_questions_change_in_a_draft_alone() -> None:
    call, officer = draft(), make.programme_officer()
    section = call_forms.add_section(call, actor=officer, title=WORDS, intro=WORDS)
    call_forms.change_section(section, actor=officer, title=make.words("الناس", "People"), intro=WORDS)
    question = call_forms.add_question(section, actor=officer, kind="whole_number", label=WORDS)
    call_forms.change_question(question, actor=officer, required=False, maximum=500)
    question.refresh_from_db()
    section.refresh_from_db()
    assert (str(section.title.data["en"]), question.required, question.maximum) == ("People", False, 500)
    with pytest.raises(Refused):
        call_forms.change_question(question, actor=make.board_member(), required=True)
    call_forms.remove_question(question, actor=officer)
    call_forms.remove_section(section, actor=officer)
    assert section.key not in order_of(call)


def test_what_stands_at_the_end_moves_no_further() -> None:
    call, officer = draft(), make.programme_officer()
    before = order_of(call)
    first, last = call.sections.order_by("order")[0], call.sections.order_by("-order")[0]
    call_forms.move_section(first, actor=officer, up=True)
    call_forms.move_section(last, actor=officer, up=False)
    assert order_of(call) == before
    call_forms.move_section(first, actor=officer, up=False)
    assert order_of(call) == [before[1], before[0], *before[2:]]


def test_a_form_and_a_self_check_have_a_most() -> None:
    call, officer = draft(), make.programme_officer()
    section = call.sections.order_by("order")[0]
    there = Question.objects.filter(section__call=call).count()
    Question.objects.bulk_create(
        Question(section=section, order=100 + n, key=f"more-{n}", kind="short_text", label=WORDS)
        for n in range(MOST_QUESTIONS - there)
    )
    with pytest.raises(Refused, match=str(MOST_QUESTIONS)):
        call_forms.add_question(section, actor=officer, kind="short_text", label=WORDS)
    asked = {"text": WORDS, "expected": True, "explanation": WORDS}
    call.eligibility_questions.all().delete()
    for _ in range(MOST_ELIGIBILITY_QUESTIONS):
        call_forms.add_eligibility_question(call, actor=officer, **asked)
    assert [one.order for one in call.eligibility_questions.order_by("order")] == [
        *range(1, MOST_ELIGIBILITY_QUESTIONS + 1)
    ]
    with pytest.raises(Refused, match=str(MOST_ELIGIBILITY_QUESTIONS)):
        call_forms.add_eligibility_question(call, actor=officer, **asked)
    assert EligibilityQuestion.objects.filter(call=call).count() == MOST_ELIGIBILITY_QUESTIONS


def test_a_criterion_without_weight_leaves_the_card() -> None:
    call, officer = draft(), make.programme_officer()
    gone, kept = call.criteria.order_by("pk")[:2]
    calls.set_weights(call, {gone.key: 0, kept.key: kept.weight + gone.weight}, actor=officer)
    weights = dict(call.criteria.values_list("key", "weight"))
    assert gone.key not in weights
    assert weights[kept.key] == kept.weight + gone.weight
    assert sum(weights.values()) == 100


def test_a_draft_without_money_does_not_go_to_the_board() -> None:
    with pytest.raises(Refused):
        calls.ask_board(draft(), actor=make.programme_officer())


def test_an_extension_says_why() -> None:
    call = make.published_call()
    later = call.closes_at + timedelta(days=3)
    with pytest.raises(Refused):
        extending.extend(call, closes_at=later, actor=make.programme_officer(), reason=" ")
    call.refresh_from_db()
    assert call.closes_at < later


def test_what_is_missing_is_named_before_an_application_is_returned() -> None:
    with pytest.raises(Refused):
        screening.return_for_completion(Application(), items=[" ", ""], actor=make.programme_officer())


def test_what_is_not_agreed_yet_is_neither_written_nor_scheduled() -> None:
    from disbursements.services.agreements import plan_tranches

    grant = Grant(reference="GRA-2026-000000")
    for act in (
        lambda: agreements.text_of(grant, "ar"),
        lambda: reports.schedule_reports(grant),
        lambda: plan_tranches(grant),
    ):
        with pytest.raises(ValueError, match="GRA-2026-000000"):
            act()


def test_a_call_without_charter_awards_nothing_and_a_thought_is_no_decision() -> None:
    application = Application(call=Call(reference="CFP-2026-000000"), state=ApplicationState.DELIBERATION)
    with pytest.raises(ValueError, match="CFP-2026-000000"):
        awards.award(application, amount_minor=1, conditions=[], leaf=None)
    with pytest.raises(ValueError, match="thinking"):
        review.record_decision(application, outcome="thinking", amount_minor=1, conditions=[], rank=None, feedback=None)
