"""Life cycles of tranches, payments, payment runs and refunds."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TrancheState(models.TextChoices):
    PLANNED = "planned", _("planned")
    DUE = "due", _("can be requested")
    REQUESTED = "requested", _("requested")
    RETURNED = "returned", _("request returned")
    PROGRAMME_APPROVED = "programme_approved", _("approved by programme")
    FINANCE_APPROVED = "finance_approved", _("approved by finance")
    PAID = "paid", _("sent")
    RECEIVED = "received", _("received by the partner")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


MOVING = (
    TrancheState.REQUESTED,
    TrancheState.RETURNED,
    TrancheState.PROGRAMME_APPROVED,
    TrancheState.FINANCE_APPROVED,
    TrancheState.PAID,
)
"""Between request and receipt: the grant cannot end before these are over."""


class ApprovalKind(models.TextChoices):
    PROGRAMME = "programme", _("Programme approval")
    FINANCE = "finance", _("Finance approval")
    MANAGER = "manager", _("Fund manager's approval")


class Waivable(models.TextChoices):
    """Conditions of a tranche that the fund manager may waive; a report itself is waived with the report."""

    SPENDING = "spending", _("the share of the money received that must be spent")
    OVERDUE_REPORT = "overdue_report", _("the report that is overdue")


class PaymentState(models.TextChoices):
    PREPARED = "prepared", _("prepared")
    SENT = "sent", _("sent")
    CONFIRMED = "confirmed", _("arrived")
    FAILED = "failed", _("came back")


class RefundState(models.TextChoices):
    COMPUTED = "computed", _("to be given back")
    RECEIVED = "received", _("received, waits for a second person")
    SETTLED = "settled", _("settled")
    WAIVED = "waived", _("waived below the minimum")


class RunState(models.TextChoices):
    PREPARED = "prepared", _("waits for a second person")
    RELEASED = "released", _("released to the bank")
    DISCARDED = "discarded", _("not to be sent")


class OrderVersion(models.TextChoices):
    """Formats of the file for the bank; most banks take the newer one, some only the older."""

    V09 = "pain.001.001.09", "pain.001.001.09"
    V03 = "pain.001.001.03", "pain.001.001.03"


class BankCharges(models.TextChoices):
    """Who bears what the banks on the way take."""

    FUND = "DEBT", _("the fund pays them all")
    SHARED = "SHAR", _("shared: each side pays its own bank")


class StatementState(models.TextChoices):
    TAKEN = "taken", _("being read")
    READ = "read", _("read")
    REFUSED = "refused", _("could not be read")


class LineDirection(models.TextChoices):
    """Which way money moves in a line of the bank, seen from the fund."""

    OUT = "out", _("out of the account")
    IN = "in", _("into the account")
    REJECTED = "rejected", _("rejected by the bank")


class LineVerdict(models.TextChoices):
    """What a person decides on a line that nothing matches exactly."""

    HANDED_OVER = "handed", _("handed over")
    MATCHED = "matched", _("matched by hand")
    EXPLAINED = "explained", _("explained")
    RETURNED = "returned", _("a payment that came back")


class Channel(models.TextChoices):
    """Ways in which a payment reaches its payee."""

    BANK = "bank", _("bank transfer")
    EXCHANGE = "exchange", _("licensed exchange or financial service provider")
    WALLET = "wallet", _("e-wallet")
    TWO_LEGS = "two_legs", _("two legs through a partner abroad")
    HOST = "host", _("host organisation")


CASH: Final = (Channel.EXCHANGE, Channel.TWO_LEGS, Channel.HOST)
"""Channels at whose end somebody hands over notes: the payee shows a voucher."""


class VoucherState(models.TextChoices):
    """Where the voucher of a cash payment stands."""

    ISSUED = "issued", _("valid until it is shown")
    REDEEMED = "redeemed", _("shown; the payment is confirmed")
    VOID = "void", _("replaced or without a payment")
    BLOCKED = "blocked", _("blocked after wrong codes")


class ConversionState(models.TextChoices):
    """Where the rate of a payment stands."""

    RECORDED = "recorded", _("recorded, waits for another person")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("rate", "taken back")


class ProviderState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved for payments")
    SUSPENDED = "suspended", _("not used for now")
    RETIRED = "retired", _("not used any more")


class Screening(models.TextChoices):
    """What a look at the lists of sanctions gave."""

    CLEAR = "clear", _("clear")
    FOUND = "found", _("found, or doubtful")


class Exemption(models.TextChoices):
    """What a bank is told of sanctions: under which exemption a payment goes, if it needs one."""

    NOT_NEEDED = "not_needed", _("None is needed: neither payee nor provider is on a list that was searched.")
    HUMANITARIAN = (
        "humanitarian",
        _("Security Council resolution 2664 (2022): humanitarian assistance is exempt from asset freezes."),
    )
    LICENCE = "licence", _("A licence or an exemption of another authority, cited below.")
