"""Concept notes: the first stage of a call in two stages."""

from django.db import models

from audit import guards, walls
from audit.models import Recorded
from grants.models.applications import Application


@walls.walled
@guards.append_only(recorded=True)
class ConceptNote(Recorded):
    """A concept note exactly as it was sent: what becomes of it in the full proposal changes nothing of it.

    ``content`` is canonical JSON (RFC 8785) as text, but for the names of files: they may hold a person's name, stand with the
    files alone and go with them when one is erased. ``sha256`` is the hash of the whole with the names (`content.note_bytes`).
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="concept_note")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.application_id}"
