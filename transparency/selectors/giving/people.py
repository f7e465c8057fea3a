"""Whose giving a person may look at."""

from typing import Any

from django.db.models import QuerySet

from funds import rules
from funds.models import Donor
from funds.selectors import donors_visible_to


def donors_for(user: Any) -> QuerySet[Donor]:
    """Donors whom the person represents today, in whatever role; every donor for those who read donors' money."""
    return donors_visible_to(user)


def reads_giving(user: Any) -> bool:
    """Whether the navigation offers the donors' place."""
    return bool(user.is_authenticated) and (bool(rules.donors_of(user)) or rules.sees_every_donor(user))
