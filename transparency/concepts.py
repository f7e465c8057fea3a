"""What the fields of the public files mean, once for each thing that they speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Concept:
    """What a field says, which record of the fund it comes from, and when it is not told."""

    meaning: Promise
    source: Promise
    withheld: Promise


AGREEMENT: Final = _("The agreement that both sides signed")
APPLICATION: Final = _("The application as it was approved")
ORGANISATION: Final = _("The organisation's page, which it keeps itself")
PAYMENTS: Final = _("Payments whose receipt the organisation confirmed")
OTHERS: Final = _("Public files of other funds (OCHA)")
REPORTS: Final = _("Reports that the fund accepted")
CALL: Final = _("The call as it was published")
FUND: Final = _("The fund itself")
RELEASE: Final = _("Computed when the month is released")

NEVER: Final = _("Never")
NAME: Final = _("Empty where the name is withheld")
TITLE: Final = _("Empty where the title or the name is withheld")
PLACE: Final = _("Governorates, nothing finer; empty where the place is withheld or not the same for all in the sum")
SECTOR: Final = _("Empty where it is not the same for all in the sum")
AMOUNT: Final = _("Empty where the amount is withheld: it is a part of a sum")
MONTH: Final = _("Months, never days; empty where it is not the same for all in the sum")
PAST: Final = _("Projects whose partner is withheld stand in sums of a year, without place, sector, month or title")
PEOPLE: Final = _("Rounded; empty where they are few, or the amount is withheld")
DONOR: Final = _("Donors that do not want to be named are not named")
BAND: Final = _("Told only where enough doubt about the amount is left")

CONCEPTS: Final[Mapping[str, Concept]] = {
    "code": Concept(_("What stands for the grant or the sum in public; it is no number of the fund's own files"), RELEASE, NEVER),
    "row": Concept(_("Whether the row is a grant, a sum of several grants, or what was added later to grants told in sums"), RELEASE, NEVER),
    "organisation_code": Concept(_("What stands for the organisation in this file"), RELEASE, NAME),
    "organisation_ar": Concept(_("The organisation's name in Arabic"), ORGANISATION, NAME),
    "organisation_latin": Concept(_("The organisation's name in Latin letters"), ORGANISATION, NAME),
    "organisation_type": Concept(_("The kind of organisation"), ORGANISATION, NAME),
    "women_led": Concept(_("Whether women lead the organisation"), ORGANISATION, NAME),
    "youth_led": Concept(_("Whether young people lead the organisation"), ORGANISATION, NAME),
    "displaced_led": Concept(_("Whether displaced people or returnees lead the organisation"), ORGANISATION, NAME),
    "title": Concept(_("What the grant is for, in a line"), APPLICATION, TITLE),
    "description": Concept(_("The grant, or what the sum holds, in a sentence"), RELEASE, NEVER),
    "sector": Concept(_("The sector of work"), APPLICATION, SECTOR),
    "classification": Concept(_("The sector of work, and who leads the organisation"), APPLICATION, SECTOR),
    "governorates": Concept(_("The governorates of the work by OCHA's codes; none: somewhere in Syria"), APPLICATION, PLACE),
    "country": Concept(_("Syria"), FUND, NEVER),
    "month": Concept(_("The month in which the agreement was signed; of a sum: the latest month"), AGREEMENT, MONTH),
    "months": Concept(_("How many months the grant lasts"), AGREEMENT, NAME),
    "state": Concept(_("Whether the grant runs, is closed or was terminated"), AGREEMENT, NAME),
    "ended": Concept(_("The month in which the grant was closed"), AGREEMENT, AMOUNT),
    "amount": Concept(_("What was promised in the agreement and in its cost extensions"), AGREEMENT, AMOUNT),
    "added": Concept(_("Of the amount, what cost extensions added"), AGREEMENT, AMOUNT),
    "paid": Concept(_("What was paid until the month that is told last"), PAYMENTS, AMOUNT),
    "payment": Concept(_("What was paid in the month"), PAYMENTS, AMOUNT),
    "payment_month": Concept(_("The month of the payment"), PAYMENTS, MONTH),
    "amount_from": Concept(_("The withheld amount is at least this"), RELEASE, BAND),
    "amount_below": Concept(_("The withheld amount is less than this"), RELEASE, BAND),
    "currency": Concept(_("The currency by its three letters (ISO 4217)"), AGREEMENT, NEVER),
    "sum": Concept(_("The sum that holds the grant's amount"), RELEASE, NEVER),
    "held": Concept(_("The grants that the sum holds"), RELEASE, NEVER),
    "grants_in_sum": Concept(_("How many grants the sum holds"), RELEASE, NEVER),
    "organisations_in_sum": Concept(_("Of how many organisations the sum's grants are"), RELEASE, NEVER),
    "people_planned": Concept(_("How many people the grant is to reach"), APPLICATION, PEOPLE),
    "people_reached": Concept(_("How many people the last accepted report says were reached"), REPORTS, PEOPLE),
    "passed_on": Concept(_("Of the amount, what goes on to partners in the project as sub-grants"), APPLICATION, AMOUNT),
    "passed_on_to_syrian": Concept(_("Of the sub-grants, those to organisations that the fund knows as Syrian"), APPLICATION, AMOUNT),
    "fund": Concept(_("The fund that gives and publishes"), FUND, NEVER),
    "file": Concept(_("What the file is called and where it is read"), FUND, NEVER),
    "standard": Concept(_("The version of the standard"), FUND, NEVER),
    "written": Concept(_("When the file was written"), FUND, NEVER),
    "licence": Concept(_("Under which conditions everybody may use the file"), FUND, NEVER),
    "excluded": Concept(_("What is told in sums only, and how much"), RELEASE, NEVER),
    "call": Concept(_("The call's reference"), CALL, NEVER),
    "call_title": Concept(_("The call's title"), CALL, NEVER),
    "call_state": Concept(_("Where the call stands"), CALL, NEVER),
    "call_type": Concept(_("The kind of grant that the call offers"), CALL, NEVER),
    "call_sectors": Concept(_("The sectors of the call"), CALL, NEVER),
    "call_places": Concept(_("The governorates of the call by OCHA's codes"), CALL, NEVER),
    "envelope": Concept(_("The money set aside for the call"), CALL, NEVER),
    "smallest": Concept(_("The smallest grant that can be asked for"), CALL, NEVER),
    "largest": Concept(_("The largest grant that can be asked for"), CALL, NEVER),
    "opens": Concept(_("The day on which the call opens"), CALL, NEVER),
    "closes": Concept(_("The day on which the call closes"), CALL, NEVER),
    "activity_kind": Concept(_("Codes of the standard: kind of aid, of flow and of finance"), FUND, NEVER),
    "movement": Concept(_("What moved: a contribution, a promise or a payment"), FUND, NEVER),
    "movement_date": Concept(_("The month of the contribution, the signature or the payment"), FUND, MONTH),
    "movement_value": Concept(_("How much moved"), FUND, AMOUNT),
    "giver": Concept(_("Who gave the money"), FUND, DONOR),
    "receiver": Concept(_("Who received the money"), FUND, NAME),
    "related": Concept(_("The fund's activity, or the grants of the fund"), FUND, NEVER),
    "participants": Concept(_("The fund, and the organisation that does the work"), ORGANISATION, NAME),
    "dates": Concept(_("When the grant began, when it is to end, and when it was closed"), AGREEMENT, MONTH),
    "planned": Concept(_("What the agreement plans to pay, by month and by year of the grant"), AGREEMENT, AMOUNT),
    "people": Concept(_("How many people the grant is to reach, and has reached"), REPORTS, PEOPLE),
    "committed": Concept(_("What was promised in agreements of the year, sums included"), AGREEMENT, NEVER),
    "past": Concept(_("A project of another fund as that fund published it"), OTHERS, PAST),
    "past_place": Concept(_("Governorates and sectors of the project; places finer than that are left out"), OTHERS, PAST),
    "past_money": Concept(_("What donors gave to the other fund, and what it promised to the project"), OTHERS, PAST),
    "schema": Concept(_("A rule: the tag, whether it is required, of what kind and within which limits"), FUND, NEVER),
}  # fmt: skip
