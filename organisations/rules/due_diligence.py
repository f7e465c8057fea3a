"""When a profile may be submitted for the check, and who checks."""

from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for
from charter.calendar import add_months
from charter.selectors import charter_in_force
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import events
from organisations.models import Organisation
from organisations.rules.passport import items_are_judged, missing_items
from organisations.rules.people import is_outsider, is_person_of
from organisations.states import Declaration, OrganisationState, PersonRole, ProofKind, RegistrationState

PROOFS: Final[dict[str, frozenset[str]]] = {
    RegistrationState.MOSAL: frozenset({ProofKind.CERTIFICATE}),
    RegistrationState.MOSAL_PROVISIONAL: frozenset({ProofKind.PROVISIONAL_LICENCE}),
    RegistrationState.NES: frozenset({ProofKind.CERTIFICATE}),
    RegistrationState.ABROAD: frozenset({ProofKind.CERTIFICATE}),
    RegistrationState.IN_PROCESS: frozenset({ProofKind.APPLICATION_RECEIPT}),
    RegistrationState.UNREGISTERED: frozenset(
        {ProofKind.HOST_AGREEMENT, ProofKind.NETWORK_LETTER, ProofKind.LOCAL_COUNCIL_LETTER}
    ),
}
"""Which papers prove existence; one of them is needed. Registration is no precondition: others vouch for the rest."""


def valid_proofs() -> Q:
    """Proofs that are not past their date."""
    return Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())


def missing_for_due_diligence(organisation: Organisation) -> list[Any]:
    """What the profile still lacks, as sentences for its people; nothing when it may be submitted."""
    kinds = set(organisation.proofs.filter(valid_proofs()).values_list("kind", flat=True))
    missing: list[Any] = []
    wanted = PROOFS[organisation.registration_state]
    if not kinds & wanted:
        names = " / ".join(str(ProofKind(kind).label) for kind in ProofKind.values if kind in wanted)
        missing.append(format_lazy(_("A valid proof of existence is missing: {kinds}."), kinds=names))
    if ProofKind.STATUTES not in kinds:
        missing.append(_("The signed statutes or the minutes of foundation are missing."))
    if ProofKind.HOST_AGREEMENT in kinds and organisation.fiscal_host_id is None:
        missing.append(_("Name the fiscal host whose agreement you added."))
    if not organisation.about.strip():
        missing.append(_("Say in a few sentences who you are and what you do."))
    missing += [
        format_lazy(_("In the passport is missing: {name}."), name=name) for name in missing_items(organisation)
    ]
    return missing


def _complete(organisation: Organisation) -> PermissionResult:
    missing = missing_for_due_diligence(organisation)
    return Denied(missing[0]) if missing else Allowed()


def _declared(event: Any) -> PermissionResult:
    if event is not None and set(event.declarations) != set(Declaration.values):
        return Denied(_("All declarations are part of the profile: confirm each of them."))
    return Allowed()


def may_apply_again_on(organisation: Organisation) -> Any:
    """The day from which an organisation that was not found eligible may come back; None in other states."""
    if organisation.state != OrganisationState.INELIGIBLE:
        return None
    months = charter_in_force().rules.organisations.reapply_after_months
    return add_months(timezone.localdate(organisation.moved_at), months)


def _not_too_soon(organisation: Organisation) -> PermissionResult:
    day = may_apply_again_on(organisation)
    if day is not None and timezone.localdate() < day:
        return Denied(
            format_lazy(_("You may come back from {day}, showing that the cause is mended."), day=day.isoformat())
        )
    return Allowed()


@rule_for(events.DueDiligenceSubmitted)
def may_submit_due_diligence(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """A signatory, when nothing is missing and every declaration is made."""
    return all_of(
        is_person_of(actor, organisation, PersonRole.SIGNATORY),
        _not_too_soon(organisation),
        _complete(organisation),
        _declared(event),
    )


def _checks(organisation: Organisation, actor: Any) -> PermissionResult:
    officer = may_hold(actor, Role.PROGRAMME_OFFICER)
    return all_of(officer, is_outsider(actor, organisation)) if officer else officer


@rule_for(events.DueDiligenceReturned)
def may_return_due_diligence(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers who do not belong to the organisation."""
    return _checks(organisation, actor)


@rule_for(events.DueDiligenceCleared)
def may_clear_due_diligence(organisation: Organisation, *, actor: Any, event: Any = None) -> PermissionResult:
    """Programme officers who do not belong to the organisation, when every required item of the passport is judged."""
    checks = _checks(organisation, actor)
    return all_of(checks, items_are_judged(organisation)) if checks and event is not None else checks
