"""What is taken as a document, and what pretends to be one."""

import hashlib
import io
import zipfile
import zlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel.uploads import MESSAGES, check_upload, send_private
from tests.factories.files import JPEG, PDF, PNG


def refused(name: str, data: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        check_upload(SimpleUploadedFile(name, data, content_type="application/pdf"))
    return str(caught.value.code)


def archive(payload: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", payload)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("شهادة التسجيل.pdf", PDF, "application/pdf"),
        ("photo.PNG", PNG, "image/png"),
        ("photo.jpeg", JPEG, "image/jpeg"),
    ],
    ids=["pdf", "png", "jpeg"],
)
def test_a_document_is_taken_for_what_it_is(name: str, data: bytes, content_type: str) -> None:
    upload = SimpleUploadedFile(name, data, content_type="text/html")
    checked = check_upload(upload)
    assert checked.sha256 == hashlib.sha256(data).hexdigest()
    assert checked.kind.content_type == content_type
    assert upload.read() == data


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("page.html", b"<html><script>alert(1)</script></html>", "kind"),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "content"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kind"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "content"),
        ("report.docx", archive(b"\0" * 5_000_000), "kind"),
        ("report.pdf", archive(b"\0" * 5_000_000), "content"),
        ("run.exe", b"MZ" + b"\0" * 100, "kind"),
        ("nothing.pdf", b"", "empty"),
        ("no extension", PDF, "kind"),
        ("photo.jpg", PNG, "content"),
        ("late.pdf", b"\n" * 10 + PDF, "content"),
        ("scan\u202efdp.exe.pdf", PDF, "name"),
        ("zip-inside.pdf", PDF + archive(b"<html>"), "mixed"),
        ("zip-inside.png", PNG + archive(b"x"), "mixed"),
        ("pdf-inside.jpg", JPEG + PDF, "mixed"),
        ("html-inside.png", PNG + b"<script>alert(1)</script>", "mixed"),
        ("program.pdf", PDF.replace(b"/Type /Catalog", b"/Type /Catalog /Names << /JavaScript 9 0 R >>"), "active"),
        ("hidden.pdf", PDF.replace(b"/Type /Catalog", b"/Type /Catalog /#4a#53 (app.alert)"), "active"),
        ("attached.pdf", PDF.replace(b"/Type /Catalog", b"/Type /Catalog /EmbeddedFiles 3 0 R"), "active"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_pretends_is_refused(name: str, data: bytes, code: str) -> None:
    found = refused(name, data)
    assert found == code
    assert str(MESSAGES[code])


def test_a_program_in_a_compressed_list_of_objects_is_found() -> None:
    packed = zlib.compress(b"7 0 << /S /JavaScript /JS (app.alert(1)) >>")
    stream = (
        b"7 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\n" + packed + b"\nendstream endobj\n"
    )
    assert refused("hidden.pdf", PDF.replace(b"xref", stream + b"xref")) == "active"


def test_a_large_file_is_refused_with_both_sizes(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(ValidationError) as caught:
        check_upload(SimpleUploadedFile("large.pdf", PDF + b"%" * 1000))
    assert caught.value.code == "size"
    assert "100" in caught.value.messages[0]


@pytest.mark.django_db  # a response that is closed looks after the connection
def test_a_file_leaves_as_a_download_that_runs_nothing(tmp_path: Any) -> None:
    from django.core.files.storage import FileSystemStorage
    from django.db.models import FileField
    from django.db.models.fields.files import FieldFile

    storage = FileSystemStorage(tmp_path)
    stored = FieldFile(None, FileField(storage=storage), storage.save("a.pdf", io.BytesIO(PDF)))  # type: ignore[arg-type]
    response = send_private(stored, name="شهادة")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content) == PDF  # type: ignore[arg-type]
    response.close()
