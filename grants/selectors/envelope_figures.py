"""What stands behind what a call holds of a contribution: reserved, promised, free."""

from typing import Final

from django.db.models import BigIntegerField, Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.models import Envelope
from kernel.money import Money
from ledger.figures import FREE, Behind, Made, Piece, behind_account, made_of, signed
from ledger.models import Transfer, TransferKind

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
        return _taken(envelope)
    reserved, free = (behind_envelope(envelope, one).total for one in (RESERVED, FREE))
    return made_of([_piece(envelope, RESERVED, reserved), _piece(envelope, FREE, -free)], currency)


def _taken(envelope: Envelope) -> Behind:
    """What came to the envelope from its contribution, less what went back."""
    account = envelope.account
    taken = Q(credit=account, debit__contribution__isnull=False)
    back = Q(debit=account, credit__contribution__isnull=False)
    found = Transfer.objects.filter(taken | back, kind=TransferKind.POST)
    told = Case(
        When(credit=account, then=F("amount_minor")), default=-F("amount_minor"), output_field=BigIntegerField()
    )
    return signed(found, told, account.currency)


def _piece(envelope: Envelope, name: str, money: Money) -> Piece:
    url = reverse("grants:envelope_figure", args=[envelope.call_id, envelope.pk, name])
    return Piece(envelope_words(name), money, url)
