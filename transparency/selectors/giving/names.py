"""What a donor may read of the grants that its money is in: pseudonyms where somebody had the name withheld.

Whether the organisation agrees to be named in public is another matter: a donor is not the public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.utils.translation import get_language, gettext

from funds.models import Donor
from grants.models import Grant
from grants.states import GrantState
from kernel.codes import ALPHABET
from transparency.release.facts import Part
from transparency.selectors.withholdings import parts_asked

PSEUDONYM_SYMBOLS = 8


@dataclass(frozen=True, slots=True)
class GrantTold:
    """A grant as one donor reads it. ``code`` is its reference, or a pseudonym that no other donor has for it."""

    code: str
    name: str
    title: str
    governorates: tuple[str, ...]
    sector: str
    state: str
    withheld: bool
    """Whether the partner's name is withheld: then days are told as months."""

    @property
    def called(self) -> str:
        """The name, or that it is withheld."""
        return self.name or gettext("National organisation, name withheld")


def pseudonym(donor: Donor, grant: UUID) -> str:
    """The code by which one donor knows a grant whose partner is withheld: the same for ever, and another for each donor.

    It is made of the grant's id, which no donor ever learns: two donors cannot find out that they speak of one grant.
    """
    number, symbols = uuid5(grant, f"donor:{donor.pk}").int, ""
    for _place in range(PSEUDONYM_SYMBOLS):
        number, digit = divmod(number, len(ALPHABET))
        symbols += ALPHABET[digit]
    return f"W-{symbols}"


def told_to(donor: Donor, grants: Iterable[Grant]) -> dict[UUID, GrantTold]:
    """The grants (with organisation and application) as the donor may read them, by id; one query."""
    listed = list(grants)
    withheld = parts_asked(one.pk for one in listed)
    return {one.pk: _told(donor, one, withheld.get(one.pk, frozenset())) for one in listed}


def _told(donor: Donor, grant: Grant, withheld: frozenset[Part]) -> GrantTold:
    nameless = Part.NAME in withheld
    organisation, application = grant.organisation, grant.application
    latin = not (get_language() or "ar").startswith("ar")
    name = (latin and organisation.name_latin) or organisation.name_ar
    # A suspension is between the fund and the organisation: donors learn of it without names (alerts).
    state = GrantState.ACTIVE if grant.state == GrantState.SUSPENDED else GrantState(grant.state)
    return GrantTold(
        code=pseudonym(donor, grant.pk) if nameless else grant.reference,
        name="" if nameless else name,
        title="" if Part.TITLE in withheld else application.title,
        governorates=() if Part.PLACE in withheld else tuple(application.governorates),
        sector="" if nameless else str(application.get_sector_display()),
        state="" if nameless else str(state.label),
        withheld=nameless,
    )
