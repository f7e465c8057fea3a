"""Files that answer questions of an application, and those that are still on their way."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit import walls
from audit.states import ErasureGround
from grants.guards import erasable_file
from grants.models.applications import Application
from grants.models.calls import Question
from kernel.files import UploadTo, private_storage
from kernel.uploads import NAME_LENGTH

FIELD_LENGTH = 100


@walls.walled
@erasable_file
class Attachment(models.Model):
    """A file of an application, as it is stored: written once, never changed.

    ``field`` is where it was attached (`grants.selectors.asked`); an answer names the file that counts. ``name`` is what its
    people called it, ``kind`` its media type, ``sha256`` the hash of the stored bytes, which cleaning may have changed. Of one
    that was erased (`FileErasure`) the bytes are gone and its name is a part of its hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=FIELD_LENGTH)
    name = models.CharField(_("file"), max_length=NAME_LENGTH)
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=private_storage, upload_to=UploadTo("attachments"))
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    erased_because = models.CharField(
        _("ground"), max_length=20, choices=ErasureGround.choices, blank=True, editable=False
    )

    def __str__(self) -> str:
        return self.name


@walls.walled
class Upload(models.Model):
    """A file on its way over a bad line: of ``size`` bytes, ``arrived`` are here as `UploadPiece`.

    ``sha256`` is what the sender says the whole will be, empty where it did not say. A finished one is the `Attachment` of
    the same id and is remembered until ``expires_at``, so that a sender whose last answer was lost can ask.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="uploads")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=FIELD_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    size = models.PositiveIntegerField()
    arrived = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    finished = models.BooleanField(default=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="upload_within_its_size", condition=Q(arrived__lte=F("size"), size__gt=0)),
            models.CheckConstraint(name="finished_upload_is_whole", condition=Q(finished=False) | Q(arrived=F("size"))),
        ]

    def __str__(self) -> str:
        return f"{self.arrived}/{self.size}"


@walls.walled
class UploadPiece(models.Model):
    """Bytes of an upload, from ``start`` on; they go when the whole is stored or given up."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    start = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="upload_pieces_in_order", fields=["upload", "start"])]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.start}"
