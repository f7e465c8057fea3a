"""A file of a submitted application is destroyed by two people: name and bytes go, hash and receipts stay."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Role
from audit import fsck, outbox
from audit.models import Leaf
from grants.models import Application, Attachment, FileErasure, Upload
from grants.selectors import content, review_content
from grants.services import applications, attachments, erasures, review
from grants.states import Stage
from grants.xlsforms.plan import FormPlan, PagePlan
from kernel import identity
from kernel.permissions import Refused
from notices.models import Notice
from tests.committees.test_concepts import two_stage_terms
from tests.factories import accounts, files
from tests.factories import grants as make
from tests.factories.forms import asked_for
from tests.grants.test_attachments import FORM, sent
from tests.grants.test_pages import as_person, text
from tests.grants.test_xlsforms import question
from tests.grants.test_xlsforms import text as words

pytestmark = pytest.mark.django_db
WHY = "صورة هوية وصلت خطأً"
NAME = "هوية أحمد.pdf"


@pytest.fixture
def submitted(client: Client) -> Application:
    """An application with a file on its page, and one in what is asked several times, submitted."""
    application = make.draft_application(asked_for(FORM))
    writer = make.preparer(application.organisation)
    as_person(client, writer)
    plan = sent(client, application, files.PDF, name=NAME)
    photo = sent(client, application, files.JPEG, field="site-0-photo", name="أحمد.jpg")
    pages = {
        **make.answers(application),
        "papers": {"plan": str(plan.pk), "site-0-place": "منبج", "site-0-photo": str(photo.pk), "site-0-note": "بعيد"},
    }
    for key, typed in pages.items():
        applications.save_part(application, key, typed, version=0, tab="t", actor=writer)
    translation.activate("en")  # the phone read Arabic last
    return applications.submit(application, actor=make.signatory(application.organisation))


def file_of(application: Application, key: str = "plan") -> Attachment:
    return Attachment.objects.get(application=application, question__key=key)


def reading(person: User) -> Client:
    """The person at a browser that asks for English."""
    client = as_person(Client(), person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def noted(client: Client) -> Application:
    """A concept note with a file on its page and a photo in what is asked several times, sent."""
    [page] = FORM.pages
    later = PagePlan("later", words("Later"), {}, "", [question("when")], stage=Stage.FULL)
    call = asked_for(FormPlan([replace(page, stage=Stage.CONCEPT), later]), **two_stage_terms())
    application = make.draft_application(call)
    as_person(client, make.preparer(application.organisation))
    plan = sent(client, application, files.PDF, name=NAME)
    photo = sent(client, application, files.JPEG, field="site-0-photo", name="أحمد.jpg")
    said = make.answers(application)
    write(application, "eligibility", said["eligibility"])
    write(application, "basics", said["basics"])
    write(application, "papers", {"plan": str(plan.pk), "site-0-place": "منبج", "site-0-photo": str(photo.pk)})
    return applications.submit(application, actor=make.signatory(application.organisation))


def write(application: Application, key: str, typed: dict[str, Any], *, version: int = 0) -> None:
    writer = make.preparer(application.organisation)
    applications.save_part(application, key, typed, version=version, tab="t", actor=writer)


def erased(file: Attachment) -> FileErasure:
    act = erasures.propose(file, ground="request", reason=WHY, actor=accounts.administrator())
    return erasures.carry_out(act, actor=accounts.officer(Role.FUND_MANAGER))


def stored() -> list[Path]:
    return [one for one in Path(settings.PRIVATE_ROOT, "attachments").rglob("*") if one.is_file()]


def test_name_and_bytes_go_and_everything_that_proves_stays(submitted: Application) -> None:
    file, photo = file_of(submitted), file_of(submitted, "photo")
    before, leaves = content.content_of(submitted), set(Leaf.objects.values_list("leaf_hash", flat=True))
    for one, number in ((file, 1), (photo, 0)):
        erased(one)
        outbox.drain()
        assert len(stored()) == number
    for one in (file, photo):
        one.refresh_from_db()
        assert one.name == f"file-{one.sha256[:8]}"
        assert (one.erased_because, str(one.file)) == ("request", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT value::text FROM grants_answer UNION ALL SELECT name FROM grants_attachment")
        assert "أحمد" not in str(cursor.fetchall())
    after = content.content_of(submitted)
    before["answers"]["papers"]["plan"]["name"] = file.name
    before["answers"]["papers"]["site"][0]["photo"]["name"] = photo.name
    assert after == before, "nothing else changed"
    assert file.sha256 == hashlib.sha256(files.PDF).hexdigest()
    assert leaves < set(Leaf.objects.values_list("leaf_hash", flat=True))
    assert list(fsck.findings()) == []
    notices = Notice.objects.filter(kind="grants.file_erased", user=make.signatory(submitted.organisation))
    assert notices.count() == 2


def test_what_is_frozen_of_a_concept_note_has_no_name_to_erase(noted: Application, client: Client) -> None:
    note = noted.concept_note
    assert "أحمد" not in note.content
    assert hashlib.sha256(said_by(client, noted)).hexdigest() == note.sha256, "with the names it is what was sent"
    assert "أحمد" in said_by(client, noted).decode()
    erased(file_of(noted))
    outbox.drain()
    assert NAME not in said_by(client, noted).decode()
    assert file_of(noted).name in said_by(client, noted).decode()
    assert file_of(noted, "photo").name in said_by(client, noted).decode(), "of the others nothing changed"
    assert list(fsck.findings()) == []


def test_a_concept_note_keeps_its_files_while_the_full_proposal_takes_others(
    noted: Application, client: Client
) -> None:
    assert noted.call.concept_closes_at is not None
    with time_machine.travel(noted.call.concept_closes_at + timedelta(days=8), tick=True), transaction.atomic():
        review.answer_note(noted, invited=True, panel_mean="80.00", criteria=[])
        noted.refresh_from_db()
        write(noted, "papers", {"plan": str(file_of(noted).pk), "site-0-place": "منبج", "site-0-photo": ""}, version=1)
        assert "photo" not in str(content.content_of(noted)["answers"])
        attachments.clear(timezone.now() + timedelta(days=30))
    assert not Upload.objects.exists()
    assert file_of(noted, "photo").name == "أحمد.jpg"
    assert hashlib.sha256(said_by(client, noted)).hexdigest() == noted.concept_note.sha256


def said_by(client: Client, application: Application) -> bytes:
    answer: Any = client.get(reverse("grants:concept_note", args=[application.pk]))
    return bytes(answer.getvalue())


def test_two_people_of_their_offices_once_and_never_while_it_is_written(submitted: Application) -> None:
    file = file_of(submitted)
    administrator, manager = accounts.administrator(), accounts.officer(Role.FUND_MANAGER)
    for actor in (manager, make.programme_officer(), make.signatory(submitted.organisation)):
        with pytest.raises(Refused):
            erasures.propose(file, ground="request", reason=WHY, actor=actor)
    act = erasures.propose(file, ground="danger", reason=WHY, actor=administrator)
    with pytest.raises(Refused, match="waits for a second"):
        erasures.propose(file, ground="danger", reason=WHY, actor=administrator)
    judges: list[User | None] = [administrator, make.programme_officer(), make.signatory(submitted.organisation), None]
    for judge in judges:
        with pytest.raises(Refused):
            erasures.carry_out(act, actor=judge)
    erasures.withdraw(act, actor=administrator, reason="ليس ضرورياً")
    assert file_of(submitted).name == NAME
    erased(file)
    with pytest.raises(Refused, match="erased already"):
        erasures.propose(file, ground="danger", reason=WHY, actor=administrator)


def test_postgresql_knows_no_other_door(submitted: Application) -> None:
    file = file_of(submitted)
    act = erasures.propose(file, ground="request", reason=WHY, actor=accounts.administrator())
    renamed = "UPDATE grants_answer SET value = jsonb_set(value, '{name}', '\"x\"') WHERE value ->> 'file' = %(file)s"
    gone = (
        "UPDATE grants_attachment SET name = 'file-' || left(sha256, 8), file = '', erased_at = now(),"
        " erased_because = 'request' WHERE id = %(file)s"
    )
    by_oneself = "UPDATE grants_fileerasure SET state = 'carried_out', carried_out_by_id = proposed_by_id"
    refused(file, renamed, gone, by_oneself, "DELETE FROM grants_fileerasure", "DELETE FROM grants_attachment")
    erasures.carry_out(act, actor=accounts.officer(Role.AUDITOR))
    refused(
        file,
        "UPDATE grants_answer SET value = jsonb_set(value, '{sha256}', '\"x\"') WHERE value ->> 'file' = %(file)s",
        "UPDATE grants_answer SET value = '\"x\"' WHERE application_id = (SELECT application_id FROM grants_attachment LIMIT 1)",
        "UPDATE grants_attachment SET name = 'x' WHERE id = %(file)s",
        "UPDATE grants_attachment SET sha256 = repeat('0', 64) WHERE id = %(file)s",
        "UPDATE grants_fileerasure SET ground = 'danger'",
    )


def refused(file: Attachment, *statements: str) -> None:
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"file": str(file.pk)})


def test_pages_from_the_number_of_the_application_to_what_its_readers_see(submitted: Application) -> None:
    file = file_of(submitted)
    administrator = reading(accounts.administrator())
    pages = reverse("grants:file_erasure_list")
    assert pages in text(administrator.get(reverse("audit:erasure_list")))
    wrong = administrator.get(pages, {"q": "APP 12"})
    assert wrong.status_code == 422
    assert "APP 12" in text(wrong)
    address = reverse("grants:file_erasure_new", args=[file.pk])
    found = text(administrator.get(pages, {"q": submitted.reference.lower()}))
    assert address in found
    assert NAME not in found
    assert administrator.post(address, {"ground": "request", "reason": ""}).status_code == 422
    assert administrator.post(address, {"ground": "request", "reason": WHY}).status_code == 302
    act = FileErasure.objects.get()
    decide = reverse("grants:file_erasure_decide", args=[act.pk])
    assert "proposed this yourself" in text(administrator.post(decide, {"reason": WHY, "carry_out": ""}))
    manager = reading(accounts.officer(Role.FUND_MANAGER))
    assert decide in text(manager.get(pages))
    assert manager.get(pages, {"q": submitted.reference}).content.count(b"files/erase/") == 0
    assert manager.post(decide, {"reason": WHY, "carry_out": ""}).status_code == 302
    assert [one.get(decide).status_code for one in (manager, administrator)] == [404, 404]
    for person in (make.preparer(submitted.organisation), make.programme_officer()):
        reader = reading(person)
        page = text(reader.get(reverse("grants:application_detail", args=[submitted.pk])))
        assert "the person asked for it" in page
        assert NAME not in page
        gone = reader.get(reverse("grants:application_file", args=[file.pk]))
        assert gone.status_code == 410
        assert "This file was erased" in text(gone)
    assert file.sha256 in text(reader.get(reverse("grants:application_detail", args=[submitted.pk])))
    assert reading(make.programme_officer()).get(pages).status_code == 403
    with identity.person(make.preparer(submitted.organisation).pk):
        assert not FileErasure.objects.exists()
    chapter = review_content(submitted).chapters[0]
    assert [bool(one.erased) for one in chapter.said if one.file] == [True, False]
