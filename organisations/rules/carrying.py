"""Signed passports: who asks for one, who hands one on, who says which other funds are trusted."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from accounts.selectors import has_role
from audit.rules import rule_for, system_only
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations import carried_events as events
from organisations.models import Organisation, PassportImport, SignedPassport, TrustedFund
from organisations.rules.passport import may_see_passport
from organisations.rules.people import ACTING, is_person_of
from organisations.states import OrganisationState, PersonRole

_S = OrganisationState
FOUND_IN_ORDER: Final = frozenset({_S.DD_CLEARED, _S.ASSESSED, _S.ELIGIBLE, _S.INELIGIBLE})
FILLING: Final = frozenset({_S.REGISTERED, _S.DD_RETURNED})
TRUST_READERS: Final = (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)

rule_for(events.PassportKeyIntroduced, events.PassportKeyRetired, events.PassportKeyRevoked, events.PassportFileSigned)(
    system_only
)


def may_carry_passport(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """Signatories, once the fund found the papers in order, and while it has not suspended the organisation."""
    if organisation.state == _S.SUSPENDED:
        return Denied(_("The organisation is suspended: the fund signs nothing for now."))
    if organisation.state not in FOUND_IN_ORDER:
        return Denied(_("The fund signs a passport when it has found the papers in order."))
    return is_person_of(actor, organisation, PersonRole.SIGNATORY)


@rule_for(events.PassportFileAsked, events.PassportFileTaken, events.PassportFileTakenWithAccounts)
def may_take_passport(passport: SignedPassport, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_carry_passport`."""
    return may_carry_passport(passport.organisation, actor=actor)


def may_bring_passport(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """People of the organisation, while the profile is theirs to complete."""
    belongs = is_person_of(actor, organisation, *ACTING)
    if belongs and organisation.state not in FILLING:
        return Denied(
            _("A passport of another fund helps before the fund checks the profile; now it knows it already.")
        )
    return belongs


@rule_for(events.PassportImported)
def may_import_passport(imported: PassportImport, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_bring_passport`; the other fund is trusted today."""
    if imported.fund.state != "trusted":
        return Denied(_("Passports of this fund are not taken."))
    return may_bring_passport(imported.organisation, actor=actor)


def may_read_imports(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """As `may_see_passport`."""
    return may_see_passport(organisation, actor=actor)


def may_see_trust(user: Any) -> bool:
    """The secretariat and auditors."""
    return has_role(user, *TRUST_READERS)


@rule_for(events.TrustedFundRecorded, events.TrustedFundEnded)
def may_trust_funds(fund: TrustedFund, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager."""
    return all_of(may_hold(actor, Role.FUND_MANAGER), Allowed())
