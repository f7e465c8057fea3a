"""Complaints: what somebody told the fund, who looks into it, what was answered. All words of it are sealed."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accountability import events
from accountability.states import RESTRICTED, Category, ComplaintState, Outcome, Safety
from audit import guards, walls
from audit.models import Recorded, Sealing, Stateful
from audit.sealed import SealedTextField

User = settings.AUTH_USER_MODEL
_S = ComplaintState
TEXT_LENGTH, SHORT_LENGTH = 5000, 300


@walls.walled
@guards.fixed(
    "reference", "code_sha256", "language", "text", "about", "contact", "data_key", "received_at", "acknowledge_by",
    "assign_by",
    by_moves=(
        "category", "restricted", "excluded", "handler", "acknowledged_at", "assigned_at", "answer_by", "outcome",
        "answer", "answered_at", "follow_up_on",
    ),
)  # fmt: skip
@guards.guarded
class Complaint(Sealing, Stateful):
    """Something that went wrong, told by anybody, with or without a name.

    ``restricted`` ones are read by case handlers alone, save those in ``excluded``. Who complained holds the code of
    which ``code_sha256`` is kept; ``contact`` is what they chose to leave. On the days of ``follow_up_on``, frozen with
    the answer, the fund asks about revenge. Complaints of before the clock of assigning have no ``assign_by``.
    """

    state = FSMField(default=_S.RECEIVED, choices=_S.choices, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    code_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    category = models.CharField(_("What it is about"), max_length=15, choices=Category.choices)
    restricted = models.BooleanField(editable=False)
    excluded = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
    language = models.CharField(max_length=2)
    text = SealedTextField(_("What happened"), max_length=TEXT_LENGTH)
    about = SealedTextField(_("Where, and of which project or office"), max_length=SHORT_LENGTH, blank=True)
    contact = SealedTextField(_("How we can reach you"), max_length=SHORT_LENGTH, blank=True)
    received_at = models.DateTimeField(_("came in at"))
    acknowledge_by = models.DateTimeField(_("acknowledged by"))
    assign_by = models.DateTimeField(_("assigned by"), null=True)
    answer_by = models.DateTimeField(_("answered by"))
    assigned_at = models.DateTimeField(null=True, editable=False)
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    outcome = models.CharField(_("What we found"), max_length=20, choices=Outcome.choices, blank=True)
    answer = SealedTextField(_("Answer with its reasons"), max_length=TEXT_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    follow_up_on = ArrayField(models.DateField(), default=list, blank=True, editable=False)

    class Meta:
        ordering = ["acknowledge_by", "pk"]
        constraints = [
            models.CheckConstraint(
                name="grave_complaint_is_restricted",
                condition=~Q(category__in=[one.value for one in RESTRICTED]) | Q(restricted=True),
            ),
            models.CheckConstraint(
                name="answered_complaint_says_what_was_found",
                condition=~Q(state=_S.ANSWERED) | (~Q(outcome="") & Q(answered_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["state", "answer_by"], name="complaints_by_state")]

    def __str__(self) -> str:
        return self.reference

    @property
    def due(self) -> datetime:
        """The clock that runs out next."""
        if self.state == _S.RECEIVED:
            return self.acknowledge_by
        if self.handler_id is None and self.assign_by is not None:
            return min(self.assign_by, self.answer_by)
        return self.answer_by

    @transition(field=state, source=_S.RECEIVED, target=_S.IN_INQUIRY, custom={"event": events.ComplaintTakenUp})
    def take_up(self) -> None:
        """Edge: somebody read it and looks into it."""

    @transition(field=state, source=_S.IN_INQUIRY, target=_S.IN_INQUIRY, custom={"event": events.ComplaintAssigned})
    def assign(self) -> None:
        """Edge: somebody is named, or somebody else."""

    @transition(field=state, source=_S.IN_INQUIRY, target=_S.IN_INQUIRY, custom={"event": events.ComplaintMoved})
    def move(self) -> None:
        """Edge: it is about something else."""

    @transition(field=state, source=_S.RECEIVED, target=_S.RECEIVED, custom={"event": events.HandlerExcluded})
    def exclude_early(self) -> None:
        """Edge: closed to a case handler before anybody took it up."""

    @transition(field=state, source=_S.IN_INQUIRY, target=_S.IN_INQUIRY, custom={"event": events.HandlerExcluded})
    def exclude(self) -> None:
        """Edge: closed to a case handler."""

    @transition(field=state, source=_S.IN_INQUIRY, target=_S.ANSWERED, custom={"event": events.ComplaintAnswered})
    def answer_it(self) -> None:
        """Edge: answered, with what was found and why."""


@walls.walled
@guards.append_only(recorded=True)
class Message(Sealing, Recorded):
    """A question of the fund or a word more of who complained (``author`` None)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = SealedTextField(_("words"), subject="complaint_id", max_length=TEXT_LENGTH)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return str(self.complaint_id)


@walls.walled
@guards.append_only(recorded=True)
class RevengeCheck(Sealing, Recorded):
    """What the fund heard about revenge when it asked on the ``number``-th day of ``follow_up_on``.

    ``opened`` is the complaint of revenge that was opened at once where there was some.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="follow_ups")
    number = models.PositiveSmallIntegerField()
    found = models.CharField(_("What we heard"), max_length=10, choices=Safety.choices)
    note = SealedTextField(_("What was said"), subject="complaint_id", max_length=TEXT_LENGTH, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened = models.OneToOneField(Complaint, on_delete=models.PROTECT, null=True, related_name="revenge_for")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_follow_up_for_each_day", fields=["complaint", "number"]),
            models.CheckConstraint(
                name="revenge_opens_a_complaint", condition=~Q(found=Safety.REVENGE) | Q(opened__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} · {self.number}"
