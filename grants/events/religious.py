"""What is recorded of the justification that zakat and the yield of waqfs ask for, line by line."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from grants.states import ReligiousClass, ZakatRecipients

__all__ = ["BasisApproved", "BasisDeclined", "BasisProposed"]


@register
class BasisProposed(Event):
    """``recipients`` is the class of recipients of zakat; empty for the yield of a waqf."""

    type = "grants.religious_basis.proposed"
    sentence = _("justified %(amount_minor)s of the budget for %(restriction)s")
    labels = {"restriction": ReligiousClass, "recipients": ZakatRecipients}
    line: UUID
    restriction: str
    recipients: str
    amount_minor: int
    currency: str


@register
class BasisApproved(Event):
    type = "grants.religious_basis.approved"
    needs_second_factor = True
    sentence = _("agreed to the justification, by the opinion of %(scholar)s (%(opinion)s)")
    scholar: str
    opinion: str


@register
class BasisDeclined(Event):
    type = "grants.religious_basis.declined"
    sentence = _("declined the justification")
