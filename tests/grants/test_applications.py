import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from audit import outbox
from audit.models import RecordedEvent
from grants import deadline
from grants.models import Application, SectionSave
from grants.selectors import applications as selectors
from grants.selectors import calls as call_selectors
from grants.selectors import content, parts
from grants.selectors.budget import budget_of, findings_of
from grants.selectors.reading import Reading
from grants.services import access, applications, in_time, review, screening
from grants.states import ApplicationState
from kernel.database import played_time
from kernel.permissions import Refused
from organisations import services as organisation_services
from tests.factories import accounts, shelf
from tests.factories import grants as make
from tests.factories.organisations import eligible_organisation, registered_organisation

pytestmark = pytest.mark.django_db
S = ApplicationState


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(make.submitted_application)
    shelf.keep(make.draft_application)
    shelf.keep(make.complete_application)


def save(
    application: Application, key: str, typed: dict[str, Any], *, version: int = 0, tab: str = "a"
) -> tuple[SectionSave, Reading]:
    return applications.save_part(
        application, key, typed, version=version, tab=tab, actor=make.preparer(application.organisation)
    )


# Starting ---------------------------------------------------------------------------------------------------------


def test_people_of_an_eligible_organisation_start_one_draft() -> None:
    call, organisation = make.open_call(), eligible_organisation()
    first = applications.start(call, organisation, actor=make.preparer(organisation))
    assert applications.start(call, organisation, actor=make.signatory(organisation)) == first
    with pytest.raises(Refused):
        applications.start(call, organisation, actor=accounts.user())
    new = registered_organisation()
    with pytest.raises(Refused, match="not eligible yet"):
        applications.start(call, new, actor=make.signatory(new))


def test_a_call_that_is_not_open_takes_nothing() -> None:
    organisation = eligible_organisation()
    for call in (make.published_call(), make.closed_call()):
        with pytest.raises(Refused, match="not open"):
            applications.start(call, organisation, actor=make.preparer(organisation))


def test_the_ceiling_is_the_lowest_of_call_tier_and_last_years_spending() -> None:
    call = make.open_call()
    medium = eligible_organisation()
    assert call_selectors.ceiling_minor(call, medium) == 60 * make.THOUSAND
    entry = eligible_organisation("E")
    assert call_selectors.ceiling_minor(call, entry, 12) == 15 * make.THOUSAND
    assert call_selectors.ceiling_minor(call, entry, 18) == 30 * make.THOUSAND
    poor = eligible_organisation("H", last_year_expenditure_minor=12 * make.THOUSAND)
    assert call_selectors.ceiling_minor(call, poor, 12) == 12 * make.THOUSAND


# Writing ----------------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_kept_beside_what_can() -> None:
    application = make.draft_application()
    typed = make.answers(application)[parts.BASICS] | {"people_reached": "كثير", "months": "7"}
    saved, reading = save(application, parts.BASICS, typed)
    assert saved.answers["people_reached"] == "كثير"
    assert set(reading.errors) == {"people_reached", "months"}
    application.refresh_from_db()
    assert application.title == typed["title"]
    assert application.people_reached is None
    assert not saved.complete


