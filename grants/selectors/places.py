"""Finding places by name, in Arabic or Latin letters however they are written, or by code."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.models import Place
from grants.words import Words, listed
from kernel.places import Governorate
from kernel.texts import search_key

MOST_FOUND = 50
MOST_OFFERED = 6


def search(text: str, governorate: str = "") -> list[Place]:
    """Places whose name holds ``text`` or whose code begins with it, larger ones first; at most `MOST_FOUND`."""
    key = search_key(text)
    if not key:
        return []
    found = Place.objects.filter(Q(ar_key__contains=key) | Q(en_key__contains=key) | Q(code__istartswith=key))
    if governorate:
        found = found.filter(governorate=governorate)
    return list(found.select_related("parent__parent__parent")[:MOST_FOUND])


def there_are_some() -> bool:
    """Whether a list was taken."""
    return Place.objects.exists()


def called(codes: Iterable[str]) -> list[Place]:
    """The places of these codes."""
    return list(Place.objects.filter(code__in=list(codes)))


def where(place: Place) -> str:
    """In what a place lies, from near to far; its parents are loaded with it."""
    names, above = [], place.parent
    while above is not None and above.level > 1:
        names.append(above.name)
        above = above.parent if above.level > 2 else None
    return "، ".join([*names, str(Governorate(place.governorate).label)])


def resolve(lines: Sequence[str], governorates: Sequence[str]) -> tuple[list[str], list[Words]]:
    """The codes of what was written, a name or a code in each line, and what is wrong with the others. One query."""
    keys = {line: search_key(line) for line in lines}
    names = [key for key in keys.values() if key]
    rows = Place.objects.filter(
        Q(code__in=[line.upper() for line in lines]) | Q(ar_key__in=names) | Q(en_key__in=names)
    )
    known = list(rows.select_related("parent__parent__parent"))
    codes: list[str] = []
    wrong: list[Words] = []
    for line, key in keys.items():
        fits = [one for one in known if one.code == line.upper()] or [
            one for one in known if key and key in {one.ar_key, one.en_key}
        ]
        inside = _nearest([one for one in fits if one.governorate in governorates])
        if len(inside) == 1:
            codes += [inside[0].code] if inside[0].code not in codes else []
        else:
            wrong.append(_wrong(line, fits, inside))
    return codes, wrong


def _nearest(fits: list[Place]) -> list[Place]:
    """Of a town, its district and its governorate of one name the town is meant."""
    last = max(fits, key=lambda one: one.level, default=None)
    above, chain = last, set()
    while above is not None:
        chain.add(above.code)
        above = above.parent
    return [last] if last is not None and all(one.code in chain for one in fits) else fits


def _wrong(line: str, fits: list[Place], inside: list[Place]) -> Words:
    if not fits:
        return _("“%(name)s” is not in the list of places.") % {"name": line}
    if not inside:
        return _("“%(name)s” lies in %(where)s, outside of this call.") % {"name": line, "where": where(fits[0])}
    offered = listed([f"{one.code} ({where(one)})" for one in inside[:MOST_OFFERED]])
    return _("Several places are called “%(name)s”. Write the code of yours: %(codes)s") % {
        "name": line,
        "codes": offered,
    }
