"""How long it takes to write every public file of a fund of 15,000 grants, and to tell 15,000 projects of others again."""

from collections.abc import Iterator

from django.conf import settings

from bench import Figure, scale, seconds
from transparency.models import OpenDataFile
from transparency.release.told import Told
from transparency.services.open_data import WRITERS, sources, store

GOAL = 120


def measure() -> Iterator[Figure]:
    """Write all files once, and find that nothing has changed the second time."""
    settings.IATI_REFERENCE = settings.IATI_REFERENCE or "XI-EXAMPLE-FUND"
    scale.history()
    scale.fund()
    told = sources.told()
    first, again = seconds(lambda: _write(told)), seconds(lambda: _write(told))
    yield Figure("open_data", "all files, 15,000 grants and 15,000 past projects", first, "s", limit=GOAL)
    yield Figure("open_data", "all files, nothing changed", again, "s")
    for name, size, packed in OpenDataFile.objects.values_list("name", "size", "packed_size").order_by("-size")[:4]:
        yield Figure("open_data", f"{name}, compressed", packed / 1e6, "MB", note=f"{size / 1e6:.1f} MB")


def _write(told: Told) -> int:
    packed = [one for writer in WRITERS for one in map(store.pack, writer(told)) if one is not None]
    for one in packed:
        store.put(one, kept=2)
    return len(packed)
