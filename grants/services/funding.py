"""Money for grants: kept aside in envelopes, given back, or settled and frozen as what the fund owes to a grant.

Who keeps it aside is an award, or a cost extension; its key makes the keys of the transfers, so each happens once.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from audit import lifecycle
from audit.models import Leaf
from grants import books, events
from grants.models import Envelope, Grant, GrantFunding, Revision
from ledger.models import Account, Transfer, TransferKind
from ledger.services import TransferDraft, open_account, post
from ledger.wording import Said


def reservation_key(owner: Grant | Revision, envelope_id: UUID) -> UUID:
    """Key of the transfer that reserves money of one envelope for an award or an extension."""
    return uuid5(owner.pk, f"reserve:{envelope_id}")


def reservations(owner: Grant | Revision) -> list[tuple[Envelope, Transfer]]:
    """The envelopes that the award or extension draws on, each with its reservation, in the order in which the money is used."""
    keys = {reservation_key(owner, envelope.pk): envelope for envelope in envelopes_of(_grant(owner))}
    found = {t.key: t for t in Transfer.objects.filter(key__in=keys).select_related("debit", "credit")}
    return [(keys[key], found[key]) for key in sorted(found, key=lambda key: found[key].pk)]


def envelopes_of(grant: Grant) -> list[Envelope]:
    """The envelopes of the grant's call, with their contributions and accounts."""
    return list(grant.call.envelopes.select_related("contribution", "account").order_by("pk"))


def _grant(owner: Grant | Revision) -> Grant:
    return owner if isinstance(owner, Grant) else owner.grant


def keep_aside(owner: Grant | Revision, parts: Sequence[tuple[Envelope, int]], *, leaf: Leaf) -> None:
    """Reserve ``parts`` (minor units by envelope) for what the fund will owe to the grant."""
    grant = _grant(owner)
    post(
        [
            TransferDraft(
                reservation_key(owner, envelope.pk),
                envelope.account,
                _owed(owner, envelope),
                minor,
                books.RESERVED(grant=grant.reference),
                TransferKind.PEND,
            )
            for envelope, minor in parts
        ],
        leaf=leaf,
    )


def _owed(owner: Grant | Revision, envelope: Envelope) -> Account:
    """The account of what the fund owes out of the envelope: each extension has its own beside the award's."""
    grant, contribution = _grant(owner), envelope.contribution.reference
    code = f"2010/{grant.reference}/{contribution}"
    if owner is not grant:
        code = f"{code}/{Account.objects.filter(code__startswith=code).count() + 1}"
    return open_account(
        code,
        currency=grant.currency,
        purpose=books.OWED(grant=grant.reference, contribution=contribution),
        debits_within_credits=True,
    )


def release(owner: Grant | Revision, *, leaf: Leaf, why: Said) -> list[tuple[Envelope, Transfer]]:
    """Give what was kept aside back to its envelopes; what was given back, by envelope."""
    kept = reservations(owner)
    drafts = [
        TransferDraft.void(one, key=uuid5(owner.pk, f"release:{envelope.pk}"), reason=why) for envelope, one in kept
    ]
    post(drafts, leaf=leaf)
    return kept


def commit(owner: Grant | Revision) -> None:
    """Settle every reservation and freeze the split over its sources."""
    grant = _grant(owner)
    for envelope, pending in reservations(owner):
        funding = GrantFunding(
            grant=grant,
            envelope=envelope,
            revision=owner if isinstance(owner, Revision) else None,
            amount_minor=pending.amount_minor,
            account=pending.credit,
        )
        lifecycle.create(
            funding,
            events.FundingCommitted(contribution=envelope.contribution.reference, amount_minor=pending.amount_minor),
            actor=None,
        )
        settled = TransferDraft.settle(
            pending, key=uuid5(owner.pk, f"commit:{envelope.pk}"), reason=books.COMMITTED(grant=grant.reference)
        )
        post([settled], leaf=funding.leaf)
