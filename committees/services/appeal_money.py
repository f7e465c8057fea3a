"""Money of a call that waits for appeals: the charter's share of the envelope, kept aside in the ledger.

It is reserved when the scoring closes, before anything is awarded: an appeal that is upheld after all the rest was awarded
would otherwise find nothing. It is free again when no decision of the call can be appealed any more and every appeal is
answered; an upheld one is paid from it. A rapid call keeps nothing aside but the disputed amount: its money is for now.
"""

from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from audit import lifecycle, outbox
from audit.models import Leaf
from committees import books
from committees import follow_up_events as events
from committees.models import Panel
from committees.rules import facts, held
from committees.rules.appeals import no_appeal_runs
from committees.services import figures, waiting
from committees.states import PanelState
from grants.models import Call, Envelope
from grants.rules.calls import appeals_are_over
from grants.selectors.calls import is_rapid
from grants.states import CallState
from kernel import identity
from ledger.models import TransferKind
from ledger.selectors import balances
from ledger.services import TransferDraft, open_account, post

KEEP = "committees.keep_for_appeals"


def ask(panel: Panel, *, leaf_id: object) -> None:
    """Have the share kept aside after this transaction: closing a scoring is no act of money that asks for a second factor."""
    if not is_rapid(panel.call):
        outbox.put(KEEP, {"panel": str(panel.pk)}, dedupe_key=str(leaf_id))


@outbox.handler(KEEP)
def keep_share(payload: dict[str, Any]) -> None:
    """Keep the share aside; a second time finds nothing missing."""
    _keep_share(UUID(payload["panel"]))


@transaction.atomic
def _keep_share(key: UUID) -> None:
    panel = Panel.objects.select_related("call").get(pk=key)
    call = Call.objects.select_for_update(no_key=True).get(pk=panel.call_id)
    minor = sum(part for _envelope, part in _missing(call))
    if not minor:
        return
    leaf = lifecycle.note(panel, events.AppealMoneyKept(amount_minor=minor, currency=call.currency), actor=None)
    keep(call, leaf=leaf)
    figures.ask(panel, leaf_id=leaf.pk)


def keep(call: Call, *, leaf: Leaf) -> None:
    """Reserve in each envelope what is missing to the charter's share, as far as it is free."""
    post([_draft(call, envelope, part, leaf) for envelope, part in _missing(call)], leaf=leaf)


def _missing(call: Call) -> list[tuple[Envelope, int]]:
    """What is still to be kept aside, by envelope: each gives its share, so no source's restriction weighs more than before."""
    if is_rapid(call):
        return []
    percent = facts.rules_of(call).appeals.held_envelope_percent
    envelopes = list(call.envelopes.select_related("account", "contribution").order_by("pk"))
    found = balances(one.account for one in envelopes)
    kept = held.held_by_account(call)
    parts = []
    for one in envelopes:
        missing = one.amount_minor * percent // 100 - kept.get(one.account_id, 0)
        parts.append((one, min(missing, found[one.account_id].available_minor)))
    return [(envelope, part) for envelope, part in parts if part > 0]


def _draft(call: Call, envelope: Envelope, minor: int, leaf: Leaf) -> TransferDraft:
    source = envelope.contribution.reference
    account = open_account(
        f"{held.held_accounts(call)}{source}",
        currency=call.currency,
        purpose=books.KEPT_FOR_APPEALS(call=call.reference, contribution=source),
        debits_within_credits=True,
    )
    key = uuid5(envelope.pk, f"appeals:{leaf.pk}")
    why = books.APPEALS_MAY_COME(call=call.reference)
    return TransferDraft(key, envelope.account, account, minor, why, TransferKind.PEND)


def free(call: Call, *, leaf: Leaf) -> None:
    """Give everything that waits for appeals back to the envelopes."""
    waiting_now = list(held.held_for_appeals(call).select_related("debit", "credit").order_by("pk"))
    why = books.APPEALS_ARE_OVER(call=call.reference)
    post([TransferDraft.void(one, key=uuid5(one.key, "appeals over"), reason=why) for one in waiting_now], leaf=leaf)


@identity.system("committees.appeal_money")
def follow_up() -> int:
    """Free the money of decided calls whose last appeal is over; returns of how many calls."""
    decided = Panel.objects.filter(state=PanelState.CLOSED, call__state=CallState.DECIDED)
    return sum(_free_when_over(panel) for panel in decided.order_by("pk"))


@transaction.atomic
def _free_when_over(panel: Panel) -> bool:
    call = Call.objects.select_for_update(no_key=True).get(pk=panel.call_id)
    kept = held.held_minor(call)
    if not kept or not appeals_are_over(call) or not no_appeal_runs(call):
        return False
    event = events.AppealMoneyFreed(amount_minor=kept, currency=call.currency)
    leaf = lifecycle.note(panel, event, actor=None)
    free(call, leaf=leaf)
    waiting.money_came_back(call, leaf_id=leaf.pk)
    return True
