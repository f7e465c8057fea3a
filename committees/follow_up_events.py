"""What happens after decisions: the waiting list moves up."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class WaitingProposed(Event):
    type = "committees.waiting.proposed"
    sentence = _("money came back: proposed the application at rank %(rank)s of the waiting list for %(amount_minor)s")
    application: UUID
    rank: int
    amount_minor: int
    currency: str


@register
class WaitingConfirmed(Event):
    type = "committees.waiting.confirmed"
    needs_second_factor = True
    sentence = _("confirmed that the application moves up from the waiting list, after a fresh screening")
    application: UUID
    screening: str


@register
class WaitingDismissed(Event):
    type = "committees.waiting.dismissed"
    sentence = _("passed over the application on the waiting list")
    application: UUID


@register
class WaitingOutdated(Event):
    type = "committees.waiting.outdated"
    sentence = _("the proposal from the waiting list fell away: the application left the list")
    application: UUID
