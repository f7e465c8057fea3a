"""The public register: who consents, and which consents are told."""

from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.rules import rule_for
from kernel.permissions import Denied, PermissionResult
from organisations import listing_events as events
from organisations.models import Listing, Organisation
from organisations.rules.people import is_person_of
from organisations.states import ListingState, OrganisationState, PersonRole

KNOWN: Final = (OrganisationState.DD_CLEARED, OrganisationState.ASSESSED, OrganisationState.ELIGIBLE)
"""Organisations whose papers the fund found in order; who is suspended or not eligible is not told of, nor that it is."""


def told_in_register() -> Q:
    """Consents that stand, of organisations that the fund knows."""
    return Q(state=ListingState.LISTED, organisation__state__in=KNOWN)


def may_keep_listing(organisation: Organisation, *, actor: Any) -> PermissionResult:
    """Signatories: it is their people who are found."""
    return is_person_of(actor, organisation, PersonRole.SIGNATORY)


@rule_for(events.ListingConsented)
def may_consent(listing: Listing, *, actor: Any, event: Any = None) -> PermissionResult:
    """Signatories, once the papers were found in order."""
    if listing.organisation.state not in KNOWN:
        return Denied(_("The register tells of organisations whose papers the fund found in order."))
    return may_keep_listing(listing.organisation, actor=actor)


@rule_for(events.ListingWithdrawn)
def may_withdraw_listing(listing: Listing, *, actor: Any, event: Any = None) -> PermissionResult:
    """Signatories, at any time and in any state."""
    return may_keep_listing(listing.organisation, actor=actor)
