"""Passports that travel: the keys that sign them, what the fund signed for an organisation, and what another fund signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Sealing, Stateful
from audit.sealed import SealedTextField
from organisations import carried_events as events
from organisations.models.profile import Organisation
from organisations.states import PassportFileState, PassportKeyState, TrustState

SIGNED_LENGTH = 256 * 1024
_K = PassportKeyState
_F = PassportFileState


@guards.fixed("key_id", "public")
@guards.guarded
class PassportKey(Stateful):
    """The public side of a key that signs passports, as the signer announced it."""

    state = FSMField(default=_K.SIGNING, choices=_K.choices, editable=False)
    key_id = models.CharField(max_length=64, unique=True)
    public = models.JSONField()

    def __str__(self) -> str:
        return self.key_id

    @transition(field=state, source=_K.SIGNING, target=_K.RETIRED, custom={"event": events.PassportKeyRetired})
    def retire(self) -> None:
        """Edge: another key signs; what this one signed still holds."""

    @transition(
        field=state,
        source=[_K.SIGNING, _K.RETIRED],
        target=_K.REVOKED,
        custom={"event": events.PassportKeyRevoked},
    )
    def revoke(self) -> None:
        """Edge: others may have it; nothing that it signed holds."""


@walls.walled
@guards.fixed("organisation", "data_key", "asked_by", by_moves=("signed", "claims", "key", "ends_at"))
@guards.guarded
class SignedPassport(Sealing, Stateful):
    """An organisation's passport as the signer's process signed it, with all that may be disclosed, sealed.

    ``claims`` are the names of what was signed. From it the organisation takes files, each with what it chooses.
    """

    state = FSMField(default=_F.ASKED, choices=_F.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="signed_passports")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed = SealedTextField(_("signed passport"), max_length=SIGNED_LENGTH, subject="organisation_id")
    claims = models.JSONField(default=list)
    key = models.ForeignKey(PassportKey, on_delete=models.PROTECT, null=True, related_name="+")
    ends_at = models.DateTimeField(_("valid until"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_passport_waits_to_be_signed", fields=["organisation"], condition=Q(state=_F.ASKED)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @transition(field=state, source=_F.ASKED, target=_F.SIGNED, custom={"event": events.PassportFileSigned})
    def be_signed(self) -> None:
        """Edge: the signer's process gathered what the fund accepted, and signed it."""


@guards.fixed("name", "issuer", "keys")
@guards.guarded
class TrustedFund(Stateful):
    """Another fund whose passports are taken: the address under which it signs, and its public keys as an officer got them."""

    state = FSMField(default=TrustState.TRUSTED, choices=TrustState.choices, editable=False)
    name = models.CharField(_("name of the fund"), max_length=120)
    issuer = models.URLField(_("address under which it signs"), max_length=200)
    keys = models.JSONField(_("its public keys"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_trust_in_an_issuer", fields=["issuer"], condition=Q(state=TrustState.TRUSTED)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def listed(self) -> list[dict[str, str]]:
        """The keys one by one."""
        found: list[dict[str, str]] = self.keys["keys"]
        return found

    @transition(
        field=state, source=TrustState.TRUSTED, target=TrustState.ENDED, custom={"event": events.TrustedFundEnded}
    )
    def end(self) -> None:
        """Edge: its passports are taken no longer."""


@walls.walled
@guards.append_only(recorded=True)
class PassportImport(Sealing, Recorded):
    """A passport of another fund as an organisation gave it: verified offline, kept sealed, its parts used where ours had gaps."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="imported_passports")
    fund = models.ForeignKey(TrustedFund, on_delete=models.PROTECT, related_name="+")
    serial = models.CharField(max_length=100)
    issued_at = models.DateTimeField(_("issued"))
    ends_at = models.DateTimeField(_("valid until"))
    file = SealedTextField(_("file"), max_length=SIGNED_LENGTH, subject="organisation_id")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="passport_given_once", fields=["fund", "serial", "organisation"])]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.serial}"
