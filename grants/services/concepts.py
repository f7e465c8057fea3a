"""The first stage of a call in two stages: a concept note is sent and kept as it was."""

from typing import Any

from audit import lifecycle, outbox
from grants import events
from grants.models import Application, ConceptNote
from grants.selectors import content

RECEIPT = "grants.draw_receipt"


def send_note(application: Application, *, actor: Any) -> Application:
    """Send the locked, complete concept note and keep it as it is. Raises `Refused`. Needs a transaction."""
    sha256 = content.content_sha256(application)
    sent = lifecycle.move(
        application,
        events.ConceptNoteSent(receipt=application.reference, content_sha256=sha256),
        actor=actor,
        changes={"content_sha256": sha256, "submitted_by": actor},
    )
    note = ConceptNote(application=sent, content=content.nameless_bytes(sent).decode(), sha256=sha256)
    lifecycle.create(note, events.ConceptNoteKept(content_sha256=sha256), actor=actor)
    outbox.put(RECEIPT, {"application": str(sent.pk)}, dedupe_key=f"{sent.pk}:{sha256}:concept")
    return sent
