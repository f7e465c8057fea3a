"""The public register of organisations: by their consent, and never one of which a name is withheld."""

from django.db.models import Exists, OuterRef, QuerySet

from kernel import identity
from organisations.models import Listing
from organisations.selectors import listing
from organisations.selectors.listing import Asked, Entry
from transparency.models import Withholding
from transparency.states import WITHHOLDS, WithheldPart

PER_PAGE = 50


def _told(asked: Asked) -> QuerySet[Listing]:
    withheld = Withholding.objects.filter(
        grant__organisation=OuterRef("organisation"), state__in=WITHHOLDS, parts__contains=[WithheldPart.NAME]
    )
    return listing.register(asked).exclude(Exists(withheld))


def count(asked: Asked) -> int:
    """How many organisations the register tells for what is asked."""
    with identity.system("transparency.register"):
        return _told(asked).count()


def entries(asked: Asked, *, first: int, most: int = PER_PAGE) -> list[Entry]:
    """A page of the register, from the row ``first`` (0: the beginning)."""
    with identity.system("transparency.register"):
        sizes = listing.sizes()
        return [listing.entry(row, sizes) for row in _told(asked)[first : first + most]]
