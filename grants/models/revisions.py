"""Changes of a grant's budget or days and what they changed, kept for ever."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from grants import events
from grants.models.grants import Grant
from grants.models.reports import ReportLine
from grants.revision_guards import set_with_the_request, takes_effect_whole
from grants.states import ENDED_REVISIONS, RevisionKind, RevisionNeed, RevisionState
from kernel.files import UploadTo, private_storage

User = settings.AUTH_USER_MODEL
_S, _N, _K = RevisionState, RevisionNeed, RevisionKind
_LIVE = [_S.REQUESTED, _S.IN_REVIEW, _S.RETURNED, _S.APPROVED, _S.AMENDMENT_SIGNED]


@walls.walled
@guards.fixed(
    "grant", "kind", "by_fund", "requested_by",
    by_moves=(
        "reason", "new_post", "needs", "moved_minor", "percent", "months", "old_end", "new_end", "by_committee",
        "old_minor", "added_minor", "paid_from",
        "round", "step_due", "decided_by",
        "amendment_ar_sha256", "amendment_en_sha256", "signed_by", "signed_at", "countersigned_by", "countersigned_at",
    ),
)  # fmt: skip
@takes_effect_whole
@guards.guarded
class Revision(Stateful):
    """A change of a grant's budget, days or amount that one side asks for.

    A no-cost extension adds ``months``: the grant ends on ``new_end`` instead of ``old_end``, and its budget stays. A cost
    extension adds ``added_minor`` to the grant's ``old_minor`` (minor units), to be paid from the day ``paid_from`` on, and
    months where they are needed. Where ``by_committee``, the chair and another member of the committee agree before it is
    approved; to more money they always do.
    ``needs`` follows from ``percent``, the greatest change of a category since both sides signed last, and ``new_post``;
    what the fund asks for (``by_fund``) always needs both signatures. ``round`` counts the requests: a returned one is sent
    again. ``step_due`` is until when the side whose turn it is answers; a notice that nobody answered counts after it.
    """

    state = FSMField(default=_S.REQUESTED, choices=_S.choices, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="revisions")
    kind = models.CharField(_("what changes"), max_length=10, choices=_K.choices, default=_K.BUDGET)
    by_fund = models.BooleanField(default=False)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("why"))
    new_post = models.BooleanField(_("a post that the budget does not have yet"), default=False)
    needs = models.CharField(_("what it needs"), max_length=10, choices=_N.choices)
    moved_minor = models.BigIntegerField(_("moved between categories"))
    percent = models.PositiveIntegerField(_("greatest change of a category, %"))
    months = models.PositiveSmallIntegerField(_("months more"), default=0)
    old_end = models.DateField(_("ended on"), null=True)
    new_end = models.DateField(_("ends on"), null=True)
    by_committee = models.BooleanField(_("the committee agrees first"), default=False)
    old_minor = models.BigIntegerField(_("amount before"), null=True)
    added_minor = models.BigIntegerField(_("money more"), default=0)
    paid_from = models.DateField(_("needed from"), null=True)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    step_due = models.DateTimeField(_("due"), null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    amendment_ar = models.FileField(storage=private_storage, upload_to=UploadTo("amendments"), blank=True)
    amendment_en = models.FileField(storage=private_storage, upload_to=UploadTo("amendments"), blank=True)
    amendment_ar_sha256 = models.CharField(max_length=64, blank=True)
    amendment_en_sha256 = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    countersigned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    countersigned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_revision_a_grant", fields=["grant"], condition=~Q(state__in=ENDED_REVISIONS)
            ),
            models.CheckConstraint(
                name="revision_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="amendment_signed_by_two_people",
                condition=Q(countersigned_by__isnull=True)
                | (~Q(countersigned_by=F("signed_by")) & ~Q(countersigned_by=F("requested_by"))),
            ),
            models.CheckConstraint(
                name="fund_changes_a_budget_by_amendment", condition=Q(by_fund=False) | Q(needs=_N.AMENDMENT)
            ),
            models.CheckConstraint(
                name="revision_counts_by_what_it_needs",
                condition=~Q(state=_S.EFFECTIVE)
                | Q(needs=_N.NOTICE)
                | Q(needs=_N.APPROVAL, decided_by__isnull=False)
                | Q(
                    needs=_N.AMENDMENT,
                    decided_by__isnull=False,
                    signed_by__isnull=False,
                    countersigned_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="extension_adds_months",
                condition=Q(kind=_K.BUDGET, months=0, old_end__isnull=True, new_end__isnull=True, by_committee=False)
                | Q(kind=_K.NO_COST, months__gt=0, new_end__gt=F("old_end"), moved_minor=0, percent=0)
                | Q(kind=_K.COST, months=0, new_end=F("old_end"))
                | Q(kind=_K.COST, months__gt=0, new_end__gt=F("old_end")),
            ),
            models.CheckConstraint(
                name="cost_extension_adds_money",
                condition=Q(added_minor=0, old_minor__isnull=True, paid_from__isnull=True) & ~Q(kind=_K.COST)
                | Q(
                    kind=_K.COST,
                    added_minor__gt=0,
                    old_minor__gt=0,
                    paid_from__lte=F("new_end"),
                    by_committee=True,
                    needs=_N.AMENDMENT,
                    moved_minor=0,
                    percent=0,
                    new_post=False,
                ),
            ),
            models.CheckConstraint(name="notice_is_of_a_budget", condition=Q(kind=_K.BUDGET) | ~Q(needs=_N.NOTICE)),
            models.CheckConstraint(name="revision_moves_no_less_than_nothing", condition=Q(moved_minor__gte=0)),
        ]
        indexes = [models.Index(fields=["state", "step_due"], name="revisions_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.grant}"

    @property
    def rules_version(self) -> int:
        """Number of the charter version that binds the grant."""
        return self.grant.charter_number

    @property
    def has_ended(self) -> bool:
        """Whether nobody decides on it any more."""
        return self.state in ENDED_REVISIONS

    @property
    def ends(self) -> tuple[date, date] | None:
        """The last day of the grant before and after; None where it stays."""
        return (self.old_end, self.new_end) if self.months and self.old_end and self.new_end else None

    def text_of(self, language: str) -> Any:
        """The amendment's file in Arabic or English."""
        return self.amendment_ar if language == "ar" else self.amendment_en

    @transition(field=state, source=_S.REQUESTED, target=_S.IN_REVIEW, custom={"event": events.RevisionTakenUp})
    def take_up(self) -> None:
        """Edge: an officer looks at it; a notice does not count by itself any more."""

    @transition(field=state, source=_S.IN_REVIEW, target=_S.RETURNED, custom={"event": events.RevisionReturned})
    def return_(self) -> None:
        """Edge: something to mend."""

    @transition(field=state, source=_S.RETURNED, target=_S.REQUESTED, custom={"event": events.RevisionRequestedAgain})
    def request_again(self) -> None:
        """Edge: mended and sent again."""

    @transition(field=state, source=_S.RETURNED, target=_S.REQUESTED, custom={"event": events.ExtensionRequestedAgain})
    def request_extension_again(self) -> None:
        """Edge: the same, for more months."""

    @transition(
        field=state, source=_S.RETURNED, target=_S.REQUESTED, custom={"event": events.CostExtensionRequestedAgain}
    )
    def request_cost_extension_again(self) -> None:
        """Edge: the same, for more money."""

    @transition(field=state, source=_LIVE, target=_S.REJECTED, custom={"event": events.RevisionRejected})
    def reject(self) -> None:
        """Edge: the budget stays as it is; also while the other side does not answer, so that no grant waits for ever."""

    @transition(field=state, source=_LIVE, target=_S.WITHDRAWN, custom={"event": events.RevisionWithdrawn})
    def withdraw(self) -> None:
        """Edge: who asked for it does not want it any more."""

    @transition(field=state, source=_S.IN_REVIEW, target=_S.APPROVED, custom={"event": events.RevisionApproved})
    def approve(self) -> None:
        """Edge: the fund agrees; an amendment waits for both signatures."""

    @transition(field=state, source=_S.APPROVED, target=_S.AMENDMENT_SIGNED, custom={"event": events.AmendmentSigned})
    def sign(self) -> None:
        """Edge: the partner's signatory signs exactly these texts."""

    @transition(
        field=state, source=_S.AMENDMENT_SIGNED, target=_S.EFFECTIVE, custom={"event": events.AmendmentCountersigned}
    )
    def countersign(self) -> None:
        """Edge: the fund countersigns; the change counts."""

    @transition(
        field=state,
        source=[_S.REQUESTED, _S.APPROVED],
        target=_S.EFFECTIVE,
        custom={"event": events.RevisionBecameEffective},
    )
    def take_effect(self) -> None:
        """Edge: approved where an approval is enough, or a notice that was not answered in time."""


@walls.walled
@set_with_the_request
@guards.append_only(recorded=True)
class RevisedAmount(Recorded):
    """One category before and after, in minor units, as it was asked for in one round."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="amounts")
    round = models.PositiveSmallIntegerField()
    category = models.CharField(_("category"), max_length=1, choices=ReportLine.CATEGORIES)
    before_minor = models.BigIntegerField(_("before"))
    after_minor = models.BigIntegerField(_("after"))

    class Meta:
        ordering = ["category"]
        constraints = [
            models.UniqueConstraint(name="one_revised_amount_a_category", fields=["revision", "round", "category"]),
            models.CheckConstraint(
                name="revised_amount_not_negative", condition=Q(before_minor__gte=0, after_minor__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.before_minor} → {self.after_minor}"


@walls.walled
@guards.append_only(recorded=True)
class RevisionConsent(Recorded):
    """A member of the committee agrees to an extension, in the round in which it was read."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="consents")
    round = models.PositiveSmallIntegerField()
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    as_chair = models.BooleanField(_("chairs the committee"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_consent_a_member", fields=["revision", "round", "member"])]

    def __str__(self) -> str:
        return f"{self.revision}: {self.member}"
