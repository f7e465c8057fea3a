"""Who may do what with an award, an agreement, a grant."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold, offices_of
from audit.events import Event
from audit.rules import rule_for, system_only
from grants import events
from grants.closure_blockers import blocks_closure, may_be_closed
from grants.models import Grant, Report
from grants.states import CLOSED_CONDITIONS, ConditionBlocks, ReportState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.models import Organisation
from organisations.rules import READERS, is_clear, is_person_of, memberships_of
from organisations.selectors import usable_bank_accounts
from organisations.states import OrganisationState, PersonRole

rule_for(events.GrantAwarded, events.FundingCommitted, events.OfferLapsed, events.AwardLapsed, events.AwardSetAside)(
    system_only
)


def signs_for(grant: Grant, actor: Any) -> PermissionResult:
    """Whether the person is an authorised signatory of the grant's organisation."""
    return is_person_of(actor, grant.organisation, PersonRole.SIGNATORY)


def in_time(grant: Grant) -> PermissionResult:
    """Whether the current step's time has not run out."""
    if grant.step_due is None or timezone.now() <= grant.step_due:
        return Allowed()
    return Denied(_("The time for this step ran out on %(due)s.") % {"due": f"{grant.step_due:%Y-%m-%d}"})


@rule_for(events.OfferSent)
def may_send_offer(grant: Grant, *, actor: Any, event: Event) -> PermissionResult:
    """A programme officer or the fund manager sends the offer, to an organisation that is clear of sanctions."""
    return all_of(may_hold(actor, Role.PROGRAMME_OFFICER, Role.FUND_MANAGER), is_clear(grant.organisation))


@rule_for(events.OfferAccepted, events.OfferDeclined)
def may_answer_offer(grant: Grant, *, actor: Any, event: Event) -> PermissionResult:
    """The signatory answers, while the offer is open."""
    return all_of(signs_for(grant, actor), in_time(grant))


def conditions_met(grant: Grant) -> PermissionResult:
    """Whether no condition of the award that holds the signature is open."""
    holding = grant.conditions.filter(blocks=ConditionBlocks.SIGNATURE)
    open_ones = holding.exclude(state__in=CLOSED_CONDITIONS).count()
    if not open_ones:
        return Allowed()
    return Denied(_("Open conditions of the award: %(count)s.") % {"count": open_ones})


def is_in_good_standing(organisation: Organisation) -> PermissionResult:
    """Whether the fund may bind itself to the organisation: eligible, validly registered, no report overdue."""
    today = timezone.localdate()
    if organisation.state != OrganisationState.ELIGIBLE:
        return Denied(
            _("The organisation is not eligible now: %(state)s.") % {"state": organisation.get_state_display()}
        )
    until = organisation.registration_valid_until
    if until is not None and until < today:
        return Denied(_("The organisation's registration ran out on %(day)s.") % {"day": until.isoformat()})
    late = Report.objects.filter(
        grant__organisation=organisation, state__in=[ReportState.OPEN, ReportState.RETURNED], due_on__lt=today
    )
    if late.exists():
        return Denied(_("The organisation has an overdue report of another grant."))
    return Allowed()


def has_an_account(grant: Grant) -> PermissionResult:
    """Whether there is a verified bank account in the grant's currency that money can be sent to."""
    if usable_bank_accounts(grant.organisation).filter(currency=grant.currency).exists():
        return Allowed()
    return Denied(
        _("The organisation has no bank account in %(currency)s that is verified and past its pause.")
        % {"currency": grant.currency}
    )


@rule_for(events.AgreementDrafted)
def may_draw_agreement(grant: Grant, *, actor: Any, event: Event) -> PermissionResult:
    """A programme or finance officer draws up the agreement when the conditions are met."""
    return all_of(
        may_hold(actor, Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER),
        conditions_met(grant),
        is_in_good_standing(grant.organisation),
    )


def same_texts(grant: Grant, event: Any) -> PermissionResult:
    """Whether what is signed is what was drawn up."""
    if (event.sha256_ar, event.sha256_en) == (grant.agreement_ar_sha256, grant.agreement_en_sha256):
        return Allowed()
    return Denied(_("The agreement was drawn up anew meanwhile. Please read the new text before you sign."))


@rule_for(events.AgreementSigned)
def may_sign(grant: Grant, *, actor: Any, event: Event) -> PermissionResult:
    """The partner's signatory signs the texts that were drawn up."""
    return all_of(signs_for(grant, actor), same_texts(grant, event))


@rule_for(events.AgreementCountersigned)
def may_countersign(grant: Grant, *, actor: Any, event: Event) -> PermissionResult:
    """The fund manager countersigns the same texts and is never the person who signed for the partner."""
    if actor is not None and actor.pk == grant.signed_by_id:
        return Denied(_("Who signed for the partner cannot sign for the fund."))
    return all_of(
        may_hold(actor, Role.FUND_MANAGER),
        same_texts(grant, event),
        conditions_met(grant),
        is_in_good_standing(grant.organisation),
        has_an_account(grant),
    )


@rule_for(events.GrantSuspended, events.GrantResumed)
def may_suspend(grant: Grant, *, actor: Any, event: Event) -> PermissionResult:
    """The fund manager or a board member suspends and resumes."""
    return may_hold(actor, Role.FUND_MANAGER, Role.BOARD_MEMBER)


@rule_for(events.GrantTerminated)
def may_terminate(grant: Grant, *, actor: Any, event: Event) -> PermissionResult:
    """Only the board terminates."""
    return may_hold(actor, Role.BOARD_MEMBER)


@rule_for(events.GrantClosed)
def may_close(grant: Grant, *, actor: Any, event: Event) -> PermissionResult:
    """The fund manager closes when no layer has anything open."""
    return all_of(may_hold(actor, Role.FUND_MANAGER), may_be_closed(grant))


@blocks_closure
def conditions_are_closed(grant: Grant) -> PermissionResult:
    """Every condition of the award is met or waived."""
    open_ones = grant.conditions.exclude(state__in=CLOSED_CONDITIONS).count()
    if not open_ones:
        return Allowed()
    return Denied(_("Open conditions of the award: %(count)s.") % {"count": open_ones})


@blocks_closure
def reports_are_accepted(grant: Grant) -> PermissionResult:
    """Every report is accepted or waived."""
    open_ones = grant.reports.exclude(state__in=[ReportState.ACCEPTED, ReportState.WAIVED]).count()
    if not open_ones:
        return Allowed()
    return Denied(_("Reports not accepted yet: %(count)s.") % {"count": open_ones})


def visible_grants(user: Any) -> Q:
    """Grants a person may see: readers of the fund all, people of an organisation theirs."""
    if offices_of(user).intersection(READERS):
        return Q()
    return Q(organisation__in=list(memberships_of(user)))
