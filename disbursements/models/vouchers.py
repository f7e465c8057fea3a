"""Vouchers of cash payments: a code for the payee alone, of which only a slow digest is kept."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from disbursements import voucher_events as events
from disbursements.guards import redeemed_in_time
from disbursements.models.tranches import Payment
from disbursements.states import VoucherState

User = settings.AUTH_USER_MODEL
_V = VoucherState


@walls.walled
@guards.fixed("payment", "code_digest", "expires_at", "tries", "issued_by", by_moves=("redeemed_by",))
@redeemed_in_time
@guards.guarded
class Voucher(Stateful):
    """Shown by the payee where the notes are handed over; whoever enters its code confirms the payment, once.

    ``code_digest`` is an argon2id digest: the code itself stands on the paper alone. ``tries`` is how many wrong codes block it.
    """

    state = FSMField(default=_V.ISSUED, choices=_V.choices, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="vouchers")
    code_digest = models.CharField(max_length=200, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    tries = models.PositiveSmallIntegerField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    redeemed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_voucher_of_a_payment", fields=["payment"], condition=Q(state__in=[_V.ISSUED, _V.REDEEMED])
            ),
            models.CheckConstraint(
                name="voucher_redeemed_by_another",
                condition=Q(redeemed_by__isnull=True) | ~Q(redeemed_by=F("issued_by")),
            ),
            models.CheckConstraint(
                name="redeemed_voucher_has_redeemer", condition=~Q(state=_V.REDEEMED) | Q(redeemed_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.payment.key)

    @transition(field=state, source=_V.ISSUED, target=_V.REDEEMED, custom={"event": events.VoucherRedeemed})
    def redeem(self) -> None:
        """Edge: the payee showed it."""

    @transition(field=state, source=_V.ISSUED, target=_V.BLOCKED, custom={"event": events.VoucherBlocked})
    def block(self) -> None:
        """Edge: too many wrong codes."""

    @transition(field=state, source=_V.ISSUED, target=_V.VOID, custom={"event": events.VoucherVoided})
    def void(self) -> None:
        """Edge: another one takes its place, or the payment came back or was confirmed otherwise."""


@walls.walled
@guards.append_only(recorded=True)
class VoucherTry(Recorded):
    """A wrong code that somebody entered; which one it was is not kept."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="wrong")
    tried_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.recorded_at:%Y-%m-%d}"
