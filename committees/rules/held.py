"""Money of a call that waits for appeals, as the ledger has it."""

from uuid import UUID

from django.db.models import QuerySet, Sum

from grants.models import Call
from ledger.models import Transfer, TransferKind


def held_accounts(call: Call) -> str:
    """How the codes of the accounts begin on which the call's money waits for appeals."""
    return f"2091/{call.reference}/"


def held_for_appeals(call: Call) -> QuerySet[Transfer]:
    """The reservations of the call's envelopes that wait for appeals."""
    pending = Transfer.objects.filter(kind=TransferKind.PEND, resolution__isnull=True)
    return pending.filter(credit__code__startswith=held_accounts(call))


def held_by_account(call: Call) -> dict[UUID, int]:
    """Minor units that wait for appeals, by the account of the envelope that they come from."""
    return dict(held_for_appeals(call).values_list("debit").annotate(held=Sum("amount_minor")).order_by())


def held_minor(call: Call) -> int:
    """Minor units of the call that wait for appeals in general; what one appeal disputes is held beside it."""
    return sum(held_by_account(call).values())


def awardable_minor(call: Call) -> int:
    """Minor units of the envelope that the committee may award now."""
    return call.envelope_minor - held_minor(call)
