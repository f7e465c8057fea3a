"""Proportional forms: who asks for less is asked less, and a change of the amount loses nothing."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from grants.models import Application, Call, Question
from grants.questions.forms import Form, Item
from grants.questions.proportion import AMOUNT, asked_from, condition
from grants.selectors import calls as calls_selectors
from grants.selectors import parts, printed, xlsforms
from grants.services import applications as services
from grants.services import calls
from grants.xlsforms.reading import read_form
from tests.factories import accounts
from tests.factories import grants as make

SMALL, LARGE = 10 * make.THOUSAND, 40 * make.THOUSAND


@given(
    st.none() | st.integers(0, 10**13), st.text("abc ()$>'{}", max_size=20).filter(lambda text: text == text.strip())
)
def test_an_amount_in_a_condition_is_read_back(least: int | None, rest: str) -> None:
    assert asked_from(condition(least, rest)) == (least, rest)


def test_the_amount_stands_in_every_expression_and_is_no_questions_name() -> None:
    question = Item("team", "long_text", relevant=condition(2_000_000))
    form = Form((Item("work", "page", (question,), ""),))
    assert form.problems() == []
    assert form.judge({AMOUNT: Decimal(20_000)}, {}).is_asked("team")
    assert not form.judge({AMOUNT: Decimal("19999.99")}, {}).is_asked("team")
    taken = Form((Item("work", "page", (Item(AMOUNT, "long_text"),), ""),))
    assert [one.code for one in taken.problems()] == ["twice"]


@pytest.fixture
def call(db: None) -> Call:
    draft = make.draft_call()
    for one in Question.objects.filter(section__call=draft, key__in=["team", "complaints", "learning"]):
        Question.objects.filter(pk=one.pk).update(relevant=condition(2_000_000, one.relevant))
    published = calls.publish(make.approved(draft), actor=make.programme_officer())
    calls.open_due(now=published.opens_at)
    published.refresh_from_db()
    return published


def typed(application: Application, key: str, said: dict[str, Any]) -> Any:
    save = parts.last_save(application, key)
    version = save.version if save else 0
    _save, reading = services.save_part(
        application, key, said, version=version, tab="x", actor=make.preparer(application.organisation)
    )
    application.refresh_from_db()
    return reading


@pytest.mark.database("opened")
def test_the_amount_decides_and_nothing_is_lost(call: Call) -> None:
    application = make.draft_application(call)
    said = make.answers(application, LARGE)
    assert "expected_minor" in typed(application, parts.BASICS, {**said[parts.BASICS], "expected_minor": ""}).missing
    typed(application, parts.BASICS, {**said[parts.BASICS], "expected_minor": "١٠٠٠٠"})
    assert application.expected_minor == SMALL
    reading = typed(application, "work", {**said["work"], "team": "نحن خمسة"})
    assert "team" in reading.unasked
    # The budget comes to more than was planned: the larger counts, and the answer is still there.
    typed(application, parts.BUDGET, said[parts.BUDGET])
    book = parts.book_of(application, parts.saves_of(application))
    assert book.reading("work").values["team"] == "نحن خمسة"
    assert "complaints" in book.reading("care").missing
    client = Client()
    client.cookies["django_language"] = "en"
    accounts.sign_in(client, make.preparer(application.organisation))
    page = reverse("grants:application_part", args=[application.pk, "work"])
    assert "not asked for" not in client.get(page).content.decode()
    typed(application, parts.BUDGET, make.answers(application, SMALL)[parts.BUDGET])
    shown = client.get(page).content.decode()
    assert "not asked for, because of your answer to: How much will you ask for, about?" in shown
    assert "نحن خمسة" in shown
    for key in ("need", "care", "after", parts.ELIGIBILITY):
        typed(application, key, said[key])
    sent = services.submit(application, actor=make.signatory(application.organisation))
    assert not sent.answers.filter(question__key="team").exists()
    with pytest.raises(IntegrityError, match="fixed since"), transaction.atomic():
        Application.objects.filter(pk=sent.pk).update(expected_minor=LARGE)


@pytest.mark.database("opened")
def test_above_the_amount_the_submission_waits_for_all_answers(call: Call) -> None:
    application = make.draft_application(call)
    said = make.answers(application, LARGE)
    for key, page in said.items():
        typed(application, key, {name: text for name, text in page.items() if name not in {"team", "learning"}})
    with pytest.raises(services.Incomplete) as refused:
        services.submit(application, actor=make.signatory(application.organisation))
    assert {gap.anchor for gap in refused.value.gaps} == {"id_q-team", "id_q-learning"}


@pytest.mark.database("opened")
def test_the_paper_the_workbook_and_the_builder_say_it(call: Call) -> None:
    with translation.override("en"):
        data = printed.call_data(call, "en")
        said = {one["label"]: one["asked_if"] for section in data["sections"] for one in section["questions"]}
        assert [words for words in said.values() if words] == ["asked from USD\xa020,000.00 on"] * 3
        client = Client()
        client.cookies["django_language"] = "en"
        page = client.get(reverse("grants:call_detail", args=[call.pk])).content.decode()
        assert page.count("asked from") == 3
    book = xlsforms.workbook_of(call)
    assert load_workbook(BytesIO(book))["survey"]["B2"].value == AMOUNT
    assert read_form(book).form().places["team"].item.relevant == condition(2_000_000)
    officer = make.programme_officer()
    draft = calls.draft_call(make.call_terms(), actor=officer, proportional=True)
    heavy = Question.objects.filter(section__call=draft).exclude(relevant="")
    assert {one.asked_from_minor for one in heavy} == {2_000_000}
    # Where the charter's second band lies above every grant of the call, nothing would ever be asked of anybody.
    assert calls_selectors.lighter_below(500_000, 1_500_000) is None
    accounts.sign_in(client, officer, second_factor=True)
    first = heavy.first()
    assert first is not None
    address = reverse("grants:question_edit", args=[first.pk])
    form = client.get(address)
    assert "20000" in form.content.decode().replace(",", "")
    assert "Small" in form.content.decode()
    values = {name: one for name, one in form.context["form"].initial.items() if one is not None}
    assert client.post(address, {**values, "least": "30000", "relevant": "${need} = 'x'"}).status_code == 302
    first.refresh_from_db()
    assert first.relevant == "${requested_amount} >= 30000 and (${need} = 'x')"
