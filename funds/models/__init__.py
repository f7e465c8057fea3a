"""Donors, what they pledge and what arrived."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from i18nfield.fields import I18nCharField

from audit import guards
from audit.models import Stateful
from funds import events
from funds.models.cards import (
    CardDifference,
    CardEntry,
    Gift,
    GiftRefund,
    Giver,
    GivingCertificate,
    PayoutArrival,
    WebhookDelivery,
)
from funds.models.endings import DonorReturn, PledgeDocument, PledgeEstimate, PledgeWriteOff
from funds.models.waqf import Waqf, WaqfDeed
from funds.restrictions import Restriction, Terms
from funds.states import (
    RUNNING_PLEDGES,
    ContributionState,
    DonorKind,
    Group,
    MandateRole,
    PledgeState,
    RestrictionClass,
)
from kernel.money import Money
from kernel.places import Governorate
from kernel.sectors import Sector
from ledger.models import Account

__all__ = [
    "CardDifference",
    "CardEntry",
    "Contribution",
    "Donor",
    "DonorRepresentative",
    "DonorReturn",
    "Gift",
    "GiftRefund",
    "Giver",
    "GivingCertificate",
    "PayoutArrival",
    "Pledge",
    "PledgeDocument",
    "PledgeEstimate",
    "PledgeWriteOff",
    "Restricted",
    "Waqf",
    "WaqfDeed",
    "WebhookDelivery",
]


class Donor(models.Model):
    """Who gives: a government, a foundation, a company, a waqf, a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = I18nCharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=DonorKind.choices)
    withhold_name = models.BooleanField(_("keep the name unpublished"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.name)


@guards.mandate(given=events.RepresentativeAdded, ended=events.RepresentativeEnded)
class DonorRepresentative(models.Model):
    """A person who sees a donor's own money and documents, for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="representatives")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="donor_mandates")
    role = models.CharField(_("role"), max_length=10, choices=MandateRole.choices, default=MandateRole.LEAD)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="representative_dates_in_order",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.donor}"


class Restricted(models.Model):
    """What the donor wants done with the money; empty lists restrict nothing."""

    restriction_class = models.CharField(
        _("restriction"), max_length=12, choices=RestrictionClass.choices, default=RestrictionClass.UNRESTRICTED
    )
    sectors = ArrayField(
        models.CharField(max_length=30, choices=Sector.choices), default=list, blank=True, verbose_name=_("sectors")
    )
    governorates = ArrayField(
        models.CharField(max_length=4, choices=Governorate.choices),
        default=list,
        blank=True,
        verbose_name=_("governorates"),
    )
    groups = ArrayField(
        models.CharField(max_length=20, choices=Group.choices), default=list, blank=True, verbose_name=_("groups")
    )
    use_by = models.DateField(_("to be used by"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def terms(self) -> Terms:
        """The donor's conditions as `funds.restrictions` compares them."""
        return Terms(
            restriction=Restriction(self.restriction_class),
            sectors=frozenset(self.sectors),
            governorates=frozenset(self.governorates),
            groups=frozenset(self.groups),
            use_by=self.use_by,
        )


@guards.fixed(
    "donor", "amount_minor", "currency", "expected_on", "recorded_by",
    "restriction_class", "sectors", "governorates", "groups", "use_by",
    by_moves=("signed_on", "valid_until"),
)  # fmt: skip
@guards.guarded
class Pledge(Restricted, Stateful):
    """A promise of money: shown apart, never cash."""

    state = FSMField(default=PledgeState.PLEDGED, choices=PledgeState.choices, editable=False)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="pledges")
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    expected_on = models.DateField(_("expected on"))
    signed_on = models.DateField(_("signed on"), null=True)
    valid_until = models.DateField(_("valid until"), null=True)
    """Last day of the agreement: what has not arrived then has expired."""
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="pledge_amount_positive", condition=Q(amount_minor__gt=0))]
        triggers = [
            pgtrigger.Trigger(
                name="written_off_by_two",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF NEW.state = 'written_off' AND OLD.state <> 'written_off' AND NOT EXISTS (
                    SELECT FROM funds_pledgewriteoff w WHERE w.pledge_id = NEW.id AND w.state = 'confirmed'
                ) THEN
                    RAISE EXCEPTION 'pledge %: nobody agreed to write it off', NEW.id USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.donor}: {Money(self.amount_minor, self.currency)}"

    @transition(
        field=state, source=PledgeState.PLEDGED, target=PledgeState.SIGNED, custom={"event": events.PledgeSigned}
    )
    def sign(self) -> None:
        """Edge: the donor's agreement is signed."""

    @transition(
        field=state,
        source=[PledgeState.SIGNED, PledgeState.PARTLY],
        target=PledgeState.INVOICED,
        custom={"event": events.PledgeInvoiced},
    )
    def invoice(self) -> None:
        """Edge: the donor is asked for the money, or for the rest of it."""

    @transition(
        field=state,
        source=list(RUNNING_PLEDGES),
        target=PledgeState.PARTLY,
        custom={"event": events.PledgePartReceived},
    )
    def receive_part(self) -> None:
        """Edge: a part of it arrived."""

    @transition(
        field=state,
        source=list(RUNNING_PLEDGES),
        target=PledgeState.FULFILLED,
        custom={"event": events.PledgeFulfilled},
    )
    def fulfil(self) -> None:
        """Edge: all of it arrived."""

    @transition(
        field=state,
        source=[PledgeState.PLEDGED, *RUNNING_PLEDGES],
        target=PledgeState.EXPIRED,
        custom={"event": events.PledgeExpired},
    )
    def expire(self) -> None:
        """Edge: the agreement's last day has passed."""

    @transition(
        field=state,
        source=list(RUNNING_PLEDGES),
        target=PledgeState.WRITTEN_OFF,
        custom={"event": events.PledgeWrittenOff},
    )
    def write_off(self) -> None:
        """Edge: two people gave up what has not arrived."""

    @transition(
        field=state,
        source=[PledgeState.PLEDGED, *RUNNING_PLEDGES],
        target=PledgeState.WITHDRAWN,
        custom={"event": events.PledgeWithdrawn},
    )
    def withdraw(self) -> None:
        """Edge: the donor takes it back."""


@guards.fixed(
    "reference", "donor", "pledge", "amount_minor", "currency", "received_on", "bank_reference", "recorded_by",
    "restriction_class", "sectors", "governorates", "groups", "use_by", "pool", "waqf",
    by_moves=("confirmed_by", "account"),
)  # fmt: skip
@guards.guarded
class Contribution(Restricted, Stateful):
    """Money that arrived: recorded by one person, confirmed by another, then a source account of its own."""

    state = FSMField(default=ContributionState.RECORDED, choices=ContributionState.choices, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="contributions")
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions")
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    received_on = models.DateField(_("received on"))
    bank_reference = models.CharField(_("bank reference"), max_length=80)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="contribution")
    pool = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, editable=False, related_name="gathered_contributions"
    )
    """Gifts by card are gathered from the pool of their class; other money comes through the bank."""
    waqf = models.ForeignKey(Waqf, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions")
    """Whose capital or yield it is."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="contribution_amount_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="contribution_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="confirmed_contribution_is_in_the_books",
                condition=~Q(state=ContributionState.CONFIRMED) | Q(confirmed_by__isnull=False, account__isnull=False),
            ),
            models.UniqueConstraint(
                name="bank_reference_once_per_donor",
                fields=["donor", "bank_reference"],
                condition=~Q(state=ContributionState.REJECTED),
            ),
            models.CheckConstraint(
                name="waqf_gives_capital_or_yield",
                condition=Q(waqf__isnull=True)
                | Q(restriction_class__in=[RestrictionClass.ENDOWMENT, RestrictionClass.WAQF_YIELD]),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="waqf_of_its_donor",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__waqf__isnull=False),
                func="""
                IF NOT EXISTS (SELECT FROM funds_waqf w WHERE w.id = NEW.waqf_id AND w.donor_id = NEW.donor_id) THEN
                    RAISE EXCEPTION 'contribution %: the waqf is another donor''s', NEW.id USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @transition(
        field=state,
        source=ContributionState.RECORDED,
        target=ContributionState.CONFIRMED,
        custom={"event": events.ContributionConfirmed},
    )
    def confirm(self) -> None:
        """Edge: a second person saw the money in the bank statement."""

    @transition(
        field=state,
        source=ContributionState.RECORDED,
        target=ContributionState.REJECTED,
        custom={"event": events.ContributionRejected},
    )
    def reject(self) -> None:
        """Edge: the money is not in the bank statement."""
