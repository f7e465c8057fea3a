"""Cost extensions: asked for by either side, agreed to by the committee, signed by both, then in force.

The money is kept aside when the extension is approved, and owed to the grant when both sides have signed. What the
agreement says stays as it was signed (domain specification §4.4).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit import lifecycle
from funds.models import Contribution
from funds.selectors import confirmed
from funds.services import reserve
from grants import books, events, reasons
from grants.models import Envelope, Grant, Revision
from grants.rules.extensions import may_begin_extension
from grants.selectors import extensions as selectors
from grants.selectors.envelopes import filling_of_extension
from grants.selectors.revisions import answer_due
from grants.services import funding, revised_amounts
from grants.states import CallState, RevisionKind, RevisionNeed
from kernel.database import lock_rows
from kernel.money import Money, format_money
from kernel.permissions import Refused, require
from kernel.pieces.words import day_in_words
from kernel.texts import clean_text
from ledger.models import Account
from ledger.services import TransferDraft, open_account, post
from organisations.rules import is_person_of


def terms_of(grant: Grant, more: Mapping[str, int], *, months: int, paid_from: date) -> dict[str, Any]:
    """What the request asks for, as the record says it; raises `Refused` for what cannot be given.

    ``more`` is minor units by category of direct costs; the indirect cost that goes with them is added to them.
    """
    return {
        "old_minor": grant.amount_minor,
        "added_minor": added_by(grant, more),
        "paid_from": paid_from,
        "months": months,
        "old_end": grant.ends_on,
        "new_end": end_with(grant, months, paid_from=paid_from),
        "by_committee": True,
    }


def added_by(grant: Grant, more: Mapping[str, int]) -> int:
    """What ``more`` comes to with its indirect cost (minor units); raises `Refused` for nothing, and above the charter's percent."""
    added: int = sum(selectors.budget_after(grant, more).values()) - grant.amount_minor
    if added <= 0:
        raise Refused(_("Say in which category how much more is needed."))
    room = selectors.room_minor(grant)
    if added > room:
        asked, most = (_said(minor, grant) for minor in (added, room))
        raise Refused(
            _("With the indirect cost this comes to %(asked)s; at most %(most)s may be added.")
            % {"asked": asked, "most": most}
        )
    return added


def end_with(grant: Grant, months: int, *, paid_from: date) -> date:
    """The end of the grant after ``months`` more; raises `Refused` where ``paid_from`` lies outside the time that is left."""
    if grant.ends_on is None:
        raise ValueError(f"{grant.reference} has no agreed days")
    end = selectors.end_after(grant, months) if months else grant.ends_on
    if not timezone.localdate() <= paid_from <= end:
        raise Refused(
            _("The money is needed on a day from today until the end of the grant, %(day)s.")
            % {"day": day_in_words(end, language=get_language() or "ar")}
        )
    return end


def _said(minor: int, grant: Grant) -> str:
    return format_money(Money(minor, grant.currency), get_language() or "ar")


@transaction.atomic
def request(
    grant: Grant, *, more: Mapping[str, int], months: int, paid_from: date, reason: str, actor: Any
) -> Revision:
    """Ask for ``more`` (minor units by category of direct costs), to be paid from ``paid_from`` on. Raises `Refused`."""
    grant = Grant.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=grant.pk)
    require(may_begin_extension(grant, actor=actor))
    terms = terms_of(grant, more, months=months, paid_from=paid_from)
    revision = Revision(
        grant=grant, kind=RevisionKind.COST, by_fund=not is_person_of(actor, grant.organisation), requested_by=actor,
        moved_minor=0, percent=0, reason=reasons.given(clean_text(reason)), step_due=answer_due(grant),
        needs=RevisionNeed.AMENDMENT, **terms,
    )  # fmt: skip
    asked = events.CostExtensionRequested(grant=grant.pk, needs=str(revision.needs), **terms)
    lifecycle.create(revision, asked, actor=actor)
    revised_amounts.set_amounts(revision, selectors.budget_after(grant, more), actor=actor)
    return revision