def test_typed_answers_are_stored_by_their_kind() -> None:
    from grants.services import call_forms, calls

    call, officer = make.draft_call(), make.programme_officer()
    section = call.sections.first()
    kinds = [
        ("whole_number", {"minimum": 1}, "١٢", 12),
        ("amount", {}, "١٬٢٣٤٫٥٠", 123450),
        ("day", {}, "٥/٣/٢٠٢٧", "2027-03-05"),
        ("yes_no", {}, "no", False),
        ("one_of", {"choices": [{"key": "a", "label": {"en": "A"}}, {"key": "b", "label": {"en": "B"}}]}, "b", "b"),
        (
            "many_of",
            {"choices": [{"key": "a", "label": {"en": "A"}}, {"key": "b", "label": {"en": "B"}}]},
            ["a"],
            ["a"],
        ),
        ("short_text", {"max_length": 10, "required": False}, "  نص  ", "نص"),
    ]
    asked = [
        call_forms.add_question(section, actor=officer, kind=kind, label=make.words(kind, kind), **more)
        for kind, more, _typed, _stored in kinds
    ]
    make.approved(call)
    call = calls.publish(call, actor=officer)
    calls.open_due(now=call.opens_at)
    call.refresh_from_db()
    application = make.draft_application(call)
    typed = {q.key: "جواب" for q in section.questions.all()} | {
        question.key: row[2] for question, row in zip(asked, kinds, strict=True)
    }
    _saved, reading = save(application, section.key, typed)
    assert reading.complete, (reading.errors, reading.missing)
    stored = {answer.question_id: answer.value for answer in application.answers.all()}
    assert [stored[question.pk] for question in asked] == [row[3] for row in kinds]


def test_another_tab_is_not_overwritten_and_the_own_tab_never_conflicts() -> None:
    application = make.draft_application()
    save(application, "need", {"need": "نص أول"}, version=0, tab="one")
    with pytest.raises(applications.Outdated) as outdated:
        save(application, "need", {"need": "نص آخر"}, version=0, tab="two")
    assert outdated.value.current.answers["need"] == "نص أول"
    save(application, "need", {"need": "نص أول أطول"}, version=0, tab="one")
    saved, _ = save(application, "need", {"need": "نص متفق عليه"}, version=2, tab="two")
    assert saved.version == 3
    again, _ = save(application, "need", {"need": "نص متفق عليه"}, version=3, tab="three")
    assert again == saved
    assert [row.answers["need"] for row in application.saves.order_by("version")] == [
        "نص أول",
        "نص أول أطول",
        "نص متفق عليه",
    ]


def test_only_what_the_page_asks_is_kept() -> None:
    application = make.draft_application()
    saved, _ = save(application, "need", {"need": "نص\x00", "state": "approved", "requested_minor": "1"})
    assert saved.answers == {"need": "نص", "participation": ""}
    with pytest.raises(LookupError):
        save(application, "no-such-page", {})
    with pytest.raises(Refused, match="cannot be kept"):
        save(application, "need", {"need": "ن" * 70_000})
    over, reading = save(application, "need", {"need": "ن" * 5_000})
    assert len(over.answers["need"]) == 5_000
    assert "limit is 2000" in reading.errors["need"][0]
    assert not application.answers.filter(question__key="need").exists()


def test_a_wrong_eligibility_answer_says_what_to_do() -> None:
    application = make.draft_application()
    typed = make.answers(application)[parts.ELIGIBILITY] | {"double": "yes"}
    _saved, reading = save(application, parts.ELIGIBILITY, typed)
    assert [str(text) for text in reading.blocking] == [
        str(application.call.eligibility_questions.get(key="double").explanation)
    ]


# Budget -----------------------------------------------------------------------------------------------------------


def test_the_budget_adds_itself_up_with_the_indirect_costs() -> None:
    application = make.draft_application()
    save(application, parts.BASICS, make.answers(application)[parts.BASICS])
    lines = [
        make._line("A", "منسّقة", 0)
        | {"quantity": "٢", "unit_cost_minor": "٥٠٠", "months": "6", "percent_charged": "50"},
        make._line("B", "أنابيب", 0)
        | {"quantity": "10", "unit_cost_minor": "1,250.55", "purpose": "safeguarding_and_learning"},
        make._line("", "", 0) | {"unit": "", "quantity": "", "unit_cost_minor": "", "description": ""},
    ]
    saved, reading = save(application, parts.BUDGET, {"lines": lines})
    assert len(saved.answers["lines"]) == 2
    application.refresh_from_db()
    budget = budget_of(application)
    assert [group.category for group in budget.groups] == ["A", "B"]
    assert budget.direct_minor == 300_000 + 1_250_550
    assert budget.indirect_minor == 155_055
    assert application.requested_minor == budget.total_minor == 1_705_605
    assert reading.complete


