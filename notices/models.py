"""Messages to people: kept here, and sent by e-mail from the outbox."""

import uuid

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One message to one person: ``kind`` names its wording, ``params`` fill it in, in the reader's language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=200, unique=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="notices_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"
