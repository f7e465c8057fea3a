"""What is recorded of a payment that was paid out in another currency."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class ConversionRecorded(Event):
    """``reference``, ``contract`` and ``realised`` are units for one unit of the payment's currency, as decimal text."""

    type = "disbursements.conversion.recorded"
    needs_second_factor = True
    sentence = _("recorded the rate of the payment: %(realised)s %(currency)s for one (contract %(contract)s)")
    payment: UUID
    currency: str
    series: str
    reference: str
    contract: str
    realised: str
    paid_out_minor: int
    charged_minor: int


@register
class ConversionConfirmed(Event):
    """``loss_minor`` is what was charged beyond the payment; a gain is negative."""

    type = "disbursements.conversion.confirmed"
    needs_second_factor = True
    sentence = _("confirmed the rate of the payment from the slip; gain and loss are in the books")
    loss_minor: int


@register
class ConversionWithdrawn(Event):
    type = "disbursements.conversion.withdrawn"
    needs_second_factor = True
    sentence = _("took the recorded rate of the payment back")
