"""Tranches of grants, their requests and approvals, payments and refunds."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from disbursements import events
from disbursements.guards import (
    carried_within_limits,
    paid_in_the_currency_of_the_account,
    paid_to_a_usable_account,
    request_keeps_the_rules,
    sent_by_its_run,
)
from disbursements.models.channels import PaymentProvider
from disbursements.states import ApprovalKind, Channel, PaymentState, RefundState, TrancheState, Waivable
from grants.models import Grant
from grants.revision_guards import moved_by_extension
from kernel.files import UploadTo, private_storage
from organisations.models import BankAccount

User = settings.AUTH_USER_MODEL
_S = TrancheState


@walls.walled
@guards.fixed(
    "grant", "number", "amount_minor", "currency", "year", "retention",
    by_moves=("request_round", "step_due", "hold_reason", "due_on"),
)  # fmt: skip
@moved_by_extension("due_on")
@guards.guarded
class Tranche(Stateful):
    """One scheduled payment of a grant. ``request_round`` counts the requests; an approval belongs to one round."""

    state = FSMField(default=_S.PLANNED, choices=_S.choices, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="tranches")
    number = models.PositiveSmallIntegerField(_("number"))
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3, default="USD")
    due_on = models.DateField(_("planned for"))
    year = models.PositiveSmallIntegerField(_("year of the grant"))
    retention = models.BooleanField(_("paid after the final report"), default=False)
    request_round = models.PositiveSmallIntegerField(default=0)
    step_due = models.DateTimeField(_("due"), null=True)
    hold_reason = models.CharField(_("reason of the hold"), max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="tranche_number_in_grant", fields=["grant", "number"]),
            models.CheckConstraint(name="tranche_amount_positive", condition=Q(amount_minor__gt=0)),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="tranches_by_state")]
        triggers = [
            pgtrigger.Trigger(
                name="tranches_sum_to_grant",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func="""
                IF (SELECT SUM(amount_minor) FROM disbursements_tranche WHERE grant_id = NEW.grant_id)
                    <> (SELECT amount_minor FROM grants_grant WHERE id = NEW.grant_id) THEN
                    RAISE EXCEPTION 'the tranches do not sum to the grant' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.grant} · {self.number}"

    @property
    def rules_version(self) -> int:
        """Number of the charter version that binds the grant."""
        return self.grant.charter_number

    @transition(field=state, source=_S.PLANNED, target=_S.PLANNED, custom={"event": events.TrancheRescheduled})
    def reschedule(self) -> None:
        """Edge: the grant runs longer."""

    @transition(field=state, source=_S.HELD, target=_S.HELD, custom={"event": events.TrancheRescheduled})
    def reschedule_held(self) -> None:
        """Edge: the same, for a tranche that is held."""

    @transition(field=state, source=_S.PLANNED, target=_S.DUE, custom={"event": events.TrancheFellDue})
    def fall_due(self) -> None:
        """Edge: the grant is active (first) or the report before it is accepted (later ones)."""

    @transition(
        field=state, source=[_S.DUE, _S.RETURNED], target=_S.REQUESTED, custom={"event": events.TrancheRequested}
    )
    def request(self) -> None:
        """Edge: the partner requests it."""

    @transition(
        field=state,
        source=[_S.REQUESTED, _S.PROGRAMME_APPROVED, _S.FINANCE_APPROVED],
        target=_S.RETURNED,
        custom={"event": events.TrancheReturned},
    )
    def return_(self) -> None:
        """Edge: something to mend in the request."""

    @transition(
        field=state,
        source=_S.REQUESTED,
        target=_S.PROGRAMME_APPROVED,
        custom={"event": events.ProgrammeApproved},
    )
    def approve_programme(self) -> None:
        """Edge: the programme officer approves."""

    @transition(
        field=state,
        source=_S.PROGRAMME_APPROVED,
        target=_S.FINANCE_APPROVED,
        custom={"event": events.FinanceApproved},
    )
    def approve_finance(self) -> None:
        """Edge: another person approves for finance; the money is reserved on the grant's account."""

    @transition(field=state, source=_S.FINANCE_APPROVED, target=_S.PAID, custom={"event": events.TranchePaid})
    def pay(self) -> None:
        """Edge: the bank has the order."""

    @transition(field=state, source=_S.PAID, target=_S.RECEIVED, custom={"event": events.TrancheReceived})
    def receive(self) -> None:
        """Edge: the partner confirms."""

    @transition(field=state, source=_S.PAID, target=_S.FINANCE_APPROVED, custom={"event": events.TranchePaymentFailed})
    def fail_payment(self) -> None:
        """Edge: the bank gave it back; no new approval of merit is needed."""

    @transition(field=state, source=[_S.PLANNED, _S.DUE], target=_S.HELD, custom={"event": events.TrancheHeld})
    def hold(self) -> None:
        """Edge: held with a reason."""

    @transition(field=state, source=_S.HELD, target=_S.PLANNED, custom={"event": events.TrancheReleased})
    def release(self) -> None:
        """Edge: the hold is lifted."""

    @transition(
        field=state,
        source=[
            _S.PLANNED,
            _S.DUE,
            _S.HELD,
            _S.REQUESTED,
            _S.RETURNED,
            _S.PROGRAMME_APPROVED,
            _S.FINANCE_APPROVED,
        ],
        target=_S.CANCELLED,
        custom={"event": events.TrancheCancelled},
    )
    def cancel(self) -> None:
        """Edge: not paid any more (closure, termination)."""


