"""Letters about decisions: to every applicant, in the applicant's language, word for word from the record."""

import hashlib
from datetime import date
from typing import Any

import pytest
import rfc8785
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit import papers
from grants.events import LetterSent
from grants.models import Application, Letter
from grants.selectors import letters
from grants.services import review, screening
from notices import registry
from notices.models import Notice
from tests.factories import accounts, shelf
from tests.factories import grants as make
from tests.factories.accounts import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(make.submitted_application, requested=20 * make.THOUSAND)
    shelf.keep(make.open_call)


def before_the_committee(number: int) -> list[Application]:
    """Applications of one call of which the scores are in."""
    _call, sent = make.screened_call(number)
    for one in sent:
        review.start_scoring(one, scorers=3)
    return [review.start_deliberation(one, panel_mean="78.33") for one in sent]


def decide(application: Application, outcome: str, **how: Any) -> Letter:
    fields: dict[str, Any] = {"amount_minor": 0, "conditions": [], "rank": None, **how}
    draft = make.feedback_draft(application)
    review.record_decision(application, outcome=outcome, feedback=draft, **fields)
    return letters.letters_of(application)[0]


def test_a_letter_for_every_decision() -> None:
    approved, waiting, rejected, deferred = before_the_committee(4)
    asked = approved.requested_minor
    said = {
        "approved_with_conditions": decide(
            approved, "approved_with_conditions", amount_minor=asked, conditions=["سياسة حماية موقّعة"]
        ),
        "waitlisted": decide(waiting, "waitlisted", rank=2),
        "rejected": decide(rejected, "rejected"),
        "deferred": decide(deferred, "deferred"),
    }
    content = {outcome: letter.content for outcome, letter in said.items()}

    assert {letter.language for letter in said.values()} == {"ar"}
    assert content["approved_with_conditions"]["conditions"] == ["سياسة حماية موقّعة (قبل توقيع الاتفاقية)"]
    assert "19,999.99" in content["approved_with_conditions"]["opening"]
    assert "2" in content["waitlisted"]["opening"]
    for outcome in ("approved_with_conditions", "waitlisted", "rejected"):
        reasons = content[outcome]["reasons"]
        assert [row["mean"] for row in reasons["criteria"]] == ["4.00 / 5"] * 7
        assert reasons["criteria"][0]["comments"] == ["واضح ومقنع."]
        assert "78.33" in reasons["mean"]
        assert reasons["advice"] == "اذكروا كيف ستقيسون النتيجة."
    assert content["deferred"]["reasons"] is None
    assert {one for one, text in content.items() if text["appeal"]} == {"waitlisted", "rejected"}
    assert rejected.feedback.get().appeal_until > date(2020, 1, 1)
    assert reverse("grants:application_feedback", args=[rejected.pk]) in content["rejected"]["appeal"]["address"]
    for letter in said.values():
        assert hashlib.sha256(rfc8785.dumps(letter.content)).hexdigest() == letter.content_sha256
        event = LetterSent.type
        assert papers.printed(letter, event) is not None


def test_screening_writes_one_too_in_the_language_of_the_submitter() -> None:
    application = make.submitted_application()
    person = make.signatory(application.organisation)
    type(person).objects.filter(pk=person.pk).update(language="en")
    make.closed_call(application.call)
    application = Application.objects.get(pk=application.pk)
    checklist = {**make.all_holds(application), next(iter(make.all_holds(application))): False}
    screening.propose_ineligible(
        application, checklist=checklist, actor=make.programme_officer(), reason="Registered after the call's day."
    )
    assert not application.letters.exists()
    screening.confirm_ineligible(application, actor=make.second_officer())

    letter = application.letters.get()
    assert (letter.outcome, letter.language) == ("ineligible", "en")
    assert letter.content["opening"].startswith("Two officers of the fund")
    assert letter.content["reasons"]["weaknesses"] == "Registered after the call's day."
    assert letter.content["words"]["weaknesses"] == "Reasons"
    assert "no ground" in letter.content["appeal"]["text"]


def test_the_paper_is_the_same_each_time_and_only_for_those_concerned(client: Client) -> None:
    (application,) = before_the_committee(1)
    letter = decide(application, "rejected")
    address = reverse("grants:letter", args=[letter.pk])

    sign_in(client, make.signatory(application.organisation))
    first = client.get(address)
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == f'attachment; filename="{letter.reference}.pdf"'
    assert "no-store" in first["Cache-Control"]
    assert client.get(address).content == first.content
    assert first.content.startswith(b"%PDF-")
    page = client.get(reverse("grants:application_feedback", args=[application.pk])).content.decode()
    assert address in page
    assert reverse("committees:appeal_form", args=[application.pk]) in page

    sign_in(client, make.preparer(application.organisation))
    page = client.get(reverse("grants:application_feedback", args=[application.pk])).content.decode()
    assert reverse("committees:appeal_form", args=[application.pk]) not in page
    sign_in(client, make.programme_officer())
    assert address in client.get(reverse("grants:application_detail", args=[application.pk])).content.decode()
    sign_in(client, accounts.user())
    assert client.get(address).status_code == 404


def test_the_message_says_means_and_the_day_of_an_appeal() -> None:
    (application,) = before_the_committee(1)
    decide(application, "rejected")
    told = Notice.objects.get(user=make.signatory(application.organisation), kind="grants.decision")
    said = registry.word(told.kind, told.params)
    assert said.subject.endswith("rejected")
    assert "4.00 / 5" in said.body
    assert "You may appeal until" in said.body


def test_moving_up_from_the_waiting_list_writes_again() -> None:
    (application,) = before_the_committee(1)
    decide(application, "waitlisted", rank=1)
    review.move_up(application, amount_minor=application.requested_minor, conditions=[])
    assert [one.outcome for one in letters.letters_of(application)] == ["approved", "waitlisted"]
    assert letters.letters_of(application)[0].content["reasons"]["strengths"] == "مشاركة حقيقية للناس."


def test_a_letter_never_changes() -> None:
    (application,) = before_the_committee(1)
    letter = decide(application, "deferred")
    for sql in ("UPDATE grants_letter SET outcome = 'approved'", "DELETE FROM grants_letter"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Letter.objects.get().outcome == letter.outcome
