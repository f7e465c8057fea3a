"""Statements of the fund's banks, their lines, and what people decide on lines that nothing matches exactly."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from disbursements import events
from disbursements.guards import matches_exactly, settles_once
from disbursements.models.runs import FundAccount
from disbursements.models.tranches import Payment, Refund
from disbursements.states import LineDirection, LineVerdict, StatementState
from funds.models import Contribution
from kernel.files import UploadTo, private_storage

User = settings.AUTH_USER_MODEL


@walls.walled
@guards.fixed(
    "file", "name", "sha256", "account", "mapping", "taken_by",
    by_moves=("kind", "refusal", "entries", "lines_new", "lines_known"),
)  # fmt: skip
@guards.guarded
class BankStatement(Stateful):
    """A file that a bank gave: taken once by its hash, then read by a worker. ``lines_read`` of ``lines_all`` is the progress."""

    state = FSMField(default=StatementState.TAKEN, choices=StatementState.choices, editable=False)
    file = models.FileField(storage=private_storage, upload_to=UploadTo("statements"))
    name = models.CharField(_("name of the file"), max_length=150)
    sha256 = models.CharField(max_length=64)
    account = models.ForeignKey(
        FundAccount, on_delete=models.PROTECT, null=True, related_name="statements", verbose_name=_("account")
    )
    mapping = models.JSONField(default=dict)
    kind = models.CharField(_("kind"), max_length=30, blank=True)
    entries = models.PositiveIntegerField(_("entries"), default=0)
    lines_all = models.PositiveIntegerField(default=0)
    lines_read = models.PositiveIntegerField(default=0)
    lines_new = models.PositiveIntegerField(_("new lines"), default=0)
    lines_known = models.PositiveIntegerField(_("lines known before"), default=0)
    refusal = models.CharField(max_length=200, blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-moved_at"]
        constraints = [
            models.UniqueConstraint(
                name="file_of_the_bank_once", fields=["sha256"], condition=~Q(state=StatementState.REFUSED)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @transition(
        field=state, source=StatementState.TAKEN, target=StatementState.READ, custom={"event": events.StatementRead}
    )
    def read(self) -> None:
        """Edge: every line of it is kept."""

    @transition(
        field=state,
        source=StatementState.TAKEN,
        target=StatementState.REFUSED,
        custom={"event": events.StatementRefused},
    )
    def refuse(self) -> None:
        """Edge: it is no statement, or cannot be read."""


@walls.walled
@matches_exactly
@guards.append_only()
class StatementLine(models.Model):
    """One movement as the bank tells it, in minor units; the same movement of two files is kept once (``fingerprint``).

    ``payment`` and ``contribution`` are set when the bank's own reference and the amount say exactly which it is. Every other
    line is a difference until somebody decides (`LineDecision`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, unique=True)
    account_number = models.CharField(_("account"), max_length=40, blank=True)
    direction = models.CharField(max_length=8, choices=LineDirection.choices)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3, blank=True)
    booked_on = models.DateField(_("booked on"), null=True)
    value_on = models.DateField(null=True)
    end_to_end = models.CharField(_("end-to-end number"), max_length=80, blank=True)
    reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    order = models.CharField(_("order"), max_length=80, blank=True)
    party = models.CharField(_("other side"), max_length=140, blank=True)
    text = models.CharField(_("text"), max_length=500, blank=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="statement_lines")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["statement", "position"]
        constraints = [
            models.CheckConstraint(name="line_amount_not_negative", condition=Q(amount_minor__gte=0)),
            models.CheckConstraint(
                name="line_matches_one_thing", condition=Q(payment__isnull=True) | Q(contribution__isnull=True)
            ),
            models.UniqueConstraint(
                name="payment_leaves_the_bank_once", fields=["payment"], condition=Q(direction=LineDirection.OUT)
            ),
            models.UniqueConstraint(name="contribution_arrives_once", fields=["contribution"]),
        ]
        indexes = [
            models.Index(fields=["end_to_end"], name="lines_by_end_to_end", condition=~Q(end_to_end="")),
            models.Index(
                fields=["booked_on"],
                name="lines_without_match",
                condition=Q(payment__isnull=True, contribution__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference or self.end_to_end or self.position}"


@walls.walled
@settles_once
@guards.append_only(recorded=True)
class LineDecision(Recorded):
    """What a person did with a line that nothing matched exactly: handed it over, matched it, or explained it."""

    line = models.ForeignKey(StatementLine, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=LineVerdict.choices)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="line_decisions")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, null=True, related_name="+")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(
                name="line_is_settled_once", fields=["line"], condition=~Q(verdict=LineVerdict.HANDED_OVER)
            ),
            models.UniqueConstraint(
                name="payment_matched_by_hand_once", fields=["payment"], condition=Q(verdict=LineVerdict.MATCHED)
            ),
            models.CheckConstraint(
                name="decision_says_what_it_means",
                condition=Q(verdict=LineVerdict.HANDED_OVER, owner__isnull=False)
                | (Q(verdict=LineVerdict.EXPLAINED) & ~Q(note=""))
                | Q(verdict=LineVerdict.RETURNED, payment__isnull=False)
                | Q(
                    verdict=LineVerdict.MATCHED,
                    payment__isnull=False,
                    contribution__isnull=True,
                    refund__isnull=True,
                )
                | Q(
                    verdict=LineVerdict.MATCHED,
                    payment__isnull=True,
                    contribution__isnull=False,
                    refund__isnull=True,
                )
                | Q(
                    verdict=LineVerdict.MATCHED,
                    payment__isnull=True,
                    contribution__isnull=True,
                    refund__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.verdict}"
