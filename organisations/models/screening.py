"""Versions of lists of sanctions, when organisations were compared with them, and the likenesses that two people judge."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Sealing, Stateful
from audit.sealed import SealedTextField
from kernel.files import UploadTo, private_storage
from organisations import screening_events as events
from organisations.models.profile import Organisation
from organisations.states import HitState, HitVerdict, ListSource, ListState, Occasion, SubjectKind

User = settings.AUTH_USER_MODEL
_L = ListState
_H = HitState


@guards.fixed(
    "source", "file", "aliases", "name", "sha256", "taken_by",
    by_moves=("issued_on", "entries", "added", "changed", "gone", "refusal"),
)  # fmt: skip
@guards.guarded
class SanctionsList(Stateful):
    """One version of a list, as a file that an officer gave. ``added``, ``changed`` and ``gone`` compare it with the last."""

    state = FSMField(default=_L.TAKEN, choices=_L.choices, editable=False)
    source = models.CharField(_("list"), max_length=10, choices=ListSource.choices)
    file = models.FileField(storage=private_storage, upload_to=UploadTo("sanctions"))
    aliases = models.FileField(storage=private_storage, upload_to=UploadTo("sanctions"), blank=True)
    name = models.CharField(_("name of the file"), max_length=150)
    sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("version of"), null=True)
    entries_read = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(_("entries"), default=0)
    added = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    gone = models.PositiveIntegerField(_("taken off"), default=0)
    refusal = models.CharField(max_length=100, blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-moved_at"]
        constraints = [
            models.UniqueConstraint(name="one_version_in_force", fields=["source"], condition=Q(state=_L.IN_FORCE)),
            models.UniqueConstraint(
                name="version_of_list_once", fields=["sha256"], condition=Q(state__in=[_L.TAKEN, _L.IN_FORCE])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.issued_on or ''}".strip()

    @transition(field=state, source=_L.TAKEN, target=_L.IN_FORCE, custom={"event": events.ListRead})
    def come_into_force(self) -> None:
        """Edge: every entry is kept; from now on names are compared with this version."""

    @transition(field=state, source=_L.TAKEN, target=_L.REFUSED, custom={"event": events.ListRefused})
    def refuse(self) -> None:
        """Edge: it is no such list, or is older than the one in force."""

    @transition(field=state, source=_L.IN_FORCE, target=_L.SUPERSEDED, custom={"event": events.ListSuperseded})
    def supersede(self) -> None:
        """Edge: a later version is in force."""


@guards.append_only()
class ListedEntry(models.Model):
    """Somebody on one version of a list. ``sha256`` is of everything that the list says: the version of the entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(SanctionsList, on_delete=models.PROTECT, related_name="rows")
    reference = models.CharField(_("reference"), max_length=40)
    is_person = models.BooleanField()
    names = models.JSONField()
    """Names that find (``strong``) and weak aliases that are only shown."""
    births = models.JSONField(default=list)
    countries = models.JSONField(default=list)
    programme = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="entry_once_in_a_version", fields=["version", "reference"])]

    def __str__(self) -> str:
        return f"{self.reference} {self.names['strong'][0]}"


@walls.walled
@guards.append_only(recorded=True)
class OrganisationScreening(Recorded):
    """That the names of an organisation were compared: with which versions of lists, and how many likenesses came of it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="screenings")
    occasion = models.CharField(_("occasion"), max_length=15, choices=Occasion.choices)
    versions = models.JSONField(_("lists"))
    fingerprint = models.CharField(max_length=64)
    names = models.PositiveSmallIntegerField(_("names compared"))
    hits = models.PositiveSmallIntegerField(_("likenesses found"))

    class Meta:
        indexes = [models.Index(fields=["organisation", "-recorded_at"], name="screenings_the_latest_first")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.recorded_at:%Y-%m-%d}"


@walls.walled
@guards.fixed("organisation", "data_key", "subject", "name", "name_index", "entry", "listed", "score")
@guards.guarded
class ScreeningHit(Sealing, Stateful):
    """A name of an organisation that is like one on a list, until two people have judged it.

    The name is sealed: it may be a person's. ``name_index`` and the entry's version make it the memory of what was judged:
    the same name against the same words of the list is never asked again.
    """

    state = FSMField(default=_H.OPEN, choices=_H.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="screening_hits")
    subject = models.CharField(_("whose name"), max_length=15, choices=SubjectKind.choices)
    name = SealedTextField(_("name"), max_length=200, subject="organisation_id")
    name_index = models.CharField(max_length=64, editable=False)
    entry = models.ForeignKey(ListedEntry, on_delete=models.PROTECT, related_name="hits")
    entry_sha256 = models.CharField(max_length=64, editable=False)
    listed = models.CharField(_("name on the list"), max_length=300)
    score = models.PositiveSmallIntegerField(_("likeness of 100"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="likeness_judged_once", fields=["organisation", "name_index", "entry_sha256"]),
            models.CheckConstraint(name="likeness_of_100", condition=Q(score__range=(0, 100))),
        ]
        indexes = [
            models.Index(
                fields=["organisation"],
                name="likenesses_that_block",
                condition=~Q(state=_H.CLEARED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.listed} ({self.score})"

    @transition(field=state, source=_H.OPEN, target=_H.LOOKED_AT, custom={"event": events.HitLookedAt})
    def look_at(self) -> None:
        """Edge: the first of two has judged."""

    @transition(field=state, source=[_H.LOOKED_AT, _H.DISPUTED], target=_H.CLEARED, custom={"event": events.HitCleared})
    def clear(self) -> None:
        """Edge: two say that it is somebody else."""

    @transition(
        field=state, source=[_H.LOOKED_AT, _H.DISPUTED], target=_H.CONFIRMED, custom={"event": events.HitConfirmed}
    )
    def confirm(self) -> None:
        """Edge: two say that it is the one on the list."""

    @transition(field=state, source=_H.LOOKED_AT, target=_H.DISPUTED, custom={"event": events.HitDisputed})
    def dispute(self) -> None:
        """Edge: the two disagree, or one cannot tell: the fund manager decides."""


@walls.walled
@guards.append_only(recorded=True)
class HitJudgement(Recorded):
    """What one person makes of a likeness, and why."""

    hit = models.ForeignKey(ScreeningHit, on_delete=models.PROTECT, related_name="judgements")
    judge = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=10, choices=HitVerdict.choices)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(name="likeness_judged_once_by_each", fields=["hit", "judge"])]

    def __str__(self) -> str:
        return f"{self.hit_id} {self.verdict}"