@transaction.atomic
def request_again(
    revision: Revision, *, more: Mapping[str, int], months: int, paid_from: date, reason: str, actor: Any
) -> Revision:
    """Send a returned extension again, mended; the committee reads it anew. Raises `Refused`."""
    locked = Revision.objects.select_for_update(no_key=True).get(pk=revision.pk)
    terms, number = terms_of(locked.grant, more, months=months, paid_from=paid_from), locked.round + 1
    moved = lifecycle.move(
        locked,
        events.CostExtensionRequestedAgain(round=number, needs=locked.needs, **terms),
        actor=actor,
        changes={
            **terms, "round": number, "reason": reasons.given(clean_text(reason)), "step_due": answer_due(locked.grant),
        },
    )  # fmt: skip
    revised_amounts.set_amounts(moved, selectors.budget_after(locked.grant, more), actor=actor)
    return moved


def keep_aside(revision: Revision) -> None:
    """Reserve what an approved extension adds; `Refused` when the fund has too little money that may pay for the grant."""
    grant = revision.grant
    lock_rows(Account.objects.filter(Q(envelope__call=grant.call_id) | Q(pk__in=_contributed(grant.currency))))
    held, rest = filling_of_extension(grant, revision.added_minor)
    if rest.missing_minor:
        raise Refused(
            _("The fund has %(missing)s too little that may be spent on this grant.")
            % {"missing": _said(rest.missing_minor, grant)}
        )
    parts = dict.fromkeys(funding.envelopes_of(grant), 0)
    by_key = {str(envelope.pk): envelope for envelope in parts}
    for key, minor in held.parts:
        parts[by_key[key]] += minor
    for key, minor in rest.parts:
        envelope = _filled(revision, Contribution.objects.select_related("account").get(pk=key), minor)
        parts[envelope] = parts.get(envelope, 0) + minor
    funding.keep_aside(revision, [(one, minor) for one, minor in parts.items() if minor], leaf=revision.leaf)


def _contributed(currency: str) -> Any:
    return confirmed().filter(currency=currency).values("account")


def _filled(revision: Revision, contribution: Contribution, minor: int) -> Envelope:
    """The envelope of the contribution for the grant's call, with ``minor`` units more in it."""
    call = revision.grant.call
    envelope = Envelope.objects.filter(call=call, contribution=contribution).select_related("account").first()
    leaf = revision.leaf
    if envelope is None:
        account = open_account(
            f"envelope/{call.reference}/{contribution.reference}",
            currency=call.currency,
            purpose=books.ENVELOPE(call=call.reference, contribution=contribution.reference),
            debits_within_credits=True,
        )
        envelope = Envelope(call=call, contribution=contribution, amount_minor=minor, account=account)
        said = events.EnvelopeReservedForExtension(
            revision=revision.pk, contribution=contribution.reference, amount_minor=minor, currency=call.currency
        )
        leaf = lifecycle.create(envelope, said, actor=None).leaf
    key = uuid5(revision.pk, f"envelope:{contribution.pk}")
    reserve(contribution, minor, into_account=envelope.account, key=key, leaf=leaf)
    return envelope


def release(revision: Revision) -> None:
    """Give back what was kept aside for an extension that does not come about."""
    why, call = books.EXTENSION_DROPPED(grant=revision.grant.reference), revision.grant.call
    contributed = call.envelopes.values("contribution__account")
    lock_rows(Account.objects.filter(Q(envelope__call=call) | Q(pk__in=contributed)))
    kept = funding.release(revision, leaf=revision.leaf, why=why)
    ended = call.state in {CallState.COMPLETED, CallState.CANCELLED}
    drafts = [
        TransferDraft(
            key=uuid5(revision.pk, f"back:{envelope.pk}"), debit=envelope.account, credit=account, minor=one.amount_minor,
            reason=why,
        )
        for envelope, one in kept
        if ended and (account := envelope.contribution.account) is not None
    ]  # fmt: skip
    post(drafts, leaf=revision.leaf)


def add(revision: Revision) -> None:
    """Let the extension count: the fund owes the money, and the grant comes to more.

    The tranche that pays it follows (`disbursements.reactions`).
    """
    funding.commit(revision)
    grant = Grant.objects.get(pk=revision.grant_id)
    old = grant.amount_minor
    now = old + revision.added_minor
    lifecycle.move(
        grant,
        events.GrantIncreased(revision=revision.pk, old_minor=old, amount_minor=now),
        actor=None,
        changes={"amount_minor": now},
    )
