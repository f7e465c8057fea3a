"""Grants: offer, agreement, funding by source."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from charter.documents import CharterField
from grants import events
from grants.guards import religious_money_is_justified, signature_waits_for_conditions
from grants.models.applications import Application
from grants.models.calls import Call, Envelope
from grants.revision_guards import ends_by_extension, grows_by_extension
from grants.states import GrantState
from kernel.files import UploadTo, private_storage
from ledger.models import Account
from organisations.models import Organisation
from organisations.states import Tier

_S = GrantState


@walls.walled
@guards.fixed(
    "reference", "application", "call", "organisation", "currency", "months", "tier", "frozen_rules", "charter_number",
    by_moves=(
        "amount_minor",
        "starts_on", "ends_on", "step_due", "agreement_ar_sha256", "agreement_en_sha256", "signed_by", "signed_at",
        "countersigned_by", "countersigned_at", "closed_at",
    ),
)  # fmt: skip
@signature_waits_for_conditions
@ends_by_extension
@grows_by_extension
@guards.guarded
class Grant(Stateful):
    """An award and what becomes of it. ``frozen_rules`` are the call's rules as signed; amounts are minor units.

    ``amount_minor`` and ``ends_on`` are what counts now; an extension in force moves them (`grants.selectors.extensions`
    knows what was signed), ``months`` stays as signed.
    """

    state = FSMField(default=_S.AWARDED, choices=_S.choices, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="grants")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grants")
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3, default="USD")
    months = models.PositiveSmallIntegerField(_("duration in months"))
    tier = models.CharField(_("tier"), max_length=1, choices=Tier.choices)
    frozen_rules = CharterField(editable=False)
    charter_number = models.PositiveIntegerField(editable=False)
    starts_on = models.DateField(_("from"), null=True)
    ends_on = models.DateField(_("until"), null=True)
    step_due = models.DateTimeField(_("due"), null=True)
    agreement_ar = models.FileField(storage=private_storage, upload_to=UploadTo("agreements"), blank=True)
    agreement_en = models.FileField(storage=private_storage, upload_to=UploadTo("agreements"), blank=True)
    agreement_ar_sha256 = models.CharField(max_length=64, blank=True)
    agreement_en_sha256 = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    countersigned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_live_grant_per_application", fields=["application"], condition=~Q(state=_S.SET_ASIDE)
            ),
            models.CheckConstraint(name="grant_amount_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="grant_dates_in_order",
                condition=Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
            models.CheckConstraint(
                name="agreement_signed_by_two_people",
                condition=Q(countersigned_by__isnull=True) | ~Q(countersigned_by=F("signed_by")),
            ),
            models.CheckConstraint(
                name="active_grant_is_signed",
                condition=~Q(state__in=[_S.ACTIVE, _S.SUSPENDED, _S.CLOSED])
                | Q(signed_by__isnull=False, countersigned_by__isnull=False, starts_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "ends_on"], name="grants_by_state")]

    def __str__(self) -> str:
        return self.reference

    @property
    def rules_version(self) -> int:
        """Number of the charter version that binds the grant."""
        return self.charter_number

    @transition(field=state, source=_S.AWARDED, target=_S.OFFER_SENT, custom={"event": events.OfferSent})
    def send_offer(self) -> None:
        """Edge: the organisation learns amount, conditions, schedule."""

    @transition(field=state, source=_S.OFFER_SENT, target=_S.OFFER_ACCEPTED, custom={"event": events.OfferAccepted})
    def accept_offer(self) -> None:
        """Edge: the signatory accepts."""

    @transition(field=state, source=_S.OFFER_SENT, target=_S.DECLINED, custom={"event": events.OfferDeclined})
    def decline_offer(self) -> None:
        """Edge: the organisation declines."""

    @transition(field=state, source=_S.OFFER_SENT, target=_S.LAPSED, custom={"event": events.OfferLapsed})
    def lapse_offer(self) -> None:
        """Edge: no answer in time."""

    @transition(
        field=state,
        source=[_S.OFFER_SENT, _S.OFFER_ACCEPTED],
        target=_S.LAPSED,
        custom={"event": events.AwardLapsed},
    )
    def lapse_unmet(self) -> None:
        """Edge: a condition before the signature was not met in time."""

    @transition(
        field=state,
        source=[_S.AWARDED, _S.OFFER_SENT, _S.OFFER_ACCEPTED, _S.AGREEMENT_DRAFTED, _S.SIGNED_BY_PARTNER],
        target=_S.SET_ASIDE,
        custom={"event": events.AwardSetAside},
    )
    def set_aside(self) -> None:
        """Edge: the decision was reopened before the fund countersigned; the money goes back to the envelopes."""

    @transition(
        field=state,
        source=[_S.OFFER_ACCEPTED, _S.AGREEMENT_DRAFTED],
        target=_S.AGREEMENT_DRAFTED,
        custom={"event": events.AgreementDrafted},
    )
    def draft_agreement(self) -> None:
        """Edge: the texts in both languages are drawn and hashed."""

    @transition(
        field=state,
        source=_S.AGREEMENT_DRAFTED,
        target=_S.SIGNED_BY_PARTNER,
        custom={"event": events.AgreementSigned},
    )
    def sign(self) -> None:
        """Edge: the partner's signatory signs exactly these texts."""

    @transition(
        field=state, source=_S.SIGNED_BY_PARTNER, target=_S.ACTIVE, custom={"event": events.AgreementCountersigned}
    )
    def countersign(self) -> None:
        """Edge: the fund countersigns; the money is committed."""

    @transition(field=state, source=_S.ACTIVE, target=_S.ACTIVE, custom={"event": events.GrantExtended})
    def extend(self) -> None:
        """Edge: an extension is in force; the days to come are moved."""

    @transition(field=state, source=_S.ACTIVE, target=_S.ACTIVE, custom={"event": events.GrantIncreased})
    def increase(self) -> None:
        """Edge: a cost extension is in force; the grant's amount grows."""

    @transition(field=state, source=_S.ACTIVE, target=_S.SUSPENDED, custom={"event": events.GrantSuspended})
    def suspend(self) -> None:
        """Edge: no payments for now."""

    @transition(field=state, source=_S.SUSPENDED, target=_S.ACTIVE, custom={"event": events.GrantResumed})
    def resume(self) -> None:
        """Edge: the cause is mended."""

    @transition(
        field=state,
        source=[_S.ACTIVE, _S.SUSPENDED],
        target=_S.TERMINATED,
        custom={"event": events.GrantTerminated},
    )
    def terminate(self) -> None:
        """Edge: ended early by the board."""

    @transition(field=state, source=[_S.ACTIVE, _S.TERMINATED], target=_S.CLOSED, custom={"event": events.GrantClosed})
    def close(self) -> None:
        """Edge: reports accepted, refund settled."""


@walls.walled
@guards.append_only(recorded=True)
@religious_money_is_justified
class GrantFunding(Recorded):
    """The share of one envelope in a grant, frozen when the grant is committed; ``account`` is what the fund still owes.

    What a cost extension adds is a share of its own, of the same envelope or another (``revision``).
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="funding")
    revision = models.ForeignKey("grants.Revision", on_delete=models.PROTECT, null=True, related_name="funding")
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="funding")
    amount_minor = models.BigIntegerField(_("amount"))
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="grant_funding")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_funding_per_envelope", fields=["grant", "envelope", "revision"], nulls_distinct=False
            ),
            models.CheckConstraint(name="funding_amount_positive", condition=Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.grant} · {self.envelope}"
