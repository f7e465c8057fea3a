"""That an organisation stands in the public register, by its own consent."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from kernel.sectors import Sector
from organisations import listing_events as events
from organisations.models.profile import Organisation
from organisations.states import ListingState


@walls.walled
@guards.fixed("organisation", "sectors", "tells_leadership", "consented_by")
@guards.guarded
class Listing(Stateful):
    """A signatory's consent to stand in the public register, and with what beside the names, type, places and size.

    Another consent with other sectors is another row; the one before is withdrawn.
    """

    state = FSMField(default=ListingState.LISTED, choices=ListingState.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="listings")
    sectors = ArrayField(models.CharField(max_length=30, choices=Sector.choices), verbose_name=_("sectors of work"))
    tells_leadership = models.BooleanField(_("tells who leads it"))
    consented_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_listing_at_a_time", fields=["organisation"], condition=Q(state=ListingState.LISTED)
            ),
            models.CheckConstraint(name="listing_names_a_sector", condition=~Q(sectors=[])),
        ]

    def __str__(self) -> str:
        return str(self.organisation_id)

    @transition(
        field=state,
        source=ListingState.LISTED,
        target=ListingState.WITHDRAWN,
        custom={"event": events.ListingWithdrawn},
    )
    def withdraw(self) -> None:
        """Edge: the organisation leaves the register, at once."""