def test_the_charter_looks_at_the_budget() -> None:
    application = make.draft_application()
    lines = [make._line("A", "رواتب", 6_000_000), make._line("C", "سيارة", 4_000_000)]
    _saved, reading = save(application, parts.BUDGET, {"lines": lines})
    said = " ".join(str(text) for text in reading.blocking)
    assert "most that you may ask for here" in said
    assert "20 %" in said
    assert not reading.complete
    remarks = findings_of(application, reading.lines)
    assert [remark.blocking for remark in remarks].count(False) == 1  # the share for safeguarding is advice


def test_a_line_that_cannot_be_read_says_what_is_wrong() -> None:
    application = make.draft_application()
    _saved, reading = save(
        application, parts.BUDGET, {"lines": [make._line("A", "x", 100) | {"quantity": "1e3", "unit": ""}]}
    )
    assert "1000, not 1e3" in reading.errors["0-quantity"][0]
    assert "0-unit" in reading.errors


# Submitting -------------------------------------------------------------------------------------------------------


def test_a_signatory_submits_once_and_gets_one_receipt() -> None:
    application = make.complete_application()
    organisation = application.organisation
    with pytest.raises(Refused, match="signatory"):
        applications.submit(application, actor=make.preparer(organisation))
    sent = applications.submit(application, actor=make.signatory(organisation))
    again = applications.submit(application, actor=make.signatory(organisation))
    assert sent.state == S.SUBMITTED
    assert (again.reference, again.submitted_at, again.leaf_id) == (sent.reference, sent.submitted_at, sent.leaf_id)
    assert RecordedEvent.objects.filter(subject_id=sent.pk, type="grants.application.submitted").count() == 1
    assert sent.content_sha256 == hashlib.sha256(content.content_bytes(sent)).hexdigest()
    told = json.loads(content.content_bytes(sent))
    assert told["requested_minor"] == sent.requested_minor
    assert told["budget"][0]["unit_cost_minor"] > 0
    outbox.drain()
    sent.refresh_from_db()
    with sent.receipt.open() as receipt:
        assert receipt.read(5) == b"%PDF-"
    assert make.preparer(organisation).notices.filter(kind="grants.application_submitted").count() == 1


def test_an_incomplete_application_says_what_is_missing_and_where() -> None:
    application = make.complete_application()
    latest = parts.last_save(application, "need")
    save(application, "need", {"need": "نص", "participation": ""}, version=latest.version)
    with pytest.raises(applications.Incomplete) as incomplete:
        applications.submit(application, actor=make.signatory(application.organisation))
    (gap,) = incomplete.value.gaps
    assert (gap.part.key, gap.anchor) == ("need", "id_q-participation")
    application.refresh_from_db()
    assert application.state == S.DRAFT


def test_the_deadline_is_the_databases_with_a_grace_for_requests_that_began_in_time() -> None:
    now = timezone.now()
    assert deadline.in_time(now, now=now - timedelta(seconds=1))
    assert not deadline.in_time(now, now=now)
    assert deadline.in_time(now, now=now + timedelta(seconds=119), begun_at=now - timedelta(seconds=1))
    assert not deadline.in_time(now, now=now + timedelta(seconds=120), begun_at=now - timedelta(seconds=1))
    assert not deadline.in_time(now, now=now + timedelta(seconds=5), begun_at=now)


def test_nothing_arrives_after_the_close() -> None:
    application = make.complete_application()
    make.closed_call(application.call)
    application = Application.objects.get(pk=application.pk)
    with pytest.raises(Refused, match="call has closed"):
        applications.submit(application, actor=make.signatory(application.organisation))
    with pytest.raises(Refused, match="call has closed"):
        save(application, "need", {"need": "متأخر"})


