"""The fund's own accounts at banks, and the runs in which payments are ordered from them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from disbursements import events
from disbursements.guards import run_is_whole, waits_for_one_run
from disbursements.models.tranches import Payment
from disbursements.states import BankCharges, OrderVersion, RunState
from kernel.files import UploadTo, private_storage

User = settings.AUTH_USER_MODEL


@walls.walled
@guards.append_only(recorded=True)
class FundAccount(Recorded):
    """An account of the fund from which money goes out, as the bank writes it; new details are a new row."""

    holder = models.CharField(_("account holder, in Latin letters"), max_length=140)
    number = models.CharField(_("IBAN or account number"), max_length=34)
    bank = models.CharField(_("bank, in Latin letters"), max_length=140)
    bic = models.CharField(_("BIC of the bank"), max_length=11)
    country = models.CharField(_("country of the holder"), max_length=2)
    town = models.CharField(_("town of the holder"), max_length=35)
    currency = models.CharField(_("currency"), max_length=3)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.bank} …{self.number[-4:]} · {self.currency}"


@walls.walled
@guards.fixed(
    "reference", "account", "currency", "version", "charges", "execute_on", "count", "total_minor", "file", "sha256", "maker",
    by_moves=("checker",),
)  # fmt: skip
@run_is_whole
@guards.guarded
class PaymentRun(Stateful):
    """Prepared payments ordered from the bank in one file: made by one person, released by another.

    The file is written once; its hash ``sha256`` is what the second person approves. ``reference`` is the message id,
    ``total_minor`` the sum of its payments in minor units of ``currency``.
    """

    state = FSMField(default=RunState.PREPARED, choices=RunState.choices, editable=False)
    reference = models.CharField(_("reference"), max_length=35, unique=True)
    account = models.ForeignKey(FundAccount, on_delete=models.PROTECT, related_name="runs")
    currency = models.CharField(max_length=3)
    version = models.CharField(_("format"), max_length=20, choices=OrderVersion.choices)
    charges = models.CharField(_("charges of the banks"), max_length=4, choices=BankCharges.choices)
    execute_on = models.DateField(_("to be executed on"))
    count = models.PositiveIntegerField(_("payments"))
    total_minor = models.BigIntegerField(_("sum"))
    file = models.FileField(storage=private_storage, upload_to=UploadTo("runs"))
    sha256 = models.CharField(max_length=64)
    maker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="run_checked_by_another", condition=Q(checker__isnull=True) | ~Q(checker=F("maker"))
            ),
            models.CheckConstraint(
                name="released_run_has_checker", condition=~Q(state=RunState.RELEASED) | Q(checker__isnull=False)
            ),
            models.CheckConstraint(name="run_orders_something", condition=Q(count__gt=0, total_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return self.reference

    @transition(field=state, source=RunState.PREPARED, target=RunState.RELEASED, custom={"event": events.RunReleased})
    def release(self) -> None:
        """Edge: a second person approves exactly this file; its payments are sent."""

    @transition(field=state, source=RunState.PREPARED, target=RunState.DISCARDED, custom={"event": events.RunDiscarded})
    def discard(self) -> None:
        """Edge: the file is never given to the bank; its payments are free for another run."""


@walls.walled
@waits_for_one_run
@guards.append_only()
class PaymentRunLine(models.Model):
    """One payment of a run, in the order of the file."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="lines")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="run_lines")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="payment_once_in_run", fields=["run", "payment"]),
            models.UniqueConstraint(name="one_payment_at_a_place", fields=["run", "position"]),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.position}"
