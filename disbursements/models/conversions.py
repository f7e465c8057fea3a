"""Payments that were paid out in another currency: at which rates, and what that cost or gave."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from disbursements import conversion_events as events
from disbursements import conversions
from disbursements.guards import follows_its_payment
from disbursements.models.tranches import Payment
from disbursements.states import ConversionState
from kernel.money import Money
from ledger.models import PoundSeries, ReferenceRate
from ledger.rates import POUND

User = settings.AUTH_USER_MODEL
_C = ConversionState


@walls.walled
@guards.fixed(
    "payment", "currency", "series", "reference", "contract_units", "paid_out_minor", "charged_minor", "recorded_by",
    by_moves=("confirmed_by",),
)  # fmt: skip
@follows_its_payment
@guards.guarded
class Conversion(Stateful):
    """A payment in the payee's currency, as the slip shows it: recorded by one person, confirmed by another.

    ``paid_out_minor`` are minor units of ``currency`` (pounds of ``series``); ``charged_minor`` are those of the payment's
    currency that the fund's account really bore. Rates are units of ``currency`` for one unit of the payment's.
    """

    state = FSMField(default=_C.RECORDED, choices=_C.choices, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="conversions")
    currency = models.CharField(_("paid out in"), max_length=3)
    series = models.CharField(_("series"), max_length=3, choices=PoundSeries.choices, blank=True)
    reference = models.ForeignKey(ReferenceRate, on_delete=models.PROTECT, related_name="+")
    contract_units = models.DecimalField(_("contract rate"), max_digits=18, decimal_places=6)
    paid_out_minor = models.BigIntegerField(_("paid out"))
    charged_minor = models.BigIntegerField(_("charged to the fund"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_conversion_of_a_payment", fields=["payment"], condition=~Q(state=_C.WITHDRAWN)
            ),
            models.CheckConstraint(
                name="conversion_amounts_positive",
                condition=Q(paid_out_minor__gt=0, charged_minor__gt=0, contract_units__gt=0),
            ),
            models.CheckConstraint(
                name="converted_pound_says_its_series",
                condition=Q(currency=POUND, series__in=PoundSeries.values) | (~Q(currency=POUND) & Q(series="")),
            ),
            models.CheckConstraint(
                name="conversion_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="confirmed_conversion_has_confirmer",
                condition=~Q(state=_C.CONFIRMED) | Q(confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment.key} {self.currency}"

    @property
    def paid_out(self) -> Money:
        """What the payee was given."""
        return Money(self.paid_out_minor, self.currency)

    @property
    def charged(self) -> Money:
        """What the fund's account bore."""
        return Money(self.charged_minor, self.payment.currency)

    @property
    def realised_units(self) -> Decimal:
        """The rate that came of it."""
        return conversions.realised(self.paid_out, self.charged)

    @property
    def gaps(self) -> conversions.Gaps:
        """How far the realised rate is from reference and contract."""
        return conversions.Gaps.of(self.realised_units, reference=self.reference.units, contract=self.contract_units)

    @property
    def loss_minor(self) -> int:
        """What was charged beyond the payment, in its minor units; a gain is negative."""
        return self.charged_minor - self.payment.amount_minor

    @property
    def gain_minor(self) -> int:
        """What was charged below the payment."""
        return -self.loss_minor

    @transition(field=state, source=_C.RECORDED, target=_C.CONFIRMED, custom={"event": events.ConversionConfirmed})
    def confirm(self) -> None:
        """Edge: another person read the slip; gain or loss is posted."""

    @transition(field=state, source=_C.RECORDED, target=_C.WITHDRAWN, custom={"event": events.ConversionWithdrawn})
    def withdraw(self) -> None:
        """Edge: it was wrong, or the payment came back."""
