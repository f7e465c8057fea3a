"""The two shapes of a recorded object."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.record import Leaf


class Stateful(models.Model):
    """An object with a life cycle: every move through `audit.lifecycle` brings it the leaf of that move.

    Subclasses add ``state`` (an FSMField) with its transitions and wear `guards.guarded`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+", editable=False)
    moved_at = models.DateTimeField(_("since"), editable=False)

    class Meta:
        abstract = True


class Recorded(models.Model):
    """A decision or statement that never changes after it is made: a score, a vote, an approval.

    Subclasses wear `guards.append_only(recorded=True)`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+", editable=False)
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True
