"""The tus 1.0 protocol (https://tus.io/protocols/resumable-upload): what its headers say, and its answers.

A file travels in pieces: POST makes an upload, each PATCH adds bytes behind those that are there, HEAD says how many arrived,
DELETE gives up. Extensions: creation, termination, expiration, checksum. What is kept where is the caller's affair.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.http import http_date

from kernel.downloads import private

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination,expiration,checksum"
DIGESTS: Final[dict[str, Callable[[bytes], Any]]] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
METADATA_LENGTH: Final = 4_000
CHECKSUM_MISMATCH: Final = 460
_PIECE: Final = 64 * 1024


class TusError(ValueError):
    """A request that breaks the protocol; ``status`` is its answer."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(what)
        self.status = status


def method_of(request: HttpRequest) -> str:
    """What is asked for; networks that let only POST through say it in a header."""
    return request.headers.get("X-HTTP-Method-Override", request.method or "").upper()


def check_version(request: HttpRequest) -> None:
    """Raise `TusError` for another version of the protocol than ours."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise TusError(HTTPStatus.PRECONDITION_FAILED, "this server speaks tus 1.0.0")


def number(request: HttpRequest, header: str) -> int:
    """A header with a whole number of bytes. Raises `TusError`."""
    said = request.headers.get(header, "")
    if not (said.isascii() and said.isdecimal() and len(said) <= 12):
        raise TusError(HTTPStatus.BAD_REQUEST, f"{header} is missing or no number")
    return int(said)


def metadata(request: HttpRequest) -> dict[str, str]:
    """``Upload-Metadata``: names with their texts. Raises `TusError`."""
    said = request.headers.get("Upload-Metadata", "")
    found: dict[str, str] = {}
    try:
        if len(said) > METADATA_LENGTH:
            raise ValueError
        for pair in filter(None, map(str.strip, said.split(","))):
            name, _space, value = pair.partition(" ")
            if name in found:
                raise ValueError
            found[name] = base64.b64decode(value, validate=True).decode()
    except (ValueError, binascii.Error) as error:
        raise TusError(HTTPStatus.BAD_REQUEST, "Upload-Metadata cannot be read") from error
    return found


def arrived(request: HttpRequest, *, most: int) -> bytes:
    """The bytes of a PATCH, at most ``most``; of a line that was cut, those that came before. Raises `TusError`."""
    if request.content_type != "application/offset+octet-stream":
        raise TusError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "application/offset+octet-stream is expected")
    data = bytearray()
    whole = True
    try:
        while piece := request.read(_PIECE):
            data += piece
            if len(data) > most:
                raise TusError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "more bytes than the upload has")
    except UnreadablePostError:
        whole = False
    checksum = request.headers.get("Upload-Checksum", "")
    if checksum:
        _check_sum(bytes(data), checksum, whole=whole)
    return bytes(data)


def _check_sum(data: bytes, said: str, *, whole: bool) -> None:
    algorithm, _space, value = said.partition(" ")
    digest = DIGESTS.get(algorithm)
    if digest is None:
        raise TusError(HTTPStatus.BAD_REQUEST, "Upload-Checksum: sha1 or sha256")
    try:
        expected = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise TusError(HTTPStatus.BAD_REQUEST, "Upload-Checksum cannot be read") from error
    if not (whole and hmac.compare_digest(digest(data).digest(), expected)):
        raise TusError(CHECKSUM_MISMATCH, "the bytes are not those of the checksum")


def answer(status: int, *, reason: str = "", expires: datetime | None = None, **headers: Any) -> HttpResponse:
    """An answer of the protocol; keyword ``Upload_Offset=3`` becomes the header ``Upload-Offset: 3``."""
    response: HttpResponse = JsonResponse({"reason": reason}, status=status) if reason else HttpResponse(status=status)
    for name, value in headers.items():
        response[name.replace("_", "-")] = str(value)
    if expires is not None:
        response["Upload-Expires"] = http_date(expires.timestamp())
    response["Tus-Resumable"] = VERSION
    return private(response)


def refusal(error: TusError) -> HttpResponse:
    """The answer to a request that breaks the protocol."""
    return answer(error.status, reason=str(error), Tus_Version=VERSION)


def abilities(*, most: int) -> HttpResponse:
    """The answer to OPTIONS: what is spoken here."""
    return answer(
        HTTPStatus.NO_CONTENT,
        Tus_Version=VERSION,
        Tus_Extension=EXTENSIONS,
        Tus_Max_Size=most,
        Tus_Checksum_Algorithm=",".join(DIGESTS),
    )
