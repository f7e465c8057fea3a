"""What waits for the people of the charter."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter import selectors
from kernel.work import WorkItem, source


@source
def votes_to_cast(user: Any) -> Iterable[WorkItem]:
    """A version before the networks, for each network whose vote this person has still to cast."""
    return [
        WorkItem(
            title=_("Version %(number)s of the charter: the vote of %(network)s")
            % {"number": version.number, "network": network.name},
            url=reverse("charter:vote", args=[version.number, network.pk]),
            kind=gettext_lazy("Votes to cast"),
        )
        for version, network in selectors.networks_that_wait_for(user)
    ]
