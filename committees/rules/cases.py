"""Conflicts that were not declared: one reports, another judges, never the member (domain specification §4.6)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.selectors import has_role
from audit.rules import rule_for, system_only
from committees import events
from committees.models import ConflictCase, Recusal
from committees.rules import facts
from committees.states import HARD_GROUNDS, SeatOffice
from kernel.permissions import Allowed, Denied, PermissionResult

rule_for(events.DecisionReopened)(system_only)
OWNERS = (Role.FUND_MANAGER, Role.CASE_HANDLER)
"""Who may answer for a case."""
JUDGES = (Role.FUND_MANAGER, Role.BOARD_MEMBER)
"""Who may confirm or dismiss what another reported."""


def may_report_at_all(case: ConflictCase, actor: Any) -> PermissionResult:
    """The secretariat, the board, or the committee's chair for another member of an application he is not recused from."""
    if facts.is_secretariat(actor) or has_role(actor, Role.BOARD_MEMBER):
        return Allowed()
    seat = facts.seat_of(actor, case.seat.committee_id)
    if seat is not None and seat.office == SeatOffice.CHAIR and not facts.is_recused(actor, case.application):
        return Allowed()
    return Denied(_("The secretariat, the board and the committee's chair report undeclared conflicts."))


@rule_for(events.ConflictReported)
def may_report(case: ConflictCase, *, actor: Any, event: Any) -> PermissionResult:
    """A hard ground, on an application from which the member did not step back; somebody answers for the case."""
    if actor is None or not (allowed := may_report_at_all(case, actor)):
        return Denied(_("The secretariat, the board and the committee's chair report undeclared conflicts."))
    if case.seat.user_id in {actor.pk, case.owner.pk}:
        return Denied(_("Nobody reports, judges or keeps a case of his or her own."))
    if case.ground not in HARD_GROUNDS:
        return Denied(_("A link that does not recuse makes no case; the member can be asked to declare it."))
    if Recusal.objects.filter(seat__user=case.seat.user, application=case.application).exists():
        return Denied(_("The member is recused from this application already."))
    if not has_role(case.owner, *OWNERS):
        return Denied(_("The fund manager or a case handler answers for a case."))
    return allowed if case.found else Denied(_("Say what came to light."))


@rule_for(events.ConflictConfirmed, events.ConflictDismissed)
def may_judge(case: ConflictCase, *, actor: Any, event: Any) -> PermissionResult:
    """The fund manager or a board member, never who reported it and never the member."""
    if not has_role(actor, *JUDGES):
        return Denied(_("The fund manager or a member of the board judges a reported conflict."))
    if actor.pk in {case.reported_by_id, case.seat.user_id}:
        return Denied(_("Two people: whoever reported a conflict does not confirm it."))
    return Allowed()


@rule_for(events.ConflictCaseClosed)
def may_close(case: ConflictCase, *, actor: Any, event: Any) -> PermissionResult:
    """Who answers for the case, or the fund manager."""
    if actor is not None and (actor.pk == case.owner_id or has_role(actor, Role.FUND_MANAGER)):
        return Allowed()
    return Denied(_("Who answers for the case closes it."))
