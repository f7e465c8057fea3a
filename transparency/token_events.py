"""Tokens with which a donor's programs read the donor's own data."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class DonorTokenMade(Event):
    """Somebody who represents a donor lets a program read what they themselves read of the donor's money."""

    type: ClassVar[str] = "transparency.donor_token.made"
    needs_second_factor: ClassVar[bool] = True
    sentence: ClassVar = _("made a token that reads the donor's data until %(expires_on)s")
    donor: UUID
    expires_on: date


@register
class DonorTokenRevoked(Event):
    """The token opens nothing any more."""

    type: ClassVar[str] = "transparency.donor_token.revoked"
    sentence: ClassVar = _("revoked the token that read the donor's data")
    donor: UUID
