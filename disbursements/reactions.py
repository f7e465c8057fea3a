"""What follows for the money when an agreement is countersigned, a report is accepted, a grant ends."""

from datetime import date
from typing import Any

from django.db.models import Q

from audit.models import Leaf
from audit.reactions import reacts_to
from disbursements import events as money_events
from disbursements import revision_tidings  # noqa: F401 -- registers whom changes of budgets concern
from disbursements.models import Payment, Tranche
from disbursements.services.agreements import plan_added_tranche, plan_tranches
from disbursements.services.closing import cancel_open_tranches
from disbursements.services.payments import clear_advances
from disbursements.services.rescheduling import reschedule_tranches
from disbursements.services.tranches import fall_due_what_may
from disbursements.services.vouchers import end_vouchers
from disbursements.states import MOVING, TrancheState
from grants import events
from grants.models import Grant, Report, Revision
from organisations.bank_watch import watches_money
from organisations.models import Organisation
from organisations.services.screening import owe_screening
from organisations.states import Occasion


@watches_money
def pays_soon(organisation: Organisation, until: date) -> bool:
    """Whether a tranche of the organisation is on its way, or planned until that day."""
    tranches = Tranche.objects.filter(grant__organisation=organisation)
    soon = Q(state__in=[TrancheState.PLANNED, TrancheState.DUE], due_on__lte=until)
    return tranches.filter(Q(state__in=MOVING) | soon).exists()


@reacts_to(events.AgreementCountersigned)
def plan_the_tranches(grant: Grant, event: events.AgreementCountersigned, *, actor: Any, leaf: Leaf) -> None:
    """The agreed schedule becomes tranches; the first may be requested."""
    plan_tranches(grant)
    fall_due_what_may(grant)


@reacts_to(events.GrantExtended)
def move_the_tranches(grant: Grant, event: events.GrantExtended, *, actor: Any, leaf: Leaf) -> None:
    """What is planned moves with the end of the grant."""
    reschedule_tranches(Revision.objects.select_related("grant").get(pk=event.revision))


@reacts_to(events.GrantIncreased)
def plan_what_was_added(grant: Grant, event: events.GrantIncreased, *, actor: Any, leaf: Leaf) -> None:
    """What is added becomes a tranche; it may be requested when what it waits for has come."""
    plan_added_tranche(Revision.objects.select_related("grant").get(pk=event.revision))
    fall_due_what_may(grant)


@reacts_to(events.ReportAccepted)
def clear_and_fall_due(report: Report, event: events.ReportAccepted, *, actor: Any, leaf: Leaf) -> None:
    """Accepted spending clears the partner's advances; the tranche that waited for the report falls due."""
    clear_advances(report.grant, leaf=leaf)
    fall_due_what_may(report.grant)


@reacts_to(events.ReportWaived)
def fall_due_without_report(report: Report, event: events.ReportWaived, *, actor: Any, leaf: Leaf) -> None:
    """A waived report holds no tranche."""
    fall_due_what_may(report.grant)


@reacts_to(events.GrantResumed)
def fall_due_after_suspension(grant: Grant, event: events.GrantResumed, *, actor: Any, leaf: Leaf) -> None:
    """What came while the grant was suspended counts now."""
    fall_due_what_may(grant)


@reacts_to(money_events.TrancheReceived, money_events.TrancheCancelled)
def fall_due_after_the_one_before(tranche: Tranche, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """A tranche that waits for no report falls due when the one before it is over."""
    fall_due_what_may(tranche.grant)


@reacts_to(events.GrantTerminated)
def cancel_the_rest(grant: Grant, event: events.GrantTerminated, *, actor: Any, leaf: Leaf) -> None:
    """What was not requested is not paid any more."""
    cancel_open_tranches(grant, leaf=leaf)


@reacts_to(money_events.PaymentConfirmed, money_events.PaymentFailed)
def end_the_voucher(payment: Payment, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """A payment that arrived otherwise, or came back, leaves no voucher that is worth anything."""
    end_vouchers(payment)


@reacts_to(money_events.PaymentPrepared)
def compare_the_payee(payment: Payment, event: money_events.PaymentPrepared, *, actor: Any, leaf: Leaf) -> None:
    """The payee's names are compared with the lists of sanctions once more, and that is recorded for this payment."""
    owe_screening(payment.tranche.grant.organisation, Occasion.PAYMENT, leaf=leaf)
