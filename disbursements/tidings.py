"""Whom each step of a grant concerns, and what they are told."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit.events import Event
from audit.log import opened
from audit.models import Leaf
from audit.reactions import reacts_to
from charter.selectors import end_of_day
from disbursements import events as money_events
from disbursements.controls import approvals_needed
from disbursements.models import Approval, ConditionWaiver, Payment, Refund, Tranche
from disbursements.positions import Position, position
from disbursements.states import ApprovalKind, RefundState, TrancheState
from disbursements.waiting import enough_is_reported
from grants import events
from grants.models import AwardCondition, Grant, Report
from grants.selectors.grants import people, rules_of, signatories
from grants.services.reports import review_due
from notices.services import notify


def _tell(who: Iterable[Any], kind: str, url: str, leaf: Leaf, **params: Any) -> None:
    notify(who, f"disbursements.{kind}", params=params, url=url, dedupe_key=str(leaf.pk))


def _office(*roles: str, besides: Any = None) -> list[Any]:
    found = {user.pk: user for role in roles for user in users_with_role(role)}
    return [user for pk, user in found.items() if besides is None or pk != besides.pk]


def _iso(moment: Any) -> str:
    return moment.isoformat() if moment else ""


def facts(grant: Grant) -> dict[str, Any]:
    """What every message about a grant names."""
    return {
        "grant": grant.reference,
        "amount_minor": grant.amount_minor,
        "currency": grant.currency,
        "due": _iso(grant.step_due),
    }


def grant_url(grant: Grant) -> str:
    return reverse("disbursements:grant_detail", args=[grant.pk])


# Award and agreement ----------------------------------------------------------------------------------------------


@reacts_to(events.OfferSent)
def offer_sent(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The organisation answers."""
    _tell(people(grant), "offer_sent", reverse("disbursements:offer", args=[grant.pk]), leaf, **facts(grant))