def test_a_suspended_organisation_does_not_submit() -> None:
    application = make.complete_application()
    organisation_services.suspend(application.organisation, actor=make.second_officer(), reason="تحقيق")
    with pytest.raises(Refused, match="suspended"):
        applications.submit(application, actor=make.signatory(application.organisation))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grants_application SET title = 'x'",
        "UPDATE grants_application SET requested_minor = requested_minor + 1",
        "DELETE FROM grants_answer",
        "UPDATE grants_budgetline SET quantity = 99",
        "DELETE FROM grants_eligibilityanswer",
    ],
)
def test_postgresql_keeps_what_was_submitted(statement: str) -> None:
    make.submitted_application()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_page_is_not_kept_after_the_close_although_the_call_still_stands_open() -> None:
    application = make.draft_application()
    late = application.call.closes_at + deadline.GRACE + timedelta(seconds=1)
    with time_machine.travel(late), played_time():
        with pytest.raises(Refused):
            save(application, parts.BASICS, {"title": "متأخر"})
        with pytest.raises(in_time.TooLate):
            in_time.require_in_time(application)
    assert not SectionSave.objects.filter(application=application).exists()


def test_a_signatory_withdraws_before_the_decision() -> None:
    application = make.submitted_application()
    with pytest.raises(Refused):
        applications.withdraw(application, actor=make.preparer(application.organisation))
    gone = applications.withdraw(application, actor=make.signatory(application.organisation), reason="شريك آخر")
    assert gone.state == S.WITHDRAWN
    again = make.draft_application(application.call, application.organisation)
    assert again.pk != application.pk


# Screening --------------------------------------------------------------------------------------------------------


def test_screening_waits_for_the_close() -> None:
    application = make.submitted_application()
    with pytest.raises(Refused, match="when the call has closed"):
        screening.find_eligible(application, checklist=make.all_holds(application), actor=make.programme_officer())
    assert make.eligible_application().state == S.ELIGIBLE


def returned_application() -> Application:
    application = make.submitted_application()
    make.closed_call(application.call)
    return screening.return_for_completion(
        application, items=["الجواب عن المشاركة", " "], actor=make.programme_officer()
    )


def test_an_application_is_returned_once_completed_and_looked_at_again() -> None:
    application = returned_application()
    assert application.missing_items == ["الجواب عن المشاركة"]
    latest = parts.last_save(application, "need")
    typed = latest.answers | {"participation": "اجتمعنا مع لجنة الحي مرتين."}
    save(application, "need", typed, version=latest.version)
    before = application.content_sha256
    back = applications.submit(application, actor=make.signatory(application.organisation))
    assert back.state == S.SUBMITTED
    assert back.content_sha256 != before
    with pytest.raises(Refused, match="once only"):
        screening.return_for_completion(back, items=["شيء آخر"], actor=make.programme_officer())


def test_a_returned_application_lapses_by_the_clock() -> None:
    application = returned_application()
    assert applications.lapse_due() == 0
    assert applications.lapse_due(now=application.step_due + timedelta(hours=1)) == 1
    application.refresh_from_db()
    assert application.state == S.LAPSED


def test_ineligibility_needs_two_officers_and_ends_with_reasons() -> None:
    application = make.submitted_application()
    make.closed_call(application.call)
    first, second = make.programme_officer(), make.second_officer()
    holds = make.all_holds(application)
    with pytest.raises(Refused, match="Mark the point"):
        screening.propose_ineligible(application, checklist=holds, actor=first, reason="لا")
    broken = holds | {"double": False}
    with pytest.raises(Refused, match="Say why"):
        screening.propose_ineligible(application, checklist=broken, actor=first, reason=" ")
    with pytest.raises(Refused, match="Every point"):
        screening.find_eligible(application, checklist=broken, actor=first)
    proposed = screening.propose_ineligible(application, checklist=broken, actor=first, reason="ممول من جهة أخرى")
    with pytest.raises(Refused, match="second officer"):
        screening.confirm_ineligible(proposed, actor=first)
    out = screening.confirm_ineligible(proposed, actor=second)
    assert out.state == S.INELIGIBLE
    assert out.feedback.get().weaknesses == "ممول من جهة أخرى"
    assert out.feedback.get().appeal_until > timezone.localdate()


