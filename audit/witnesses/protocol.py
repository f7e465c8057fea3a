"""The client of c2sp.org/tlog-witness: one short HTTP request at a time, with limits, without redirects."""

import hashlib
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final

from audit import notes

TIMEOUT: Final = 5.0
"""Seconds after which a witness counts as away."""
MOST_BYTES: Final = 64 * 1024
SIZE_TYPE: Final = "text/x.tlog.size"


class Away(Exception):
    """The witness gave no answer that the protocol knows; the message says what came instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answered: a status and a text."""

    status: int
    kind: str
    text: str

    @property
    def size(self) -> int:
        """The size that the witness has seen (answer 409); raises `Away` when it does not say."""
        try:
            if self.kind.partition(";")[0] != SIZE_TYPE or not self.text.endswith("\n"):
                raise Away("a conflict without the witness's size")
            return notes.decimal(self.text[:-1])
        except notes.Malformed as error:
            raise Away("a conflict without the witness's size") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def request_body(old: int, proof: list[bytes], note: str) -> str:
    """The text of an ``add-checkpoint`` request; sent over HTTP, by mail or on a stick."""
    return "".join([f"old {old}\n", *(f"{notes.to_base64(one)}\n" for one in proof), "\n", note])


def add_checkpoint(prefix: str, body: str) -> Answer:
    """Post a request to the witness under ``prefix``; raises `Away` when it cannot be reached."""
    request = urllib.request.Request(  # noqa: S310 -- the form accepts http and https only
        f"{prefix.rstrip('/')}/add-checkpoint",
        data=body.encode(),
        headers={"Content-Type": "text/plain; charset=utf-8"},
        method="POST",
    )
    return _send(request)


def last_checkpoint(prefix: str, origin: str) -> Answer:
    """The checkpoint of ``origin`` that the witness shows; raises `Away` when it cannot be reached."""
    digest = hashlib.sha256(origin.encode()).hexdigest()
    return _send(urllib.request.Request(f"{prefix.rstrip('/')}/{digest}/checkpoint"))  # noqa: S310 -- as above


def _send(request: urllib.request.Request) -> Answer:
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return _answer(answer.status, answer.headers, answer.read(MOST_BYTES + 1))
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _answer(refusal.code, refusal.headers, refusal.read(MOST_BYTES + 1))
    except (OSError, ValueError) as error:
        raise Away(f"{type(error).__name__}: {error}") from error


def _answer(status: int, headers: Message, content: bytes) -> Answer:
    if len(content) > MOST_BYTES:
        raise Away("the answer is too long")
    try:
        return Answer(status, headers.get("Content-Type", ""), content.decode())
    except UnicodeDecodeError as error:
        raise Away("the answer is not text") from error
