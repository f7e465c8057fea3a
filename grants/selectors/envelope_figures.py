"""What stands behind what a call holds of a contribution: reserved, promised, free."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.models import Envelope
from kernel.money import Money
from ledger.figures import FREE, Behind, Made, Piece, behind_account, made_of, posted
from ledger.models import Transfer

RESERVED, PROMISED = "reserved", "promised"
ENVELOPE_FIGURES: Final = (RESERVED, PROMISED, FREE)


def envelope_words(name: str) -> str:
    """What a figure of an envelope is called."""
    return {RESERVED: _("Reserved"), PROMISED: _("Promised, kept aside or spent"), FREE: _("Free")}[name]


def behind_envelope(envelope: Envelope, name: str) -> Behind | Made:
    """One of `ENVELOPE_FIGURES`: the transfers of the envelope's account; what is promised is what is not free any more."""
    currency = envelope.account.currency
    if name == FREE:
        return behind_account(envelope.account, FREE)
    if name == RESERVED:
        return posted(Transfer.objects.filter(credit=envelope.account, leaf=envelope.leaf_id), currency)
    free = behind_account(envelope.account, FREE).total
    pieces = [_piece(envelope, RESERVED, Money(envelope.amount_minor, currency)), _piece(envelope, FREE, -free)]
    return made_of(pieces, currency)


def _piece(envelope: Envelope, name: str, money: Money) -> Piece:
    url = reverse("grants:envelope_figure", args=[envelope.call_id, envelope.pk, name])
    return Piece(envelope_words(name), money, url)
