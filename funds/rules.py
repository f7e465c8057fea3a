"""Who records donors' money, who confirms it, and who sees it."""

from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from accounts.selectors import has_role
from audit.rules import rule_for, system_only
from funds import events
from funds.giving import POOL
from funds.models import (
    Contribution,
    Donor,
    DonorRepresentative,
    DonorReturn,
    GiftRefund,
    Pledge,
    PledgeWriteOff,
)
from funds.states import RUNNING_PLEDGES, GiftState, MandateRole, RefundState, RestrictionClass
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from kernel.prepared import Prepared
from kernel.terms import runs_on
from ledger.selectors import available_minor

READERS: Final = (Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)
"""Offices that see the money of every donor."""
KEEPERS: Final = (Role.FINANCE_OFFICER, Role.FUND_MANAGER)
"""Offices that record and confirm money."""
WAQF: Final = frozenset({RestrictionClass.ENDOWMENT, RestrictionClass.WAQF_YIELD})
"""Classes of the money that comes from a waqf."""
CARD_READERS: Final = (Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)
"""Offices that see gifts by card, with the givers' names."""


def pool_code(restriction_class: str, currency: str) -> str:
    """The account of gifts by card of one class and currency."""
    return f"{POOL}/{restriction_class}/{currency}"


def due_key(asked: UUID) -> UUID:
    """Key of the transfer by which the fund owes a donor what goes back."""
    return uuid5(asked, "due")


def mandated_today() -> Q:
    """Mandates of donors' representatives that hold today."""
    return runs_on(timezone.localdate())


_MANDATES: Final = Prepared(
    lambda day, user: DonorRepresentative.objects.filter(runs_on(day), user=user).values_list("donor_id", "role"),
    day=date,
    user=UUID,
)


def mandates_of(user: Any) -> frozenset[tuple[UUID, str]]:
    """Donors and roles for which ``user`` is mandated today: one query, kept on the instance (which lives for one request)."""
    if user is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    cached: frozenset[tuple[UUID, str]] | None = user.__dict__.get("_mandates")
    if cached is None:
        cached = frozenset((donor, role) for donor, role in _MANDATES.ask(day=timezone.localdate(), user=user.pk))
        user.__dict__["_mandates"] = cached
    return cached


def donors_of(user: Any) -> frozenset[UUID]:
    """The donors whom ``user`` represents today, in whatever role."""
    return frozenset(donor for donor, _role in mandates_of(user))


def sees_every_donor(user: Any) -> bool:
    """Whether ``user`` holds one of the offices of `READERS`."""
    return has_role(user, *READERS)


def of_donors_of(user: Any, field: str) -> Q:
    """Rows of the donors that ``user`` represents; all for the offices of `READERS`."""
    return Q() if sees_every_donor(user) else Q(**{f"{field}__in": list(donors_of(user))})


def _has_role_at(donor: Donor, user: Any, *roles: MandateRole) -> bool:
    return any((donor.pk, role.value) in mandates_of(user) for role in (MandateRole.LEAD, *roles))


def leads(donor: Donor, user: Any) -> bool:
    """Whether the person speaks for the donor, or reads every donor's money: then it sees who else represents the donor."""
    return sees_every_donor(user) or _has_role_at(donor, user)


def may_read_money(donor: Donor, user: Any) -> PermissionResult:
    """Statements and pledges: who speaks for the donor or looks after its money, and the offices of `READERS`."""
    if sees_every_donor(user) or _has_role_at(donor, user, MandateRole.FINANCE):
        return Allowed()
    return Denied(_("Statements are for those who look after the donor's money."))


def may_read_reports(donor: Donor, user: Any) -> PermissionResult:
    """Reports of partners: who speaks for the donor or looks after what is done, and the offices of `READERS`."""
    if sees_every_donor(user) or _has_role_at(donor, user, MandateRole.PROGRAMME):
        return Allowed()
    return Denied(_("Reports are for those who look after what is done with the donor's money."))


def of_money_of(user: Any, field: str) -> Q:
    """Rows of the donors whose money ``user`` may read (`may_read_money`), in one condition."""
    if sees_every_donor(user):
        return Q()
    roles = (MandateRole.LEAD, MandateRole.FINANCE)
    return Q(**{f"{field}__in": [donor for donor, role in mandates_of(user) if role in roles]})


def may_keep(actor: Any) -> PermissionResult:
    """Whether ``actor`` records and confirms donors' money."""
    return may_hold(actor, *KEEPERS)


