"""The register of providers, and the books of what is on its way through one and what it costs."""

from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from disbursements import books, events
from disbursements.models import Payment, PaymentProvider, ProviderScreening
from disbursements.selectors import commission_transfers, reservations, transit_key
from funds.models import Contribution
from funds.restrictions import CostType, Use
from funds.selectors import filling_of
from funds.services import bank_account
from grants import reasons
from kernel.money import Money, format_money
from kernel.permissions import Refused
from ledger.models import Account, TransferKind
from ledger.services import TransferDraft, open_account, post


def propose_provider(*, actor: Any, **terms: Any) -> PaymentProvider:
    """Propose an entry of the register; ``terms`` are the fields of `PaymentProvider`. Raises `Refused`."""
    provider = PaymentProvider(proposed_by=actor, **terms)
    event = events.ProviderProposed(channel=provider.channel, licence_until=provider.licence_until)
    return lifecycle.create(provider, event, actor=actor)


def screen_provider(
    provider: PaymentProvider, *, outcome: str, lists: str, actor: Any, note: str = ""
) -> ProviderScreening:
    """Record one look at the lists of sanctions; what is not clear stops every payment through the provider."""
    screening = ProviderScreening(provider=provider, outcome=outcome, lists=lists, note=note, screened_by=actor)
    return lifecycle.create(
        screening, events.ProviderScreened(provider=provider.pk, outcome=outcome, lists=lists), actor=actor
    )


def approve_provider(provider: PaymentProvider, *, actor: Any) -> PaymentProvider:
    """Another person approves the entry; payments may go through it."""
    return lifecycle.move(provider, events.ProviderApproved(), actor=actor, changes={"approved_by": actor})


def suspend_provider(provider: PaymentProvider, *, reason: str, actor: Any) -> PaymentProvider:
    """Nothing goes through it until it is resumed."""
    return lifecycle.move(provider, events.ProviderSuspended(), actor=actor, reason=reasons.given(reason))


def resume_provider(provider: PaymentProvider, *, reason: str, actor: Any) -> PaymentProvider:
    """Payments may go through it again."""
    return lifecycle.move(provider, events.ProviderResumed(), actor=actor, reason=reasons.given(reason))


def retire_provider(provider: PaymentProvider, *, reason: str, actor: Any) -> PaymentProvider:
    """It is never used again."""
    return lifecycle.move(provider, events.ProviderRetired(), actor=actor, reason=reasons.given(reason))


# The books (domain §5.5: 1050 in transit, 6050 commission) --------------------------------------------------------


def transit_account(provider: PaymentProvider) -> Account:
    """What the provider holds of the fund's money; it cannot give more than it got."""
    return open_account(
        f"1050/{provider.pk}",
        currency=provider.currency,
        purpose=books.IN_TRANSIT(provider=provider.name),
        credits_within_debits=True,
    )


def _commission_accounts(currency: str) -> tuple[Account, Account]:
    expense = open_account(f"6050/{currency}", currency=currency, purpose=books.COMMISSIONS(currency=currency))
    released = open_account(f"3090/{currency}", currency=currency, purpose=books.FOR_COSTS(currency=currency))
    return expense, released


def hold_commission(payment: Payment) -> None:
    """Keep the provider's commission aside, from money whose donors allow it; raises `Refused` when there is none.

    Never from zakat, the yield of a waqf or other restricted money (domain specification §5.3, invariant 5).
    """
    if payment.commission_minor == 0:
        return
    use = Use(on=timezone.localdate(), cost_type=CostType.BANK_FEE)
    filling = filling_of(payment.commission_minor, use, currency=payment.currency)
    if filling.missing_minor:
        asked = format_money(Money(payment.commission_minor, payment.currency), (get_language() or "en")[:2])
        raise Refused(_("No money is free that may pay the commission of %(amount)s.") % {"amount": asked})
    expense, released = _commission_accounts(payment.currency)
    bank, said = bank_account(payment.currency), books.COMMISSION(payment=payment.key)
    found = Contribution.objects.select_related("account").in_bulk([UUID(key) for key, _minor in filling.parts])
    drafts: list[TransferDraft] = []
    for name, minor in filling.parts:
        source = found[UUID(name)].account
        if source is None:
            raise ValueError(f"{name}: money without an account")
        for side, debit, credit in (("paid", expense, bank), ("source", source, released)):
            key = uuid5(payment.pk, f"commission:{side}:{name}")
            drafts.append(TransferDraft(key, debit, credit, minor, said, TransferKind.PEND))
    post(drafts, leaf=payment.leaf)


def end_commission(payment: Payment, *, paid: bool) -> None:
    """The commission is paid when the money arrived; when it came back, it is free again."""
    said = books.COMMISSION(payment=payment.key)
    make = TransferDraft.settle if paid else TransferDraft.void
    held = commission_transfers(payment)
    post([make(one, key=uuid5(payment.pk, f"end:{one.pk}"), reason=said) for one in held], leaf=payment.leaf)


def hand_over(payment: Payment) -> None:
    """The money leaves the bank for the provider: what was kept at the bank is now kept at the provider."""
    if payment.provider is None:
        return
    transit, bank = transit_account(payment.provider), bank_account(payment.currency)
    said = books.HANDED_OVER(payment=payment.key)
    drafts: list[TransferDraft] = []
    for kept in reservations(payment):
        drafts += [
            TransferDraft.void(kept, key=uuid5(payment.pk, f"void:{kept.pk}"), reason=said),
            TransferDraft(uuid5(payment.pk, f"over:{kept.pk}"), transit, bank, kept.amount_minor, said),
            TransferDraft(
                transit_key(payment, kept.key), kept.debit, transit, kept.amount_minor, said, TransferKind.PEND
            ),
        ]
    post(drafts, leaf=payment.leaf)


def take_back(payment: Payment) -> None:
    """The provider gave the money back to the bank; asked after its reservations ended."""
    if payment.provider is None:
        return
    draft = TransferDraft(
        uuid5(payment.pk, "back"), bank_account(payment.currency), transit_account(payment.provider),
        payment.amount_minor, books.PAYMENT_CAME_BACK(payment=payment.key),
    )  # fmt: skip
    post([draft], leaf=payment.leaf)
