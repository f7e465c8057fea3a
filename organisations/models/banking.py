"""The change of an organisation's bank details: asked for, called back on a number of the file, agreed to by others."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Sealing, Stateful
from audit.sealed import SealedTextField
from organisations import bank_events as events
from organisations.bank_guards import agreed_by_enough
from organisations.models.profile import BankAccount, Organisation
from organisations.states import SPOKEN, BankChangeState, BankWarning

User = settings.AUTH_USER_MODEL
_C = BankChangeState
OPEN = (_C.REQUESTED, _C.CALLED_BACK)
_CALLED = Q(called_by__isnull=False, called_at__isnull=False, spoke_with__isnull=False, channel__in=SPOKEN)


@walls.walled
@guards.fixed(
    "organisation", "account", "replaces", "data_key", "file_number", "warnings", "approvers", "due", "requested_by",
    by_moves=("called_by", "called_at", "spoke_with", "channel"),
)  # fmt: skip
@agreed_by_enough
@guards.guarded
class BankChange(Sealing, Stateful):
    """An account that comes after the organisation's first one: nobody is paid there until it was called back and agreed to.

    ``replaces`` is the account that it takes the place of; nothing is paid there while the change is open. ``file_number`` is the
    telephone number of the profile on the day of the request, so that no later edit of the profile changes who is called.
    ``approvers`` is how many people of the fund the charter asks for; who called back is the first.
    """

    state = FSMField(default=_C.REQUESTED, choices=_C.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bank_changes")
    account = models.OneToOneField(BankAccount, on_delete=models.PROTECT, related_name="change")
    replaces = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, related_name="changes")
    file_number = SealedTextField(_("number in the file"), max_length=30, subject="organisation_id")
    warnings = ArrayField(models.CharField(max_length=20, choices=BankWarning.choices), default=list)
    approvers = models.PositiveSmallIntegerField()
    due = models.DateTimeField(_("due"))
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(_("called back on"), null=True)
    spoke_with = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(_("how"), max_length=20, choices=[(one.value, one.label) for one in SPOKEN], blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_change_of_an_account", fields=["replaces"], condition=Q(state__in=OPEN)
            ),
            models.CheckConstraint(
                name="bank_change_called_back_by_another",
                condition=Q(called_by__isnull=True) | ~Q(called_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="bank_change_called_back_first",
                condition=~Q(state__in=[_C.CALLED_BACK, _C.APPROVED]) | _CALLED,
            ),
            models.CheckConstraint(name="bank_change_replaces_another", condition=~Q(account=F("replaces"))),
            models.CheckConstraint(name="bank_change_needs_two", condition=Q(approvers__gte=2)),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def warnings_in_words(self) -> list[str]:
        """What looked odd, in the reader's language."""
        return [str(BankWarning(code).label) for code in self.warnings]

    @transition(field=state, source=_C.REQUESTED, target=_C.CALLED_BACK, custom={"event": events.BankChangeCalledBack})
    def call_back(self) -> None:
        """Edge: an officer asked a person of the organisation, on a number of the file."""

    @transition(field=state, source=_C.CALLED_BACK, target=_C.APPROVED, custom={"event": events.BankChangeApproved})
    def approve(self) -> None:
        """Edge: as many people as the charter asks for agree."""

    @transition(field=state, source=list(OPEN), target=_C.REFUSED, custom={"event": events.BankChangeRefused})
    def refuse(self) -> None:
        """Edge: the fund does not pay there."""

    @transition(field=state, source=list(OPEN), target=_C.WITHDRAWN, custom={"event": events.BankChangeWithdrawn})
    def withdraw(self) -> None:
        """Edge: the organisation keeps its old account."""


@walls.walled
@guards.append_only(recorded=True)
class BankChangeAgreement(Recorded):
    """That a person of the fund who did not call back agrees to exactly these details."""

    change = models.ForeignKey(BankChange, on_delete=models.PROTECT, related_name="agreements")
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="bank_change_agreed_once_by_each", fields=["change", "agreed_by"])]

    def __str__(self) -> str:
        return f"{self.change_id} {self.agreed_by_id}"