@rule_for(events.DonorAdded, events.DonorChanged)
def may_keep_donors(donor: Donor, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager."""
    return may_keep(actor)


@rule_for(events.RepresentativeAdded)
def may_add_representative(
    mandate: DonorRepresentative, *, actor: Any, event: events.RepresentativeAdded
) -> PermissionResult:
    """Finance officers and the fund manager; nobody gives a mandate to themselves."""
    if actor is not None and event.person == actor.pk:
        return Denied(_("Nobody makes themselves the representative of a donor: a colleague does it."))
    return may_keep(actor)


@rule_for(events.RepresentativeEnded)
def may_end_representative(mandate: DonorRepresentative, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager, once."""
    if mandate.ends_on is not None:
        return Denied(_("This mandate has ended already."))
    return may_keep(actor)


@rule_for(events.PledgeMade, events.PledgeSigned, events.PledgeWithdrawn, events.PledgeInvoiced)
def may_keep_pledges(pledge: Pledge, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager."""
    return may_keep(actor)


@rule_for(events.PledgeFulfilled)
def may_fulfil_pledge(pledge: Pledge, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager, and the system when the last part is confirmed; only when all is there."""
    if actor is not None and not may_keep(actor):
        return may_keep(actor)
    if event is not None and event.received_minor < pledge.amount_minor:
        return Denied(_("Not all of the pledge has been received."))
    return Allowed()


rule_for(events.PledgePartReceived, events.PledgeExpired, events.PledgeWrittenOff)(system_only)


@rule_for(events.PledgeDocumentFiled, events.PledgeEstimated, events.WaqfAdded, events.WaqfDeedFiled)
def may_add_to_source(_added: Any, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager."""
    return may_keep(actor)


@rule_for(events.WriteOffAsked)
def may_ask_write_off(asked: PledgeWriteOff, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager; only of what is signed and has not arrived."""
    if asked.pledge.state not in RUNNING_PLEDGES or asked.amount_minor <= 0:
        return Denied(_("Only what is signed and has not arrived can be written off."))
    return may_keep(actor)


@rule_for(events.DonorReturnAsked)
def may_ask_return(asked: DonorReturn, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager; never more than is free of money that is in the books."""
    account = asked.contribution.account
    if account is None or asked.amount_minor > available_minor(account):
        return Denied(_("This is more than is free of the contribution."))
    return may_keep(actor)


@rule_for(events.WriteOffConfirmed, events.WriteOffDeclined, events.DonorReturnReleased, events.DonorReturnDeclined)
def may_decide_as_second(asked: PledgeWriteOff | DonorReturn, *, actor: Any, event: Any = None) -> PermissionResult:
    """Another finance officer, or the fund manager."""
    if actor is not None and asked.asked_by_id == actor.pk:
        return Denied(_("You asked for this: a second person decides."))
    return may_keep(actor)


@rule_for(events.DonorReturnPaid)
def may_pay_return(released: DonorReturn, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager, from the bank's statement."""
    return may_keep(actor)


@rule_for(events.ContributionRecorded)
def may_record_contribution(contribution: Contribution, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager; a pledge that is named is of the same donor and currency."""
    pledge = contribution.pledge
    if pledge is not None and (pledge.donor_id, pledge.currency) != (contribution.donor_id, contribution.currency):
        return Denied(_("This pledge is another donor's, or in another currency."))
    waqf = contribution.waqf
    if waqf is not None and (waqf.donor_id != contribution.donor_id or contribution.restriction_class not in WAQF):
        return Denied(
            _("A waqf gives its own capital or its own yield: choose its donor and one of these two classes.")
        )
    pool = contribution.pool
    if pool is not None and pool.code != pool_code(contribution.restriction_class, contribution.currency):
        return Denied(_("Gifts are gathered from the pool of their own class and currency."))
    return may_keep(actor)


def _another_person(contribution: Contribution, actor: Any) -> PermissionResult:
    if actor is not None and contribution.recorded_by_id == actor.pk:
        return Denied(_("You recorded this money: a second person compares it with the bank statement."))
    return Allowed()


@rule_for(events.ContributionConfirmed)
def may_confirm_contribution(contribution: Contribution, *, actor: Any, event: Any = None) -> PermissionResult:
    """A second finance officer or the fund manager; exactly the amount that was recorded."""
    if event is not None and (event.amount_minor, event.currency) != (contribution.amount_minor, contribution.currency):
        return Denied(_("The amount is not the one that was recorded. Look at it again."))
    return all_of(may_keep(actor), _another_person(contribution, actor))


@rule_for(events.ContributionRejected)
def may_reject_contribution(contribution: Contribution, *, actor: Any, event: Any = None) -> PermissionResult:
    """A second finance officer or the fund manager."""
    return all_of(may_keep(actor), _another_person(contribution, actor))


# Gifts by card -----------------------------------------------------------------------------------------------------

rule_for(
    events.GiftBegun,
    events.GiftProcessing,
    events.GiftReceived,
    events.GiftFailed,
    events.GiftExpired,
    events.GiftRefunded,
    events.GiftDisputed,
    events.GiftLost,
    events.CardEntryBooked,
    events.GiftRefundSent,
    events.GiftRefundFailed,
    events.DifferenceFound,
    events.CertificateIssued,
)(system_only)


def reads_gifts(user: Any) -> bool:
    """Whether ``user`` sees gifts by card."""
    return has_role(user, *CARD_READERS)


@rule_for(events.PayoutArrived, events.DifferenceExplained)
def may_keep_cards(_subject: Any, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager."""
    return may_keep(actor)


def left_of(refund: GiftRefund) -> int:
    """What of the gift has not been given back or asked back, in minor units."""
    others = GiftRefund.objects.filter(gift=refund.gift).exclude(pk=refund.pk)
    gone = others.exclude(state__in=[RefundState.DECLINED, RefundState.FAILED]).aggregate(sum=Sum("amount_minor"))[
        "sum"
    ]
    return refund.gift.received_minor - int(gone or 0)


@rule_for(events.GiftRefundAsked)
def may_ask_refund(refund: GiftRefund, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager; never more than what is left of a gift that arrived."""
    if refund.gift.state != GiftState.RECEIVED:
        return Denied(_("Only a gift that was received can be given back."))
    if refund.amount_minor > left_of(refund):
        return Denied(_("This is more than what is left of the gift."))
    return may_keep(actor)


@rule_for(events.GiftRefundReleased, events.GiftRefundDeclined)
def may_decide_refund(refund: GiftRefund, *, actor: Any, event: Any = None) -> PermissionResult:
    """Another finance officer, or the fund manager."""
    if actor is not None and refund.asked_by_id == actor.pk:
        return Denied(_("You asked for this refund: a second person decides."))
    return may_keep(actor)
