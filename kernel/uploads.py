"""Files that people upload: what is taken, and how it is handed out again.

A file is taken when its name, its first bytes and its end agree on one of few kinds; nothing is believed of what the browser
says. A picture is drawn anew, without the place where it was taken (`kernel.pictures`); out of a PDF goes what a viewer would
run or unpack (`kernel.cleaning`). It is stored outside the web root (`kernel.files`) and leaves through `send_private` only.
"""

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import puremagic
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.cleaning import CleaningError, inert
from kernel.downloads import private
from kernel.pictures import PictureError, drawn_anew
from kernel.texts import TextError, clean_line

NAME_LENGTH: Final = 150


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its extensions, how it begins, and the content type under which it leaves."""

    extensions: frozenset[str]
    beginnings: tuple[bytes, ...]
    content_type: str


PDF: Final = Kind(frozenset({".pdf"}), (b"%PDF-",), "application/pdf")
PNG: Final = Kind(frozenset({".png"}), (b"\x89PNG\r\n\x1a\n",), "image/png")
JPEG: Final = Kind(frozenset({".jpg", ".jpeg"}), (b"\xff\xd8\xff",), "image/jpeg")
DOCUMENTS: Final = (PDF, PNG, JPEG)
"""What is taken as a proof or an annex."""

# Hidden in a picture or a PDF, these make it also something that a browser or an office program would run.
_MARKUP: Final = re.compile(rb"<\s*(?:!doctype\s+html|html|script|svg|iframe|\?php)", re.IGNORECASE)
_ACTIVE: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|Encrypt)(?![A-Za-z0-9])")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT_STREAM: Final = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_INFLATED_MOST: Final = 32 * 1024 * 1024
_HEAD: Final = 1024

MESSAGES: Final = {
    "empty": _("This file is empty. Choose the document again."),
    "name": _(
        "The file's name contains invisible characters that hide what it is. Rename the file, then choose it again."
    ),
    "kind": _("This is not one of the files that we can take. Choose a PDF, or a photo as JPG or PNG."),
    "content": _("The content of this file is not what its name says. Save it anew as PDF, JPG or PNG."),
    "mixed": _("This file hides a second file in itself. Save it anew as PDF, JPG or PNG."),
    "active": _("This PDF contains a program or attached files. Print it to a new PDF, then choose that one."),
    "pixels": _(
        "This picture has too many points. Make it smaller, for example by sending it to yourself, then choose it again."
    ),
}


def largest() -> int:
    """Most bytes that an uploaded file may have."""
    return int(settings.UPLOAD_MAX_BYTES)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored: its bytes' SHA-256 in hexadecimal, its kind and the cleaned name it came with."""

    sha256: str
    kind: Kind
    name: str


def check_upload(upload: "UploadedFile[Any]", *, kinds: tuple[Kind, ...] = DOCUMENTS) -> Checked:
    """Accept ``upload`` as one of ``kinds``; raises ValidationError that says what to do.

    ``upload`` then holds what may be stored, which is not always what arrived, and is wound back to its beginning.
    """
    before: tuple[Checked, tuple[Kind, ...]] | None = getattr(upload, "_checked", None)
    if before is not None and before[1] == kinds:
        return before[0]
    name, kind = check_promise(upload.name or "", upload.size, kinds=kinds)
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    _check_content(data, kind)
    clean = _cleaned(data, kind)
    if clean != data:
        _replace(upload, clean)
    checked = Checked(hashlib.sha256(clean).hexdigest(), kind, name)
    upload._checked = (checked, kinds)  # type: ignore[attr-defined]  # noqa: SLF001 -- said to ourselves, for the second look
    return checked


def check_promise(name: str, size: int | None, *, kinds: tuple[Kind, ...] = DOCUMENTS) -> tuple[str, Kind]:
    """What can be said of a file before it is here: its cleaned name and its kind; raises ValidationError."""
    if size is not None and size > largest():
        raise ValidationError(
            _("This file has %(size)s; the limit is %(limit)s. Make it smaller, for example by a lower resolution."),
            code="size",
            params={"size": filesizeformat(size), "limit": filesizeformat(largest())},
        )
    if size == 0:
        raise _refused("empty")
    cleaned = _cleaned_name(name)
    kind = next((kind for kind in kinds if PurePosixPath(cleaned).suffix.lower() in kind.extensions), None)
    if kind is None:
        raise _refused("kind")
    return cleaned, kind


