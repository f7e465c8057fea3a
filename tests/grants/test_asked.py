"""Forms with groups, repeats and conditions: from a workbook into a call, filled, sent, read and printed."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.models import Application, Call, Question
from grants.selectors import calls as call_selectors
from grants.selectors import content, frozen, parts, review_content
from grants.selectors.printed import call_data
from grants.selectors.xlsforms import plan_of
from grants.services import applications, call_forms, calls
from grants.xlsforms.plan import FormPlan, PagePlan
from grants.xlsforms.reading import read_form
from grants.xlsforms.writing import write_form
from kernel.permissions import Refused
from tests.factories import grants as make
from tests.factories import shelf
from tests.grants.test_pages import as_person, in_english, text, url  # noqa: F401 -- the fixture speaks English
from tests.grants.test_xlsforms import WHOLE, question, without_rows, workbook
from tests.grants.test_xlsforms import text as words

pytestmark = pytest.mark.django_db
FILLED: dict[str, dict[str, Any]] = {
    "need": {
        "need": "عطش", "people": "١٢٠", "cost": "1,250.50", "share": "12.5", "local": "yes", "start": "1/3/2027",
        "first": "water", "needs": ["water", "food"],
    },
    "more": {
        "well": "deep", "home-0-adults": "2", "home-2-adults": "3",
    },
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(make.draft_call, planned=False)
    shelf.keep(make.draft_application)


@pytest.fixture(scope="module")
def opened(standing: None) -> Call:
    """An open call that asks everything that can be asked."""
    call = make.draft_call()
    call_forms.replace_form(call, WHOLE, actor=make.programme_officer())
    call = call_selectors.with_form(Call.objects.filter(pk=call.pk)).get()
    make.approved(call)
    call.refresh_from_db()
    calls.publish(call, actor=make.programme_officer())
    calls.open_due(now=call.opens_at)
    return Call.objects.get(pk=call.pk)


def filled(call: Call) -> Application:
    application = make.draft_application(Call.objects.get(pk=call.pk))
    writer = make.preparer(application.organisation)
    for key, typed in {**make.answers(application), **FILLED}.items():
        applications.save_part(application, key, typed, version=0, tab="test", actor=writer)
    return Application.objects.get(pk=application.pk)


def test_from_a_workbook_over_the_answers_to_what_readers_see(opened: Call) -> None:
    call = Call.objects.get(pk=opened.pk)
    assert without_rows(plan_of(call)) == WHOLE.as_data()
    application = filled(call)
    assert parts.gaps(application) == []
    sent = applications.submit(application, actor=make.signatory(application.organisation))
    answers = content.content_of(sent)["answers"]
    assert answers["need"] == {
        "need": "عطش", "people": 120, "cost": 1250_50, "share": "12.5", "local": True, "start": "2027-03-01",
        "first": "water", "needs": ["water", "food"],
    }  # fmt: skip
    assert answers["more"] == {
        "well": "deep", "home": [{"adults": 2, "double": "4"}, {"adults": 3, "double": "6"}], "all": "10",
    }  # fmt: skip
    said = {str(one.label): str(one.answer) for one in review_content(sent).chapters[1].said}
    assert said["home 2: adults"] == "3"
    assert "all" not in said  # reckoned in silence: it has no label
    printed = call_data(call, "ar")["sections"][1]
    assert [(one["kind"], one["depth"]) for one in printed["questions"]][:4] == [("note", 0), ("group", 0), ("group", 1), ("short_text", 2)]  # fmt: skip
    assert "needs" in printed["questions"][1]["asked_if"]


def test_what_is_not_asked_is_neither_missing_nor_kept(opened: Call) -> None:
    application = filled(opened)
    writer = make.preparer(application.organisation)

    def save(key: str, **typed: Any) -> list[str]:
        saved, _reading = applications.save_part(
            application, key, {**FILLED[key], **typed}, version=99, tab="test", actor=writer
        )
        assert saved.version
        return [gap.anchor for gap in parts.gaps(application)]

    assert save("need", local="no", start="") == []  # the second page is no longer asked
    assert [state.part.key for state in parts.states_of(application)] == ["eligibility", "basics", "need", "budget"]
    assert save("need", start="") == ["id_q-start"]
    assert save("need", needs=["food"]) == []
    assert save("more", **{"home-2-adults": "many"}) == ["id_q-home-2-adults"]
    save("more")
    save("need", people="13", needs=["water"])
    (gap,) = parts.gaps(application)
    assert "Not 13" in str(gap.what)
    save("need", local="no", start="")
    sent = applications.submit(application, actor=make.signatory(application.organisation))
    assert "more" not in content.content_of(sent)["answers"]


def test_the_builder_knows_names_groups_and_where_they_stand() -> None:
    call, officer = make.draft_call(planned=False), make.programme_officer()
    call_forms.replace_form(call, WHOLE, actor=officer)
    rows = {one.key: one for one in Question.objects.filter(section__call=call)}
    add = {"kind": "short_text", "label": words("x")}
    inside = call_forms.add_question(rows["wet"].section, actor=officer, parent=rows["wet"], key="extra", **add)
    assert (inside.parent, inside.order) == (rows["wet"], 2)
    for wrong in (
        lambda: call_forms.add_question(rows["need"].section, actor=officer, parent=rows["wet"], **add),
        lambda: call_forms.add_question(rows["need"].section, actor=officer, key="well", **add),
        lambda: call_forms.change_question(rows["wet"], actor=officer, parent=rows["inner"].pk),
        lambda: call_forms.change_question(rows["wet"], actor=officer, kind="note"),
        lambda: call_forms.replace_form(call, WHOLE, actor=make.board_member()),
    ):
        with pytest.raises(Refused), transaction.atomic():
            wrong()
    call_forms.move_question(inside, actor=officer, up=True)
    call_forms.change_question(inside, actor=officer, parent=None, key="moved")
    inside.refresh_from_db()
    assert (inside.parent, inside.key) == (None, "moved")
    call_forms.remove_question(rows["wet"], actor=officer)
    assert not Question.objects.filter(section__call=call, key="well").exists()


def test_a_form_goes_in_and_out_through_its_pages(client: Client) -> None:
    call = make.draft_call(planned=False)
    as_person(client, make.programme_officer())

    def send(data: bytes) -> Any:
        return client.post(url("call_form_upload", call.pk), {"file": SimpleUploadedFile("form.xlsx", data)})

    bad = send(workbook([["text", "a", "A?", "${nobody} = 1"]]))
    assert bad.status_code == 422
    assert "${nobody} is not a question of this form." in text(bad)
    assert client.post(url("call_form_use", call.pk)).status_code == 302
    assert call.sections.count() > 1
    good = send(workbook([["text", "who", "Who?"], ["text", "why", "Why <b>?", "${who} != ''"]]))
    assert "Why &lt;b&gt;?" in text(good)
    assert client.post(url("call_form_use", call.pk)).status_code == 302
    assert list(Question.objects.filter(section__call=call).order_by("order").values_list("key", flat=True)) == [
        "who",
        "why",
    ]
    given = client.get(url("call_xlsform", call.pk))
    assert send(given.content).status_code == 200
    why = Question.objects.get(section__call=call, key="why")
    typed = {
        "label_ar": "لماذا",
        "label_en": "Why",
        "kind": "one_of",
        "choices": "water: ماء | Water\nطعام | Food",
        "key": "why",
    }
    wrong = text(client.post(url("question_edit", why.pk), {**typed, "relevant": "${who} >", "constraint": "${x} = 1"}))
    assert "breaks off" in wrong
    assert "${x} is not a question" in wrong
    assert client.post(url("question_edit", why.pk), {**typed, "relevant": "${who} = 'a'"}).status_code == 302
    why.refresh_from_db()
    assert [one["key"] for one in why.choices] == ["water", "c2"]
    assert "water: ماء | Water" in text(client.get(url("question_edit", why.pk)))
    group = {"label_ar": "مجموعة", "label_en": "Group", "kind": "repeat", "key": "group"}
    assert client.post(url("question_new", why.section_id), group).status_code == 302
    page = text(client.get(url("call_form", call.pk)))
    assert "Add a question in it" in page
    as_person(client, make.board_member())
    assert send(given.content).status_code == 403


def test_a_page_with_repeats_and_folds_works_without_scripts(client: Client, opened: Call) -> None:
    application = filled(opened)
    as_person(client, make.preparer(application.organisation))
    address = url("application_part", application.pk, "need")
    page = text(client.get(address))
    hidden = dict(re.findall(r'<input type="hidden" name="(version|tab)" value="([^"]*)"', page))
    typed = {f"q-{name}": said for name, said in FILLED["need"].items()}
    closed = text(client.post(address, {**typed, **hidden, "q-local": "no", "q-start": ""}, follow=True))
    assert "Budget" in closed  # the page "more" is not asked and left out of the way
    page = text(client.get(address))
    assert "not asked for, because of your answer to" in page
    folded = re.findall(r'name="folded" value="([^"]*)"', page)
    assert folded == ["start"]
    hidden = dict(re.findall(r'<input type="hidden" name="(version|tab)" value="([^"]*)"', page))
    further = client.post(address, {**typed, **hidden, "q-start": "", "folded": folded[0]})
    assert "opened further questions" in text(further)
    address = url("application_part", application.pk, "more")
    page = text(client.get(address))
    assert page.count("home: no. ") == 3
    hidden = dict(re.findall(r'<input type="hidden" name="(version|tab)" value="([^"]*)"', page))
    again = {f"q-{name}": said for name, said in FILLED["more"].items()} | {"more": "home"}
    page = text(client.post(address, {**again, **hidden}))
    assert page.count("home: no. ") == 4
    doubles = re.findall(r"<dt>double</dt><dd><bdi>([^<]*)", page)
    assert doubles == ["4", "–", "6", "–"]


def test_many_questions_come_back_out_of_a_call() -> None:
    kinds = ["short_text", "long_text", "whole_number", "decimal", "yes_no"]
    plan = FormPlan(
        [
            PagePlan(f"p{page}", words(f"P{page}"), {}, "", [question(f"q{page}_{n}", kinds[n % 5]) for n in range(50)])
            for page in range(4)
        ]
    )
    read = read_form(write_form(plan, title="ألف", reference="CFP"))
    call = make.draft_call(planned=False)
    call_forms.replace_form(call, read, actor=make.programme_officer())
    call = call_selectors.with_form(Call.objects.filter(pk=call.pk)).get()
    assert without_rows(plan_of(call)) == plan.as_data()


def test_the_form_is_read_once_for_all_who_write_in_it(opened: Call) -> None:
    first, second = (make.draft_application(Call.objects.get(pk=opened.pk)) for _turn in range(2))
    for application, known in ((first, False), (second, True)):
        writer = make.preparer(application.organisation)
        with CaptureQueriesContext(connection) as queries:
            applications.save_part(application, "need", FILLED["need"], version=0, tab="t", actor=writer)
        assert not (known and any("grants_question" in one["sql"] or "frozen_rules" in one["sql"] for one in queries))
    kept = {one.question.key: one.value for one in second.answers.select_related("question")}
    assert kept["people"] == 120
    applications.save_part(second, "need", {**FILLED["need"], "people": "13"}, version=1, tab="t", actor=make.preparer(second.organisation))  # fmt: skip
    assert "people" not in {one.question.key for one in second.answers.select_related("question")}
    assert frozen.remember(make.draft_call()).__dict__.get("_form") is None  # a draft may still change
