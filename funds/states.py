"""Life cycles of pledges and contributions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PledgeState(models.TextChoices):
    PLEDGED = "pledged", _("pledged")
    SIGNED = "signed", _("signed")
    INVOICED = "invoiced", _("invoiced")
    PARTLY = "partly", _("received in part")
    FULFILLED = "fulfilled", _("received in full")
    WITHDRAWN = "withdrawn", _("withdrawn by the donor")
    EXPIRED = "expired", _("expired")
    WRITTEN_OFF = "written_off", _("written off")


RUNNING_PLEDGES = (PledgeState.SIGNED, PledgeState.INVOICED, PledgeState.PARTLY)
"""Signed, and not all has arrived."""
ENDED_PLEDGES = (PledgeState.WITHDRAWN, PledgeState.EXPIRED, PledgeState.WRITTEN_OFF)
"""What has not arrived of them will not."""


class WriteOffState(models.TextChoices):
    ASKED = "asked", _("waits for a second person")
    CONFIRMED = "confirmed", _("written off")
    DECLINED = "declined", _("declined")


class ReturnState(models.TextChoices):
    ASKED = "asked", _("waits for a second person")
    DECLINED = "declined", _("declined")
    RELEASED = "released", _("owed to the donor")
    PAID = "paid", _("given back")


class ContributionState(models.TextChoices):
    RECORDED = "recorded", _("recorded, waits for a second person")
    CONFIRMED = "confirmed", _("received")
    REJECTED = "rejected", _("not confirmed")


class DonorKind(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    FOUNDATION = "foundation", _("Foundation")
    PRIVATE = "private", _("Private sector")
    NATIONAL_FUND = "national_fund", _("National fund")
    DIASPORA = "diaspora", _("Diaspora")
    WAQF = "waqf", _("Waqf")
    INDIVIDUAL = "individual", _("Individual")


class RestrictionClass(models.TextChoices):
    """What a donor's money may be used for (domain: restriction classes)."""

    UNRESTRICTED = "UNR", _("unrestricted")
    SECTOR = "RES-SECTOR", _("restricted to sectors")
    AREA = "RES-AREA", _("restricted to governorates")
    GROUP = "RES-GROUP", _("restricted to women- or youth-led organisations")
    TIME = "RES-TIME", _("to be used by a date")
    ZAKAT = "ZAK", _("zakat")
    WAQF_YIELD = "WQF", _("waqf yield")
    SADAQAH = "SDQ", _("sadaqah")
    RUNNING_COSTS = "ADM", _("given for running costs")
    ENDOWMENT = "END", _("waqf or endowment capital")


class MandateRole(models.TextChoices):
    """What a person does for a donor: for what the mandate opens."""

    LEAD = "lead", _("speaks for the donor: sees all of it")
    FINANCE = "finance", _("looks after the money: statements and pledges")
    PROGRAMME = "programme", _("looks after what is done: grants and reports")


class Group(models.TextChoices):
    """Whom the organisations are led by for whom a donor may reserve money; the names of the organisations' flags."""

    WOMEN_LED = "women_led", _("led by women")
    YOUTH_LED = "youth_led", _("led by young people")
    DISPLACED_LED = "displaced_led", _("led by displaced people or returnees")
    DISABILITY_LED = "disability_led", _("of persons with disabilities")


# Gifts by card and bank debit --------------------------------------------------------------------------------------


class GiftState(models.TextChoices):
    """Where a gift stands, as Stripe's API says it; never as an event says it."""

    STARTED = "started", _("begun, not paid")
    PROCESSING = "processing", _("the bank is asked")
    RECEIVED = "received", _("received")
    FAILED = "failed", _("not paid: the bank refused")
    EXPIRED = "expired", _("not paid: given up")
    REFUNDED = "refunded", _("given back")
    DISPUTED = "disputed", _("disputed by the card's holder")
    LOST = "lost", _("taken back by the card's bank")


class Purpose(models.TextChoices):
    """What the giver wants done; each is a class of money."""

    GENERAL = "general", _("Where it is needed most")
    SADAQAH = "sadaqah", _("Sadaqah")
    ZAKAT = "zakat", _("Zakat")
    WAQF = "waqf", _("Waqf: the gift is kept, its yield is given")
    RUNNING = "running", _("The fund's own running costs")


PURPOSE_CLASS = {
    Purpose.GENERAL: RestrictionClass.UNRESTRICTED,
    Purpose.SADAQAH: RestrictionClass.SADAQAH,
    Purpose.ZAKAT: RestrictionClass.ZAKAT,
    Purpose.WAQF: RestrictionClass.ENDOWMENT,
    Purpose.RUNNING: RestrictionClass.RUNNING_COSTS,
}
"""The class of money that a gift of a purpose is."""
POOLED = frozenset(PURPOSE_CLASS.values())
"""Classes of money that givers by card can give."""


class Verdict(models.TextChoices):
    """What became of one delivery of a webhook."""

    ACCEPTED = "accepted", _("accepted")
    DUPLICATE = "duplicate", _("known already")
    REPLAYED = "replayed", _("signed too long ago: replayed")
    FORGED = "forged", _("the signature is not Stripe's")
    UNREADABLE = "unreadable", _("signed, but not an event")
    OTHER_MODE = "other_mode", _("of test keys, or of live ones: not of these")


class RefundState(models.TextChoices):
    """A gift that is given back: asked for by one person, released by another, carried out by Stripe."""

    ASKED = "asked", _("waits for a second person")
    DECLINED = "declined", _("declined")
    RELEASED = "released", _("on its way to Stripe")
    SENT = "sent", _("given back")
    FAILED = "failed", _("refused by Stripe or the bank")


class DifferenceKind(models.TextChoices):
    """How Stripe and the books can disagree."""

    BALANCE = "balance", _("Stripe's balance is not that of the books")
    UNKNOWN = "unknown", _("a movement at Stripe of no gift of ours")
    MISSING = "missing", _("a movement of the books that Stripe does not know")
    AMOUNT = "amount", _("Stripe and the books have different amounts")
    UNCOVERED = "uncovered", _("a cost that no money may pay for")
    CURRENCY = "currency", _("the payment is not what the gift asked for")


class DifferenceState(models.TextChoices):
    OPEN = "open", _("open")
    EXPLAINED = "explained", _("explained")
