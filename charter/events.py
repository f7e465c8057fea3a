"""What happens to the fund's rules."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class CharterDrafted(Event):
    type = "charter.charter.drafted"
    sentence = _("drafted version %(number)s of the charter")
    number: int


@register
class CharterProposed(Event):
    type = "charter.charter.proposed"
    sentence = _("proposed version %(number)s of the charter to the networks")
    number: int
    rules_sha256: str


@register
class CharterVoteCast(Event):
    type = "charter.ratification.cast"
    sentence = _("voted on version %(number)s of the charter for a network")
    number: int
    network: UUID
    consents: bool


@register
class CharterDiscussed(Event):
    type = "charter.remark.made"
    sentence = _("spoke on version %(number)s of the charter")
    number: int
    network: UUID | None
    chapter: str


@register
class CharterRatified(Event):
    type = "charter.charter.ratified"
    sentence = _("version %(number)s of the charter came into force: %(consenting)s of %(networks)s networks consented")
    number: int
    consenting: int
    networks: int


@register
class CharterSuperseded(Event):
    type = "charter.charter.superseded"
    sentence = _("version %(number)s of the charter was replaced by version %(by)s")
    number: int
    by: int


@register
class CharterWithdrawn(Event):
    type = "charter.charter.withdrawn"
    sentence = _("withdrew version %(number)s of the charter")
    number: int


@register
class CharterRevised(Event):
    type = "charter.charter.revised"
    sentence = _("changed the draft of version %(number)s of the charter")
    number: int
    rules_sha256: str


@register
class NetworkJoined(Event):
    type = "charter.network.joined"
    needs_second_factor = True
    sentence = _("entered the network, with a vote from %(joined_on)s")
    joined_on: date


@register
class NetworkLeft(Event):
    type = "charter.network.left"
    needs_second_factor = True
    sentence = _("ended the network’s vote on %(left_on)s")
    left_on: date


@register
class MandateGiven(Event):
    type = "charter.mandate.given"
    needs_second_factor = True
    sentence = _("gave a person the network’s vote from %(starts_on)s")
    person: UUID
    starts_on: date


@register
class MandateEnded(Event):
    type = "charter.mandate.ended"
    needs_second_factor = True
    sentence = _("ended a person’s mandate on %(ends_on)s")
    person: UUID
    ends_on: date


@register
class HolidayAdded(Event):
    type = "charter.holiday.added"
    sentence = _("added the holiday of %(day)s")
    day: date


@register
class HolidayRemoved(Event):
    type = "charter.holiday.removed"
    sentence = _("took the holiday of %(day)s off the calendar")
    day: date
