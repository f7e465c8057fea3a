"""What donors may read of a partner's report: nothing before two people of the secretariat read it for safety."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from grants.models import Report
from transparency import safety_events as events
from transparency.states import ReportPart, SafetyState

User = settings.AUTH_USER_MODEL
_S = SafetyState


@walls.walled
@guards.fixed(
    "report", "written_by",
    by_moves=("hidden_parts", "hidden_words", "shown_sha256", "proposed_by", "cleared_by", "reason", "review_on"),
)  # fmt: skip
@guards.guarded
class SafetyReview(Stateful):
    """The safety review of one accepted report.

    ``hidden_parts`` and ``hidden_words`` are taken out for donors, ``shown_sha256`` is the fingerprint of what is left.
    Neither reader is the other, and neither wrote the report: PostgreSQL holds it. To keep it back one person is enough.
    """

    state = FSMField(default=_S.WAITING, choices=_S.choices, editable=False)
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="safety_review")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    hidden_parts = ArrayField(
        models.CharField(max_length=15, choices=ReportPart.choices),
        default=list, blank=True, verbose_name=_("Parts that donors do not read"),
    )  # fmt: skip
    hidden_words = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, verbose_name=_("Words that are taken out")
    )
    shown_sha256 = models.CharField(max_length=64, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    review_on = models.DateField(_("looked at again on"), null=True)

    class Meta:
        ordering = ["moved_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="report_cleared_by_two",
                condition=~Q(state=_S.CLEARED)
                | (Q(proposed_by__isnull=False, cleared_by__isnull=False) & ~Q(cleared_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="report_cleared_by_no_writer",
                condition=Q(written_by__isnull=True)
                | (
                    (Q(proposed_by__isnull=True) | ~Q(proposed_by=F("written_by")))
                    & (Q(cleared_by__isnull=True) | ~Q(cleared_by=F("written_by")))
                ),
            ),
            models.CheckConstraint(
                name="report_kept_back_with_reason",
                condition=~Q(state=_S.KEPT_BACK) | (~Q(reason="") & Q(review_on__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["state", "review_on"], name="safety_reviews_by_state")]

    def __str__(self) -> str:
        return str(self.report)

    @transition(
        field=state,
        source=[_S.WAITING, _S.PROPOSED, _S.KEPT_BACK],
        target=_S.PROPOSED,
        custom={"event": events.ClearanceProposed},
    )
    def propose(self) -> None:
        """Edge: a first reader says what donors may read; a later one may say it otherwise."""

    @transition(field=state, source=_S.PROPOSED, target=_S.CLEARED, custom={"event": events.ReportCleared})
    def clear(self) -> None:
        """Edge: a second reader consents."""

    @transition(
        field=state,
        source=[_S.WAITING, _S.PROPOSED, _S.CLEARED, _S.KEPT_BACK],
        target=_S.KEPT_BACK,
        custom={"event": events.ReportKeptBack},
    )
    def keep_back(self) -> None:
        """Edge: donors do not read it, from this moment."""

    @transition(
        field=state,
        source=[_S.PROPOSED, _S.CLEARED],
        target=_S.WAITING,
        custom={"event": events.SafetyReviewReopened},
    )
    def reopen(self) -> None:
        """Edge: more is withheld of the grant than when it was read."""
