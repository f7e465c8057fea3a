"""Files of applications: in pieces over a bad line, cleaned, counted, named by answers, read by those who may."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import RecordedEvent
from grants.models import Application, Attachment, Call, Upload, UploadPiece
from grants.selectors import attachments as selectors
from grants.selectors import content, parts, review_content
from grants.services import access, applications, attachments
from grants.states import QuestionKind
from grants.xlsforms.plan import FormPlan, PagePlan
from grants.xlsforms.reading import read_form
from grants.xlsforms.writing import write_form
from kernel import identity
from tests.factories import files
from tests.factories import grants as make
from tests.factories.forms import asked_for
from tests.grants.test_pages import as_person, text, url, weighed
from tests.grants.test_xlsforms import question, without_rows
from tests.grants.test_xlsforms import text as words
from tests.page_weights import FIRST_ROUND_TRIP, WHOLE_PAGE

pytestmark = pytest.mark.django_db
FORM = FormPlan(
    [
        PagePlan(
            "papers", words("Papers"), {}, "",
            [
                question("plan", QuestionKind.FILE, required=True, hint=words("Hint")),
                question("site", QuestionKind.REPEAT, below=[
                    question("place"), question("photo", QuestionKind.IMAGE), question("note", relevant="${photo} != ''"),
                ]),
            ],
        ),
    ]
)  # fmt: skip
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def opened(standing: None) -> Call:
    return asked_for(FORM)


@pytest.fixture
def application(opened: Call) -> Application:
    return make.draft_application(Call.objects.get(pk=opened.pk))


@pytest.fixture
def phone(client: Client, application: Application) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return as_person(client, make.preparer(application.organisation))


def metadata(**said: str) -> str:
    return ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in said.items())


def begin(
    client: Client, application: Application, data: bytes, *, field: str = "plan", name: str = "plan.pdf", **said: str
) -> Any:
    headers = {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": metadata(field=field, filename=name, **said)}
    return client.post(url("application_file_send", application.pk, "papers"), headers=headers)


def add(client: Client, place: str, data: bytes, offset: int, **more: str) -> Any:
    kind = "application/offset+octet-stream"
    headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": kind, **more}  # the client sends no type of nothing
    return client.patch(place, data, content_type=kind, headers=headers)


def sent(client: Client, application: Application, data: bytes, **said: str) -> Attachment:
    """A file that came in two pieces."""
    place = begin(client, application, data, **said)["Location"]
    assert add(client, place, data[:40], 0)["Upload-Offset"] == "40"
    assert add(client, place, data[40:], 40).status_code == 204
    return Attachment.objects.get(pk=place.split("/")[-2])


def save(application: Application, **typed: Any) -> Any:
    writer = make.preparer(application.organisation)
    current = parts.last_save(application, "papers")
    version = current.version if current else 0
    return applications.save_part(application, "papers", typed, version=version, tab="t", actor=writer)


def test_forms_with_files_come_back_from_their_workbook_as_they_were() -> None:
    read = read_form(write_form(FORM, title="نموذج", reference="CFP-2026-000000"))
    assert without_rows(read) == FORM.as_data()


def test_a_file_travels_in_pieces_and_goes_on_where_it_stopped(phone: Client, application: Application) -> None:
    data = files.PDF
    digest = hashlib.sha256(data).hexdigest()
    made = begin(phone, application, data, sha256=digest)
    assert made.status_code == 201
    assert made["Upload-Expires"].endswith("GMT")
    place = made["Location"]
    assert add(phone, place, data[:50], 0)["Upload-Offset"] == "50"
    asked = phone.head(place, headers=TUS)
    assert (asked.status_code, asked["Upload-Offset"], asked["Upload-Length"]) == (200, "50", str(len(data)))
    assert "no-store" in asked["Cache-Control"]
    # The tab was killed: the same file, chosen again, is known by its hash; another one is not taken for it.
    assert begin(phone, application, data, sha256=digest)["Location"] == place
    assert begin(phone, application, data, sha256="0" * 64)["Location"] != place
    for offset in (0, 49, 51):
        late = add(phone, place, data[offset:], offset)
        assert (late.status_code, late["Upload-Offset"]) == (409, "50")
    assert add(phone, place, b"", 50)["Upload-Offset"] == "50", "nothing came, nothing is kept"
    assert UploadPiece.objects.count() == 1
    assert add(phone, place, data[50:], 50)["Upload-Offset"] == str(len(data))
    stored = Attachment.objects.get(application=application)
    with stored.file.open() as kept:
        assert stored.sha256 == digest == hashlib.sha256(kept.read()).hexdigest()
    assert not UploadPiece.objects.filter(upload=stored.pk).exists()
    # The last answer was lost: whoever asks again hears that all of it is here, and nothing is added.
    assert phone.head(place, headers=TUS)["Upload-Offset"] == str(len(data))
    assert add(phone, place, b"more", len(data)).status_code in {409, 413}
    assert begin(phone, application, data, sha256=digest)["Location"] == place
    assert RecordedEvent.objects.filter(type="grants.application.file_attached", subject_id=application.pk).count() == 1


def test_the_protocol_is_kept_to_the_letter(phone: Client, application: Application) -> None:
    able = phone.options(begin(phone, application, files.PDF)["Location"])
    assert (able.status_code, able["Tus-Version"], able["Tus-Max-Size"]) == (
        204,
        "1.0.0",
        str(settings.UPLOAD_MAX_BYTES),
    )
    assert set(able["Tus-Extension"].split(",")) == {"creation", "termination", "expiration", "checksum"}
    send = url("application_file_send", application.pk, "papers")
    place = begin(phone, application, files.PDF)["Location"]
    known = metadata(field="plan", filename="a.pdf")
    bad: list[tuple[int, Callable[[], Any]]] = [
        (412, lambda: phone.post(send, headers={"Upload-Length": "3"})),
        (412, lambda: phone.head(place, headers={"Tus-Resumable": "0.2.2"})),
        (400, lambda: phone.post(send, headers=TUS)),
        (400, lambda: phone.post(send, headers={**TUS, "Upload-Length": "-3"})),
        (400, lambda: phone.post(send, headers={**TUS, "Upload-Length": "٣"})),
        (400, lambda: phone.post(send, headers={**TUS, "Upload-Length": "3", "Upload-Metadata": "field 🙂"})),
        (
            404,
            lambda: phone.post(send, headers={**TUS, "Upload-Length": "3", "Upload-Metadata": metadata(field="need")}),
        ),
        (413, lambda: phone.post(send, headers={**TUS, "Upload-Length": "99999999", "Upload-Metadata": known})),
        (422, lambda: begin(phone, application, b"x", name="plan.exe")),
        (422, lambda: begin(phone, application, b"x", name="plan\u202efdp.pdf")),
        (422, lambda: begin(phone, application, b"x", field="site-0-photo", name="plan.pdf")),
        (415, lambda: phone.patch(place, b"x", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"})),
        (400, lambda: phone.patch(place, b"x", content_type="application/offset+octet-stream", headers=TUS)),
        (413, lambda: add(phone, place, files.PDF + b"x", 0)),
        (460, lambda: add(phone, place, b"x", 0, **{"Upload-Checksum": "sha256 AAAA"})),
        (400, lambda: add(phone, place, b"x", 0, **{"Upload-Checksum": "md5 AAAA"})),
        (405, lambda: phone.post(place, headers=TUS)),
    ]
    for status, attempt in bad:
        assert attempt().status_code == status
    assert phone.head(place, headers=TUS)["Upload-Offset"] == "0"
    right = base64.b64encode(hashlib.sha1(files.PDF[:10]).digest()).decode()
    override = {"X-HTTP-Method-Override": "PATCH", **TUS, "Upload-Offset": "0", "Upload-Checksum": f"sha1 {right}"}
    through = phone.post(place, files.PDF[:10], content_type="application/offset+octet-stream", headers=override)
    assert through["Upload-Offset"] == "10"
    assert phone.delete(place, headers=TUS).status_code == 204
    assert phone.head(place, headers=TUS).status_code == 404


def test_what_is_no_honest_file_is_refused_when_it_is_whole(phone: Client, application: Application) -> None:
    hostile = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>" * 3
    place = begin(phone, application, hostile)["Location"]
    refused = add(phone, place, hostile, 0)
    assert refused.status_code == 422
    assert "not what its name says" in refused.json()["reason"]
    assert phone.head(place, headers=TUS).status_code == 404
    place = begin(phone, application, files.PDF, sha256=hashlib.sha256(b"another").hexdigest())["Location"]
    assert add(phone, place, files.PDF, 0).status_code == 422
    assert not Attachment.objects.exists()
    assert not Upload.objects.exists()


def test_quotas_count_what_is_promised_and_half_files_go_when_their_time_is_over(
    phone: Client, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MEGABYTE", 10)  # the charter's 50 become 500 bytes
    assert begin(phone, application, b"x" * 400).status_code == 201
    full = begin(phone, application, b"x" * 101)
    assert full.status_code == 403
    assert "50 MB" in full.json()["reason"]
    assert begin(phone, application, b"x" * 100).status_code == 201
    assert attachments.clear() == 0
    assert attachments.clear(now=timezone.now() + timedelta(hours=73)) == 2
    assert begin(phone, application, b"x" * 500).status_code == 201


def test_answers_name_files_and_what_nobody_names_goes(
    phone: Client, application: Application, django_capture_on_commit_callbacks: Any
) -> None:
    first, second = sent(phone, application, files.PDF), sent(phone, application, files.PDF + b"% 2\n")
    photo = sent(phone, application, files.PNG, field="site-0-photo", name="الموقع.png")
    stray = sent(phone, application, files.PDF + b"% 3\n")
    _save, reading = save(application, plan=str(first.pk), **{"site-0-place": "Raqqa", "site-0-photo": str(photo.pk)})
    assert (reading.errors, reading.missing) == ({}, [])
    assert reading.values["plan"] == selectors.facts(first)
    assert reading.values["site"] == [{"place": "Raqqa", "photo": selectors.facts(photo)}]
    with django_capture_on_commit_callbacks(execute=True):
        save(application, plan=str(second.pk), **{"site-0-place": "Raqqa", "site-0-photo": str(photo.pk)})
    assert not Attachment.objects.filter(pk=first.pk).exists()
    assert not first.file.storage.exists(first.file.name)
    attachments.clear(now=timezone.now() + timedelta(hours=73))
    assert set(Attachment.objects.values_list("pk", flat=True)) == {second.pk, photo.pk} != {stray.pk}
    # Another application's file, or a file of another question, is none.
    other = make.draft_application(application.call)
    theirs = sent(as_person(Client(), make.preparer(other.organisation)), other, files.PDF)
    for wrong in (photo, theirs):
        _save, reading = save(application, plan=str(wrong.pk))
        assert list(reading.errors) == ["plan"]
    assert Attachment.objects.filter(pk=theirs.pk).exists()


def test_two_colleagues_files_are_compared_by_name(phone: Client, application: Application) -> None:
    mine, theirs = (
        sent(phone, application, files.PDF),
        sent(phone, application, files.PDF + b"% 2\n", name="theirs.pdf"),
    )
    save(application, plan=str(theirs.pk))
    page = {"version": "0", "tab": "a", "q-plan": str(mine.pk)}
    answer = phone.post(url("application_part", application.pk, "papers"), page)
    assert answer.status_code == 409
    told = text(answer).partition('id="conflict"')[2].partition("</dl>")[0]
    assert "theirs.pdf" in told
    assert str(theirs.pk) not in told
    said = json.dumps({"tab": "a", "since": 0, "fields": {"plan": [str(mine.pk), 0]}})
    heard = phone.post(url("application_autosave", application.pk, "papers"), said, content_type="application/json")
    assert heard.status_code == 409
    assert heard.json()["others"]["plan"]["shown"] == "theirs.pdf"
    assert heard.json()["others"]["plan"]["value"] == str(theirs.pk)


def test_without_scripts_the_file_goes_with_the_page(phone: Client, application: Application) -> None:
    address = url("application_part", application.pk, "papers")
    page = text(phone.get(address))
    first, whole = weighed(phone, address)
    assert (first <= FIRST_ROUND_TRIP, whole <= WHOLE_PAGE) == (True, True)
    assert 'enctype="multipart/form-data"' in page
    bad = phone.post(address, {"version": "0", "tab": "a", "file-plan": SimpleUploadedFile("p.pdf", b"no pdf at all")})
    assert bad.status_code == 200
    assert "not what its name says" in text(bad)
    phone.post(address, {"version": "1", "tab": "a", "file-plan": files.pdf("خطة.pdf"), "file-evil": files.pdf()})
    stored = Attachment.objects.get(application=application)
    shown = text(phone.get(address))
    assert "خطة.pdf" in shown
    assert str(stored.pk) in shown
    phone.post(address, {"version": "9", "tab": "a", "q-plan": str(stored.pk), "drop-plan": "on"})
    assert not Attachment.objects.filter(application=application).exists()


def test_who_reads_the_application_reads_its_files_and_nobody_else(
    phone: Client, application: Application, client: Client
) -> None:
    stored = sent(phone, application, files.PDF)
    writer = make.preparer(application.organisation)
    for key, typed in {**make.answers(application), "papers": {"plan": str(stored.pk)}}.items():
        applications.save_part(application, key, typed, version=0, tab="t", actor=writer)

    def get(person: User) -> int:
        found = as_person(Client(), person).get(url("application_file", stored.pk))
        assert found.status_code == 404 or found.getvalue() == files.PDF
        return int(found.status_code)

    stranger = make.preparer(make.draft_application(application.call).organisation)
    assert [get(one) for one in (stranger, make.programme_officer())] == [404, 404]
    as_stranger = as_person(Client(), stranger)
    place = begin(phone, application, files.PDF)["Location"]
    assert as_stranger.head(place, headers=TUS).status_code == 404
    assert add(as_stranger, place, b"x", 0).status_code == 404
    assert begin(as_stranger, application, files.PDF).status_code == 404
    with identity.person(stranger.pk):
        assert not Attachment.objects.exists()
        assert not Upload.objects.exists()
    application = applications.submit(application, actor=make.signatory(application.organisation))
    assert content.content_of(application)["answers"]["papers"]["plan"]["sha256"] == stored.sha256
    said = review_content(application).chapters[0].said[0]
    assert said.file == selectors.facts(stored)
    officer = as_person(Client(), make.programme_officer()).get(url("application_file", stored.pk))
    assert officer.getvalue() == files.PDF
    assert officer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in officer["Content-Security-Policy"]
    assert (get(stranger), get(make.preparer(application.organisation))) == (404, 200)
    scorer = make.holder("technical_reviewer")
    until = timezone.now() + timedelta(days=1)
    access.give_review_access(scorer, application, expires_at=until, actor=None)
    assert get(scorer) == 200
    access.remove_review_access(scorer, application, actor=None)
    assert get(scorer) == 404
    # Sent is sent: no file comes any more, none goes, not even by hand.
    assert begin(phone, application, files.PDF).status_code == 403
    assert add(phone, place, b"x", 0).status_code == 403
    for statement in ("DELETE FROM grants_attachment", "UPDATE grants_attachment SET name = 'x'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
