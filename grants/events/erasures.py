"""What is recorded of destroying a file that came with an application."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from audit.states import ErasureGround

__all__ = ["FileErased", "FileErasureProposed", "FileErasureWithdrawn"]


@register
class FileErasureProposed(Event):
    """``sha256`` is the hash of the file; its name is in no record."""

    type = "grants.file_erasure.proposed"
    sentence = _("proposed to erase the file with the fingerprint %(sha256)s: %(ground)s")
    labels = {"ground": ErasureGround}
    application: UUID
    file: UUID
    sha256: str
    ground: str


@register
class FileErased(Event):
    type = "grants.file_erasure.carried_out"
    sentence = _("as a second person erased the file with the fingerprint %(sha256)s: %(ground)s")
    labels = {"ground": ErasureGround}
    application: UUID
    file: UUID
    sha256: str
    ground: str


@register
class FileErasureWithdrawn(Event):
    type = "grants.file_erasure.withdrawn"
    sentence = _("withdrew the proposal to erase a file")