@walls.walled
@guards.append_only(recorded=True)
class ConditionWaiver(Recorded):
    """The fund manager's waiver of one condition of one tranche; the reason stands in the record."""

    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="waivers")
    condition = models.CharField(_("condition"), max_length=20, choices=Waivable.choices)
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="condition_waived_once", fields=["tranche", "condition"])]

    def __str__(self) -> str:
        return f"{self.tranche}: {self.condition}"


@walls.walled
@request_keeps_the_rules
@guards.append_only(recorded=True)
class DisbursementRequest(Recorded):
    """What the partner states when it asks for a tranche; amounts in minor units."""

    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="requests")
    round = models.PositiveSmallIntegerField()
    received_minor = models.BigIntegerField(_("received so far"))
    spent_minor = models.BigIntegerField(_("spent so far"))
    cash_on_hand_minor = models.BigIntegerField(_("cash on hand"))
    outstanding_advances_minor = models.BigIntegerField(_("advances not yet cleared"), default=0)
    forecast_minor = models.BigIntegerField(_("planned spending of the next period"))
    note = models.TextField(_("note"), blank=True)
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    payload_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_request_per_round", fields=["tranche", "round"]),
            models.CheckConstraint(
                name="request_not_negative",
                condition=Q(
                    received_minor__gte=0,
                    spent_minor__gte=0,
                    cash_on_hand_minor__gte=0,
                    outstanding_advances_minor__gte=0,
                    forecast_minor__gte=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tranche} r{self.round}"


@walls.walled
@guards.append_only(recorded=True)
class Approval(Recorded):
    """One person's approval of exactly what was requested (``payload_sha256``); nobody approves twice in a round."""

    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ApprovalKind.choices)
    approver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    payload_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_approval_of_a_kind", fields=["tranche", "round", "kind"]),
            models.UniqueConstraint(name="nobody_approves_twice", fields=["tranche", "round", "approver"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.tranche_id}"


@walls.walled
@guards.fixed(
    "tranche", "key", "amount_minor", "currency", "bank_account", "maker", "payload_sha256",
    "channel", "provider", "commission_minor",
    by_moves=(
        "checker", "sent_on", "bank_reference", "slip", "slip_sha256", "received_minor", "fee_minor", "received_on", "confirmed_by",
    ),
)  # fmt: skip
@paid_in_the_currency_of_the_account
@paid_to_a_usable_account
@sent_by_its_run
@carried_within_limits
@guards.guarded
class Payment(Stateful):
    """Money on its way: prepared by one person, released by another, confirmed by the partner.

    ``key`` is the end-to-end id that comes back in the bank statement. Amounts are minor units of ``currency``;
    ``received_minor`` is what arrived after the bank's fee ``fee_minor``.
    """

    state = FSMField(default=PaymentState.PREPARED, choices=PaymentState.choices, editable=False)
    tranche = models.ForeignKey(Tranche, on_delete=models.PROTECT, related_name="payments")
    key = models.CharField(max_length=35, unique=True)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3)
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="payments")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.BANK)
    provider = models.ForeignKey(PaymentProvider, on_delete=models.PROTECT, null=True, related_name="payments")
    commission_minor = models.BigIntegerField(_("commission"), default=0)
    maker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    payload_sha256 = models.CharField(max_length=64)
    sent_on = models.DateField(_("sent on"), null=True)
    bank_reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    slip = models.FileField(_("bank slip"), storage=private_storage, upload_to=UploadTo("slips"), blank=True)
    slip_sha256 = models.CharField(max_length=64, blank=True)
    received_minor = models.BigIntegerField(_("amount received"), null=True)
    fee_minor = models.BigIntegerField(_("bank fee"), default=0)
    received_on = models.DateField(_("received on"), null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_amount_positive", condition=Q(amount_minor__gt=0, commission_minor__gte=0)
            ),
            models.CheckConstraint(
                name="payment_names_who_carries_it",
                condition=Q(channel=Channel.BANK, provider__isnull=True, commission_minor=0)
                | (~Q(channel=Channel.BANK) & Q(provider__isnull=False)),
            ),
            models.CheckConstraint(
                name="payment_checked_by_another", condition=Q(checker__isnull=True) | ~Q(checker=F("maker"))
            ),
            models.CheckConstraint(
                name="sent_payment_has_checker_and_slip",
                condition=~Q(state__in=[PaymentState.SENT, PaymentState.CONFIRMED])
                | (Q(checker__isnull=False, sent_on__isnull=False) & ~Q(slip_sha256="") & ~Q(bank_reference="")),
            ),
            models.UniqueConstraint(
                name="one_live_payment_per_tranche", fields=["tranche"], condition=~Q(state=PaymentState.FAILED)
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @transition(
        field=state, source=PaymentState.PREPARED, target=PaymentState.SENT, custom={"event": events.PaymentSent}
    )
    def send(self) -> None:
        """Edge: a second person released it and has the bank's slip."""

    @transition(
        field=state, source=PaymentState.SENT, target=PaymentState.CONFIRMED, custom={"event": events.PaymentConfirmed}
    )
    def confirm(self) -> None:
        """Edge: the partner has it."""

    @transition(
        field=state,
        source=[PaymentState.PREPARED, PaymentState.SENT],
        target=PaymentState.FAILED,
        custom={"event": events.PaymentFailed},
    )
    def fail(self) -> None:
        """Edge: the bank gave it back."""


@walls.walled
@guards.fixed(
    "grant", "unspent_minor", "disallowed_minor", "amount_minor", "due_on", "computed_by",
    by_moves=("received_on", "bank_reference", "received_by", "confirmed_by"),
)  # fmt: skip
@guards.guarded
class Refund(Stateful):
    """What a partner gives back at the end: unspent and disallowed money, to the source it came from."""

    state = FSMField(default=RefundState.COMPUTED, choices=RefundState.choices, editable=False)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="refund")
    unspent_minor = models.BigIntegerField(_("not spent"))
    disallowed_minor = models.BigIntegerField(_("not accepted"), default=0)
    amount_minor = models.BigIntegerField(_("to give back"))
    due_on = models.DateField(_("due on"))
    computed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField(_("received on"), null=True)
    bank_reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refund_adds_up",
                condition=Q(
                    amount_minor=F("unspent_minor") + F("disallowed_minor"),
                    unspent_minor__gte=0,
                    disallowed_minor__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="refund_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("received_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant}: {self.amount_minor}"

    @transition(
        field=state, source=RefundState.COMPUTED, target=RefundState.RECEIVED, custom={"event": events.RefundReceived}
    )
    def receive(self) -> None:
        """Edge: the money is in the bank statement."""

    @transition(
        field=state, source=RefundState.RECEIVED, target=RefundState.SETTLED, custom={"event": events.RefundConfirmed}
    )
    def settle(self) -> None:
        """Edge: a second person confirms."""

    @transition(
        field=state, source=RefundState.COMPUTED, target=RefundState.WAIVED, custom={"event": events.RefundWaived}
    )
    def waive(self) -> None:
        """Edge: below the charter's minimum."""
