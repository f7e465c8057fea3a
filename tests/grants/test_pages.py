"""Pages of calls and applications as browsers get them: rights, bad input, sizes, lists."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import log, outbox
from audit.models import RecordedEvent
from grants import autosaving
from grants.fingerprints import call_sha256
from grants.models import Application, Call
from grants.selectors import parts
from grants.services import applications
from kernel.texts import search_key
from kernel.work import work_for
from tests.factories import accounts, shelf
from tests.factories import grants as make
from tests.factories.accounts import sign_in
from tests.factories.organisations import eligible_organisation
from tests.page_weights import FIRST_ROUND_TRIP, WHOLE_PAGE, weight

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(make.open_call)
    shelf.keep(make.draft_application)


def url(name: str, *args: Any) -> str:
    return reverse(f"grants:{name}", args=args)


@pytest.fixture(autouse=True)
def in_english(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def as_person(client: Client, person: User) -> Client:
    sign_in(client, person, second_factor=True)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def page_of(client: Client, application: Application, key: str) -> tuple[str, dict[str, str]]:
    """A page of the form and its hidden fields."""
    address = url("application_part", application.pk, key)
    body = text(client.get(address))
    return address, dict(re.findall(r'<input type="hidden" name="(version|tab)" value="([^"]*)"', body))


# Public ------------------------------------------------------------------------------------------------------------


def test_anyone_reads_a_published_call_with_every_question(client: Client) -> None:
    call = make.open_call()
    outbox.drain()
    body = text(client.get(url("call_detail", call.pk)))
    for section in call.sections.all():
        for question in section.questions.all():
            assert question.label.localize("en").replace("'", "&#x27;") in body
    assert "Damascus time" in body
    assert call.reference in text(client.get(url("call_list"))) or str(call.title) in text(client.get(url("call_list")))
    pdf = client.get(url("call_print", call.pk, "ku"))
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert client.get(url("call_print", call.pk, "fr")).status_code == 404


@pytest.mark.parametrize("language", ["ar", "ku"])
def test_public_pages_speak_every_language(client: Client, language: str) -> None:
    call = make.open_call()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for address in (url("call_list"), url("call_detail", call.pk), url("call_check", call.pk)):
        body = text(client.get(address))
        assert f'lang="{language}"' in body
        assert "May we apply" not in body


def test_a_draft_is_nobodys_business(client: Client) -> None:
    draft = make.draft_call()
    for name in ("call_detail", "call_check"):
        assert client.get(url(name, draft.pk)).status_code == 404
    as_person(client, accounts.user())
    assert client.get(url("call_detail", draft.pk)).status_code == 404
    assert client.get(url("call_manage", draft.pk)).status_code == 403
    assert client.get(url("pipeline")).status_code == 403


def test_the_self_check_ends_with_what_to_do(client: Client) -> None:
    call = make.open_call()
    address = url("call_check", call.pk)
    right = {f"q-{one.key}": "yes" if one.expected else "no" for one in call.eligibility_questions.all()}
    assert "Yes: you may apply" in text(client.get(address, {"check": "1", **right}))
    wrong = text(client.get(address, {"check": "1", **right, "q-double": "yes"}))
    assert "Not as it stands" in wrong
    assert call.eligibility_questions.get(key="double").explanation.localize("en") in wrong
    assert text(client.get(address, {"check": "1"})).count("Answer yes or no.") >= call.eligibility_questions.count()


# Applicants ---------------------------------------------------------------------------------------------------------


def test_from_the_call_to_the_receipt(client: Client) -> None:
    call, organisation = make.open_call(), eligible_organisation()
    as_person(client, make.signatory(organisation))
    assert "Begin an application" in text(client.get(url("call_detail", call.pk)))
    began = client.post(url("application_start", call.pk))
    application = Application.objects.get(organisation=organisation)
    assert began.headers["Location"] == url("application_detail", application.pk)
    for key, typed in make.answers(application).items():
        address, hidden = page_of(client, application, key)
        data: dict[str, Any] = dict(hidden)
        for number, line in enumerate(typed.get("lines", [])):
            data |= {f"q-{number}-{name}": value for name, value in line.items()}
        data |= {f"q-{name}": value for name, value in typed.items() if name != "lines"}
        assert client.post(address, data).status_code == 302, key
    review = text(client.get(url("application_submit", application.pk)))
    assert "still missing" not in review
    assert "Tick the box" in text(client.post(url("application_submit", application.pk)))
    sent = client.post(url("application_submit", application.pk), {"confirm": "on"}, follow=True)
    application.refresh_from_db()
    assert application.content_sha256 in text(sent)
    assert client.post(url("application_submit", application.pk), {"confirm": "on"}).status_code == 302
    assert client.get(url("application_part", application.pk, "need")).status_code == 403
    data_file = client.get(url("application_content", application.pk))
    assert application.reference.encode() in data_file.content
    assert client.get(url("application_receipt", application.pk)).status_code == 404
    outbox.drain()
    receipt = client.get(url("application_receipt", application.pk))
    assert b"".join(receipt.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert receipt.headers["Cache-Control"] == "private, no-store"
    assert "promised by" in text(client.get(url("application_detail", application.pk)))


def test_bad_input_is_kept_and_answered_beside_its_field(client: Client) -> None:
    application = make.draft_application()
    as_person(client, make.preparer(application.organisation))
    address, hidden = page_of(client, application, "basics")
    typed = {
        "q-title": "اسم\u202eمقلوب",
        "q-summary": "ن" * 1600,
        "q-people_reached": "ألف",
        "q-starts_on": "31/2/2027",
        "q-months": "7",
        "q-sector": "mining",
        "q-governorates": ["SY13"],
    }
    body = text(client.post(address, {**hidden, **typed}))
    assert "reverses letters" in body
    assert "the limit is 1500 characters" in body
    assert "Write the number in digits only" in body
    assert "is not a day of the calendar" in body
    assert "ألف" in body
    assert "31/2/2027" in body
    assert body.count('aria-invalid="true"') >= 4
    assert parts.last_save(application, "basics").answers["people_reached"] == "ألف"  # type: ignore[union-attr]
    again = text(client.get(address))
    assert "Write the number in digits only" in again
    assert "Needs attention" in text(client.get(url("application_detail", application.pk)))


def test_two_people_write_and_nothing_is_lost(client: Client) -> None:
    application = make.draft_application()
    as_person(client, make.preparer(application.organisation))
    address, first = page_of(client, application, "need")
    _address, second = page_of(client, application, "need")
    assert client.post(address, {**first, "q-need": "نص الأولى", "q-participation": "أ"}).status_code == 302
    conflict = client.post(address, {**second, "q-need": "نص الثانية", "q-participation": "أ"})
    assert conflict.status_code == 409
    body = text(conflict)
    assert "نص الأولى" in body
    assert "نص الثانية" in body
    hidden = dict(re.findall(r'<input type="hidden" name="(version|tab)" value="([^"]*)"', body))
    assert client.post(address, {**hidden, "q-need": "النصان معاً", "q-participation": "أ"}).status_code == 302
    body = text(client.post(address, {**hidden, "q-need": "النصان معاً", "q-participation": "ب"}, follow=True))
    assert "Saved" in body


def keep(client: Client, application: Application, key: str, hidden: dict[str, str], **typed: Any) -> Any:
    """What the script sends: changed fields, each over the version that the page saw."""
    version = int(hidden["version"])
    fields = {name: [value, version] for name, value in typed.items()}
    body = {"tab": hidden["tab"], "since": version, "fields": fields}
    address = url("application_autosave", application.pk, key)
    return client.post(address, json.dumps(body), content_type="application/json")


def test_two_pages_save_by_themselves_and_learn_what_the_other_wrote(client: Client) -> None:
    application = make.draft_application()
    as_person(client, make.preparer(application.organisation))
    _address, first = page_of(client, application, "need")
    _address, second = page_of(client, application, "need")
    assert keep(client, application, "need", first, need="نص الأولى").json() == {
        "version": 1,
        "others": {},
        "conflicts": [],
    }
    by = make.preparer(application.organisation).full_name
    heard = keep(client, application, "need", second, participation="نص الثانية")
    assert heard.json() == {"version": 2, "others": {"need": {"value": "نص الأولى", "by": by}}, "conflicts": []}
    assert keep(client, application, "need", first, need="نص الأولى، أطول").status_code == 200
    both = keep(client, application, "need", second, need="نص آخر", participation="نص الثانية، أطول")
    assert both.status_code == 409
    assert both.json()["conflicts"] == ["need"]
    assert parts.last_save(application, "need").answers == {  # type: ignore[union-attr]
        "need": "نص الأولى، أطول",
        "participation": "نص الثانية، أطول",
    }
    third = {**second, "version": str(both.json()["version"])}
    assert keep(client, application, "need", third, need="نص آخر").status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"tab": "a", "since": 0}', b'{"tab": "a", "since": -1, "fields": {}}', b'{"tab": "a", "since": true, "fields": {}}',
     b'{"tab": 1, "since": 0, "fields": {}}', b'{"tab": "a", "since": 0, "fields": {"need": ["x"]}}', b'{"tab": "a", "since": 0, "fields": {"need": [{"x": 1}, 0]}}',
     b'{"tab": "a", "since": 0, "fields": {"need": ["x", 99999999999]}}', b"[" * 100_000],
    ids=str,
)  # fmt: skip
def test_what_a_page_would_not_send_is_refused(body: bytes) -> None:
    assert autosaving.read(body) is None


def test_the_budget_is_written_line_by_line_in_arabic_digits(client: Client) -> None:
    application = make.draft_application()
    as_person(client, make.preparer(application.organisation))
    address, hidden = page_of(client, application, "budget")
    line = {
        "category": "B", "description": "أنابيب", "unit": "متر", "quantity": "١٠٠", "unit_cost_minor": "٧٥٫٥٠", "months": "1",
        "percent_charged": "100", "purpose": "safeguarding_and_learning", "remark": "",
    }  # fmt: skip
    body = text(client.post(address, {**hidden, **{f"q-0-{k}": v for k, v in line.items()}, "more": "1"}))
    assert "7,550.00" in body
    assert "8,305.00" in body  # with the indirect costs
    assert body.count('<fieldset class="form-row') == 6
    hidden = dict(re.findall(r'<input type="hidden" name="(version|tab)" value="([^"]*)"', body))
    wrong = {**line, "quantity": "-3", "category": "Z"}
    body = text(client.post(address, {**hidden, **{f"q-0-{k}": v for k, v in wrong.items()}, "q-x-quantity": "9"}))
    assert "without a minus sign" in body
    assert "Select a valid choice" in body


def test_strangers_get_404_and_preparers_the_reason(client: Client) -> None:
    application = make.complete_application()
    stranger = make.signatory(eligible_organisation())
    as_person(client, stranger)
    pages = [
        url("application_detail", application.pk), url("application_part", application.pk, "need"),
        url("application_submit", application.pk), url("application_withdraw", application.pk),
        url("application_receipt", application.pk), url("application_content", application.pk),
        url("application_feedback", application.pk),
    ]  # fmt: skip
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    assert client.post(url("application_autosave", application.pk, "need"), {"q-need": "x"}).status_code == 404
    as_person(client, make.preparer(application.organisation))
    refused = client.post(url("application_submit", application.pk), {"confirm": "on"})
    assert refused.status_code == 403
    assert "signatory" in text(refused)
    assert client.get(url("application_part", application.pk, "no-such")).status_code == 404


def test_nothing_is_saved_or_submitted_after_the_close(client: Client) -> None:
    application = make.complete_application()
    as_person(client, make.signatory(application.organisation))
    address, hidden = page_of(client, application, "need")
    make.closed_call(application.call)
    assert client.post(address, {**hidden, "q-need": "متأخر"}).status_code == 403
    for _click in range(2):
        assert client.post(url("application_submit", application.pk), {"confirm": "on"}).status_code == 403
    late = RecordedEvent.objects.filter(subject_id=application.pk, type="grants.application.came_late")
    assert late.count() == 1, "two clicks of one minute are one attempt"
    assert "not submitted" in text(client.get(url("application_detail", application.pk)))


def test_a_form_that_is_not_complete_links_to_what_is_missing(client: Client) -> None:
    application = make.draft_application()
    as_person(client, make.signatory(application.organisation))
    body = text(client.get(url("application_submit", application.pk)))
    assert f"{url('application_part', application.pk, 'need')}#id_q-need" in body
    assert "Submit</button>" not in body
    assert client.post(url("application_submit", application.pk), {"confirm": "on"}).status_code == 422


def test_every_page_of_an_applicant_fits_into_the_first_round_trip(client: Client) -> None:
    application = make.complete_application()
    as_person(client, make.preparer(application.organisation))
    keys = ("eligibility", "basics", "need", "work", "care", "after", "budget")
    pages = [url("application_part", application.pk, key) for key in keys]
    pages += [
        url(name, application.pk) for name in ("application_detail", "application_submit", "application_budget_upload")
    ]
    pages += [url("application_list"), url("call_detail", application.call_id), url("call_check", application.call_id)]
    for language in ("en", "ku"):  # in Arabic, tests.house.test_applicants_pages
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for page in pages:
            first, whole = weighed(client, page)
            assert first <= FIRST_ROUND_TRIP, (language, page, first)
            assert whole <= WHOLE_PAGE, (language, page, whole)


def weighed(client: Client, page: str) -> tuple[int, int]:
    """What goes over the line for a page: first its HTML with the styles, then with all that it names."""
    response = client.get(page)
    assert response.status_code == 200, page
    return weight(response.content)


def test_the_reasons_of_a_rejection_reach_the_organisation(client: Client) -> None:
    from grants.services import review

    _call, (application,) = make.screened_call(1)
    review.start_scoring(application, scorers=3)
    review.start_deliberation(application, panel_mean="48.10")
    review.record_decision(
        application,
        outcome="rejected",
        amount_minor=0,
        conditions=[],
        rank=None,
        feedback=make.feedback_draft(application),
    )
    as_person(client, make.preparer(application.organisation))
    body = text(client.get(url("application_feedback", application.pk)))
    for said in ("78.33", "4.00", "واضح ومقنع.", "خطة التعلّم قصيرة.", "Until"):
        assert said in body
    assert "Read the reasons" in text(client.get(url("application_detail", application.pk)))


def test_withdrawing_says_what_happens(client: Client) -> None:
    application = make.submitted_application()
    as_person(client, make.preparer(application.organisation))
    assert client.get(url("application_withdraw", application.pk)).status_code == 403
    as_person(client, make.signatory(application.organisation))
    assert client.post(url("application_withdraw", application.pk), {"reason": ""}).status_code == 302
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert "/withdraw/" not in text(client.get(url("application_detail", application.pk)))


# Officers -----------------------------------------------------------------------------------------------------------


def _submitted(number: int) -> Call:
    """``number`` submitted applications in one call: the first by hand, the others after its pattern."""
    first = make.submitted_application()
    organisation = first.organisation
    for count in range(1, number):
        _copy(first, organisation, count)
    return make.closed_call(first.call)


def _copy(first: Application, organisation: Any, count: int) -> None:
    """Another organisation's submitted application, by the same rows through the database's own guards."""
    from audit import lifecycle, vault
    from grants import events
    from organisations.events import OrganisationRegistered
    from organisations.models import Organisation
    from organisations.services.profile import name_key

    del organisation
    values = {
        field.name: getattr(first.organisation, field.name)
        for field in Organisation._meta.fields
        if field.name not in {"id", "leaf", "moved_at", "name_key", "name_ar", "state", "tier", "data_key"}
    }
    name = f"{first.organisation.name_ar} {count}"
    made = Organisation(**{**values, "name_ar": name, "name_key": name_key(name), "capacity_score": None})
    made.data_key = vault.key_for(made.pk)
    actor = accounts.user()
    lifecycle.create(made, OrganisationRegistered(name_ar=name, name_latin=made.name_latin), actor=actor)
    application = Application(
        call=first.call, organisation=made, reference=f"APP-T-{count}", created_by=actor, governorates=["SY02"],
        title=f"مشروع {count}", sector="wash", submitted_at=timezone.now(), submitted_by=actor, requested_minor=100,
    )  # fmt: skip
    application.leaf = log.append(
        application, events.ApplicationStarted(call=first.call_id, organisation=made.pk), actor=actor, to_state="draft"
    )
    application.moved_at = timezone.now()
    application.save(force_insert=True)
    leaf = log.append(
        application,
        events.ApplicationSubmitted(receipt=application.reference, content_sha256="0" * 64, requested_minor=100),
        actor=actor,
        from_state="draft",
        to_state="submitted",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grants_application SET state = 'submitted', content_sha256 = %s, leaf_id = %s WHERE id = %s",
            ["0" * 64, leaf.pk, application.pk],
        )


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def _csv(client: Client, **filters: str) -> str:
    answer = client.get(url("pipeline"), {"format": "csv", **filters})
    return answer.getvalue().decode("utf-8-sig")


def test_the_pipeline_costs_the_same_for_three_and_for_three_hundred(client: Client) -> None:
    _submitted(3)
    as_person(client, make.programme_officer())
    three = _queries(client, url("pipeline"))
    first = Application.objects.exclude(reference__startswith="APP-T").exclude(state="draft").get()
    for count in range(3, 300):
        _copy(first, None, count)
    assert _queries(client, url("pipeline")) == three
    body = text(client.get(url("pipeline")))
    assert "300 applications" in body
    csv = _csv(client).splitlines()
    assert len(csv) == 301
    assert "2 applications" not in text(client.get(url("pipeline"), {"text": "لا أحد بهذا الاسم"}))


def test_the_list_as_csv_is_what_was_filtered_and_no_formula(client: Client) -> None:
    application = make.complete_application()
    latest = parts.last_save(application, "basics")
    assert latest is not None
    typed = latest.answers | {"title": '=HYPERLINK("http://evil.example")'}
    applications.save_part(
        application, "basics", typed, version=latest.version, tab="x", actor=make.preparer(application.organisation)
    )
    applications.submit(application, actor=make.signatory(application.organisation))
    as_person(client, make.programme_officer())
    lines = _csv(client, sector="wash").splitlines()
    assert len(lines) == 2
    assert "'=HYPERLINK" in lines[1]
    assert len(_csv(client, state="rejected").splitlines()) == 1


def test_screening_side_by_side(client: Client) -> None:
    application = make.submitted_application()
    make.closed_call(application.call)
    as_person(client, make.programme_officer())
    address = url("application_screen", application.pk)
    body = text(client.get(address))
    assert "Checklist" in body
    assert application.title in body
    assert "Choose the result" in text(client.post(address, {"words": ""}))
    assert "exactly these words" in text(client.post(address, {"outcome": "return"}))
    assert client.post(address, {"outcome": "return", "words": "أكملوا المشاركة"}).status_code == 302
    application.refresh_from_db()
    assert application.state == "returned_for_completion"
    as_person(client, make.signatory(application.organisation))
    assert "أكملوا المشاركة" in text(client.get(url("application_detail", application.pk)))


def test_a_second_officer_judges(client: Client) -> None:
    application = make.submitted_application()
    make.closed_call(application.call)
    address = url("application_screen", application.pk)
    as_person(client, make.programme_officer())
    held = {f"c-{key}": "on" for key in make.all_holds(application) if key != "double"}
    assert client.post(address, {**held, "outcome": "ineligible", "words": "تمويل مزدوج"}).status_code == 302
    assert "you proposed it" in text(client.post(address, {"outcome": "confirm"}))
    as_person(client, make.second_officer())
    assert "تمويل مزدوج" in text(client.get(address))
    assert client.post(address, {"outcome": "confirm"}).status_code == 302
    as_person(client, make.preparer(application.organisation))
    assert "تمويل مزدوج" in text(client.get(url("application_feedback", application.pk)))


def test_a_call_from_draft_to_publication_through_its_pages(client: Client) -> None:
    from tests.factories.funds import confirmed_contribution

    source = confirmed_contribution(50 * make.THOUSAND)
    make.draft_call(planned=False)  # a charter is in force
    board = make.board_member()
    as_person(client, make.programme_officer())
    terms = make.call_terms()
    opens, closes = timezone.localtime(terms.opens_at), timezone.localtime(terms.closes_at)
    typed = {
        "title_ar": "دعوة", "title_en": "Call", "summary_ar": "ملخص", "summary_en": "Summary", "text_ar": "نص", "text_en": "Text",
        "grant_type": "project", "sectors": ["wash"], "governorates": ["SY02"], "envelope_minor": "٥٠٬٠٠٠",
        "floor_minor": "5000", "ceiling_minor": "15,000", "months_allowed": "٦، ١٢",
        "opens_on": f"{opens:%d/%m/%Y}", "opens_hour": "09:00", "closes_on": closes.date().isoformat(), "closes_hour": "16:00",
    }  # fmt: skip
    bad = text(client.post(url("call_new"), {**typed, "ceiling_minor": "4000", "months_allowed": "six"}))
    assert "at least the smallest one" in bad
    assert "whole months" in bad
    assert client.post(url("call_new"), typed).status_code == 302
    call = Call.objects.latest("created_at")
    assert call.months_allowed == [6, 12]
    assert "Both must be the same" in text(client.get(url("call_manage", call.pk)))
    assert "needs exactly" in text(client.post(url("call_sources", call.pk), {f"c-{source.pk}": "100"}))
    assert client.post(url("call_sources", call.pk), {f"c-{source.pk}": "50,000.00"}).status_code == 302
    assert "must sum to 100" in text(
        client.post(url("call_weights", call.pk), {one.key: "1" for one in call.criteria.all()})
    )
    section = call.sections.first()
    assert section is not None
    question = {"label_ar": "سؤال", "label_en": "Question", "kind": "one_of", "choices": "أ | A"}
    assert "two choices" in text(client.post(url("question_new", section.pk), question))
    question["choices"] = "أ | A | A\nب | B | B"
    assert client.post(url("question_new", section.pk), question).status_code == 302
    added = section.questions.last()
    assert added is not None
    assert client.post(url("question_move", added.pk), {"up": "1"}).status_code == 302
    assert client.post(url("question_remove", added.pk)).status_code == 302
    for name, pk in (("section_edit", section.pk), ("question_edit", section.questions.first().pk)):  # type: ignore[union-attr]
        assert client.get(url(name, pk)).status_code == 200
    assert client.get(url("call_form", call.pk)).status_code == 200
    assert client.post(url("call_ask_board", call.pk)).status_code == 302
    assert board.notices.filter(kind="grants.call_to_approve").exists()
    as_person(client, board)
    assert (
        client.post(url("call_approve", call.pk), {"reason": "", "content_sha256": call_sha256(call)}).status_code
        == 302
    )
    as_person(client, make.programme_officer())
    assert client.get(url("call_terms", call.pk)).status_code == 403
    assert client.post(url("call_publish", call.pk), {"reason": ""}).status_code == 302
    call.refresh_from_db()
    assert call.state == "published"
    assert "Publish" not in text(client.get(url("call_manage", call.pk)))


def test_the_fund_manager_extends_and_the_board_cancels(client: Client) -> None:
    call = make.open_call()
    as_person(client, make.second_officer())
    later = (timezone.localdate(call.closes_at) + timedelta(days=3)).isoformat()
    extend = url("call_extend", call.pk)
    assert client.post(extend, {"closes_on": later, "closes_hour": "16:00", "reason": ""}).status_code == 422
    assert client.post(extend, {"closes_on": later, "closes_hour": "16:00", "reason": "عطل"}).status_code == 302
    assert client.get(url("call_cancel", call.pk)).status_code == 403
    as_person(client, make.board_member())
    assert client.post(url("call_cancel", call.pk), {"reason": "لا مال"}).status_code == 302


def test_work_waits_where_it_belongs() -> None:
    application = make.submitted_application()
    draft = make.draft_application(application.call)
    waiting = make.draft_call()
    assert [item.detail for item in work_for(make.preparer(draft.organisation)) if item.url.startswith("/grants")] == [
        draft.reference
    ]
    make.closed_call(application.call)
    officer = User.objects.get(pk=make.programme_officer().pk)
    kinds = {str(item.kind) for item in work_for(officer)}
    assert {"Applications to screen", "Calls to screen and hand over"} <= kinds
    board = [item.url for item in work_for(User.objects.get(pk=make.board_member().pk))]
    assert url("call_approve", waiting.pk) in board


def test_the_readers_of_an_application_see_no_record(client: Client) -> None:
    from grants.services import access

    application, reader = make.submitted_application(), accounts.user()
    access.give_review_access(
        reader, application, expires_at=timezone.now() + timedelta(days=1), actor=make.programme_officer()
    )
    as_person(client, reader)
    body = text(client.get(url("application_detail", application.pk)))
    assert application.title in body
    assert "Record" not in body


def test_a_title_is_found_however_its_letters_are_written(client: Client) -> None:
    application = make.complete_application()
    latest = parts.last_save(application, "basics")
    assert latest is not None
    answers = latest.answers | {"title": "مياه نظيفة للحيّ ٢٠٢٦ Cafe\u0301"}
    writer = make.preparer(application.organisation)
    applications.save_part(application, "basics", answers, version=latest.version, tab="x", actor=writer)
    sent = applications.submit(application, actor=make.signatory(application.organisation))
    as_person(client, make.programme_officer())
    for typed in ("مياة", "ميـــاه", "مِياه نَظيفة للحي", "نظيفه", "٢٠٢٦", "2026", "café"):
        assert sent.reference in text(client.get(url("pipeline"), {"text": typed})), typed
        assert sent.reference not in text(client.get(url("pipeline"), {"text": f"{typed} آخر"})), typed
    key = Application.objects.values_list("title_key", flat=True).get(pk=sent.pk)
    assert key == search_key(answers["title"])