def test_the_second_officer_may_overturn() -> None:
    application = make.submitted_application()
    make.closed_call(application.call)
    broken = make.all_holds(application) | {"double": False}
    proposed = screening.propose_ineligible(
        application, checklist=broken, actor=make.programme_officer(), reason="ممول من جهة أخرى"
    )
    back = screening.overturn_ineligible(proposed, actor=make.second_officer(), reason="التكاليف مختلفة")
    assert back.state == S.ELIGIBLE


# Review -----------------------------------------------------------------------------------------------------------


def test_the_committees_decision_is_carried_out_with_its_reasons() -> None:
    call, (first, second, third) = make.screened_call(3)
    for application in (first, second, third):
        review.start_scoring(application, scorers=3)
        review.start_deliberation(application, panel_mean="70.00")
    approved = review.record_decision(
        first, outcome=S.APPROVED, amount_minor=first.requested_minor, conditions=[], rank=None,
        feedback=make.feedback_draft(first),
    )  # fmt: skip
    assert approved.state == S.APPROVED
    assert approved.feedback.get().criteria[0]["mean"] == "4.00"
    with pytest.raises(Refused, match="at most what"):
        review.record_decision(
            second, outcome=S.APPROVED, amount_minor=second.requested_minor + 1, conditions=[], rank=None,
            feedback=make.feedback_draft(second),
        )  # fmt: skip
    listed = review.record_decision(
        second, outcome=S.WAITLISTED, amount_minor=0, conditions=[], rank=1, feedback=make.feedback_draft(second)
    )
    assert listed.waiting_rank == 1
    assert listed.waiting_until > timezone.localdate() + timedelta(days=150)
    with pytest.raises(Refused, match="no decision yet"):
        review.mark_decided(call)
    put_off = review.record_decision(
        third, outcome=S.DEFERRED, amount_minor=0, conditions=[], rank=None, feedback=make.feedback_draft(third)
    )
    assert not put_off.feedback.exists()
    review.start_deliberation(put_off, panel_mean="70.00")
    with pytest.raises(Refused, match="deferred before"):
        review.record_decision(
            put_off, outcome=S.DEFERRED, amount_minor=0, conditions=[], rank=None, feedback=make.feedback_draft(third)
        )
    review.record_decision(
        put_off, outcome=S.REJECTED, amount_minor=0, conditions=[], rank=None, feedback=make.feedback_draft(third)
    )
    assert review.mark_decided(call).state == "decided"


def test_who_sees_an_application() -> None:
    application = make.submitted_application()
    draft = make.draft_application(application.call)
    reader, officer = accounts.user(), make.programme_officer()
    assert list(selectors.visible_to(make.preparer(draft.organisation))) == [draft]
    assert list(selectors.visible_to(officer)) == [application]
    assert not selectors.visible_to(reader).exists()
    until = timezone.now() + timedelta(days=1)
    access.give_review_access(reader, application, expires_at=until, actor=officer)
    assert list(selectors.visible_to(reader)) == [application]
    access.give_review_access(reader, application, expires_at=timezone.now(), actor=None)
    assert not selectors.visible_to(reader).exists()
    access.give_review_access(reader, application, expires_at=until, actor=officer)
    assert access.remove_review_access(reader, application, actor=None)
    assert not selectors.visible_to(reader).exists()
    with pytest.raises(Refused):
        access.give_review_access(reader, application, expires_at=until, actor=reader)
