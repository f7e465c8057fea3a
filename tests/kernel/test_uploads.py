"""What is taken as a document, and what pretends to be one."""

import hashlib
import io
import struct
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from PIL import Image

from kernel.uploads import MESSAGES, check_upload, send_private
from tests.factories.files import JPEG, PDF, PNG, _chunk


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
    stored = upload.read()
    assert checked.sha256 == hashlib.sha256(stored).hexdigest()
    assert checked.kind.content_type == content_type
    assert upload.size == len(stored)
    assert stored == data or content_type != "application/pdf"
    assert check_upload(upload) is checked


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
        ("broken.pdf", b"%PDF-1.4\n/JavaScript\n" + b"<<" * 3000 + b"\n%%EOF\n", "active"),
        ("half.png", PNG[:40], "content"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_pretends_is_refused(name: str, data: bytes, code: str) -> None:
    found = refused(name, data)
    assert found == code
    assert str(MESSAGES[code])


COMPRESSED = zlib.compress(b"7 0 << /S /JavaScript /JS (app.alert(1)) >>")
LIST = b"7 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >> stream\n" % len(COMPRESSED)


@pytest.mark.parametrize(
    "data",
    [
        PDF.replace(b"/Type /Catalog", b"/Type /Catalog /Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>"),
        PDF.replace(b"/Type /Catalog", b"/Type /Catalog /#4a#53 (app.alert)"),
        PDF.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /Launch /F (run.exe) >>"),
        PDF.replace(b"/MediaBox", b"/Annots [<< /Subtype /RichMedia /A << /S /JavaScript /JS (x) >> >>] /MediaBox"),
        PDF.replace(b"/Type /Catalog", b"/Type /Catalog /AcroForm << /XFA (x) /Fields [<< /AA << /K << /S /JavaScript /JS (x) >> >> >>] >>"),
        PDF.replace(b"xref", LIST + COMPRESSED + b"\nendstream endobj\nxref", 1),
    ],
    ids=["names", "hidden name", "opens a program", "rich media", "form", "compressed list"],
)  # fmt: skip
def test_a_pdf_with_a_program_is_made_inert(data: bytes) -> None:
    upload = SimpleUploadedFile("program.pdf", data)
    began = time.process_time()
    checked = check_upload(upload)
    stored = upload.read()
    assert time.process_time() - began < 2
    assert stored.startswith(b"%PDF-")
    assert checked.sha256 == hashlib.sha256(stored).hexdigest()
    assert not any(name in stored for name in (b"JavaScript", b"/JS", b"Launch", b"RichMedia", b"XFA", b"alert"))
    with pikepdf.open(io.BytesIO(stored)) as document:
        assert len(document.pages) == 1


def test_attachments_and_the_encryption_round_a_program_go() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as document:
        document.attachments["run.exe"] = b"MZ program"
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    upload = SimpleUploadedFile("sealed.pdf", out.getvalue())
    check_upload(upload)
    with pikepdf.open(upload) as document:
        assert not document.is_encrypted
        assert len(document.attachments) == 0
        assert "/OpenAction" not in document.Root
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="o", user="secret"))
    assert refused("locked.pdf", locked.getvalue()) == "active"


def test_a_picture_forgets_where_it_was_taken_and_stands_upright() -> None:
    picture = Image.new("RGB", (40, 20), "white")
    exif = Image.Exif()
    exif[274] = 6  # lying on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif[270] = "camp 7, Deir-ez-Zor"
    for kind, name in (("JPEG", "photo.jpg"), ("PNG", "photo.png")):
        out = io.BytesIO()
        picture.save(out, kind, exif=exif, comment=b"secret place")
        upload = SimpleUploadedFile(name, out.getvalue())
        check_upload(upload)
        stored = upload.read()
        assert b"Deir" in out.getvalue()
        assert b"Deir" not in stored
        assert b"secret" not in stored
        with Image.open(io.BytesIO(stored)) as clean:
            assert clean.size == (20, 40)
            assert not clean.getexif()


def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused_unseen() -> None:
    row = zlib.compress(b"\0" * (12_000 // 8 + 1) * 12_000, 9)
    header = struct.pack(">IIBBBBB", 12_000, 12_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", row) + _chunk(b"IEND", b"")
    assert len(bomb) < 25_000
    began = time.process_time()
    assert refused("bomb.png", bomb) == "pixels"
    assert time.process_time() - began < 1


def test_a_large_upload_on_the_disk_is_cleaned_where_it_lies() -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 30)).save(out, "JPEG", comment=b"secret place")
    with TemporaryUploadedFile("a.jpg", "image/jpeg", len(out.getvalue()), None) as upload:
        upload.write(out.getvalue())
        check_upload(upload)
        assert b"secret" not in Path(upload.temporary_file_path()).read_bytes()


def test_a_large_file_is_refused_with_both_sizes(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(ValidationError) as caught:
        check_upload(SimpleUploadedFile("large.pdf", PDF + b"%" * 1000))
    assert caught.value.code == "size"
    assert "100" in caught.value.messages[0]


def test_sizes_are_written_with_the_separators_of_all_numbers() -> None:
    with translation.override("ar"):
        assert filesizeformat(10 * 1024 * 1024).startswith("10.0")


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
