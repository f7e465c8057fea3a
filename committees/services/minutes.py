"""Minutes: drawn from the record when a meeting closes, signed by chair and rapporteur."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from audit import lifecycle
from committees import events
from committees.models import Meeting, MinutesSignature, Seat
from committees.rules import facts
from committees.selectors.extracts import extract_data
from committees.selectors.minutes import hidden_items, minutes_data
from kernel import identity
from kernel.pdf import render_pdf

TEMPLATE = "committees/minutes.typ"
EXTRACT = "committees/extract.typ"


def draw(meeting: Meeting) -> Meeting:
    """Draw the minutes of a closed meeting and keep them with their hash."""
    content = render_pdf(TEMPLATE, minutes_data(meeting))
    meeting.minutes.save("minutes.pdf", ContentFile(content), save=False)
    meeting.minutes_sha256 = hashlib.sha256(content).hexdigest()
    meeting.save(update_fields=["minutes", "minutes_sha256"])
    return meeting


@identity.system("committees.minutes")
def minutes_for(user: Any, meeting: Meeting) -> bytes:
    """The minutes as ``user`` may read them: the signed file, or an extract without what the person is recused from."""
    hidden = hidden_items(user, meeting)
    if hidden:
        return render_pdf(TEMPLATE, minutes_data(meeting, hidden=hidden))
    with meeting.minutes.open("rb") as file:
        content: bytes = file.read()
    return content


def extract_for(user: Any, meeting: Meeting, *, language: str) -> bytes:
    """The board's extract of the minutes: decisions without names and discussion, with the state of the signatures."""
    return render_pdf(EXTRACT, extract_data(user, meeting, language=language))


@transaction.atomic
def sign(meeting: Meeting, seat: Seat, *, sha256: str, actor: Any) -> Meeting:
    """Sign exactly the minutes with this hash; the last signature of the charter's number completes them.

    The caller has asked for a fresh second factor.
    """
    locked = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    office = facts.office_in(seat, locked.panel)
    signature = MinutesSignature(meeting=locked, seat=seat, office=office, sha256=sha256)
    lifecycle.create(signature, events.MinutesSigned(office=office, sha256=sha256), actor=actor)
    needed = facts.rules_of(locked.panel.call).committee.minutes_signatures
    if locked.signatures.filter(sha256=locked.minutes_sha256).count() < needed:
        return locked
    return lifecycle.move(locked, events.MinutesCompleted(sha256=sha256), actor=actor)
