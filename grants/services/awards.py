"""Awards: from the committee's decision to an accepted offer, with the money kept aside meanwhile."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit import lifecycle
from audit.models import Leaf
from charter.selectors import end_of_day, working_deadline
from grants import books, events, reasons
from grants.conditions import Asked
from grants.models import Application, Envelope, Grant
from grants.selectors.conditions import unmet_in_time
from grants.selectors.durations import start_by
from grants.selectors.envelopes import filling_of, sources_of
from grants.selectors.grants import rules_of
from grants.services import funding
from grants.services.conditions import set_conditions
from kernel.codes import reference
from kernel.database import lock_rows
from kernel.money import Money, format_money
from kernel.permissions import Refused
from ledger.models import Account
from ledger.wording import Said


@transaction.atomic
def award(application: Application, *, amount_minor: int, conditions: Sequence[Asked], leaf: Leaf) -> Grant:
    """Make a grant of ``amount_minor`` out of an approved application and reserve the money in the call's envelopes.

    Raises `Refused` when the envelopes no longer hold enough money for this purpose; then nothing is awarded.
    """
    call = application.call
    charter = call.charter
    if charter is None:
        raise ValueError(f"call {call.reference} has no charter")
    grant = Grant(
        reference=reference("GRA", timezone.localdate().year),
        application=application,
        call=call,
        organisation=application.organisation,
        amount_minor=amount_minor,
        currency=call.currency,
        months=application.months or 0,
        tier=application.organisation.tier,
        frozen_rules=call.frozen_rules,
        charter_number=charter.number,
    )
    lifecycle.create(
        grant,
        events.GrantAwarded(
            application=application.pk, amount_minor=amount_minor, currency=call.currency, months=grant.months
        ),
        actor=None,
    )
    set_conditions(grant, conditions)
    _reserve(grant, leaf=grant.leaf)
    return grant


def _filling(grant: Grant) -> list[tuple[Envelope, int]]:
    """How the grant is covered: expiring money first, the most restricted first, unrestricted last (domain: fill order).

    Raises `Refused` when the money that may be used for this application does not cover the grant.
    """
    envelopes = {str(envelope.pk): envelope for envelope in funding.envelopes_of(grant)}
    filling = filling_of(grant.application, grant.amount_minor, sources_of(grant.call))
    if filling.missing_minor:
        missing = format_money(Money(filling.missing_minor, grant.currency), get_language() or "en")
        raise Refused(_("The call's envelope lacks %(missing)s for this award.") % {"missing": missing})
    return [(envelopes[key], minor) for key, minor in filling.parts]


def _reserve(grant: Grant, *, leaf: Leaf) -> None:
    lock_rows(Account.objects.filter(envelope__call=grant.call_id))
    funding.keep_aside(grant, _filling(grant), leaf=leaf)


def release_reservations(grant: Grant, *, leaf: Leaf, why: Callable[..., Said] = books.NOT_TAKEN_UP) -> None:
    """Give the money kept for a grant back to its envelopes (offer declined or lapsed, decision reopened)."""
    funding.release(grant, leaf=leaf, why=why(grant=grant.reference))


def send_offer(grant: Grant, *, actor: Any) -> Grant:
    """Send the offer to the organisation; it answers within the charter's working days, before the latest first day."""
    due = working_deadline(timezone.now(), rules_of(grant).deadlines.offer_answer_days)
    begins = start_by(grant)
    if begins is not None and begins > timezone.localdate():
        due = min(due, end_of_day(begins))
    return lifecycle.move(
        grant, events.OfferSent(due=timezone.localdate(due).isoformat()), actor=actor, changes={"step_due": due}
    )


def accept_offer(grant: Grant, *, actor: Any) -> Grant:
    """The signatory accepts; the fund draws up the agreement within the charter's working days."""
    due = working_deadline(timezone.now(), rules_of(grant).deadlines.agreement_draft_days)
    return lifecycle.move(grant, events.OfferAccepted(), actor=actor, changes={"step_due": due})


@transaction.atomic
def decline_offer(grant: Grant, *, actor: Any, reason: str) -> Grant:
    """The signatory declines; the money goes back to the envelopes."""
    grant = lifecycle.move(
        grant, events.OfferDeclined(), actor=actor, reason=reasons.given(reason), changes={"step_due": None}
    )
    _not_taken_up(grant)
    return grant


@transaction.atomic
def lapse_offer(grant: Grant) -> Grant:
    """The offer's time ran out; the money goes back to the envelopes."""
    grant = lifecycle.move(grant, events.OfferLapsed(), actor=None, changes={"step_due": None})
    _not_taken_up(grant)
    return grant


def _not_taken_up(grant: Grant) -> None:
    """The money is free for others again, and the application counts among the approved ones no more."""
    release_reservations(grant, leaf=grant.leaf)
    lifecycle.move(grant.application, events.ApplicationLapsed(), actor=None, changes={"step_due": None})


@transaction.atomic
def set_aside(grant: Grant, *, reason: str) -> Grant:
    """Take an award back whose decision was reopened; the money is free for others again.

    Raises `IllegalMove` once the fund has countersigned: then the grant can only be suspended.
    """
    grant = lifecycle.move(grant, events.AwardSetAside(), actor=None, reason=reason, changes={"step_due": None})
    release_reservations(grant, leaf=grant.leaf, why=books.SET_ASIDE)
    return grant


def lapse_unmet(now: datetime | None = None) -> int:
    """Let awards lapse whose condition before the signature was not met in time; returns how many (domain: unmet, lapsed)."""
    lapsed = 0
    for grant in unmet_in_time(timezone.localdate(now or timezone.now())):
        try:
            _lapse_unmet(grant)
        except lifecycle.IllegalMove:
            continue  # moved on a moment ago
        lapsed += 1
    return lapsed


@transaction.atomic
def _lapse_unmet(grant: Grant) -> None:
    _not_taken_up(lifecycle.move(grant, events.AwardLapsed(), actor=None, changes={"step_due": None}))
