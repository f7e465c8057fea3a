"""What happens to places in the public register."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class ListingConsented(Event):
    type = "organisations.listing.consented"
    sentence = _("consented to stand in the public register")
    sectors: list[str]
    tells_leadership: bool


@register
class ListingWithdrawn(Event):
    type = "organisations.listing.withdrawn"
    sentence = _("left the public register")
