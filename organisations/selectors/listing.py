"""Reading the public register: who stands in it by consent, narrowed by what a visitor asks for."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from charter.schema import OrganisationRules
from charter.selectors import rules_to_begin_with
from kernel.places import Governorate
from kernel.sectors import Sector
from kernel.texts import search_key
from organisations.models import Listing, Organisation
from organisations.rules.listing import told_in_register
from organisations.states import ListingState

LEADERSHIP = ("women_led", "youth_led", "displaced_led", "disability_led")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor narrows the register to; empty asks for all."""

    words: str = ""
    governorate: str = ""
    sector: str = ""
    size: str = ""
    led: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation as everybody reads it: what it consented to, and nothing else."""

    name: str
    other_name: str
    kind: Any
    governorates: list[str]
    sectors: list[Any]
    size: str
    led: list[Any]


def listing_of(organisation: Organisation) -> Listing | None:
    """The consent that stands, if there is one."""
    return organisation.listings.filter(state=ListingState.LISTED).select_related("organisation").first()


def sizes() -> OrganisationRules:
    """The charter's sizes of organisations."""
    return rules_to_begin_with().organisations


def register(asked: Asked) -> QuerySet[Listing]:
    """Who stands in the register; the caller takes away what is withheld elsewhere."""
    rows = Listing.objects.filter(told_in_register(), _narrowed(asked)).select_related("organisation")
    name = "name_ar" if (get_language() or "ar").startswith("ar") else "name_latin"
    return rows.order_by(f"organisation__{name}", "pk")


def _narrowed(asked: Asked) -> Q:
    found = Q()
    if asked.words:
        key = search_key(asked.words)
        found &= Q(organisation__name_key__contains=key) | Q(organisation__name_latin__icontains=asked.words)
    if asked.governorate:
        found &= Q(organisation__governorates__contains=[asked.governorate])
    if asked.sector:
        found &= Q(sectors__contains=[asked.sector])
    if asked.led in LEADERSHIP:
        found &= Q(tells_leadership=True, **{f"organisation__{asked.led}": True})
    return found & _of_size(asked.size)


def _of_size(key: str) -> Q:
    below: int | None = None
    for band in sizes().size_bands:
        if band.key == key:
            found = (
                Q() if band.below_minor is None else Q(organisation__last_year_expenditure_minor__lt=band.below_minor)
            )
            return found if below is None else found & Q(organisation__last_year_expenditure_minor__gte=below)
        below = band.below_minor
    return Q()


def entry(listing: Listing, sizes: OrganisationRules) -> Entry:
    """A row of the register in the page's language, its size by ``sizes``."""
    one = listing.organisation
    language = get_language() or "ar"
    band = sizes.size_band(one.last_year_expenditure_minor)
    fields: dict[str, Any] = {name: Organisation._meta.get_field(name) for name in LEADERSHIP}
    led = [field.verbose_name for name, field in fields.items() if getattr(one, name)]
    return Entry(
        name=one.name,
        other_name=one.other_name,
        kind=one.get_type_display(),
        governorates=[code for code in one.governorates if code in Governorate.values],
        sectors=[Sector(key).label for key in listing.sectors],
        size=band.name.in_language(language),
        led=led if listing.tells_leadership else [],
    )
