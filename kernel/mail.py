"""Letters to people: plain text beside simple HTML, in the reader's language and direction."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail before it is laid out. ``body`` are paragraphs parted by blank lines; ``path`` a page of the fund."""

    subject: str
    body: str
    path: str = ""
    action: str = ""
    """What the link to ``path`` says; without it "Open the page"."""


def absolute(path: str) -> str:
    """The full address of a page of the fund; an address that is full already stays."""
    if path.startswith(("https://", "http://")):
        return path
    return f"{settings.SITE_URL.rstrip('/')}/{path.lstrip('/')}"


def send(write: Callable[[], Letter], *, to: str, language: str, message_id: str = "") -> None:
    """Write a letter in ``language``, lay it out and hand it to the mail server; raises what the server raises.

    ``message_id`` makes a letter that was sent twice recognisable as one.
    """
    with translation.override(language):
        letter = write()
        context = {
            "letter": letter,
            "paragraphs": [part.strip() for part in letter.body.split("\n\n") if part.strip()],
            "url": absolute(letter.path) if letter.path else "",
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        text = render_to_string("_pieces/email.txt", context)
        html = render_to_string("_pieces/email.html", context)
    headers = {"Auto-Submitted": "auto-generated"}
    if message_id:
        headers["Message-ID"] = f"<{message_id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('> ')}>"
    mail = EmailMultiAlternatives(" ".join(letter.subject.split()), text, to=[to], headers=headers)
    mail.attach_alternative(html, "text/html")
    mail.send()
