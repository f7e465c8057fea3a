"""What happens to the change of an organisation's bank details: asked for, called back, approved by others, or ended."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from organisations.states import VerificationChannel


@register
class BankChangeRequested(Event):
    """``fingerprint`` is that of the new details; ``warnings`` are the codes of what looked odd on the day of the request."""

    type = "organisations.bank_change.requested"
    needs_second_factor = True
    sentence = _("asked for a change of the bank details")
    fingerprint: str
    warnings: list[str]


@register
class BankChangeCalledBack(Event):
    """``number_digest`` is the keyed digest of the number that was called, as the file had it on the day of the request."""

    type = "organisations.bank_change.called_back"
    needs_second_factor = True
    sentence = _("asked the organisation back about its new bank details: %(channel)s")
    labels = {"channel": VerificationChannel}
    fingerprint: str
    channel: str
    called_at: str
    number_digest: str


@register
class BankChangeAgreed(Event):
    type = "organisations.bank_change.agreed"
    needs_second_factor = True
    sentence = _("agreed to the change of the bank details")
    fingerprint: str


@register
class BankChangeApproved(Event):
    type = "organisations.bank_change.approved"
    sentence = _("the new bank details are approved")


@register
class BankChangeRefused(Event):
    type = "organisations.bank_change.refused"
    needs_second_factor = True
    sentence = _("refused the change of the bank details")


@register
class BankChangeWithdrawn(Event):
    type = "organisations.bank_change.withdrawn"
    needs_second_factor = True
    sentence = _("took the change of the bank details back")
