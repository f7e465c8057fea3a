"""Grants from award to the countersigned agreement, made by the real services."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import users_with_role
from charter.selectors import find_charter_in_force
from disbursements.services.agreements import draft_agreement
from funds.models import Contribution
from grants.models import AwardCondition, Call, Grant
from grants.services import agreements, awards, conditions, review
from grants.services import calls as call_services
from grants.states import CLOSED_CONDITIONS
from organisations.models import Organisation
from organisations.selectors import usable_bank_accounts
from tests.factories import accounts, charter, shelf
from tests.factories import grants as calls
from tests.factories.organisations import eligible_organisation, signatory_of, usable_bank_account

THOUSAND = 100_000
"""A thousand dollars in cents."""


def holder(role: str) -> User:
    """The test's holder of an office; the same one each time."""
    return users_with_role(role).order_by("date_joined").first() or accounts.officer(role)


def programme_officer() -> User:
    return holder(Role.PROGRAMME_OFFICER)


def manager() -> User:
    return holder(Role.FUND_MANAGER)


def board_member() -> User:
    return holder(Role.BOARD_MEMBER)


def finance_officers() -> tuple[User, User]:
    """Two finance officers: one makes, the other checks."""
    held = list(users_with_role(Role.FINANCE_OFFICER).order_by("date_joined")[:2])
    held += [accounts.officer(Role.FINANCE_OFFICER) for _ in range(2 - len(held))]
    return held[0], held[1]


def signatory(grant: Grant) -> User:
    """Who signs for the grant's organisation."""
    return signatory_of(grant.organisation)


def awarded_grant(
    *,
    months: int = 12,
    tier: str = "M",
    amount_minor: int = 20 * THOUSAND,
    conditions: list[str] | None = None,
    organisation: Organisation | None = None,
    contribution: Contribution | None = None,
    sources: dict[Contribution, int] | None = None,
    **call: Any,
) -> Grant:
    """A grant whose offer is not sent yet: applied for, screened, decided, the money reserved."""
    if find_charter_in_force() is None:
        charter.ratified_charter(charter.rules_without_light_reporting())
    terms = {
        "grant_type": "project" if months <= 18 else "programmatic",
        "months_allowed": [months],
        "floor_minor": THOUSAND,
        "ceiling_minor": amount_minor * 2,
        "envelope_minor": amount_minor * 3,
        **call,
    }
    opened = _opened(sources, **terms) if sources else calls.open_call(contribution=contribution, **terms)
    spent = {} if tier == "E" else {"last_year_expenditure_minor": amount_minor * 2}
    applicant = organisation or eligible_organisation(tier, **spent)
    application = calls.eligible_application(opened, applicant, requested=amount_minor + 1000)
    review.start_review(opened_again(application), actor=programme_officer())
    application.refresh_from_db()
    calls.approved_application(application, amount_minor=amount_minor, conditions=conditions)
    return Grant.objects.get(application=application)


def _opened(sources: dict[Contribution, int], **terms: Any) -> Call:
    """An open call that draws on several contributions."""
    draft = calls.draft_call(planned=False, **terms)
    call_services.plan_sources(draft, sources, actor=programme_officer())
    call = call_services.publish(calls.approved(draft), actor=programme_officer())
    call_services.open_due(now=call.opens_at)
    call.refresh_from_db()
    return call


def opened_again(application: Any) -> Any:
    """The application's call as the database has it now."""
    application.call.refresh_from_db()
    return application.call


@shelf.keepable
def offered_grant(**wishes: Any) -> Grant:
    """A grant whose offer waits for the organisation."""
    return awards.send_offer(awarded_grant(**wishes), actor=programme_officer())


@shelf.keepable
def accepted_grant(**wishes: Any) -> Grant:
    """A grant whose agreement can be drawn up; its conditions, if any, are still open."""
    grant = offered_grant(**wishes)
    return awards.accept_offer(grant, actor=signatory(grant))


def meet_conditions(grant: Grant) -> None:
    """Every condition that holds the signature closed by the programme officer."""
    for condition in AwardCondition.objects.filter(grant=grant, blocks="signature").exclude(
        state__in=CLOSED_CONDITIONS
    ):
        conditions.meet(condition, actor=programme_officer(), evidence="وصلت الوثيقة وتحققنا منها.")


@shelf.keepable
def agreed_grant(*, starts_on: date | None = None, **wishes: Any) -> Grant:
    """A grant whose agreement is drawn up and waits for the partner's signature."""
    grant = accepted_grant(**wishes)
    meet_conditions(grant)
    return draft_agreement(grant, starts_on=starts_on or timezone.localdate(), actor=programme_officer())


def hashes(grant: Grant) -> dict[str, str]:
    """The hashes of the texts that are signed."""
    return {"sha256_ar": grant.agreement_ar_sha256, "sha256_en": grant.agreement_en_sha256}


def signed_grant(**wishes: Any) -> Grant:
    """A grant that waits for the fund's signature."""
    grant = agreed_grant(**wishes)
    return agreements.sign(grant, **hashes(grant), actor=signatory(grant))


@shelf.keepable
def active_grant(**wishes: Any) -> Grant:
    """A grant in force: money committed by source, tranches and reports planned, the first tranche due.

    Wishes: ``months``, ``tier``, ``amount_minor``, ``starts_on``, ``organisation``, ``contribution`` and terms of the call.
    """
    for tier, ready in (("L", "active_grant"), ("M", "active_grant_of_tier_m")):
        if wishes == {"tier": tier} and shelf.take(ready):
            return shelf.first(Grant)
    return countersigned(signed_grant(**wishes))


def signed_by_partner(grant: Grant) -> Grant:
    """An awarded grant without open conditions, taken to the agreement that waits for the fund's signature."""
    accepted = awards.accept_offer(awards.send_offer(grant, actor=programme_officer()), actor=signatory(grant))
    drawn = draft_agreement(accepted, starts_on=timezone.localdate(), actor=programme_officer())
    return agreements.sign(drawn, **hashes(drawn), actor=signatory(drawn))


def in_force(grant: Grant) -> Grant:
    """An awarded grant without open conditions, taken to its countersigned agreement."""
    return countersigned(signed_by_partner(grant))


def countersigned(grant: Grant) -> Grant:
    """A grant that the partner signed, in force; with an account that money can go to."""
    if not usable_bank_accounts(grant.organisation).exists():
        usable_bank_account(grant.organisation)
    return agreements.countersign(grant, **hashes(grant), actor=manager())
