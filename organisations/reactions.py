"""What follows from an act: a membership, and notices to those concerned."""

from typing import Any

from django.urls import reverse

from accounts.events import InvitationAccepted
from accounts.models import Invitation
from audit.events import Event
from audit.log import opened
from audit.log_events import ErasureCarriedOut
from audit.models import Erasure, Leaf
from audit.reactions import reacts_to
from notices.services import notify
from organisations import bank_events, capacity_events, events, rules, selectors, services
from organisations.models import BankAccount, BankChange, Organisation, Partnership, PassportItem
from organisations.rules.profile import PURPOSE
from organisations.services import screening
from organisations.states import Occasion, PartnershipKind, PersonRole


@reacts_to(InvitationAccepted)
def join_organisation(invitation: Invitation, event: InvitationAccepted, *, actor: Any, leaf: Any) -> None:
    """An invitation to an organisation gives the role to the person who accepted."""
    if invitation.purpose == PURPOSE:
        services.add_invited_person(invitation, user=actor)


_TOLD: dict[type[Event], str] = {
    events.DueDiligenceReturned: "organisations.due_diligence_returned",
    events.DueDiligenceCleared: "organisations.due_diligence_cleared",
    events.FoundEligible: "organisations.found_eligible",
    events.FoundIneligible: "organisations.found_ineligible",
    events.OrganisationSuspended: "organisations.suspended",
    events.OrganisationReinstated: "organisations.reinstated",
}


@reacts_to(*_TOLD)
def tell_its_people(organisation: Organisation, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """Everyone of the organisation learns what the fund decided, with the reason."""
    params = {
        "organisation": organisation.name_ar,
        "reason": opened(leaf.opening)["reason"],
        "tier": organisation.tier,
    }
    url = reverse("organisations:detail", args=[organisation.pk])
    kind = _TOLD[type(event)]
    notify(selectors.users_of(organisation), kind, params=params, url=url, dedupe_key=str(leaf.pk))


_CAPACITY: dict[type[Event], str] = {
    capacity_events.OutsideAssessmentRecognised: "organisations.outside_recognised",
    capacity_events.OutsideAssessmentRefused: "organisations.outside_refused",
    capacity_events.ImprovementAgreed: "organisations.improvement_agreed",
    capacity_events.ImprovementReturned: "organisations.improvement_returned",
    capacity_events.ImprovementConfirmed: "organisations.improvement_confirmed",
    capacity_events.ContestUpheld: "organisations.contest_upheld",
    capacity_events.ContestDismissed: "organisations.contest_dismissed",
    capacity_events.TierChanged: "organisations.tier_changed",
}


@reacts_to(*_CAPACITY)
def tell_of_capacity(subject: Any, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """Everyone of the organisation learns what follows from its assessment, with the reason."""
    organisation = subject if isinstance(subject, Organisation) else subject.organisation
    params = {
        "organisation": organisation.name_ar,
        "reason": opened(leaf.opening)["reason"],
        "tier": organisation.tier,
        "what": getattr(subject, "what", getattr(subject, "funder", "")),
    }
    url = reverse("organisations:capacity", args=[organisation.pk])
    kind = _CAPACITY[type(event)]
    notify(selectors.users_of(organisation), kind, params=params, url=url, dedupe_key=str(leaf.pk))


@reacts_to(events.BankAccountVerified)
def tell_of_bank_account(account: BankAccount, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """Signatories learn where money will go, so that a forged change is noticed."""
    organisation = account.organisation
    params = {"organisation": organisation.name_ar, "ending": account.number[-4:]}
    url = reverse("organisations:bank_accounts", args=[organisation.pk])
    told = selectors.users_of(organisation, PersonRole.SIGNATORY)
    notify(told, "organisations.bank_account_verified", params=params, url=url, dedupe_key=str(leaf.pk))


_CHANGES: dict[type[Event], str] = {
    bank_events.BankChangeRequested: "organisations.bank_change_requested",
    bank_events.BankChangeRefused: "organisations.bank_change_refused",
    bank_events.BankChangeWithdrawn: "organisations.bank_change_withdrawn",
}


@reacts_to(*_CHANGES)
def tell_of_bank_change(change: BankChange, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """Every signatory learns of it, so that one notices what another one's stolen sign-in asked for."""
    organisation = change.organisation
    params = {
        "organisation": organisation.name_ar,
        "ending": "" if change.account.is_erased else change.account.number[-4:],
        "reason": opened(leaf.opening)["reason"],
    }
    url = reverse("organisations:bank_change", args=[organisation.pk, change.pk])
    told = selectors.users_of(organisation, PersonRole.SIGNATORY)
    notify(told, _CHANGES[type(event)], params=params, url=url, dedupe_key=str(leaf.pk))


@reacts_to(ErasureCarriedOut)
def forget_erased_numbers(erasure: Erasure, event: ErasureCarriedOut, *, actor: Any, leaf: Leaf) -> None:
    """With the details of accounts go the digests by which their numbers were found."""
    if erasure.data_key is not None:
        services.forget_numbers(erasure.data_key)


@reacts_to(events.PassportItemReturned)
def tell_of_returned_item(item: PassportItem, event: events.PassportItemReturned, *, actor: Any, leaf: Leaf) -> None:
    """Everyone of the organisation learns what to give anew, and why."""
    asked = rules.asked_of(item.organisation)[item.key]
    params = {"item": asked.name.model_dump(), "reason": opened(leaf.opening)["reason"]}
    url = reverse("organisations:passport_item", args=[item.organisation_id, item.key])
    told = selectors.users_of(item.organisation)
    notify(told, "organisations.passport_item_returned", params=params, url=url, dedupe_key=str(leaf.pk))


@reacts_to(
    events.DueDiligenceSubmitted, events.OrganisationProfileChanged, events.PersonAdded, events.BankAccountRecorded,
    events.PassportItemSubmitted,
)  # fmt: skip
def compare_names(subject: Any, event: Event, *, actor: Any, leaf: Leaf) -> None:
    """Names that came or changed are compared with the lists of sanctions."""
    organisation = subject if isinstance(subject, Organisation) else subject.organisation
    screening.owe_screening(organisation, Occasion.REGISTRATION, leaf=leaf)


@reacts_to(events.PartnershipRecorded)
def compare_partners(link: Partnership, event: events.PartnershipRecorded, *, actor: Any, leaf: Leaf) -> None:
    """A partner in a consortium is compared with the lists, as the organisation's own names are."""
    if event.kind == PartnershipKind.CONSORTIUM:
        screening.owe_screening(link.organisation, Occasion.REGISTRATION, leaf=leaf)
