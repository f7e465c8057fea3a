"""OCHA's list of places taken over: new places come, names and parents follow the list, nothing is taken away."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from grants.gazetteer import Listed, UnusableListError
from grants.models import Place
from kernel.places import Governorate


@dataclass(frozen=True, slots=True)
class Taken:
    """What a list brought."""

    places: int
    new: int
    changed: int


@transaction.atomic
def take(listed: Mapping[str, Listed]) -> Taken:
    """Take over a list, each place after what it lies in. Raises `UnusableListError` for a place outside of the country."""
    before = {one.code: one for one in Place.objects.filter(code__in=list(listed))}
    governorates: dict[str, str] = dict(Place.objects.values_list("code", "governorate"))
    changed = 0
    rows = []
    for one in listed.values():
        governorates[one.code] = _governorate(one, governorates)
        known = before.get(one.code)
        row = Place(
            code=one.code,
            level=one.level,
            name_ar=one.name_ar,
            name_en=one.name_en,
            parent_id=one.parent or None,
            governorate=governorates[one.code],
        )
        if known is None or _said(known) != _said(row):
            changed += known is not None
            rows.append(row)
    fields = ["level", "name_ar", "name_en", "parent", "governorate"]
    Place.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )
    return Taken(len(listed), len(rows) - changed, changed)


def _said(place: Place) -> tuple[object, ...]:
    return place.level, place.name_ar, place.name_en, place.parent_id, place.governorate


def _governorate(one: Listed, known: Mapping[str, str]) -> str:
    found = one.code if one.level == 1 else known.get(one.parent, "")
    if found not in Governorate.values:
        raise UnusableListError("governorate", what=one.code)
    return found
