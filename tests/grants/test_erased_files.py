"""A file of a submitted application is destroyed by two people: name and bytes go, hash and receipts stay."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.roles import Role
from audit import fsck, outbox
from audit.models import Leaf
from grants.models import Application, Attachment, FileErasure
from grants.selectors import content, review_content
from grants.services import applications, erasures
from kernel import identity
from kernel.permissions import Refused
from notices.models import Notice
from tests.factories import accounts, files
from tests.factories import grants as make
from tests.factories.forms import asked_for
from tests.grants.test_attachments import FORM, sent
from tests.grants.test_pages import as_person, text

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
