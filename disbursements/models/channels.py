"""The register of those who carry money where the fund's bank cannot: exchanges, wallets, partners abroad, hosts."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from disbursements import events
from disbursements.states import Channel, ProviderState, Screening
from kernel.places import Governorate

User = settings.AUTH_USER_MODEL
_BASIS = 10_000


@walls.walled
@guards.fixed(
    "name", "name_ar", "channel", "licence_number", "licensed_by", "licence_until", "governorates", "currency",
    "most_payment_minor", "most_open_minor", "commission_basis_points", "commission_fixed_minor", "proposed_by",
    by_moves=("approved_by",),
)  # fmt: skip
@guards.guarded
class PaymentProvider(Stateful):
    """Who carries payments through a channel, under which licence, where, up to which amounts, for which commission.

    Amounts are minor units of ``currency``; ``most_open_minor`` is how much of the fund's money it may hold at once.
    The terms never change: other terms are another entry, approved anew.
    """

    state = FSMField(default=ProviderState.PROPOSED, choices=ProviderState.choices, editable=False)
    name = models.CharField(_("name in Latin letters"), max_length=140)
    name_ar = models.CharField(_("name in Arabic"), max_length=140)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    licence_number = models.CharField(_("number of the licence"), max_length=60)
    licensed_by = models.CharField(_("licensed by"), max_length=140)
    licence_until = models.DateField(_("licence valid until"))
    governorates = ArrayField(
        models.CharField(max_length=4, choices=Governorate.choices), verbose_name=_("governorates")
    )
    currency = models.CharField(max_length=3)
    most_payment_minor = models.BigIntegerField(_("largest payment"))
    most_open_minor = models.BigIntegerField(_("most on its way at once"))
    commission_basis_points = models.PositiveIntegerField(_("commission, in hundredths of a percent"), default=0)
    commission_fixed_minor = models.BigIntegerField(_("fixed commission of a payment"), default=0)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="provider_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="approved_provider_has_approver",
                condition=~Q(state=ProviderState.APPROVED) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="provider_limits",
                condition=Q(
                    most_payment_minor__gt=0,
                    most_open_minor__gte=F("most_payment_minor"),
                    commission_fixed_minor__gte=0,
                    commission_basis_points__lte=_BASIS,
                ),
            ),
            models.CheckConstraint(name="provider_is_no_bank_transfer", condition=~Q(channel=Channel.BANK)),
        ]

    def __str__(self) -> str:
        return self.name_ar or self.name

    @property
    def places(self) -> list[str]:
        """The names of the governorates in which it works."""
        return [str(Governorate(code).label) for code in self.governorates]

    @property
    def percent(self) -> str:
        """The commission in percent, with western digits and a point in every language."""
        return str(Decimal(self.commission_basis_points) / 100)

    def commission_of(self, minor: int) -> int:
        """What it takes for carrying ``minor``, in minor units, rounded up."""
        return -(-minor * self.commission_basis_points // _BASIS) + self.commission_fixed_minor

    @transition(
        field=state,
        source=ProviderState.PROPOSED,
        target=ProviderState.APPROVED,
        custom={"event": events.ProviderApproved},
    )
    def approve(self) -> None:
        """Edge: another person approves the entry as it stands."""

    @transition(
        field=state,
        source=ProviderState.APPROVED,
        target=ProviderState.SUSPENDED,
        custom={"event": events.ProviderSuspended},
    )
    def suspend(self) -> None:
        """Edge: nothing is paid through it for now."""

    @transition(
        field=state,
        source=ProviderState.SUSPENDED,
        target=ProviderState.APPROVED,
        custom={"event": events.ProviderResumed},
    )
    def resume(self) -> None:
        """Edge: payments may go through it again."""

    @transition(
        field=state,
        source=[ProviderState.PROPOSED, ProviderState.APPROVED, ProviderState.SUSPENDED],
        target=ProviderState.RETIRED,
        custom={"event": events.ProviderRetired},
    )
    def retire(self) -> None:
        """Edge: never used again."""


@walls.walled
@guards.append_only(recorded=True)
class ProviderScreening(Recorded):
    """One look at the lists of sanctions for a provider and its owners: what was searched, and what it gave."""

    provider = models.ForeignKey(PaymentProvider, on_delete=models.PROTECT, related_name="screenings")
    outcome = models.CharField(max_length=6, choices=Screening.choices)
    lists = models.CharField(_("lists and their day"), max_length=200)
    note = models.CharField(_("note"), max_length=300, blank=True)
    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.outcome}"
