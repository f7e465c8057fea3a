"""Who chooses of what a donor's people are told: each person for themselves."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from funds.models import Donor
from funds.rules import donors_of
from kernel.permissions import Allowed, Denied, PermissionResult


def may_choose(donor: Donor, user: Any) -> PermissionResult:
    """Who represents the donor today."""
    if donor.pk in donors_of(user):
        return Allowed()
    return Denied(_("Messages are chosen by the people who represent the donor, each for themselves."))
