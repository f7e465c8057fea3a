"""What becomes of promises and of money that is not used: agreements, likelihoods, write-offs, returns to donors."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards
from audit.models import Recorded, Stateful
from funds import events
from funds.states import ReturnState, WriteOffState
from kernel.files import UploadTo, private_storage
from kernel.money import Money

User = settings.AUTH_USER_MODEL


@guards.append_only(recorded=True)
class PledgeDocument(Recorded):
    """A document of a donor's agreement: the contract, an amendment, a letter."""

    pledge = models.ForeignKey("funds.Pledge", on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("document"), storage=private_storage, upload_to=UploadTo("agreements"))
    sha256 = models.CharField(max_length=64)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return self.title


@guards.append_only(recorded=True)
class PledgeEstimate(Recorded):
    """How likely finance thinks that a pledge arrives, in percent; the latest counts before the charter's number."""

    pledge = models.ForeignKey("funds.Pledge", on_delete=models.PROTECT, related_name="estimates")
    percent = models.PositiveSmallIntegerField(_("likelihood in percent"))
    estimated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [models.CheckConstraint(name="estimate_is_a_share", condition=Q(percent__lte=100))]

    def __str__(self) -> str:
        return f"{self.percent} %"


@guards.fixed("pledge", "amount_minor", "why", "asked_by", by_moves=("decided_by",))
@guards.guarded
class PledgeWriteOff(Stateful):
    """What of a signed pledge will not arrive: one person asks, another decides."""

    state = FSMField(default=WriteOffState.ASKED, choices=WriteOffState.choices, editable=False)
    pledge = models.ForeignKey("funds.Pledge", on_delete=models.PROTECT, related_name="write_offs")
    amount_minor = models.BigIntegerField(_("amount"))
    why = models.TextField(_("reason"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="write_off_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="write_off_by_two", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="write_off_was_decided", condition=Q(state=WriteOffState.ASKED) | Q(decided_by__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_write_off_at_a_time", fields=["pledge"], condition=Q(state=WriteOffState.ASKED)
            ),
        ]

    def __str__(self) -> str:
        return str(Money(self.amount_minor, self.pledge.currency))

    @transition(
        field=state,
        source=WriteOffState.ASKED,
        target=WriteOffState.CONFIRMED,
        custom={"event": events.WriteOffConfirmed},
    )
    def confirm(self) -> None:
        """Edge: a second person agrees."""

    @transition(
        field=state,
        source=WriteOffState.ASKED,
        target=WriteOffState.DECLINED,
        custom={"event": events.WriteOffDeclined},
    )
    def decline(self) -> None:
        """Edge: a second person does not."""


@guards.fixed(
    "contribution", "amount_minor", "why", "asked_by",
    by_moves=("decided_by", "paid_on", "bank_reference", "paid_by"),
)  # fmt: skip
@guards.guarded
class DonorReturn(Stateful):
    """Money that goes back to its donor: asked for by one person, released by another, then paid by the bank."""

    state = FSMField(default=ReturnState.ASKED, choices=ReturnState.choices, editable=False)
    contribution = models.ForeignKey("funds.Contribution", on_delete=models.PROTECT, related_name="returns")
    amount_minor = models.BigIntegerField(_("amount"))
    why = models.TextField(_("reason"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    paid_on = models.DateField(_("paid on"), null=True)
    bank_reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    paid_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="return_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="return_by_two", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="return_was_decided", condition=Q(state=ReturnState.ASKED) | Q(decided_by__isnull=False)
            ),
            models.CheckConstraint(
                name="paid_return_names_its_slip",
                condition=~Q(state=ReturnState.PAID)
                | (Q(paid_on__isnull=False, paid_by__isnull=False) & ~Q(bank_reference="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.money)

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.contribution.currency)

    @transition(
        field=state, source=ReturnState.ASKED, target=ReturnState.RELEASED, custom={"event": events.DonorReturnReleased}
    )
    def release(self) -> None:
        """Edge: a second person lets it go: the fund owes it to the donor."""

    @transition(
        field=state, source=ReturnState.ASKED, target=ReturnState.DECLINED, custom={"event": events.DonorReturnDeclined}
    )
    def decline(self) -> None:
        """Edge: a second person does not."""

    @transition(
        field=state, source=ReturnState.RELEASED, target=ReturnState.PAID, custom={"event": events.DonorReturnPaid}
    )
    def pay(self) -> None:
        """Edge: the bank paid it."""