def _replace(upload: "UploadedFile[Any]", data: bytes) -> None:
    """Into the same file: one on the disk is moved to its place later."""
    file: Any = upload.file
    file.seek(0)
    file.truncate()
    file.write(data)
    file.flush()
    upload.size = len(data)
    upload.seek(0)


def _cleaned(data: bytes, kind: Kind) -> bytes:
    """What of an honest-looking file is stored."""
    if kind is not PDF:
        try:
            return drawn_anew(data, kind.content_type)
        except PictureError as error:
            raise _refused(error.code) from error
    if not _is_active(data):
        return data
    try:
        clean = inert(data)
    except CleaningError as error:
        raise _refused("active") from error
    if _is_active(clean) or zipfile.is_zipfile(io.BytesIO(clean)):
        raise _refused("active")
    return clean


def _refused(code: str) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code)


def _cleaned_name(name: str) -> str:
    try:
        cleaned = clean_line(name)
    except TextError as error:
        raise _refused("name") from error
    return cleaned[-NAME_LENGTH:]


def _check_content(data: bytes, kind: Kind) -> None:
    if not data:
        raise _refused("empty")
    if not data.startswith(kind.beginnings) or not _recognised(data, kind):
        raise _refused("content")
    if zipfile.is_zipfile(io.BytesIO(data)) or _MARKUP.search(data[:_HEAD]) or _MARKUP.search(data[-_HEAD:]):
        raise _refused("mixed")
    if kind is not PDF and b"%PDF-" in data:
        raise _refused("mixed")


def _recognised(data: bytes, kind: Kind) -> bool:
    """Whether a second opinion on the bytes agrees."""
    try:
        found = puremagic.magic_string(data[: 64 * 1024] + data[-_HEAD:])
    except (puremagic.PureError, ValueError):
        return False
    return any(match.extension.lower() in kind.extensions for match in found)


def _is_active(data: bytes) -> bool:
    """Whether a PDF names a program, an attachment or a form of Adobe's, openly or in a compressed list of objects.

    What is encrypted may hold any of them.
    """
    if _ACTIVE.search(_unescaped(data)):
        return True
    budget = _INFLATED_MOST
    for match in _OBJECT_STREAM.finditer(data):
        inflater = zlib.decompressobj()
        try:
            objects = inflater.decompress(data[match.end() :], budget)
        except zlib.error:
            continue
        budget -= len(objects)
        if budget <= 0 or _ACTIVE.search(_unescaped(objects)):
            return True
    return False


def _unescaped(data: bytes) -> bytes:
    """Names as they read after PDF's ``#4A`` for ``J``."""
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), data)


class UploadField(forms.FileField):
    """A form field for one document; cleans to the file, which then carries ``checked`` (`Checked`)."""

    def __init__(self, *, kinds: tuple[Kind, ...] = DOCUMENTS, **kwargs: Any) -> None:
        self.kinds = kinds
        kwargs.setdefault("help_text", format_lazy(_("PDF, JPG or PNG, up to {limit}."), limit=LazyLimit()))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        accepted = ",".join(sorted(extension for kind in self.kinds for extension in kind.extensions))
        return super().widget_attrs(widget) | {"accept": accepted}

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            upload.checked = check_upload(upload, kinds=self.kinds)  # type: ignore[attr-defined]
        return upload


class LazyLimit:
    """The limit of the settings, read when it is shown."""

    def __format__(self, spec: str) -> str:
        return str(filesizeformat(largest()))


def send_private(file: FieldFile, *, name: str) -> FileResponse:
    """Send a stored file as a download called ``name`` (its extension is the stored one); the caller has checked who asks.

    Nothing keeps a copy on the way, and a browser that opens it all the same runs nothing in it.
    """
    suffix = PurePosixPath(str(file.name)).suffix.lower()
    kind = next((kind for kind in DOCUMENTS if suffix in kind.extensions), None)
    response = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=f"{name}{suffix}",
        content_type=kind.content_type if kind else "application/octet-stream",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return private(response)