@reacts_to(events.OfferAccepted)
def offer_accepted(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The programme draws the agreement up."""
    _tell(_office(Role.PROGRAMME_OFFICER), "offer_accepted", grant_url(grant), leaf, **facts(grant))


@reacts_to(events.OfferDeclined)
def offer_declined(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The secretariat learns why."""
    who = _office(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)
    _tell(who, "offer_declined", grant_url(grant), leaf, **facts(grant), reason=reason_of(leaf))


@reacts_to(events.OfferLapsed)
def offer_lapsed(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """Both sides learn that the time ran out."""
    who = [*people(grant), *_office(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)]
    _tell(who, "offer_lapsed", grant_url(grant), leaf, **facts(grant))


@reacts_to(events.AwardLapsed)
def award_lapsed(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """Both sides learn that a condition was not met in time."""
    who = [*people(grant), *_office(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)]
    _tell(who, "award_lapsed", grant_url(grant), leaf, **facts(grant))


@reacts_to(events.AgreementDrafted)
def agreement_drawn(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The signatories read and sign."""
    url = reverse("disbursements:agreement", args=[grant.pk])
    _tell(signatories(grant), "agreement_drawn", url, leaf, **facts(grant))


@reacts_to(events.AgreementSigned)
def agreement_signed(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The fund countersigns."""
    url = reverse("disbursements:agreement", args=[grant.pk])
    _tell(_office(Role.FUND_MANAGER), "agreement_signed", url, leaf, **facts(grant))


_TO_THE_PARTNER: dict[type[Event], str] = {
    events.AgreementCountersigned: "grant_active",
    events.GrantSuspended: "grant_suspended",
    events.GrantResumed: "grant_resumed",
    events.GrantTerminated: "grant_terminated",
    events.GrantClosed: "grant_closed",
}


@reacts_to(*_TO_THE_PARTNER)
def tell_the_partner(grant: Grant, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The organisation learns what became of its grant."""
    kind = _TO_THE_PARTNER[type(event)]
    _tell(people(grant), kind, grant_url(grant), leaf, **facts(grant), reason=reason_of(leaf))


def reason_of(leaf: Leaf) -> str:
    """The reason that was recorded with the act."""
    opening = getattr(leaf, "opening", None)
    return str(opened(opening)["reason"]) if opening is not None else ""


# Reports ----------------------------------------------------------------------------------------------------------


def report_facts(report: Report) -> dict[str, Any]:
    """What every message about a report names."""
    return {"grant": report.grant.reference, "number": report.label, "day": report.due_on.isoformat()}


@reacts_to(events.ReportOpened)
def report_open(report: Report, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The organisation writes."""
    url = reverse("disbursements:report_edit", args=[report.pk])
    _tell(people(report.grant), "report_open", url, leaf, **report_facts(report))


@reacts_to(events.ReportSubmitted)
def report_submitted(report: Report, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The programme reviews."""
    url = reverse("disbursements:report_detail", args=[report.pk])
    due = _iso(review_due(report))
    _tell(_office(Role.PROGRAMME_OFFICER), "report_submitted", url, leaf, **report_facts(report), due=due)


@reacts_to(events.ReportReturned)
def report_returned(report: Report, event: events.ReportReturned, *, actor: Any, leaf: Leaf) -> None:
    """The organisation mends."""
    url = reverse("disbursements:report_edit", args=[report.pk])
    params = {**report_facts(report), "due": end_of_day(event.due_on).isoformat(), "reason": report.return_note}
    _tell(people(report.grant), "report_returned", url, leaf, **params)


@reacts_to(events.ReportAccepted, events.ReportWaived)
def report_done(report: Report, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The organisation learns that nothing more is asked."""
    kind = "report_accepted" if isinstance(event, events.ReportAccepted) else "report_waived"
    url = reverse("disbursements:report_detail", args=[report.pk])
    _tell(people(report.grant), kind, url, leaf, **report_facts(report), reason=reason_of(leaf))


# Tranches and payments --------------------------------------------------------------------------------------------


def tranche_facts(tranche: Tranche) -> dict[str, Any]:
    """What every message about a tranche names."""
    return {
        "grant": tranche.grant.reference,
        "number": tranche.number,
        "amount_minor": tranche.amount_minor,
        "currency": tranche.currency,
        "due": _iso(tranche.step_due),
    }


@reacts_to(money_events.TrancheFellDue)
def tranche_due(tranche: Tranche, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The signatories may ask for it, or learn that more must be spent and reported first."""
    enough = enough_is_reported(tranche)
    kind, more = ("tranche_due", {}) if enough else ("tranche_waits", {"reason": str(enough.reason)})
    url = reverse("disbursements:tranche_detail", args=[tranche.pk])
    _tell(signatories(tranche.grant), kind, url, leaf, **tranche_facts(tranche), **more)


@reacts_to(events.ReportAccepted)
def enough_by_now(report: Report, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """A tranche that was due and waited for spending alone may be asked for with this report."""
    now = position(report.grant)
    before = Position(now.received_minor, now.spent_minor - report.spent_minor)
    for tranche in report.grant.tranches.filter(state=TrancheState.DUE, retention=False, leaf__lt=leaf):
        if enough_is_reported(tranche, now) and not enough_is_reported(tranche, before):
            url = reverse("disbursements:tranche_request", args=[tranche.pk])
            _tell(signatories(tranche.grant), "tranche_due", url, leaf, **tranche_facts(tranche))


@reacts_to(money_events.TrancheRequested)
def tranche_requested(tranche: Tranche, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The programme approves first."""
    url = reverse("disbursements:tranche_detail", args=[tranche.pk])
    _tell(_office(Role.PROGRAMME_OFFICER), "tranche_requested", url, leaf, **tranche_facts(tranche))


@reacts_to(money_events.TrancheReturned)
def tranche_returned(tranche: Tranche, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The organisation mends its request."""
    url = reverse("disbursements:tranche_detail", args=[tranche.pk])
    _tell(people(tranche.grant), "tranche_returned", url, leaf, **tranche_facts(tranche), reason=reason_of(leaf))


@reacts_to(money_events.TrancheHeld)
def tranche_held(tranche: Tranche, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The organisation learns why it must wait."""
    _tell(
        people(tranche.grant), "tranche_held", grant_url(tranche.grant), leaf,
        **tranche_facts(tranche), reason=reason_of(leaf),
    )  # fmt: skip


@reacts_to(money_events.ConditionWaived)
def condition_waived(waiver: ConditionWaiver, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The organisation learns what is not asked of it any more."""
    tranche = waiver.tranche
    url = reverse("disbursements:tranche_detail", args=[tranche.pk])
    more = {"condition": waiver.condition, "reason": reason_of(leaf)}
    _tell(people(tranche.grant), "condition_waived", url, leaf, **tranche_facts(tranche), **more)


@reacts_to(money_events.ApprovalGiven)
def approval_given(approval: Approval, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The next office approves, or finance prepares the payment."""
    tranche = approval.tranche
    rules = rules_of(tranche.grant).payments
    url = reverse("disbursements:tranche_detail", args=[tranche.pk])
    if approval.kind == ApprovalKind.PROGRAMME:
        who, kind = _office(Role.FINANCE_OFFICER, besides=actor), "tranche_to_approve"
    elif approval.kind == ApprovalKind.FINANCE and approvals_needed(tranche.amount_minor, rules) > rules.approvals:
        who, kind = _office(Role.FUND_MANAGER, besides=actor), "tranche_to_approve"
    else:
        who, kind = _office(Role.FINANCE_OFFICER), "tranche_to_pay"
    _tell(who, kind, url, leaf, **tranche_facts(tranche))


def payment_facts(payment: Payment) -> dict[str, Any]:
    """What every message about a payment names."""
    day = payment.received_on or payment.sent_on
    return {
        "grant": payment.tranche.grant.reference,
        "amount_minor": payment.received_minor or payment.amount_minor,
        "currency": payment.currency,
        "reference": payment.bank_reference,
        "day": day.isoformat() if day else "",
    }


@reacts_to(money_events.PaymentPrepared)
def payment_prepared(payment: Payment, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """Another person releases it."""
    who = _office(Role.FINANCE_OFFICER, Role.FUND_MANAGER, besides=actor)
    url = reverse("disbursements:payment_detail", args=[payment.pk])
    _tell(who, "payment_to_release", url, leaf, **payment_facts(payment))


@reacts_to(money_events.TranchePaid)
def payment_sent(tranche: Tranche, event: money_events.TranchePaid, *, actor: Any, leaf: Leaf) -> None:
    """The partner confirms."""
    payment = tranche.payments.get(pk=event.payment)
    url = reverse("disbursements:payment_detail", args=[payment.pk])
    params = {**payment_facts(payment), "due": _iso(tranche.step_due)}
    _tell(signatories(tranche.grant), "payment_sent", url, leaf, **params)


@reacts_to(money_events.PaymentConfirmed)
def payment_confirmed(payment: Payment, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """Who made and released it learns that it arrived."""
    url = reverse("disbursements:payment_detail", args=[payment.pk])
    _tell([payment.maker, payment.checker], "payment_confirmed", url, leaf, **payment_facts(payment))


@reacts_to(money_events.PaymentFailed)
def payment_failed(payment: Payment, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """Finance pays again; the partner knows why nothing came."""
    who = _office(Role.FINANCE_OFFICER)
    if payment.sent_on is not None:
        who += people(payment.tranche.grant)
    _tell(
        who, "payment_failed", grant_url(payment.tranche.grant), leaf, **payment_facts(payment), reason=reason_of(leaf)
    )


# Closing ----------------------------------------------------------------------------------------------------------


def _refund_facts(refund: Refund) -> dict[str, Any]:
    return {
        "grant": refund.grant.reference,
        "amount_minor": refund.amount_minor,
        "currency": refund.grant.currency,
        "reference": refund.bank_reference,
        "day": refund.due_on.isoformat(),
    }


@reacts_to(money_events.RefundComputed)
def refund_due(refund: Refund, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The partner gives back, unless it is below the minimum."""
    least = rules_of(refund.grant).refunds.waived_below_minor
    if refund.state == RefundState.COMPUTED and refund.amount_minor >= max(least, 1):
        _tell(signatories(refund.grant), "refund_due", grant_url(refund.grant), leaf, **_refund_facts(refund))


@reacts_to(money_events.RefundReceived)
def refund_received(refund: Refund, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """Another person confirms."""
    who = _office(Role.FINANCE_OFFICER, Role.FUND_MANAGER, besides=actor)
    url = reverse("disbursements:closing", args=[refund.grant_id])
    _tell(who, "refund_received", url, leaf, **_refund_facts(refund))


# Conditions of awards ---------------------------------------------------------------------------------------------


def followers(condition: AwardCondition) -> list[Any]:
    """Who follows a condition for the fund: its officer, else every programme officer."""
    owner = condition.owner
    return [owner] if owner is not None and owner.is_active else _office(Role.PROGRAMME_OFFICER)


def tell_of_condition(condition: AwardCondition, kind: str, who: Iterable[Any], *, key: str, **params: Any) -> None:
    """Send the message ``kind`` about a condition."""
    said = {"grant": condition.grant.reference, "asked": condition.text, "day": condition.due_on.isoformat(), **params}
    url = reverse("disbursements:condition_detail", args=[condition.pk])
    notify(who, f"disbursements.{kind}", params=said, url=url, dedupe_key=key)


@reacts_to(events.ConditionAnswered)
def condition_answered(condition: AwardCondition, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """Who follows the condition says whether it is enough."""
    tell_of_condition(condition, "condition_answered", followers(condition), key=str(leaf.pk))


_JUDGED: dict[type[Event], str] = {
    events.ConditionReturned: "condition_returned",
    events.ConditionMet: "condition_met",
    events.ConditionWaived: "award_condition_waived",
    events.ConditionExtended: "condition_extended",
}


@reacts_to(*_JUDGED)
def condition_judged(condition: AwardCondition, event: Any, *, actor: Any, leaf: Leaf) -> None:
    """The organisation learns what became of its answer, and why."""
    kind, said = _JUDGED[type(event)], {"reason": reason_of(leaf)}
    if isinstance(event, events.ConditionExtended):
        said["day"] = event.due.isoformat()
    tell_of_condition(condition, kind, people(condition.grant), key=str(leaf.pk), **said)
