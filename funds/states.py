"""Life cycles of pledges and contributions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PledgeState(models.TextChoices):
    PLEDGED = "pledged", _("pledged")
    SIGNED = "signed", _("signed")
    FULFILLED = "fulfilled", _("received in full")
    WITHDRAWN = "withdrawn", _("withdrawn by the donor")


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
