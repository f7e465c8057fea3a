"""What happens to the fund's rules."""

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
