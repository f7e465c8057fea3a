"""What a call's envelopes can still cover, and where money that comes back belongs."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from funds import selectors as funds
from funds.restrictions import RELIGIOUS, Filling, Source, Use, fill
from grants.models import Application, Call, Envelope, Grant
from grants.selectors.religious import justified_minor
from grants.states import ApplicationState, CallState
from kernel import identity
from ledger.models import Account
from ledger.selectors import balance


def use_of(application: Application) -> Use:
    """For what an award of this application would be spent, as contributions' terms ask."""
    organisation = application.organisation
    flags = ("women_led", "youth_led", "displaced_led", "disability_led")
    return Use(
        on=timezone.localdate(),
        sectors=frozenset({application.sector}),
        governorates=frozenset(application.governorates),
        groups=frozenset(flag for flag in flags if getattr(organisation, flag)),
        recipient_type=organisation.type,
    )


def sources_of(call: Call) -> list[Source]:
    """The call's envelopes with what is free in them now; keys are the envelopes'."""
    rows = call.envelopes.select_related("contribution", "account").order_by("pk")
    return [
        Source(str(one.pk), balance(one.account).available_minor, one.contribution.terms, one.contribution.received_on)
        for one in rows
    ]


def filling_of(application: Application, minor: int, sources: Sequence[Source]) -> Filling:
    """How ``sources`` would cover an award of ``minor`` units; religious money only where its lines were justified."""
    use = use_of(application)
    if not any(one.terms.restriction in RELIGIOUS for one in sources):
        return fill(minor, use, sources)
    return fill(minor, replace(use, religious_basis=True), sources, most=justified_minor(application, minor))


@identity.system("grants.filling_of_extension")
def filling_of_extension(grant: Grant, minor: int) -> tuple[Filling, Filling]:
    """How ``minor`` units more would be covered: by what is free in the call's envelopes, the rest by contributions.

    Keys of the first are envelopes, of the second contributions; what is missing is missing in the second. Religious money
    adds nothing: each line that it pays was justified with the application.
    """
    use = use_of(grant.application)
    ended = grant.call.state in {CallState.COMPLETED, CallState.CANCELLED}
    held = fill(minor, use, [] if ended else sources_of(grant.call))
    return held, funds.filling_of(held.missing_minor, use, currency=grant.currency)


def fill_one_after_another(call: Call, wishes: Sequence[tuple[Application, int]]) -> list[Filling]:
    """How the envelopes would cover awards (application, minor units) made in this order.

    What an earlier wish takes is gone for the later ones; a wish that is not covered takes nothing.
    """
    free = {one.key: one for one in sources_of(call)}
    found = []
    for application, minor in wishes:
        filling = filling_of(application, minor, list(free.values()))
        found.append(filling)
        if filling.missing_minor:
            continue
        for key, part in filling.parts:
            free[key] = Source(key, free[key].available_minor - part, free[key].terms)
    return found


@identity.system("grants.place_of_return")
def place_of_return(envelope: Envelope) -> Account | None:
    """Where money of ``envelope`` goes that a grant gives back: the envelope while its call has a waiting list.

    Otherwise the contribution that it came from. Both keep source and restriction (domain specification §5.3).
    """
    call = envelope.call
    waits = call.applications.filter(state=ApplicationState.WAITLISTED)
    if call.state not in {CallState.COMPLETED, CallState.CANCELLED} and waits.exists():
        return envelope.account
    return envelope.contribution.account
