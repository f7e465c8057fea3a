"""Writing the public files from the released table: nightly, and at once when something is withheld."""

from collections.abc import Callable, Iterable

from django.db import transaction

from audit import outbox
from audit.models import Leaf
from charter.selectors import rules_to_begin_with
from kernel import identity
from transparency.release.told import Told
from transparency.services import writing
from transparency.services.open_data import giving360, history, hxl, iati, sources, store
from transparency.services.open_data.iati import IATI
from transparency.services.open_data.store import Made

FORGOTTEN = "transparency.open_data_forgotten"
WRITERS: tuple[Callable[[Told], Iterable[Made]], ...] = (iati.files, history.files, giving360.files, hxl.files)
"""What makes files; each gives none where it has nothing to say."""

__all__ = ["FORGOTTEN", "IATI", "forget", "write_all"]


@identity.system("transparency.open_data")
def write_all() -> list[str]:
    """Write every file whose words have changed; the names of those written.

    They are made while others work, and stored all at once if what they are made of is still told; else they are made anew.
    """
    told, kept = sources.told(), rules_to_begin_with().publication.kept_versions
    made = [one for writer in WRITERS for one in writer(told)]
    packed = [one for one in map(store.pack, made) if one is not None]
    with transaction.atomic():
        writing.alone()
        if sources.told() == told:
            store.keep_only({one.name for one in made})
            for one in packed:
                store.put(one, kept=kept)
            return [one.name for one in packed]
    return write_all()


def forget(*, leaf: Leaf) -> None:
    """Something is withheld now, or told again: no version from before stays at any address, and the worker writes anew.

    Call it in the transaction that changes what is told.
    """
    store.forget()
    outbox.put(FORGOTTEN, {}, dedupe_key=f"{FORGOTTEN}:{leaf.pk}")
