"""Numbers and names as the charts write them, and what a finished picture consists of."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.places import Governorate
from kernel.sectors import Sector
from transparency.figures.facts import Facts, Scope
from transparency.figures.withholding import WITHHELD
from transparency.models import PartnerKind
from transparency.ocha.donors import donor_name

CLUSTERS = {
    "1": Sector.CAMP_COORDINATION.label,
    "2": Sector.EARLY_RECOVERY.label,
    "3": Sector.EDUCATION.label,
    "4": Sector.SHELTER.label,
    "5": Sector.TELECOMMUNICATIONS.label,
    "6": Sector.FOOD_SECURITY.label,
    "7": Sector.HEALTH.label,
    "8": Sector.LOGISTICS.label,
    "9": Sector.NUTRITION.label,
    "10": Sector.PROTECTION.label,
    "11": Sector.WASH.label,
    "12": Sector.COORDINATION.label,
    "13": gettext_lazy("Multi-sector"),
    "14": gettext_lazy("COVID-19"),
    "15": Sector.CASH.label,
    "17": gettext_lazy("Common services"),
    "18": gettext_lazy("Multi-sector refugee assistance"),
}
DONORS = {
    "PRIVATE SECTOR": gettext_lazy("Private sector"),
    "Private Contributions": gettext_lazy("Private contributions"),
    "Private donations (through UNF)": gettext_lazy("Private donations (through the UN Foundation)"),
    "UN and Other Agencies": gettext_lazy("UN and other agencies"),
}
Cells = list[str | int | None]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table: its name and what stands in it (text, money, number, percent)."""

    label: str
    kind: str = "text"


@dataclass(slots=True)
class Picture:
    """A chart ready to be stored. ``rows`` hold plain values; the last one is a sum when ``summed``."""

    title: str
    sentence: str
    headings: list[Heading]
    rows: list[Cells]
    svg: str
    note: str = ""
    unit: str = ""
    summed: bool = True


@dataclass(slots=True)
class Frame:
    """What a picture is drawn of and in which language; ``facts`` are within ``scope``."""

    scope: Scope
    facts: Facts
    language: str
    rtl: bool
    least_partners: int
    """Sums of fewer partners are withheld where a fund hides them."""
    fund_names: dict[str, str] = field(default_factory=dict)


def cell(value: Decimal | None) -> str | None:
    """A decimal as a table keeps it."""
    return None if value is None else str(value)


def withheld_name(least_partners: int) -> str:
    """What stands for the sums of too few partners."""
    said = ngettext(
        "Withheld (fewer than %(number)s partner)", "Withheld (fewer than %(number)s partners)", least_partners
    )
    return said % {"number": least_partners}


def place_name(thing: str, frame: Frame) -> str:
    """The governorate of a code, or the place as the source names it."""
    if thing == WITHHELD:
        return withheld_name(frame.least_partners)
    if thing in Governorate.values:
        return str(Governorate(thing).label)
    return thing or _("No place named")


def sector_name(thing: str, frame: Frame) -> str:
    """The sector of OCHA's number."""
    if thing == WITHHELD:
        return withheld_name(frame.least_partners)
    return str(CLUSTERS[thing]) if thing in CLUSTERS else _("Sector %(number)s") % {"number": thing}


def kind_name(kind: int | None) -> str:
    """The kind of a partner."""
    if kind in PartnerKind.values:
        return str(PartnerKind(kind).label)
    return _("Kind not known")


def giver_name(donor: str, language: str) -> str:
    """The donor: a country in the page's language, or what the source calls it."""
    return str(DONORS[donor]) if donor in DONORS else donor_name(donor, language)
