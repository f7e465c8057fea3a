"""Reports of partners: what was done and what was spent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from grants import events
from grants.guards import content_fixed, fixed_with_report
from grants.models.grants import Grant
from grants.revision_guards import budget_by_revision, moved_by_extension
from grants.states import BudgetCategory, ReportKind, ReportState

_S = ReportState


@walls.walled
@content_fixed(
    "achieved", "did_not_work", "participation", "people_reached", "spent_minor", "period_start", "period_end",
    changeable=("scheduled", "open", "returned"), name="id",
)  # fmt: skip
@guards.fixed(
    "grant", "number", "extra", "kind",
    by_moves=("due_on", "submitted_by", "submitted_at", "reviewed_by", "return_note", "returns"),
)  # fmt: skip
@moved_by_extension("due_on", "period_start", "period_end")
@guards.guarded
class Report(Stateful):
    """A narrative and financial report for one period of a grant. ``spent_minor`` is the sum of its lines.

    ``number`` counts the scheduled reports; ``extra`` is 0 for these, and 1, 2, … for further progress reports that the
    partner begins after one of them, when a tranche waits for more spending than it reported.
    """

    state = FSMField(default=_S.SCHEDULED, choices=_S.choices, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(_("number"))
    extra = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=ReportKind.choices)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    due_on = models.DateField(_("due on"))
    achieved = models.TextField(_("what was achieved"), blank=True)
    did_not_work = models.TextField(_("what did not work, and what we learned"), blank=True)
    participation = models.TextField(_("how the community took part"), blank=True)
    people_reached = models.PositiveIntegerField(_("people reached"), null=True)
    spent_minor = models.BigIntegerField(_("spent in the period"), default=0, editable=False)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    return_note = models.TextField(_("what to mend"), blank=True)
    returns = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["number", "extra"]
        constraints = [
            models.UniqueConstraint(name="report_place_in_grant", fields=["grant", "number", "extra"]),
            models.UniqueConstraint(
                name="one_further_report_at_a_time",
                fields=["grant"],
                condition=Q(extra__gt=0) & ~Q(state__in=[_S.ACCEPTED, _S.WAIVED]),
            ),
            models.CheckConstraint(
                name="further_report_is_of_progress", condition=Q(extra=0) | Q(kind=ReportKind.PROGRESS)
            ),
            models.CheckConstraint(name="report_period_in_order", condition=Q(period_end__gt=F("period_start"))),
            models.CheckConstraint(name="report_spent_not_negative", condition=Q(spent_minor__gte=0)),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="reports_by_state")]

    def __str__(self) -> str:
        return f"{self.grant} · {self.label}"

    @property
    def label(self) -> str:
        """Its number as people say it: ``2``, or ``2.1`` for the first further report after the second."""
        return f"{self.number}.{self.extra}" if self.extra else str(self.number)

    @property
    def rules_version(self) -> int:
        """Number of the charter version that binds the grant."""
        return self.grant.charter_number

    @transition(field=state, source=_S.SCHEDULED, target=_S.SCHEDULED, custom={"event": events.ReportRescheduled})
    def reschedule(self) -> None:
        """Edge: the grant runs longer."""

    @transition(field=state, source=_S.SCHEDULED, target=_S.OPEN, custom={"event": events.ReportOpened})
    def open(self) -> None:
        """Edge: the period is over (or the partner wants to write earlier)."""

    @transition(
        field=state, source=[_S.OPEN, _S.RETURNED], target=_S.SUBMITTED, custom={"event": events.ReportSubmitted}
    )
    def submit(self) -> None:
        """Edge: the signatory submits."""

    @transition(field=state, source=_S.SUBMITTED, target=_S.RETURNED, custom={"event": events.ReportReturned})
    def return_(self) -> None:
        """Edge: something to mend."""

    @transition(field=state, source=_S.SUBMITTED, target=_S.ACCEPTED, custom={"event": events.ReportAccepted})
    def accept(self) -> None:
        """Edge: accepted by a programme officer."""

    @transition(
        field=state,
        source=[_S.SCHEDULED, _S.OPEN, _S.RETURNED],
        target=_S.WAIVED,
        custom={"event": events.ReportWaived},
    )
    def waive(self) -> None:
        """Edge: not needed, with a reason."""

    @transition(
        field=state,
        source=[_S.OPEN, _S.RETURNED],
        target=_S.WAIVED,
        custom={"event": events.FurtherReportTakenBack},
    )
    def take_back(self) -> None:
        """Edge: the partner does not send the further report that it began."""


@walls.walled
@budget_by_revision
@fixed_with_report
class ReportLine(models.Model):
    """Spending of a period in one budget category (``I`` is the indirect cost)."""

    INDIRECT = "I"
    CATEGORIES = [*BudgetCategory.choices, (INDIRECT, _("Indirect costs"))]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="lines")
    category = models.CharField(_("category"), max_length=1, choices=CATEGORIES)
    budget_minor = models.BigIntegerField(_("budget"))
    spent_minor = models.BigIntegerField(_("spent in the period"), default=0)
    explanation = models.CharField(_("explanation"), max_length=300, blank=True)

    class Meta:
        ordering = ["category"]
        constraints = [
            models.UniqueConstraint(name="one_line_per_category", fields=["report", "category"]),
            models.CheckConstraint(name="line_not_negative", condition=Q(spent_minor__gte=0, budget_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.spent_minor}"


@walls.walled
@fixed_with_report
class ReportSave(models.Model):
    """One saving of a report, as `grants.models.SectionSave` of an application: ``answers`` holds what was typed.

    `Report` and `ReportLine` hold what was understood of the last one.
    """

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="saves")
    version = models.PositiveIntegerField()
    answers = models.JSONField()
    touched = models.JSONField(default=dict)
    tab = models.CharField(max_length=36, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="report_versions_in_order", fields=["report", "version"])]

    def __str__(self) -> str:
        return f"{self.report_id} v{self.version}"
