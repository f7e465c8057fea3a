"""One builder a chart of the fund's own money (`transparency.figures.catalogue`), in the language in force."""

from collections.abc import Callable
from typing import Final

from transparency.services.pictures.own import funding, granting, passing_on
from transparency.services.pictures.own.words import OwnFrame
from transparency.services.pictures.words import Picture

BUILDERS: Final[dict[str, Callable[[OwnFrame], Picture | None]]] = {
    "by_year": granting.by_year,
    "money_in": funding.money_in,
    "donors": funding.donors,
    "costs": funding.costs,
    "overhead": granting.overhead,
    "governorates": granting.governorates,
    "sectors": granting.sectors,
    "calls": granting.calls,
    "people": granting.people,
    "localisation": granting.localisation,
    "sub_grants": passing_on.sub_grants,
    "kinds": granting.kinds,
    "leadership": granting.leadership,
    "new_partners": granting.partners,
    "organisation_sizes": granting.sizes,
    "grant_sizes": granting.grant_sizes,
    "seats": funding.seats,
    "speed": funding.speed,
    "appeals": funding.appeals,
    "complaints": funding.complaints,
}
