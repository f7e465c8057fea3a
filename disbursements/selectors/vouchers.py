"""Reading the vouchers of cash payments."""

from disbursements.models import Payment, Voucher


def voucher_of(payment: Payment) -> Voucher | None:
    """The voucher that was drawn last of a payment."""
    return Voucher.objects.filter(payment=payment).order_by("-expires_at", "-pk").first()
