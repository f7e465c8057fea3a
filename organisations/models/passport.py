"""Items of an organisation's passport of due diligence, and what was given for each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Sealing, Stateful
from audit.sealed import SealedTextField
from kernel.files import UploadTo, private_storage
from organisations import events
from organisations.models.profile import Organisation
from organisations.states import PassportState

PASSPORT_TEXT_LENGTH = 4000


@walls.walled
@guards.fixed("organisation", "key", by_moves=("current", "valid_until", "reviewed_by"))
@guards.guarded
class PassportItem(Stateful):
    """One item of an organisation's passport, given once and used by every application.

    ``key`` is its key in the charter. ``current`` is what was given last; ``valid_until`` the day on which an accepted item
    ends (None: no end).
    """

    state = FSMField(default=PassportState.WANTED, choices=PassportState.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="passport_items")
    key = models.CharField(max_length=40)
    current = models.ForeignKey("PassportAnswer", on_delete=models.PROTECT, null=True, related_name="+")
    valid_until = models.DateField(_("valid until"), null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="item_of_passport_once", fields=["organisation", "key"])]
        indexes = [models.Index(fields=["state", "valid_until"], name="passport_items_by_end")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.key}"

    @transition(
        field=state,
        source=[
            PassportState.WANTED,
            PassportState.SUBMITTED,
            PassportState.RETURNED,
            PassportState.ACCEPTED,
            PassportState.WAIVED,
        ],
        target=PassportState.SUBMITTED,
        custom={"event": events.PassportItemSubmitted},
    )
    def submit(self) -> None:
        """Edge: the organisation gives it, for the first time or anew."""

    @transition(
        field=state,
        source=PassportState.SUBMITTED,
        target=PassportState.ACCEPTED,
        custom={"event": events.PassportItemAccepted},
    )
    def accept(self) -> None:
        """Edge: it is what was asked for."""

    @transition(
        field=state,
        source=PassportState.SUBMITTED,
        target=PassportState.RETURNED,
        custom={"event": events.PassportItemReturned},
    )
    def give_back(self) -> None:
        """Edge: it is not, and the reason says why."""

    @transition(
        field=state,
        source=[PassportState.WANTED, PassportState.SUBMITTED, PassportState.RETURNED],
        target=PassportState.WAIVED,
        custom={"event": events.PassportItemWaived},
    )
    def waive(self) -> None:
        """Edge: the fund does without it, for a reason."""


@walls.walled
@guards.append_only(recorded=True)
class PassportAnswer(Sealing, Recorded):
    """What an organisation gave for an item: words (sealed: they name people) and a document; never changed, only given anew."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="passport_answers")
    item = models.ForeignKey(PassportItem, on_delete=models.PROTECT, related_name="answers")
    text = SealedTextField(_("what was written"), max_length=PASSPORT_TEXT_LENGTH, subject="organisation_id")
    file = models.FileField(_("document"), storage=private_storage, upload_to=UploadTo("passport"), blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    valid_until = models.DateField(_("valid until"), null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    vouched = models.ForeignKey("PassportImport", on_delete=models.PROTECT, null=True, related_name="answers")
    """The signed passport of another fund from which it comes."""

    def __str__(self) -> str:
        return str(self.pk)
