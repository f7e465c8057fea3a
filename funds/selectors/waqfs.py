"""Reading waqfs and their deeds."""

from typing import Any

from django.db.models import QuerySet

from funds import rules
from funds.models import Contribution, Waqf, WaqfDeed
from funds.states import ContributionState

SERVED = ("sectors", "governorates", "groups")
"""Fields of a deed that say what the yield may serve."""


def waqfs_visible_to(user: Any) -> QuerySet[Waqf]:
    """Waqfs of the donors that ``user`` sees, by name."""
    return Waqf.objects.filter(rules.of_donors_of(user, "donor")).select_related("donor").order_by("name", "pk")


def deeds_of(waqf: Waqf) -> QuerySet[WaqfDeed]:
    """All deeds that were filed, the one that counts first."""
    return waqf.deeds.select_related("filed_by").order_by("-recorded_at")


def served_by(waqf: Waqf) -> dict[str, list[str]]:
    """What the yield may serve by the deed that counts, as fields of `funds.models.Restricted`."""
    deed = waqf.deeds.order_by("-recorded_at").first()
    return {name: list(getattr(deed, name)) if deed is not None else [] for name in SERVED}


def money_of(waqf: Waqf) -> QuerySet[Contribution]:
    """Capital and yield of a waqf that are in the books, the oldest first."""
    found = Contribution.objects.filter(waqf=waqf, state=ContributionState.CONFIRMED)
    return found.select_related("account", "donor").order_by("received_on", "reference")
