"""What happens to the voucher of a cash payment."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class VoucherIssued(Event):
    type = "disbursements.voucher.issued"
    needs_second_factor = True
    sentence = _("drew the voucher of the cash payment; it is valid until %(expires_at)s")
    expires_at: str


@register
class VoucherTried(Event):
    type = "disbursements.voucher.tried"
    needs_second_factor = True
    sentence = _("entered a wrong code of the voucher")


@register
class VoucherRedeemed(Event):
    type = "disbursements.voucher.redeemed"
    needs_second_factor = True
    sentence = _("entered the code of the voucher that the payee showed")


@register
class VoucherBlocked(Event):
    type = "disbursements.voucher.blocked"
    sentence = _("the voucher is blocked: too many wrong codes")


@register
class VoucherVoided(Event):
    type = "disbursements.voucher.voided"
    sentence = _("the voucher is worth nothing any more: another one was drawn, or its payment is over")
