"""Who gives lists of sanctions, who judges likenesses, and whether an organisation is clear (domain specification §3.15)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import named
from organisations import screening_events as events
from organisations.models import HitJudgement, Organisation, OrganisationScreening, SanctionsList, ScreeningHit
from organisations.rules.people import is_outsider
from organisations.states import HitState

JUDGES = (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER)
SCREENING_READERS = (*JUDGES, Role.AUDITOR)

rule_for(
    events.ListRead, events.ListRefused, events.ListSuperseded, events.OrganisationScreened, events.HitFound,
    events.HitLookedAt, events.HitCleared, events.HitConfirmed, events.HitDisputed,
)(system_only)  # fmt: skip


@rule_for(events.ListTaken)
def may_take_list(version: SanctionsList, *, actor: Any, event: Any = None) -> PermissionResult:
    """Officers of programme or finance; the command line takes one as the fund itself."""
    if actor is None:
        return Allowed()
    return may_hold(actor, Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER)


@rule_for(events.ScreeningAsked)
def may_ask_for_screening(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """An officer asks that the names are compared now."""
    return may_hold(actor, *JUDGES)


@rule_for(events.HitJudged)
def may_judge_hit(judgement: HitJudgement, *, actor: Any, event: Any = None) -> PermissionResult:
    """An officer from outside the organisation, once; where two disagree the fund manager, if not one of them."""
    hit = judgement.hit
    if hit.state in (HitState.CLEARED, HitState.CONFIRMED):
        return Denied(_("This likeness is judged already."))
    holds = may_hold(actor, Role.FUND_MANAGER) if hit.state == HitState.DISPUTED else may_hold(actor, *JUDGES)
    return all_of(holds, is_outsider(actor, hit.organisation), _has_not_judged(hit, actor)) if holds else holds


def _has_not_judged(hit: ScreeningHit, actor: Any) -> PermissionResult:
    if hit.judgements.filter(judge=actor).exists():
        return Denied(_("You have judged this likeness; another person judges it too."))
    return Allowed()


def is_clear(organisation: Organisation) -> PermissionResult:
    """Whether today's names were compared with the lists in force, and every likeness was cleared by two people.

    A fund without any list compares nothing; its page of lists says so.
    """
    versions = named.versions_in_force()
    if not versions or organisation.data_key.destroyed:
        return Allowed()
    subjects = named.subjects_of(organisation)
    if not is_compared(organisation, subjects, versions):
        return Denied(
            _("The names of this organisation are being compared with the lists of sanctions: try again soon.")
        )
    if named.blocking(organisation, subjects):
        return Denied(_("A name of this organisation is like one on a list of sanctions: two people judge it first."))
    return Allowed()


def is_compared(organisation: Organisation, subjects: list[named.Subject], versions: list[SanctionsList]) -> bool:
    """Whether exactly these names were compared with exactly these versions."""
    return OrganisationScreening.objects.filter(
        organisation=organisation,
        fingerprint=named.fingerprint_of(organisation, subjects),
        versions=versions_said(versions),
    ).exists()


def versions_said(versions: list[SanctionsList]) -> list[str]:
    """The versions as a screening remembers them."""
    return sorted(version.sha256 for version in versions)
